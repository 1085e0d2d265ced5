// Owns what the samples of the mails tell: deadlines, mornings and people, none of whom exists.
import type { FeedItem } from '../app/domain/calendar-feed.ts';
import { addDays } from '../app/domain/plain-date.ts';
import type { AssignmentProps } from './assignment.tsx';
import type { DateChangeProps } from './date-change.tsx';
import type { DeadlineItem } from './deadline-item.ts';
import type { DeskProps } from './desk.tsx';
import type { DigestProps } from './digest.tsx';
import type { HandoverProps } from './handover.ts';
import type { EscalationProps } from './escalation.tsx';
import type { InvitationProps } from './invitation.tsx';
import type { StuckMailsProps } from './stuck-mails.ts';
import type { WeeklyProps } from './weekly.tsx';

export const SITE = 'https://convenio.iem.example';
export const TODAY = '2024-05-15';
export const AREA = 'Dirección Ejecutiva de Organización Electoral';

/** A sample deadline `days` after the samples' today (15 May 2024). */
export function sampleItem(days: number, changes: Partial<DeadlineItem> = {}): DeadlineItem {
  const ref = changes.ref ?? 'AT-C-4';
  return {
    ref,
    title: 'Entregar la lista nominal definitiva con fotografía',
    citation: 'Anexo Técnico, numeral C.b',
    legal_basis: 'LGIPE 153.1',
    due_on: addDays(TODAY, days),
    days,
    obligor_area: AREA,
    counterpart: 'Junta Local Ejecutiva del INE en Michoacán',
    people: [
      { post: 'titular', name: 'Ximena Ejemplo Prueba' },
      { post: 'enlace', name: 'Teo Muestra Ensayo' },
    ],
    why: `${18 - days} días antes de la Jornada electoral (domingo 2 de junio de 2024)`,
    provisional: [],
    to_verify: false,
    owed_by_ine: false,
    url: `${SITE}/vencimientos/${ref}`,
    report_url: `${SITE}/vencimientos/${ref}/reportar`,
    answer_url: `${SITE}/vencimientos/${ref}/aviso`,
    also_told: [],
    ...changes,
  };
}

export const bodegas: Partial<DeadlineItem> = {
  ref: 'AT-B-3',
  title: 'Enviar la relación de bodegas electorales',
  citation: 'Anexo Técnico, numeral B.c',
  legal_basis: 'Reglamento de Elecciones 166',
  also_told: ['Teo Muestra Ensayo (suplente)'],
};

export const fromIne: Partial<DeadlineItem> = {
  ref: 'AT-D-2',
  title: 'Entregar los resultados de la segunda insaculación',
  citation: 'Anexo Técnico, numeral D.a',
  legal_basis: 'LGIPE 254.1 e)',
  obligor_area: 'Vocalía de Capacitación Electoral y Educación Cívica de la Junta Local',
  counterpart: AREA,
  why: 'Fecha del calendario de coordinación',
  owed_by_ine: true,
};

export const provisional: Partial<DeadlineItem> = {
  ref: 'AT-F-6',
  title: 'Realizar el segundo simulacro del PREP',
  citation: 'Anexo Técnico, numeral F.d',
  legal_basis: 'Reglamento de Elecciones 349.3',
  obligor_area: 'Coordinación de Informática',
  why: 'Segundo domingo anterior al último simulacro',
  provisional: ['falta confirmar la fecha del último simulacro'],
  to_verify: true,
};

export const wordy: Partial<DeadlineItem> = {
  ref: 'AT-ENC-12-BIS',
  title:
    'Publicar en el portal institucional, junto con los criterios generales de carácter científico, el informe mensual sobre encuestas por muestreo, sondeos de opinión, encuestas de salida y conteos rápidos no institucionales',
  citation:
    'Adenda segunda al Anexo Técnico, apartado de encuestas y conteos rápidos, numeral 12 bis, inciso c)',
  legal_basis: 'LGIPE 213.3; Reglamento de Elecciones 144 y 145',
  obligor_area: 'Dirección Ejecutiva de Educación Cívica y Participación Ciudadana',
  counterpart: 'Unidad Técnica de Vinculación con los Organismos Públicos Locales',
  people: [
    { post: 'titular', name: 'María Guadalupe de los Ángeles Ejemplo-Prueba y Muestra del Ensayo' },
    { post: 'enlace', name: 'José Maximiliano Ensayo Muestra de la Prueba y Ejemplo' },
  ],
  also_told: [
    'María Guadalupe de los Ángeles Ejemplo-Prueba y Muestra del Ensayo (titular)',
    'Coordinación de Comunicación Social',
  ],
};

/** A sample digest with only these groups filled. */
export function sampleDigest(groups: Partial<DigestProps['groups']>): DigestProps {
  return {
    person: { name: 'Ximena Ejemplo Prueba', post: 'titular', areas: [AREA] },
    today: TODAY,
    groups: { returned: [], overdue: [], today: [], tomorrow: [], this_week: [], upcoming: [], ...groups },
    waiting_count: 0,
    folio: 'A-2024-004512',
    reason: 'Recibes este aviso porque eres persona titular de Organización Electoral.',
    home_url: `${SITE}/mis-obligaciones`,
    help_url: `${SITE}/por-que-recibo-esto`,
    is_catch_up: false,
  };
}

