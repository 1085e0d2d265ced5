// Owns the Commission's mail of the week: in what the convenio is not being met, in one sentence and one list.
import { formatDayMonth, formatLongDate, type IsoDate } from '../app/domain/plain-date.ts';
import type { MailContent } from './layout.tsx';
import { letterMail } from './letter.tsx';

export interface WeeklyProps {
  today: IsoDate;
  totals: { due: number; overdue: number; in_review: number; concluded: number };
  /** Share of what was due, in percent with one decimal. */
  percent: number;
  /** What the IEM owes first, the oldest first. */
  overdue: {
    ref: string;
    title: string;
    area: string;
    due_on: IsoDate;
    days_late: number;
    of_ine: boolean;
  }[];
  /** Due in the next seven days. */
  coming: number;
  folio: string;
  seal: string;
  report_url: string;
  /** Page with a button that stops this mail. */
  stop_url: string;
}

const MOST = 10;

/** The mail; it reads like the first lines of the report it leads to. */
export function weeklyMail(props: WeeklyProps): MailContent {
  const { today, totals, overdue } = props;
  const day = formatDayMonth(today).replace(/^\S+ /, '');
  const count = totals.overdue === 1 ? '1 vencida' : `${totals.overdue} vencidas`;
  const verdict =
    totals.overdue === 0
      ? `sin vencidas de ${totals.due} exigibles`
      : `${count} de ${totals.due} exigibles (${props.percent.toFixed(1)} %)`;
  return letterMail({
    subject: `Convenio INE–IEM al ${day}: ${verdict}`,
    heading: `Al ${day}: ${verdict}`,
    said: [
      `${totals.due} exigibles al ${formatLongDate(today)}: ${totals.concluded} concluidas, ${totals.in_review} en revisión y ${totals.overdue} vencidas.`,
      props.coming === 1
        ? 'En los próximos siete días vence 1 más.'
        : `En los próximos siete días vencen ${props.coming} más.`,
    ],
    action: { label: 'Abrir el informe de vencidas', url: props.report_url },
    lists:
      overdue.length === 0
        ? []
        : [
            {
              title: `Obligaciones vencidas (${overdue.length})`,
              columns: ['Obligación', 'A cargo de', 'Atraso'],
              rows: overdue.slice(0, MOST).map(({ ref, title, area, due_on, days_late, of_ine }) => ({
                name: `${title} (${ref})`,
                values: [
                  of_ine ? `${area}, del INE` : area,
                  `${days_late === 1 ? '1 día' : `${days_late} días`}, venció el ${formatDayMonth(due_on)}`,
                ],
              })),
              rest:
                overdue.length > MOST
                  ? { label: `Y ${overdue.length - MOST} más en el informe`, url: props.report_url }
                  : undefined,
            },
          ],
    closing: ['Los días de atraso son naturales. El informe explica cada criterio.'],
    footer: {
      mark: `Aviso ${props.folio}`,
      seal: props.seal,
      reason: 'Recibes este resumen semanal como parte de la Comisión. Puedes dejar de recibirlo.',
      help_url: props.stop_url,
    },
  });
}
