// The official reminder of what the INE owes, as a draft letter for the Secretaría Ejecutiva to number and sign.
import { viewDateFile } from '../components/date-file-view.ts';
import { dateWords } from '../components/history-words.ts';
import type { Moment } from '../domain/moment.ts';
import { formatHour, formatLongDate } from '../domain/plain-date.ts';
import { section, type Outline } from '../domain/report-outline.ts';
import { storedRuleWords } from '../domain/rule-words.ts';
import type { DeadlineRow, findDeadline } from '../../db/deadlines.ts';

type Deadline = NonNullable<Awaited<ReturnType<typeof findDeadline>>>;

/** Whether there is something to remind the INE of: it owes the deadline, which is near or past and not received. */
export function canRemindIne({ obligor, status }: Pick<DeadlineRow, 'obligor' | 'status'>): boolean {
  return obligor === 'INE' && (status === 'overdue' || status === 'due_soon');
}

/** The deadlines of the institute that are counted from this one and are not settled yet. */
export function waitingOfOurs(dependants: readonly DeadlineRow[]): DeadlineRow[] {
  return dependants.filter(
    ({ obligor, status }) =>
      obligor !== 'INE' &&
      status !== 'concluded_on_time' &&
      status !== 'concluded_late' &&
      status !== 'waived',
  );
}

/**
 * The letter's outline. It names posts and areas, never people. What must be checked before signing (a provisional
 * date, a clause not compared) stands at its head, where it cannot be sent unseen.
 */
export function ineReminder(deadline: Deadline, waiting: readonly DeadlineRow[], moment: Moment): Outline {
  const { ref, title, area_name, instrument_title, clause_number, clause_heading, legal_basis } = deadline;
  const due = `${formatLongDate(deadline.due_on!)}${deadline.due_time ? `, ${formatHour(deadline.due_time)}` : ''}`;
  const clause = `${instrument_title}, numeral ${clause_number}`;
  const checks = [
    ...deadline.provisional.map((reason) => `La fecha es provisional: ${reason}.`),
    ...(deadline.to_verify ? ['La cláusula no se ha cotejado con el texto firmado.'] : []),
  ];
  return {
    title: `Recordatorio: ${title}`,
    kicker: 'Proyecto de oficio para la firma de la Secretaría Ejecutiva',
    facts: [
      ['Oficio', 'IEM-SE-______'],
      ['Fecha', `Morelia, Michoacán, a ${formatLongDate(moment.today).replace(/^\S+ /, '')}`],
      ['Para', `${area_name} (${deadline.area_institution})`],
      ['Con copia para', 'Dirección Ejecutiva de Vinculación y Servicio Profesional Electoral'],
      ['Asunto', `${lateness(deadline)}: ${title} (${ref})`],
    ],
    verdict: [
      [
        `Conforme al ${clause} (${legal_basis}), corresponde a esa área: ${title}. La fecha límite ${deadline.lapsed ? 'fue' : 'es'} el ${due}.`,
      ],
      [
        deadline.lapsed
          ? 'Al día de este oficio, el Instituto Electoral de Michoacán no tiene registro de haberlo recibido.'
          : 'Se recuerda para que la entrega ocurra dentro del plazo.',
      ],
    ],
    sections: [
      ...(checks.length === 0 ? [] : [section('antes', 'Antes de firmar', { bullets: checks })]),
      section('pide', 'Lo que se pide', {
        paragraphs: [
          [
            deadline.lapsed
              ? 'Entregar lo pendiente o indicar por escrito la fecha en que se entregará y la causa de la demora.'
              : 'Confirmar que se entregará en la fecha convenida o, de no ser posible, indicar la causa.',
          ],
          [deadline.description],
          [`Evidencia esperada: ${deadline.evidence_expected}.`],
        ],
      }),
      section('clausula', 'Fundamento', {
        paragraphs: [[`${clause}. ${clause_heading}.`], [deadline.clause_text ?? deadline.sentence]],
      }),
      section('fecha', 'Cómo se contó la fecha', {
        paragraphs: [
          ...rulePieces(deadline),
          ...(deadline.manual_ground ? [['La fecha fue fijada por escrito; la regla da la que sigue.']] : []),
        ],
        bullets: viewDateFile(deadline.steps).map(({ text, source }) =>
          source ? `${text} (${source})` : text,
        ),
      }),
      section('esperan', 'Plazos del Instituto que esperan esta entrega', {
        paragraphs:
          waiting.length === 0
            ? [['Ningún vencimiento del Instituto se cuenta a partir de esta entrega.']]
            : [],
        tables:
          waiting.length === 0
            ? []
            : [
                {
                  caption: 'Vencimientos que se cuentan a partir de esta entrega',
                  columns: [
                    { name: 'Obligación', kind: 'text', width: 5 },
                    { name: 'A cargo de', kind: 'text', width: 3 },
                    { name: 'Fecha', kind: 'text', width: 2 },
                  ],
                  rows: waiting.map((row) => [
                    { id: row.id, title: row.title, detail: row.ref },
                    row.area_name,
                    dateWords(row),
                  ]),
                },
              ],
      }),
    ],
    signatures: ['Secretaría Ejecutiva'],
    draft: true,
    footer: [
      `Recordatorio ${ref}`,
      'Proyecto: sin número ni firma no es un oficio.',
      `Hecho con los datos al ${formatLongDate(moment.today)}.`,
    ],
    made_at: moment.at,
  };
}

function rulePieces({ rule, steps }: Deadline): string[][] {
  const words = storedRuleWords(rule, steps);
  return words === undefined ? [] : [[`${words}.`]];
}

/** `Pendiente de recibir desde hace 3 días naturales`, `Por recibir en 2 días naturales`. */
function lateness({ days, lapsed }: Deadline): string {
  const size = Math.abs(days ?? 0);
  const words = size === 1 ? '1 día natural' : `${size} días naturales`;
  if (lapsed) return size === 0 ? 'Pendiente de recibir hoy' : `Pendiente de recibir desde hace ${words}`;
  return size === 0 ? 'Por recibir hoy' : `Por recibir en ${words}`;
}
