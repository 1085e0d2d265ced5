// A report as an outline of words and tables: what the screen, the PDF and the DOCX all show, each in its way.
import type { IsoDate } from './plain-date.ts';

/** Which deadlines a number stands for: those due at the cut in one state or in any, of one area or of all. */
export interface RowsOf {
  status: 'due' | 'concluded_on_time' | 'concluded_late' | 'in_review' | 'overdue';
  /** Key of the responsible area. */
  area: string | null;
}

/** A piece of a sentence: plain words, or a number with the place where its rows are. */
export type Piece =
  | string
  | { text: string; strong?: boolean | undefined; of?: RowsOf | undefined; section?: string | undefined };

export type Cell =
  | string
  | number
  | { day: IsoDate | null }
  /** A deadline: its title, below it where it comes from; `id` leads to its page. */
  | { id: number; title: string; detail: string }
  | { count: number; of: RowsOf };

export interface Column {
  name: string;
  kind: 'text' | 'number' | 'date';
  /** Part of the width, in any unit common to the table. */
  width: number;
}

export interface OutlineTable {
  caption: string;
  columns: Column[];
  rows: Cell[][];
  /** The sum of the rows; a table that has one names each row in its first column. */
  foot?: Cell[] | undefined;
}

/** Bars of stacked parts, each told apart by its pattern and also given as a table. */
export interface BarChart {
  title: string;
  parts: string[];
  bars: { name: string; values: number[] }[];
}

export interface OutlineSection {
  /** Name of the place in the page's address. */
  key: string;
  heading: string;
  paragraphs: Piece[][];
  bullets: string[];
  chart?: BarChart | undefined;
  tables: OutlineTable[];
}

export interface Outline {
  title: string;
  /** The body that receives it. */
  kicker: string;
  /** `Folio`, `Corte`, `Huella SHA-256`… with their values. */
  facts: [name: string, value: string][];
  /** The conclusion: its first sentence is the report in one line. */
  verdict: Piece[][];
  sections: OutlineSection[];
  signatures: string[];
  /** What a file adds after the signatures. */
  annex?: OutlineSection[] | undefined;
  /** Not closed: every page says so. */
  draft: boolean;
  /** The lines at the foot of every page. */
  footer: string[];
  /** Instant that the file bears as its date, ISO in UTC: of the closing, or of the cut. */
  made_at: string;
}

/** The words of a sentence without its links. */
export function wordsOf(pieces: Piece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
}

/** Only tables and paragraphs: the parts of a section most sections have. */
export function section(
  key: string,
  heading: string,
  parts: Partial<Omit<OutlineSection, 'key' | 'heading'>>,
): OutlineSection {
  return { key, heading, paragraphs: [], bullets: [], tables: [], ...parts };
}
