// Owns the mail that tells an area what it answers for once a process is published: one for all its obligations.
import { formatDayMonth, formatLongDate, type IsoDate } from '../app/domain/plain-date.ts';
import { OPEN_ALL } from './deadline-item.ts';
import type { MailContent } from './layout.tsx';
import { letterMail } from './letter.tsx';
import { fitSubject } from './subject.ts';

export interface AssignmentProps {
  process: string;
  area: string;
  /** Deadlines with a date still to come, by date. */
  items: { ref: string; title: string; citation: string; due_on: IsoDate; provisional: boolean }[];
  /** Deadlines that wait for an event. */
  waiting: number;
  /** What another area answers for and this one takes part in, or is told of, by date. */
  others: {
    part: 'co_responsible' | 'informed';
    ref: string;
    title: string;
    area: string;
    due_on: IsoDate;
    provisional: boolean;
  }[];
  folio: string;
  home_url: string;
  /** Where everything of a process can be read. */
  instruments_url: string;
  help_url: string;
}

const MOST = 40;
/** What others answer for is for information. */
const MOST_OF_OTHERS = 20;

const PARTS = [
  { part: 'co_responsible', title: 'Con otra área que responde' },
  { part: 'informed', title: 'Para que lo sepa tu área' },
] as const;

const dateWords = ({ due_on, provisional }: { due_on: IsoDate; provisional: boolean }) =>
  `${formatDayMonth(due_on)}${provisional ? ' (provisional)' : ''}`;

/** The first mail of an area about a process. */
export function assignmentMail({
  process,
  area,
  items,
  waiting,
  others,
  ...props
}: AssignmentProps): MailContent {
  const answers = items.length + waiting > 0;
  const [first] = items;
  const when = first && `${first.provisional ? 'fecha provisional ' : ''}${formatDayMonth(first.due_on)}`;
  const count = items.length === 1 ? '1 vencimiento nuevo' : `${items.length} vencimientos nuevos`;
  const heading =
    items.length > 0
      ? count
      : answers
        ? 'Obligaciones nuevas, en espera de un evento'
        : 'Obligaciones nuevas de otras áreas en las que participas';
  const subject =
    first && items.length === 1
      ? fitSubject('Nueva obligación: ', first.title, `, vence ${when} — ${first.ref}`, `, vence ${when}`)
      : first
        ? fitSubject(`${count} de tu área; el primero, ${when}: `, first.title)
        : fitSubject(
            answers
              ? 'Obligaciones nuevas de tu área, en espera de un evento: '
              : 'Obligaciones en las que participa tu área: ',
            process,
          );
  return letterMail({
    subject,
    heading,
    said: [
      answers
        ? `Se publicó «${process}». ${area} responde por lo que vence o espera un evento en esta lista.`
        : `Se publicó «${process}». ${area} no responde por ninguna de sus obligaciones; sí tiene parte en las que se listan aquí.`,
      ...(first
        ? [
            `Lo primero vence el ${formatLongDate(first.due_on)}${first.provisional ? ', fecha provisional' : ''}.`,
          ]
        : []),
      ...(waiting === 0
        ? []
        : [
            waiting === 1
              ? '1 más espera un evento y todavía no cuenta plazo.'
              : `${waiting} más esperan un evento y todavía no cuentan plazo.`,
          ]),
    ],
    action: { label: OPEN_ALL, url: props.home_url },
    lists: [
      ...(items.length === 0
        ? []
        : [
            {
              title: `Lo que vence (${items.length})`,
              columns: ['Obligación', 'Fundamento', 'Vence'] as const,
              rows: items.slice(0, MOST).map((item) => ({
                name: `${item.title} (${item.ref})`,
                values: [item.citation, dateWords(item)] as const,
              })),
              rest:
                items.length > MOST
                  ? {
                      label: `Y ${items.length - MOST} más, ver todas en mis obligaciones`,
                      url: props.home_url,
                    }
                  : undefined,
            },
          ]),
      ...PARTS.flatMap(({ part, title }) => {
        const shared = others.filter((other) => other.part === part);
        const rest = shared.length - MOST_OF_OTHERS;
        if (shared.length === 0) return [];
        return [
          {
            title: `${title} (${shared.length})`,
            columns: ['Fecha', 'Obligación'] as const,
            rows: shared.slice(0, MOST_OF_OTHERS).map((other) => ({
              name: dateWords(other),
              values: [`${other.title} (${other.ref}). Responde: ${other.area}`] as const,
            })),
            rest:
              rest > 0
                ? { label: `Y ${rest} más, ver los instrumentos`, url: props.instruments_url }
                : undefined,
          },
        ];
      }),
    ],
    closing: [
      'Antes de cada fecha llegan avisos a quien responde. Si algo no corresponde a tu área, dilo en su página.',
    ],
    footer: {
      mark: `Aviso ${props.folio}`,
      reason: 'Recibes este correo porque respondes por el área; es uno solo por proceso.',
      help_url: props.help_url,
    },
  });
}
