// The kinds of mail there are, and what each is called on the screens, in documents and in mails.

export const MAIL_WORDS = {
  digest: 'Resumen de la mañana',
  escalation: 'Escalamiento',
  hour_reminder: 'Recordatorio por horas',
  login_code: 'Código de acceso',
  receipt: 'Acuse de reporte',
  returned: 'Resultado de la revisión',
  date_change: 'Cambio de fecha',
  rectification: 'Rectificación',
  milestone_watch: 'Vigilancia de un hito',
  all_clear: 'Sin pendientes',
  desk: 'Mañana de la Dirección',
  weekly: 'Resumen semanal',
  handover: 'Entrega–recepción',
  assignment: 'Asignación de obligaciones',
  explanation_request: 'Solicitud de informe',
  reopened: 'Reapertura',
  second_factor_on: 'Verificación en dos pasos activada',
  second_factor_off: 'Verificación en dos pasos quitada',
  invitation: 'Invitación de calendario',
  stuck_mails: 'Correos que no salieron',
} as const;

export type MessageKind = keyof typeof MAIL_WORDS;
