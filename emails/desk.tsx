// Owns what the Dirección is reminded of in the morning: reports that wait for it, deadlines without a person.
import { capitalised, joined } from './deadline-item.ts';
import { formatDayMonth, type IsoDate } from '../app/domain/plain-date.ts';
import type { Footer, MailContent } from './layout.tsx';
import { letterMail, type LetterList } from './letter.tsx';

export interface DeskProps {
  /** The one waiting longest first; empty while none has used up the term of review. */
  reviews: { folio: string; ref: string; title: string; area: string; working_days: number }[];
  gaps: {
    ref: string;
    title: string;
    area: string;
    due_on: IsoDate;
    from_on: IsoDate;
    /** Who is in office, but at an address that takes no mail. */
    suspended: string[];
    told: string | null;
  }[];
  /** There are more gaps than these. */
  gaps_cut: boolean;
  review_url: string;
  coverage_url: string;
}

export interface DeskMailProps {
  desk: DeskProps;
  today: IsoDate;
  folio: string;
  seal: string;
  help_url: string;
}

/** Rows a mail lists before it sends to the page. */
const MOST = 10;

const orMore = (count: number, cut: boolean) => (cut ? `${count} o más` : `${count}`);

/** `6 reportes por revisar`, `2 sin persona vigente`. */
export function deskCounts({ reviews, gaps, gaps_cut }: DeskProps): string[] {
  return [
    ...(reviews.length > 0
      ? [`${reviews.length} ${reviews.length === 1 ? 'reporte' : 'reportes'} por revisar`]
      : []),
    ...(gaps.length > 0 ? [`${orMore(gaps.length, gaps_cut)} sin persona vigente`] : []),
  ];
}

/** The lists, for this mail and for the digest of somebody who also has deadlines of their own. */
export function deskLists(
  { reviews, gaps, gaps_cut, review_url, coverage_url }: DeskProps,
  today: IsoDate,
): LetterList[] {
  const rest = (left: number, url: string) =>
    left > 0 ? { label: `Y ${left} más, ver la lista completa`, url } : undefined;
  return [
    ...(reviews.length === 0
      ? []
      : [
          {
            title: `Reportes por revisar (${reviews.length})`,
            columns: ['Obligación', 'Área', 'Espera'] as const,
            rows: reviews.slice(0, MOST).map(({ folio, ref, title, area, working_days }) => ({
              name: `${title} (${ref}, ${folio})`,
              values: [area, workingDays(working_days)] as const,
            })),
            rest: rest(reviews.length - MOST, review_url),
          },
        ]),
    ...(gaps.length === 0
      ? []
      : [
          {
            title: `Vencimientos sin persona vigente (${orMore(gaps.length, gaps_cut)})`,
            columns: ['Obligación', 'Área', 'Vence', 'Quién recibe'] as const,
            rows: gaps.slice(0, MOST).map(({ ref, title, area, due_on, from_on, suspended, told }) => ({
              name: `${title} (${ref})`,
              values: [
                [
                  from_on > today ? `${area}, sin nadie desde el ${formatDayMonth(from_on)}` : area,
                  ...(suspended.length > 0 ? [`rebota el correo de ${joined(suspended)}`] : []),
                ].join('; '),
                formatDayMonth(due_on),
                told ?? 'nadie',
              ] as const,
            })),
            rest: rest(gaps.length - MOST, coverage_url),
          },
        ]),
  ];
}

/** The mail to the Dirección on a morning without a digest of its own. */
export function deskMail({ desk, today, folio, seal, help_url }: DeskMailProps): MailContent {
  const [oldest] = desk.reviews;
  const counts = deskCounts(desk);
  const footer: Footer = {
    mark: `Aviso ${folio}`,
    seal,
    reason: 'Recibes este correo como parte de la Dirección de Vinculación.',
    help_url,
  };
  const said = [
    ...(oldest
      ? [
          `El reporte que más espera lleva ${workingDays(oldest.working_days)}: ${oldest.title} (${oldest.ref}). Mientras se revisa, su área no recibe avisos y el turno es de la Dirección.`,
        ]
      : []),
    ...(desk.gaps.length > 0
      ? [
          'Hay vencimientos de los próximos 30 días, o ya vencidos, cuya área no tiene a nadie a quien le llegue el correo. Sus avisos suben al área superior.',
        ]
      : []),
  ];
  return letterMail({
    subject: oldest
      ? `${counts[0]}; ${desk.reviews.length === 1 ? 'espera' : 'el más antiguo espera'} ${workingDays(oldest.working_days)}`
      : `${vacancies(desk.gaps.length)} en los próximos 30 días`,
    heading: capitalised(joined(counts)),
    said,
    action: oldest
      ? { label: 'Abrir los reportes por revisar', url: desk.review_url }
      : { label: 'Ver qué no tiene persona', url: desk.coverage_url },
    lists: deskLists(desk, today),
    footer,
  });
}

const workingDays = (days: number) => (days === 1 ? '1 día hábil' : `${days} días hábiles`);

const vacancies = (count: number) =>
  count === 1 ? '1 vencimiento sin persona vigente' : `${count} vencimientos sin persona vigente`;
