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
  folio: string;
  home_url: string;
  help_url: string;
}

const MOST = 40;

/** The first mail of an area about a process. */
export function assignmentMail({ process, area, items, waiting, ...props }: AssignmentProps): MailContent {
  const [first] = items;
  const when = first && `${first.provisional ? 'fecha provisional ' : ''}${formatDayMonth(first.due_on)}`;
  const count = items.length === 1 ? '1 vencimiento nuevo' : `${items.length} vencimientos nuevos`;
  const heading = items.length === 0 ? 'Obligaciones nuevas, en espera de un evento' : count;
  const subject =
    first && items.length === 1
      ? fitSubject('Nueva obligación: ', first.title, `, vence ${when} — ${first.ref}`, `, vence ${when}`)
      : first
        ? fitSubject(`${count} de tu área; el primero, ${when}: `, first.title)
        : fitSubject('Obligaciones nuevas de tu área, en espera de un evento: ', process);
  return letterMail({
    subject,
    heading,
    said: [
      `Se publicó «${process}». ${area} responde por lo que se lista aquí.`,
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
    lists:
      items.length === 0
        ? []
        : [
            {
              title: `Lo que vence (${items.length})`,
              columns: ['Obligación', 'Fundamento', 'Vence'],
              rows: items.slice(0, MOST).map(({ ref, title, citation, due_on, provisional }) => ({
                name: `${title} (${ref})`,
                values: [citation, `${formatDayMonth(due_on)}${provisional ? ' (provisional)' : ''}`],
              })),
              rest:
                items.length > MOST
                  ? {
                      label: `Y ${items.length - MOST} más, ver todas en mis obligaciones`,
                      url: props.home_url,
                    }
                  : undefined,
            },
          ],
    closing: ['Antes de cada fecha llegan avisos. Si algo no corresponde a tu área, dilo en su página.'],
    footer: {
      mark: `Aviso ${props.folio}`,
      reason: 'Recibes este correo porque respondes por el área; es uno solo por proceso.',
      help_url: props.help_url,
    },
  });
}