const TITLES = [
  'Entregar la lista nominal definitiva con fotografía',
  'Aprobar el modelo operativo de recepción de paquetes electorales',
  'Enviar los diseños de la documentación con los cambios pedidos',
  'Informar el avance de la contratación de personal de apoyo',
  'Remitir los convenios de coalición registrados',
];

export function many(count: number, days: number, changes: Partial<DeadlineItem> = {}): DeadlineItem[] {
  return Array.from({ length: count }, (_, index) => {
    const title = TITLES[(index + days + 10) % TITLES.length] ?? '';
    return sampleItem(days, { ref: `AT-G-${days + 50}${index + 1}`, title, ...changes });
  });
}

/** A sample escalation. */
export function sampleEscalation(
  enters_report: boolean,
  told: string,
  items: DeadlineItem[],
): EscalationProps {
  return {
    person: { name: 'Ximena Ejemplo Prueba', post: 'titular' },
    today: TODAY,
    enters_report,
    items,
    told,
    folio: 'A-2024-004519',
    reason: 'Recibes este aviso porque eres persona titular de Organización Electoral.',
    help_url: `${SITE}/por-que-recibo-esto`,
    home_url: `${SITE}/mis-obligaciones`,
  };
}

export const history = {
  previous_notices: 'Se avisó el 2, 7 y 11 de mayo (3 avisos aceptados por el servidor).',
};

export const returned = {
  item: sampleItem(3, bodegas),
  reviewer_words: 'El oficio no trae sello de recibido.\nFalta el anexo con las direcciones.',
};

/** A sample change: the Jornada moves, and with it deadlines of one area. */
export function sampleChange(changes: Partial<DateChangeProps> = {}): DateChangeProps {
  return {
    area: AREA,
    name: 'Jornada electoral',
    event: { old: '2024-06-02', new: '2024-12-08', firm: true },
    summary: 'Jornada electoral: dom 2 jun 2024 → dom 8 dic 2024',
    act: 'Acuerdo INE/CG000/2024',
    note: '',
    items: [
      {
        ref: 'AT-C-4',
        title: 'Entregar la lista nominal definitiva con fotografía',
        old: { due_on: '2024-05-18', due_time: null },
        new: { due_on: '2024-11-23', due_time: null },
      },
      {
        ref: 'AT-B-3',
        title: 'Enviar la relación de bodegas electorales',
        old: { due_on: '2024-05-31', due_time: '18:00' },
        new: { due_on: '2024-12-06', due_time: '18:00', provisional: true },
      },
      {
        ref: 'AT-F-6',
        title: 'Informar el avance semanal',
        old: { due_on: '2024-05-27', due_time: null },
        new: null,
      },
    ],
    folio: 'A-2024-004530',
    home_url: `${SITE}/mis-obligaciones`,
    ...changes,
  };
}

export const DIRECTION = 'Dirección Ejecutiva de Vinculación y Servicio Profesional Electoral';
export const SEAL =
  'Bitácora al asiento 412:\n9f3c1b7a0d2e4f5861728394a5b6c7d8e9f00112233445566778899aabbccdde';

/** What the mails of a morning share. */
export const morning = {
  today: TODAY,
  folio: 'A-2024-004540',
  seal: SEAL,
  help_url: `${SITE}/por-que-recibo-esto`,
};

export const sampleDesk: DeskProps = {
  reviews: Array.from({ length: 12 }, (_, index) => ({
    folio: `R-01${80 + index}`,
    ref: `AT-G-${index + 1}`,
    title: TITLES[index % TITLES.length] ?? '',
    area: index % 2 === 0 ? AREA : 'Coordinación de Informática',
    working_days: Math.max(1, 4 - index),
  })),
  gaps_cut: false,
  gaps: [
    {
      ref: 'AT-B-3',
      title: 'Enviar la relación de bodegas electorales',
      area: 'Coordinación de Logística',
      due_on: '2024-05-18',
      from_on: TODAY,
      suspended: ['Julia Ríos Peña'],
      told: 'Titular de la Dirección Ejecutiva de Organización Electoral',
    },
    {
      ref: 'AT-F-6',
      title: 'Realizar el segundo simulacro del PREP',
      area: 'Coordinación de Informática',
      due_on: '2024-06-02',
      from_on: '2024-06-01',
      suspended: [],
      told: null,
    },
  ],
  review_url: `${SITE}/revision`,
  coverage_url: `${SITE}/cobertura`,
};

export const sampleHandover: HandoverProps = {
  open: 23,
  posts: [
    {
      title: `Enlace de la ${AREA}`,
      area: AREA,
      from_on: TODAY,
      overdue: 2,
      coming: 17,
      in_review: 1,
      waiting: 3,
      url: `${SITE}/personas/41/entrega/58`,
    },
  ],
  items: many(18, 9).map(({ ref, title, due_on }, index) => ({
    ref,
    title,
    due_on: addDays(due_on, index),
    provisional: index === 4,
    in_review: index === 0,
  })),
};

