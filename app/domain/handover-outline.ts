// The words of the handover of a post: what is open in its area, part by part, and the outline its PDF is drawn from.
import type { DeadlineStatus } from './deadline-status.ts';
import { GROUND_WORDS, type ManualGround } from './manual-ground.ts';
import { addDays, formatLongDate, formatShortDate, type IsoDate } from './plain-date.ts';
import { section, type Cell, type Column, type Outline, type OutlineTable } from './report-outline.ts';

/** A deadline nobody closed yet, as far as a handover tells of it. */
export interface OpenMatter {
  id: number;
  ref: string;
  title: string;
  status: DeadlineStatus;
  /** How far away in words: `hace 3 días`, `mañana`; in review, since when. */
  distance: string | null;
  due_on: IsoDate | null;
  /** `18:00 h` for a term counted in hours. */
  due_hour: string | null;
  /** Instrument and numeral. */
  citation: string;
  legal_basis: string;
  obligor: 'INE' | 'IEM' | 'both';
  waiting_for: string | null;
  /** What fixed the date by hand, when something did. */
  manual: ManualGround | null;
  provisional: readonly string[];
  to_verify: boolean;
  /** Of the report that waits for a decision. */
  folio: string | null;
}

/** Everything a handover says; its page may know more of each matter than the PDF needs. */
export interface Handover<Matter extends OpenMatter = OpenMatter> {
  person: { id: number; name: string };
  appointment: { id: number; title: string; from_on: IsoDate; until_on: IsoDate | null };
  area: string;
  /** In office today, by name. */
  holders: string[];
  today: IsoDate;
  /** Instant of issue, ISO in UTC, and the same in words. */
  issued_at: string;
  issued: string;
  /** Hash of the last entry of the audit record. */
  head: string;
  parts: { key: PartKey; title: string; matters: Matter[] }[];
}

/** Days after the last one in a post. */
const DAYS_TO_SIGN = 30;

export type PartKey = 'vencidas' | 'por-vencer' | 'en-revision' | 'en-espera';

interface Part {
  key: PartKey;
  title: string;
  statuses: DeadlineStatus[];
  caption: string;
  columns: (Column & { cell: (matter: OpenMatter) => Cell })[];
}

const what: Part['columns'][number] = {
  name: 'Obligación y fundamento',
  kind: 'text',
  width: 60,
  cell: (matter) => ({ id: matter.id, title: matter.title, detail: detailWords(matter) }),
};
const due = (name: string): Part['columns'][number] => ({ name, kind: 'date', width: 24, cell: dueWords });
const distance = (name: string): Part['columns'][number] => ({
  name,
  kind: 'text',
  width: 20,
  cell: (matter) => matter.distance ?? '—',
});

const PARTS: readonly Part[] = [
  {
    key: 'vencidas',
    title: 'Vencidas',
    statuses: ['overdue'],
    caption: 'De la más antigua a la más reciente',
    columns: [what, due('Venció'), distance('Días')],
  },
  {
    key: 'por-vencer',
    title: 'Por vencer',
    statuses: ['due_soon', 'on_track'],
    caption: 'De la más próxima a la más lejana',
    columns: [what, due('Vence'), distance('Días')],
  },
  {
    key: 'en-revision',
    title: 'En revisión',
    statuses: ['in_review'],
    caption: 'Reportadas; la Dirección aún no decide',
    columns: [
      what,
      due('Fecha límite'),
      distance('En revisión'),
      { name: 'Último reporte', kind: 'text', width: 16, cell: ({ folio }) => folio ?? '—' },
    ],
  },
  {
    key: 'en-espera',
    title: 'En espera de un evento',
    statuses: ['waiting'],
    caption: 'Sin fecha límite mientras el evento no la tenga',
    columns: [
      what,
      { name: 'Evento', kind: 'text', width: 44, cell: ({ waiting_for }) => waiting_for ?? '—' },
    ],
  },
];

export const NOTHING_OPEN = 'El área no tiene asuntos abiertos que entregar.';

