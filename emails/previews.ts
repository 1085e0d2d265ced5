// Owns the named samples of every mail: what tests read and what the preview page shows. Nobody in them exists.
import { addDays, formatLongDate } from '../app/domain/plain-date.ts';
import { allClearMail } from './all-clear.tsx';
import { assignmentMail } from './assignment.tsx';
import { dateChangeMail, rectificationMail } from './date-change.tsx';
import type { DeadlineItem } from './deadline-item.ts';
import { deskMail } from './desk.tsx';
import { digestMail, type DigestProps } from './digest.tsx';
import { escalationMail } from './escalation.tsx';
import { invitationMail } from './invitation.tsx';
import type { MailContent } from './layout.tsx';
import { loginCodeMail } from './login-code.tsx';
import { explanationRequestMail } from './explanation-request.ts';
import { milestoneWatchMail, type WatchedEvent } from './milestone-watch.ts';
import { receiptMail } from './receipt.tsx';
import { reopenedMail } from './reopened.tsx';
import { returnedMail } from './returned.tsx';
import { secondFactorMail } from './second-factor.tsx';
import { stuckMailsMail } from './stuck-mails.ts';
import {
  AREA,
  DIRECTION,
  SEAL,
  SITE,
  TODAY,
  bodegas,
  fromIne,
  history,
  many,
  morning,
  provisional,
  returned,
  sampleAssignment,
  sampleChange,
  sampleDesk,
  sampleDigest,
  sampleEscalation,
  sampleHandover,
  sampleInvitation,
  sampleItem,
  sampleStuckMails,
  sampleWeekly,
  wordy,
} from './samples.ts';
import { weeklyMail } from './weekly.tsx';

export interface Preview {
  id: string;
  /** What the sample shows, for the list of the preview page. */
  label: string;
  render: () => MailContent;
}

function digest(
  groups: Partial<DigestProps['groups']>,
  changes: Partial<DigestProps> = {},
): () => MailContent {
  return () => digestMail({ ...sampleDigest(groups), ...changes });
}

function escalation(enters_report: boolean, told: string, items: DeadlineItem[]): () => MailContent {
  return () => escalationMail(sampleEscalation(enters_report, told, items));
}

const preview = (id: string, label: string, render: () => MailContent): Preview => ({ id, label, render });

const signing: WatchedEvent = {
  name: 'Firma del Convenio General de Coordinación INE–IEM',
  expected_on: '2024-05-12',
  days: 3,
  waiting: 6,
  area: DIRECTION,
};

const prisonList: WatchedEvent = {
  name: 'Recepción de la lista nominal de personas en prisión preventiva',
  expected_on: '2024-05-14',
  days: 1,
  waiting: 1,
  area: AREA,
};