export const sampleWeekly: WeeklyProps = {
  today: TODAY,
  totals: { due: 112, overdue: 4, in_review: 4, concluded: 104 },
  percent: 3.6,
  overdue: [11, 8, 3, 1].map((days_late, index) => ({
    ref: `AT-G-${index + 1}`,
    title: TITLES[index] ?? '',
    area: index === 3 ? 'Junta Local Ejecutiva del INE en Michoacán' : AREA,
    due_on: addDays(TODAY, -days_late),
    days_late,
    of_ine: index === 3,
  })),
  coming: 9,
  folio: 'A-2024-004541',
  seal: SEAL,
  report_url: `${SITE}/informe/vencidas`,
  stop_url: `${SITE}/resumen-semanal/00000000-0000-4000-8000-000000000000`,
};

export const sampleAssignment: AssignmentProps = {
  process: 'Proceso Electoral Extraordinario 2024, Irimbo',
  area: AREA,
  items: many(45, 3).map(({ ref, title, citation, due_on }, index) => ({
    ref,
    title,
    citation,
    due_on: addDays(due_on, index),
    provisional: index === 2,
  })),
  waiting: 2,
  others: [
    ...many(2, 4).map(({ ref, title, due_on }) => ({
      part: 'co_responsible' as const,
      ref,
      title,
      area: 'Secretaría Ejecutiva',
      due_on,
      provisional: false,
    })),
    ...many(23, 9).map(({ ref, title, due_on }, index) => ({
      part: 'informed' as const,
      ref,
      title,
      area: 'Coordinación de Informática',
      due_on,
      provisional: index === 0,
    })),
  ],
  folio: 'A-2024-004542',
  home_url: `${SITE}/mis-obligaciones`,
  instruments_url: `${SITE}/instrumentos`,
  help_url: `${SITE}/por-que-recibo-esto`,
};

const stuck = (
  number: number,
  kind: string,
  to: string,
  fault: StuckMailsProps['mails'][number]['fault'],
  reply: string,
): StuckMailsProps['mails'][number] => ({
  folio: `A-2024-00${number}`,
  kind,
  to,
  fault,
  reply,
  doubts: fault === 'doubt' ? 4 : 0,
  full_since: fault === 'full' ? addDays(TODAY, -1) : null,
  url: `${SITE}/avisos/A-2024-00${number}`,
});

const POLICY = '550 5.7.1 Message rejected due to content restrictions';

export const sampleStuckMails: StuckMailsProps = {
  day: TODAY,
  today: TODAY,
  mails: [
    stuck(
      4551,
      'Resumen de la mañana',
      'Ximena Ejemplo Prueba, titular.deoe@iem.example',
      'composition',
      'no se pudo componer: «nunca» no es una fecha',
    ),
    stuck(4552, 'Escalamiento', 'Teo Muestra Ensayo, enlace.deoe@iem.example', 'refusal', POLICY),
    stuck(
      4553,
      'Acuse de reporte',
      'Teo Muestra Ensayo, enlace.deoe@iem.example',
      'refusal',
      '552 5.3.4 Message too big for system',
    ),
    ...[4554, 4555, 4556].map((number) =>
      stuck(number, 'Resumen de la mañana', 'Abril Modelo Prueba, enlace.ci@iem.example', 'refusal', POLICY),
    ),
    stuck(
      4557,
      'Cambio de fecha',
      'Luz Ensayo Muestra, titular.ci@iem.example',
      'doubt',
      'ETIMEDOUT Greeting never received',
    ),
    stuck(
      4558,
      'Resumen de la mañana',
      'Noé Prueba Modelo, enlace.dpe@iem.example',
      'full',
      '452 4.2.2 Mailbox full',
    ),
  ],
  reason: 'Recibes este correo porque administras el sistema.',
  ledger_url: `${SITE}/avisos?estado=fallido`,
  queues_url: `${SITE}/ajustes/colas`,
  folio: 'A-2024-004560',
};

/** A sample invitation to a deadline of three days after the samples' today. */
export function sampleInvitation(changes: Partial<FeedItem> = {}): InvitationProps {
  return {
    ref: 'AT-C-4',
    item: {
      id: 31,
      sequence: 0,
      title: 'Entregar la lista nominal definitiva con fotografía',
      citation: 'Anexo Técnico, numeral C.b',
      area: 'DEOE',
      due_on: addDays(TODAY, 3),
      due_time: null,
      state: 'open',
      provisional: false,
      reason: null,
      changed_at: '2024-04-03T15:00:00Z',
      ...changes,
    },
    today: TODAY,
    told_before: false,
    folio: 'A-2024-004544',
    url: `${SITE}/vencimientos/31`,
    stop_url: `${SITE}/invitaciones/00000000-0000-4000-8000-000000000000`,
  };
}
