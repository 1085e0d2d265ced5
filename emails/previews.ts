// Owns the named samples of every mail: what tests read and what the preview page shows. Nobody in them exists.
import { addDays, formatLongDate } from '../app/domain/plain-date.ts';
import { allClearMail } from './all-clear.tsx';
import { assignmentMail, type AssignmentProps } from './assignment.tsx';
import { dateChangeMail, rectificationMail, type DateChangeProps } from './date-change.tsx';
import type { DeadlineItem } from './deadline-item.ts';
import { deskMail, type DeskProps } from './desk.tsx';
import { digestMail, type DigestProps } from './digest.tsx';
import { escalationMail, type EscalationProps } from './escalation.tsx';
import type { MailContent } from './layout.tsx';
import { loginCodeMail } from './login-code.tsx';
import { explanationRequestMail } from './explanation-request.ts';
import { milestoneWatchMail } from './milestone-watch.ts';
import { receiptMail } from './receipt.tsx';
import { reopenedMail } from './reopened.tsx';
import { returnedMail } from './returned.tsx';
import { secondFactorMail } from './second-factor.tsx';
import { weeklyMail, type WeeklyProps } from './weekly.tsx';

export interface Preview {
  id: string;
  /** What the sample shows, for the list of the preview page. */
  label: string;
  render: () => MailContent;
}

const SITE = 'https://convenio.iem.example';
const TODAY = '2024-05-15';
const AREA = 'Dirección Ejecutiva de Organización Electoral';

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

const bodegas: Partial<DeadlineItem> = {
  ref: 'AT-B-3',
  title: 'Enviar la relación de bodegas electorales',
  citation: 'Anexo Técnico, numeral B.c',
  legal_basis: 'Reglamento de Elecciones 166',
  also_told: ['Teo Muestra Ensayo (suplente)'],
};

const fromIne: Partial<DeadlineItem> = {
  ref: 'AT-D-2',
  title: 'Entregar los resultados de la segunda insaculación',
  citation: 'Anexo Técnico, numeral D.a',
  legal_basis: 'LGIPE 254.1 e)',
  obligor_area: 'Vocalía de Capacitación Electoral y Educación Cívica de la Junta Local',
  counterpart: AREA,
  why: 'Fecha del calendario de coordinación',
  owed_by_ine: true,
};

const provisional: Partial<DeadlineItem> = {
  ref: 'AT-F-6',
  title: 'Realizar el segundo simulacro del PREP',
  citation: 'Anexo Técnico, numeral F.d',
  legal_basis: 'Reglamento de Elecciones 349.3',
  obligor_area: 'Coordinación de Informática',
  why: 'Segundo domingo anterior al último simulacro',
  provisional: ['falta confirmar la fecha del último simulacro'],
  to_verify: true,
};

