// Owns what somebody new in a post is told in their first mail: the post, and what is open in its area.
import { formatDayMonth, formatLongDate, type IsoDate } from '../app/domain/plain-date.ts';
import { joined } from './deadline-item.ts';
import type { LetterList } from './letter.tsx';

export interface HandoverProps {
  /** Deadlines of all the areas received that nobody has closed. */
  open: number;
  /** The posts received, at least one. `url` is the record that whoever leaves and whoever comes sign. */
  posts: {
    title: string;
    area: string;
    from_on: IsoDate;
    /** Deadlines of the area: overdue, with a date still to come, in review, and waiting for an event. */
    overdue: number;
    coming: number;
    in_review: number;
    waiting: number;
    url: string;
  }[];
  /** What has a date and is told in no other part of the mail, the earliest first. */
  items: { ref: string; title: string; due_on: IsoDate; provisional: boolean; in_review: boolean }[];
}

/** Rows the mail lists before it sends to the record. */
const MOST = 15;

const matters = (count: number) => (count === 1 ? '1 asunto' : `${count} asuntos`);

/** `18 asuntos abiertos`: of all the posts received. */
export const handoverCount = ({ open }: HandoverProps): string =>
  `${matters(open)} ${open === 1 ? 'abierto' : 'abiertos'}`;

/** The areas received, each once. */
export const handoverAreas = ({ posts }: HandoverProps): string[] => [
  ...new Set(posts.map(({ area }) => area)),
];

/** A sentence for each post, since when it is held, and for each area what it comes with. */
export function handoverSentences({ posts }: HandoverProps): string[] {
  return posts.map(({ title, area, from_on, overdue, coming, in_review, waiting }, index) => {
    const where = title.includes(area) ? '' : ` (${area})`;
    const held = `Desde el ${formatLongDate(from_on)} ocupas el cargo «${title}»${where}.`;
    if (posts.findIndex((post) => post.area === area) < index) return held;
    const parts = [
      [overdue, overdue === 1 ? 'vencido' : 'vencidos'],
      [coming, 'por vencer'],
      [in_review, 'en revisión'],
      [waiting, 'en espera de un evento'],
    ] as const;
    const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
    return `${held} Recibes ${matters(overdue + coming + in_review + waiting)}: ${joined(said)}.`;
  });
}

/** What is not told elsewhere in the mail; `alone` when nothing else is. */
export function handoverLists(
  { posts, items }: HandoverProps,
  alone: boolean,
  home_url: string,
): LetterList[] {
  const rest = items.length - MOST;
  if (items.length === 0) return [];
  return [
    {
      title: `${alone ? 'Lo que recibes, por fecha' : 'También recibes'} (${items.length})`,
      columns: ['Fecha', 'Obligación'],
      rows: items.slice(0, MOST).map(({ ref, title, due_on, provisional, in_review }) => ({
        name: `${formatDayMonth(due_on)}${provisional ? ' (provisional)' : ''}`,
        values: [`${title} (${ref})${in_review ? ', en revisión' : ''}`],
      })),
      rest:
        rest <= 0
          ? undefined
          : posts.length === 1
            ? { label: `Y ${rest} más, ver la entrega–recepción`, url: posts[0]!.url }
            : { label: `Y ${rest} más, ver todas en mis obligaciones`, url: home_url },
    },
  ];
}

/** Where the records are that are to be signed. */
export function handoverLinks({ posts }: HandoverProps): { label: string; url: string }[] {
  return posts.map(({ title, url }) => ({
    label: posts.length === 1 ? 'Ver e imprimir la entrega–recepción' : `Entrega–recepción de «${title}»`,
    url,
  }));
}