/** Every mail in the shapes that strain it. */
export const previews: readonly Preview[] = [
  preview(
    'digest-one',
    'Aviso del día: una obligación',
    digest({
      upcoming: [
        sampleItem(5, {
          ...bodegas,
          next_step: `Si no se reporta, el ${formatLongDate(addDays(TODAY, 6))} a las 8:00 h se avisará a la persona titular del área.`,
        }),
      ],
    }),
  ),
  preview(
    'digest-one-today',
    'Aviso del día: vence hoy con hora',
    digest({ today: [sampleItem(0, { due_time: '18:00', to_verify: true })] }),
  ),
  preview(
    'hours-before',
    'Aviso por horas: vence en 4 horas',
    digest({ today: [sampleItem(0, { due_time: '12:00', distance: 'en 4 horas' })] }),
  ),
  preview(
    'digest-several',
    'Aviso del día: cinco obligaciones',
    digest(
      {
        returned: [{ ...returned.item, reviewer_words: returned.reviewer_words }],
        overdue: [sampleItem(-3)],
        tomorrow: [sampleItem(1, { ref: 'AT-C-5', title: 'Recibir el acuse de la lista nominal' })],
        this_week: [sampleItem(3, fromIne)],
        upcoming: [sampleItem(9, provisional)],
      },
      { waiting_count: 2 },
    ),
  ),
  preview(
    'digest-thirty',
    'Aviso del día: treinta obligaciones, primero después de una interrupción',
    digest(
      {
        overdue: [...many(9, -4), ...many(3, -2, { owed_by_ine: true })],
        today: many(2, 0),
        tomorrow: many(3, 1),
        this_week: many(6, 4),
        upcoming: [...many(6, 12), sampleItem(14, provisional)],
      },
      { is_catch_up: true, waiting_count: 4 },
    ),
  ),
  preview(
    'digest-areas',
    'Aviso del día: varias áreas',
    digest(
      {
        today: [sampleItem(0, provisional), sampleItem(0)],
        tomorrow: [
          sampleItem(1, { ref: 'AT-B-7', obligor_area: 'Órganos desconcentrados (conjunto de 116 comités)' }),
        ],
      },
      {
        person: {
          name: 'Teo Muestra Ensayo',
          areas: [AREA, 'Coordinación de Informática', 'Órganos desconcentrados'],
        },
      },
    ),
  ),
  preview('digest-wordy', 'Aviso del día: nombres muy largos', digest({ tomorrow: [sampleItem(1, wordy)] })),
  preview(
    'digest-provisional',
    'Aviso del día: fecha provisional',
    digest({ this_week: [sampleItem(5, provisional)] }, { is_catch_up: true, waiting_count: 1 }),
  ),
  preview('digest-ine', 'Aviso del día: a cargo del INE', digest({ this_week: [sampleItem(2, fromIne)] })),
  preview(
    'digest-returned',
    'Aviso del día: una devuelta',
    digest({ returned: [{ ...returned.item, reviewer_words: returned.reviewer_words }] }),
  ),
  preview(
    'digest-desk',
    'Aviso del día de la Dirección: lo suyo y lo que espera de ella',
    digest(
      { overdue: [sampleItem(-3)] },
      { desk: sampleDesk, seal: SEAL, person: { name: 'Ximena Ejemplo Prueba', areas: [DIRECTION] } },
    ),
  ),
  preview(
    'digest-handover',
    'Aviso del día a quien recibe un cargo',
    digest({ overdue: [sampleItem(-3), sampleItem(-1, bodegas)] }, { handover: sampleHandover }),
  ),
  preview(
    'handover-two',
    'Entrega–recepción: dos cargos, sin avisos ese día',
    digest(
      {},
      {
        handover: {
          open: 22,
          posts: [
            { ...sampleHandover.posts[0]!, overdue: 0 },
            {
              ...sampleHandover.posts[0]!,
              title: 'Suplente de la Coordinación de Informática',
              area: 'Coordinación de Informática',
              overdue: 0,
              coming: 1,
              in_review: 0,
              waiting: 0,
              url: `${SITE}/personas/41/entrega/59`,
            },
          ],
          items: sampleHandover.items.slice(0, 6),
        },
      },
    ),
  ),
  preview('desk', 'Aviso de la Dirección: reportes por revisar y vencimientos sin persona', () =>
    deskMail({ ...morning, desk: sampleDesk }),
  ),
  preview('desk-coverage', 'Aviso de la mañana de la Dirección: sólo vencimientos sin persona', () =>
    deskMail({ ...morning, desk: { ...sampleDesk, reviews: [] } }),
  ),
  preview('all-clear', 'Aviso del lunes: sin pendientes', () =>
    allClearMail({
      ...morning,
      person: { name: 'Ximena Ejemplo Prueba' },
      areas: [AREA],
      until: '2024-05-19',
      next: {
        ref: 'AT-C-4',
        title: 'Entregar la lista nominal definitiva con fotografía',
        due_on: '2024-06-24',
        provisional: false,
      },
      waiting: 3,
      home_url: `${SITE}/mis-obligaciones`,
    }),
  ),
  preview('all-clear-no-dates', 'Aviso del lunes: sin pendientes ni fechas por venir', () =>
    allClearMail({
      ...morning,
      person: { name: 'Teo Muestra Ensayo' },
      areas: [AREA, 'Coordinación de Informática'],
      until: '2024-05-19',
      next: null,
      waiting: 0,
      home_url: `${SITE}/mis-obligaciones`,
    }),
  ),
  preview('weekly', 'Resumen semanal de la Comisión', () => weeklyMail(sampleWeekly)),
  preview('weekly-nothing', 'Resumen semanal de la Comisión: sin vencidas', () =>
    weeklyMail({
      ...sampleWeekly,
      totals: { due: 112, overdue: 0, in_review: 3, concluded: 109 },
      percent: 0,
      overdue: [],
      coming: 1,
    }),
  ),
  preview('assignment', 'Asignación: varias obligaciones de un proceso nuevo', () =>
    assignmentMail(sampleAssignment),
  ),
  preview('assignment-one', 'Asignación: una obligación', () =>
    assignmentMail({
      ...sampleAssignment,
      items: sampleAssignment.items.slice(0, 1),
      waiting: 0,
      others: [],
    }),
  ),
  preview('assignment-others', 'Asignación: sólo participa en lo de otras áreas', () =>
    assignmentMail({ ...sampleAssignment, items: [], waiting: 0 }),
  ),
  preview(
    'escalation-one',
    'Escalamiento: una vencida',
    escalation(false, 'la Dirección de Vinculación', [
      sampleItem(-3, {
        ...history,
        next_step: `Si no se reporta, el ${formatLongDate(addDays(TODAY, 2))} se avisará a la Secretaría Técnica de la Comisión.`,
        also_told: ['Teo Muestra Ensayo (enlace)', 'Dirección de Vinculación'],
        commitment_url: `${SITE}/vencimientos/214/causa`,
      }),
    ]),
  ),
  preview(
    'escalation-returned',
    'Escalamiento: devuelta, con prórroga solicitada',
    escalation(false, 'la persona titular del área', [
      sampleItem(-1, {
        ...bodegas,
        ...history,
        progress: 'El último reporte se devolvió para corregir y no se ha vuelto a enviar.',
        asked: 'Prórroga solicitada el lunes 13 de mayo de 2024, sin resolver.',
      }),
    ]),
  ),
  preview(
    'escalation-several',
    'Escalamiento: varias, con una del INE',
    escalation(true, 'la Secretaría Técnica de la Comisión', [
      sampleItem(-8, history),
      sampleItem(-5, { ...fromIne, ...history }),
      sampleItem(-5, bodegas),
    ]),
  ),
  preview(
    'escalation-old',
    'Escalamiento: vencida hace 400 días',
    escalation(true, 'la Secretaría Técnica de la Comisión', [
      sampleItem(-400, { ...history, to_verify: true }),
    ]),
  ),
  preview(
    'escalation-ine',
    'Escalamiento: pendiente de recibir del INE',
    escalation(false, 'la persona titular del área', [sampleItem(-1, { ...fromIne, ...history })]),
  ),
  preview('login-code', 'Código de acceso', () =>
    loginCodeMail({
      code: '048213',
      expires_minutes: 10,
      url: `${SITE}/entrar/k3f9-7b21`,
      folio: 'C-0412',
    }),
  ),
  preview('receipt', 'Acuse de un reporte', () =>
    receiptMail({
      folio: 'R-0187',
      title: 'Enviar la relación de bodegas electorales',
      ref: 'AT-B-3',
      citation: 'Anexo Técnico, numeral B.c',
      act_on: '2024-05-14',
      reported_at_local: '2024-05-15T10:42',
      medium: 'Oficio con acuse de recibo',
      document_number: 'IEM-DEOE-231/2024',
      note: 'Se entregó en la ventanilla de la Junta Local.',
      files: [
        {
          name: 'Oficio IEM-DEOE-231-2024 con sello.pdf',
          bytes: 1_834_221,
          sha256: '0b5c1f0f6f7e4cbb6d3a53d6c0a4f7b1a2e3d4c5b6a798897a6b5c4d3e2f1a0b',
        },
      ],
      family: [
        { folio: 'R-0187-2', ref: 'AT-B-4', title: 'Enviar las actualizaciones de la relación de bodegas' },
      ],
      review_days: 3,
      url: `${SITE}/reportes/R-0187`,
      sha256: '9f3c1b7a0d2e4f5861728394a5b6c7d8e9f00112233445566778899aabbccdde',
    }),
  ),
  preview('returned', 'Reporte devuelto para corregir', () =>
    returnedMail({
      ...returned,
      reviewer: 'la Coordinación de Vinculación',
      url: `${SITE}/reportes/R-0187/corregir`,
    }),
  ),
  preview('date-change', 'Cambio de fecha: se movió un evento', () =>
    dateChangeMail(sampleChange({ note: 'Se reprogramó por resolución del Tribunal.' })),
  ),
  preview('date-change-cleared', 'Cambio de fecha: un evento de nombre largo se quedó sin fecha', () =>
    dateChangeMail(
      sampleChange({
        name: 'Sesión especial de cómputos distritales y municipales de los órganos desconcentrados',
        event: { old: '2024-06-05', new: null, firm: false },
        items: many(50, 4).map(({ ref, title, due_on }) => ({
          ref,
          title,
          old: { due_on, due_time: null },
          new: { due_on: null, due_time: null },
        })),
      }),
    ),
  ),
  preview('rectification', 'Rectificación: el cambio se deshizo', () => rectificationMail(sampleChange())),
  preview('milestone-watch', 'Evento sin fecha: ¿ya ocurrió?', () =>
    milestoneWatchMail({
      events: [signing],
      register_url: `${SITE}/hitos/firma_convenio_general`,
      home_url: `${SITE}/mis-obligaciones`,
      folio: 'A-2024-004531',
    }),
  ),
  preview('milestone-watch-area', 'Evento sin fecha: a un área que no puede registrarlo', () =>
    milestoneWatchMail({
      events: [prisonList],
      home_url: `${SITE}/mis-obligaciones`,
      folio: 'A-2024-004532',
    }),
  ),
  preview('milestone-watch-several', 'Varios eventos sin fecha: ¿ya ocurrieron?', () =>
    milestoneWatchMail({
      events: [signing, { ...prisonList, waiting: 0 }],
      register_url: `${SITE}/hitos`,
      home_url: `${SITE}/mis-obligaciones`,
      folio: 'A-2024-004534',
    }),
  ),
  preview('explanation-request', 'La Dirección pide causa y compromiso', () =>
    explanationRequestMail({
      title: 'Entregar el informe final del simulacro del PREP',
      ref: 'AT-12-4',
      citation: 'Anexo Técnico, numeral 12.4',
      area: AREA,
      due_on: '2024-05-12',
      days_late: 3,
      words: 'La Comisión sesiona el viernes.',
      url: `${SITE}/vencimientos/31/causa`,
      folio: 'A-2024-004533',
    }),
  ),
  preview('reopened', 'Un vencimiento que se había cerrado se reabrió', () =>
    reopenedMail({
      item: sampleItem(5),
      reason: 'El INE aclaró que la condición sí se cumplió (oficio INE/JLE/0412/2024).',
      by: 'Titular de la Dirección de Vinculación',
      url: `${SITE}/vencimientos/31/reportar`,
      folio: 'A-2024-004541',
    }),
  ),
  preview('second-factor-on', 'Se activó la verificación en dos pasos', () =>
    secondFactorMail({
      added: true,
      when: 'el miércoles 15 de mayo de 2024 a las 9:00 h',
      folio: 'A-2024-004542',
    }),
  ),
  preview('second-factor-off', 'Administración quitó la verificación en dos pasos', () =>
    secondFactorMail({
      added: false,
      when: 'el miércoles 15 de mayo de 2024 a las 9:00 h',
      by: 'Administración de ejemplo',
      folio: 'A-2024-004543',
    }),
  ),
  preview('stuck-mails', 'Correos que no salieron: ocho, de todas las clases', () =>
    stuckMailsMail(sampleStuckMails),
  ),
  preview('stuck-mails-doubt', 'Correos que no salieron: uno en duda, a la Dirección', () => {
    const { queues_url: _, ...rest } = sampleStuckMails;
    return stuckMailsMail({
      ...rest,
      mails: sampleStuckMails.mails.filter(({ fault }) => fault === 'doubt').slice(0, 1),
      reason:
        'Recibes este correo como parte de la Dirección de Vinculación: hoy nadie administra el sistema.',
      ledger_url: `${SITE}/avisos?estado=incierto`,
    });
  }),
  preview('stuck-mails-full', 'Correos que no salieron: un buzón lleno', () =>
    stuckMailsMail({
      ...sampleStuckMails,
      mails: sampleStuckMails.mails.filter(({ fault }) => fault === 'full'),
      ledger_url: `${SITE}/avisos`,
    }),
  ),
  preview('invitation', 'Invitación de calendario: un vencimiento nuevo', () =>
    invitationMail(sampleInvitation()),
  ),
  preview('invitation-hour', 'Invitación de calendario: con hora y fecha provisional', () =>
    invitationMail(sampleInvitation({ due_time: '18:00', provisional: true })),
  ),
  preview('invitation-changed', 'Invitación de calendario: cambió de día', () =>
    invitationMail({
      ...sampleInvitation({ due_on: '2024-11-23', sequence: 1 }),
      told_before: true,
    }),
  ),
  preview('invitation-cancelled', 'Invitación de calendario: se quita', () =>
    invitationMail({
      ...sampleInvitation({ state: 'cancelled', reason: 'no se presentó el supuesto', sequence: 1 }),
      told_before: true,
    }),
  ),
];