/** The matters by what must be done about them, each part in the order they come; parts without any are left out. */
export function partsOf<Matter extends Pick<OpenMatter, 'status'>>(
  matters: readonly Matter[],
): { key: PartKey; title: string; matters: Matter[] }[] {
  return PARTS.map(({ key, title, statuses }) => ({
    key,
    title,
    matters: matters.filter(({ status }) => statuses.includes(status)),
  })).filter((part) => part.matters.length > 0);
}

/** How many matters are handed over. */
export function countOpen({ parts }: Pick<Handover, 'parts'>): number {
  return parts.reduce((sum, { matters }) => sum + matters.length, 0);
}

/** Which post it is, since when and until when, who is there today, and when that was asked. */
export function postFacts({ appointment, area, holders, issued }: Handover): [name: string, value: string][] {
  const { title, from_on, until_on } = appointment;
  return [
    ['Cargo', title],
    ['Área', area],
    ['Desde', formatLongDate(from_on)],
    ['Hasta', until_on === null ? 'sin fecha de término' : formatLongDate(until_on)],
    ['Hoy en el área', holders.length > 0 ? holders.join(' · ') : 'nadie: sus avisos suben al área superior'],
    ['Emitida', `${issued}, tiempo del centro`],
  ];
}

/** Whether who holds or held a post may still read its handover: until some weeks after their last day. */
export function isBeingSigned({ until_on }: { until_on: IsoDate | null }, today: IsoDate): boolean {
  return until_on === null || until_on >= addDays(today, -DAYS_TO_SIGN);
}

/** The handover as a document to be signed. */
export function handoverOutline(handover: Handover): Outline {
  const { person, area, issued, issued_at, head, parts } = handover;
  const title = 'Entrega–recepción';
  const counts = parts.map((part) => `${part.title.toLowerCase()}: ${part.matters.length}`);
  return {
    title,
    kicker: 'Seguimiento de Convenios INE–IEM',
    facts: [
      [holdingWords(handover), person.name],
      ...postFacts(handover),
      ['Huella de la bitácora al emitirse', head],
    ],
    verdict:
      parts.length === 0
        ? [[NOTHING_OPEN]]
        : [
            [`Asuntos abiertos: ${countOpen(handover)} (${counts.join('; ')}).`],
            ['Son los vencimientos de los que responde el área, como estaban al emitirse.'],
          ],
    sections: parts.map(({ key, title: heading, matters }) =>
      section(key, `${heading} (${matters.length})`, { tables: [matterTable(key, matters)] }),
    ),
    signatures: ['Entrega', 'Recibe'],
    draft: false,
    footer: [`${title} · ${area}`, `Emitida: ${issued}`, `Bitácora: ${head}`],
    made_at: issued_at,
  };
}

function holdingWords({ appointment: { from_on, until_on }, today }: Handover): string {
  if (from_on > today) return 'Ocupará el cargo';
  return until_on !== null && until_on < today ? 'Ocupó el cargo' : 'Ocupa el cargo';
}

function matterTable(key: PartKey, matters: readonly OpenMatter[]): OutlineTable {
  const { caption, columns } = PARTS.find((part) => part.key === key)!;
  return {
    caption,
    columns: columns.map(({ name, kind, width }) => ({ name, kind, width })),
    rows: matters.map((matter) => columns.map(({ cell }) => cell(matter))),
  };
}

function dueWords({ due_on, due_hour, provisional }: OpenMatter): string {
  if (due_on === null) return '—';
  const day = [formatShortDate(due_on), due_hour].filter(Boolean).join(', ');
  return provisional.length > 0 ? `${day} (provisional)` : day;
}

/** The same marks the screen gives a deadline, after where it comes from. */
function detailWords({ ref, citation, legal_basis, manual, to_verify, obligor }: OpenMatter): string {
  return [
    ref,
    citation,
    legal_basis,
    manual && GROUND_WORDS[manual].mark.toLowerCase(),
    to_verify && 'por cotejar con el anexo firmado',
    obligor === 'INE' && 'a cargo del INE',
    obligor === 'both' && 'a cargo del INE y del IEM',
  ]
    .filter(Boolean)
    .join(' · ');
}