const wordy: Partial<DeadlineItem> = {
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

function digest(
  groups: Partial<DigestProps['groups']>,
  changes: Partial<DigestProps> = {},
): () => MailContent {
  return () => digestMail({ ...sampleDigest(groups), ...changes });
}

const TITLES = [
  'Entregar la lista nominal definitiva con fotografía',
  'Aprobar el modelo operativo de recepción de paquetes electorales',
  'Enviar los diseños de la documentación con los cambios pedidos',
  'Informar el avance de la contratación de personal de apoyo',
  'Remitir los convenios de coalición registrados',
];

function many(count: number, days: number, changes: Partial<DeadlineItem> = {}): DeadlineItem[] {
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

function escalation(enters_report: boolean, told: string, items: DeadlineItem[]): () => MailContent {
  return () => escalationMail(sampleEscalation(enters_report, told, items));
}

const history = { previous_notices: 'Se avisó el 2, 7 y 11 de mayo (3 avisos aceptados por el servidor).' };

const returned = {
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

const DIRECTION = 'Dirección Ejecutiva de Vinculación y Servicio Profesional Electoral';
const SEAL = 'Bitácora al asiento 412:\n9f3c1b7a0d2e4f5861728394a5b6c7d8e9f00112233445566778899aabbccdde';

/** What the mails of a morning share. */
const morning = {
  today: TODAY,
  folio: 'A-2024-004540',
  seal: SEAL,
  help_url: `${SITE}/por-que-recibo-esto`,
};

const sampleDesk: DeskProps = {
  reviews: Array.from({ length: 12 }, (_, index) => ({
    folio: `R-01${80 + index}`,
    ref: `AT-G-${index + 1}`,
    title: TITLES[index % TITLES.length] ?? '',
    area: index % 2 === 0 ? AREA : 'Coordinación de Informática',
    working_days: Math.max(1, 4 - index),
  })),
  gaps: [
    {
      ref: 'AT-B-3',
      title: 'Enviar la relación de bodegas electorales',
      area: 'Coordinación de Logística',
      due_on: '2024-05-18',
      from_on: TODAY,
      told: 'Titular de la Dirección Ejecutiva de Organización Electoral',
    },
    {
      ref: 'AT-F-6',
      title: 'Realizar el segundo simulacro del PREP',
      area: 'Coordinación de Informática',
      due_on: '2024-06-02',
      from_on: '2024-06-01',
      told: null,
    },
  ],
  review_url: `${SITE}/revision`,
  coverage_url: `${SITE}/cobertura`,
};

const sampleWeekly: WeeklyProps = {
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

const sampleAssignment: AssignmentProps = {
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
  folio: 'A-2024-004542',
  home_url: `${SITE}/mis-obligaciones`,
  help_url: `${SITE}/por-que-recibo-esto`,
};

/** Every mail in the shapes that strain it. */
export const previews: readonly Preview[] = [
  {
    id: 'digest-one',
    label: 'Aviso del día: una obligación',
    render: digest({
      upcoming: [
        sampleItem(5, {
          ...bodegas,
          next_step: `Si no se reporta, el ${formatLongDate(addDays(TODAY, 6))} a las 8:00 h se avisará a la persona titular del área.`,
        }),
      ],
    }),
  },
  {
    id: 'digest-one-today',
    label: 'Aviso del día: vence hoy con hora',
    render: digest({ today: [sampleItem(0, { due_time: '18:00', to_verify: true })] }),
  },
  {
    id: 'digest-several',
    label: 'Aviso del día: cinco obligaciones',
    render: digest(
      {
        returned: [{ ...returned.item, reviewer_words: returned.reviewer_words }],
        overdue: [sampleItem(-3)],
        tomorrow: [sampleItem(1, { ref: 'AT-C-5', title: 'Recibir el acuse de la lista nominal' })],
        this_week: [sampleItem(3, fromIne)],
        upcoming: [sampleItem(9, provisional)],
      },
      { waiting_count: 2 },
    ),
  },
  {
    id: 'digest-thirty',
    label: 'Aviso del día: treinta obligaciones, primero después de una interrupción',
    render: digest(
      {
        overdue: [...many(9, -4), ...many(3, -2, { owed_by_ine: true })],
        today: many(2, 0),
        tomorrow: many(3, 1),
        this_week: many(6, 4),
        upcoming: [...many(6, 12), sampleItem(14, provisional)],
      },
      { is_catch_up: true, waiting_count: 4 },
    ),
  },
  {
    id: 'digest-areas',
    label: 'Aviso del día: varias áreas',
    render: digest(
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
  },
  {
    id: 'digest-wordy',
    label: 'Aviso del día: nombres muy largos',
    render: digest({ tomorrow: [sampleItem(1, wordy)] }),
  },
  {
    id: 'digest-provisional',
    label: 'Aviso del día: fecha provisional',
    render: digest({ this_week: [sampleItem(5, provisional)] }, { is_catch_up: true, waiting_count: 1 }),
  },
  {
    id: 'digest-ine',
    label: 'Aviso del día: a cargo del INE',
    render: digest({ this_week: [sampleItem(2, fromIne)] }),
  },
  {
    id: 'digest-returned',
    label: 'Aviso del día: una devuelta',
    render: digest({ returned: [{ ...returned.item, reviewer_words: returned.reviewer_words }] }),
  },
  {
    id: 'digest-desk',
    label: 'Aviso del día de la Dirección: lo suyo y lo que espera de ella',
    render: digest(
      { overdue: [sampleItem(-3)] },
      { desk: sampleDesk, seal: SEAL, person: { name: 'Ximena Ejemplo Prueba', areas: [DIRECTION] } },
    ),
  },
  {
    id: 'desk',
    label: 'Aviso de la Dirección: reportes por revisar y vencimientos sin persona',
    render: () => deskMail({ ...morning, desk: sampleDesk }),
  },
  {
    id: 'desk-coverage',
    label: 'Aviso del lunes de la Dirección: sólo vencimientos sin persona',
    render: () => deskMail({ ...morning, desk: { ...sampleDesk, reviews: [] } }),
  },
  {
    id: 'all-clear',
    label: 'Aviso del lunes: sin pendientes',
    render: () =>
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
  },
  {
    id: 'all-clear-no-dates',
    label: 'Aviso del lunes: sin pendientes ni fechas por venir',
    render: () =>
      allClearMail({
        ...morning,
        person: { name: 'Teo Muestra Ensayo' },
        areas: [AREA, 'Coordinación de Informática'],
        until: '2024-05-19',
        next: null,
        waiting: 0,
        home_url: `${SITE}/mis-obligaciones`,
      }),
  },
  {
    id: 'weekly',
    label: 'Resumen semanal de la Comisión',
    render: () => weeklyMail(sampleWeekly),
  },
  {
    id: 'weekly-nothing',
    label: 'Resumen semanal de la Comisión: sin vencidas',
    render: () =>
      weeklyMail({
        ...sampleWeekly,
        totals: { due: 112, overdue: 0, in_review: 3, concluded: 109 },
        percent: 0,
        overdue: [],
        coming: 1,
      }),
  },
  {
    id: 'assignment',
    label: 'Asignación: varias obligaciones de un proceso nuevo',
    render: () => assignmentMail(sampleAssignment),
  },
  {
    id: 'assignment-one',
    label: 'Asignación: una obligación',
    render: () =>
      assignmentMail({ ...sampleAssignment, items: sampleAssignment.items.slice(0, 1), waiting: 0 }),
  },
  {
    id: 'escalation-one',
    label: 'Escalamiento: una vencida',
    render: escalation(false, 'la Dirección de Vinculación', [
      sampleItem(-3, {
        ...history,
        next_step: `Si no se reporta, el ${formatLongDate(addDays(TODAY, 2))} se avisará a la Secretaría Técnica de la Comisión.`,
        also_told: ['Teo Muestra Ensayo (enlace)', 'Dirección de Vinculación'],
      }),
    ]),
  },
  {
    id: 'escalation-several',
    label: 'Escalamiento: varias, con una del INE',
    render: escalation(true, 'la Secretaría Técnica de la Comisión', [
      sampleItem(-8, history),
      sampleItem(-5, { ...fromIne, ...history }),
      sampleItem(-5, bodegas),
    ]),
  },
  {
    id: 'escalation-old',
    label: 'Escalamiento: vencida hace 400 días',
    render: escalation(true, 'la Secretaría Técnica de la Comisión', [
      sampleItem(-400, { ...history, to_verify: true }),
    ]),
  },
  {
    id: 'escalation-ine',
    label: 'Escalamiento: pendiente de recibir del INE',
    render: escalation(false, 'la persona titular del área', [sampleItem(-1, { ...fromIne, ...history })]),
  },
  {
    id: 'login-code',
    label: 'Código de acceso',
    render: () =>
      loginCodeMail({
        code: '048213',
        expires_minutes: 10,
        url: `${SITE}/entrar/k3f9-7b21`,
        folio: 'C-0412',
      }),
  },
  {
    id: 'receipt',
    label: 'Acuse de un reporte',
    render: () =>
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
  },
  {
    id: 'returned',
    label: 'Reporte devuelto para corregir',
    render: () =>
      returnedMail({
        ...returned,
        reviewer: 'la Coordinación de Vinculación',
        url: `${SITE}/reportes/R-0187/corregir`,
      }),
  },
  {
    id: 'date-change',
    label: 'Cambio de fecha: se movió un evento',
    render: () => dateChangeMail(sampleChange({ note: 'Se reprogramó por resolución del Tribunal.' })),
  },
  {
    id: 'date-change-cleared',
    label: 'Cambio de fecha: un evento de nombre largo se quedó sin fecha',
    render: () =>
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
  },
  {
    id: 'rectification',
    label: 'Rectificación: el cambio se deshizo',
    render: () => rectificationMail(sampleChange()),
  },
  {
    id: 'milestone-watch',
    label: 'Evento sin fecha: ¿ya ocurrió?',
    render: () =>
      milestoneWatchMail({
        name: 'Firma del Convenio General de Coordinación INE–IEM',
        expected_on: '2024-05-12',
        days: 3,
        waiting: 6,
        area: 'Dirección Ejecutiva de Vinculación y Servicio Profesional Electoral',
        register_url: `${SITE}/hitos/firma_convenio_general`,
        home_url: `${SITE}/mis-obligaciones`,
        folio: 'A-2024-004531',
      }),
  },
  {
    id: 'milestone-watch-area',
    label: 'Evento sin fecha: a un área que no puede registrarlo',
    render: () =>
      milestoneWatchMail({
        name: 'Recepción de la lista nominal de personas en prisión preventiva',
        expected_on: '2024-05-14',
        days: 1,
        waiting: 1,
        area: AREA,
        home_url: `${SITE}/mis-obligaciones`,
        folio: 'A-2024-004532',
      }),
  },
  {
    id: 'explanation-request',
    label: 'La Dirección pide causa y compromiso',
    render: () =>
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
  },
  {
    id: 'reopened',
    label: 'Un vencimiento que se había cerrado se reabrió',
    render: () =>
      reopenedMail({
        item: sampleItem(5),
        reason: 'El INE aclaró que la condición sí se cumplió (oficio INE/JLE/0412/2024).',
        by: 'Titular de la Dirección de Vinculación',
        url: `${SITE}/vencimientos/31/reportar`,
        folio: 'A-2024-004541',
      }),
  },
  {
    id: 'second-factor-on',
    label: 'Se activó la verificación en dos pasos',
    render: () =>
      secondFactorMail({
        added: true,
        when: 'el miércoles 15 de mayo de 2024 a las 9:00 h',
        folio: 'A-2024-004542',
      }),
  },
  {
    id: 'second-factor-off',
    label: 'Administración quitó la verificación en dos pasos',
    render: () =>
      secondFactorMail({
        added: false,
        when: 'el miércoles 15 de mayo de 2024 a las 9:00 h',
        by: 'Administración de ejemplo',
        folio: 'A-2024-004543',
      }),
  },
];
