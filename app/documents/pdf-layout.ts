// The layout of an outline on letter paper: what stands on which page, decided before anything is drawn.
import { formatShortDate } from '../domain/plain-date.ts';
import {
  wordsOf,
  type BarChart,
  type Cell,
  type Outline,
  type OutlineSection,
  type OutlineTable,
} from '../domain/report-outline.ts';
import { breakLines, type Measure, type Style } from './pdf-text.ts';

/** Letter paper in points, with what is kept free for the margins and the foot. */
export const PAPER = { width: 612, height: 792, left: 50, right: 50, top: 50, bottom: 84 };
export const WIDTH = PAPER.width - PAPER.left - PAPER.right;
const BOTTOM = PAPER.height - PAPER.bottom;

const LEADING = 1.25;
const CELL: Style = { face: 'regular', size: 9 };
const DETAIL: Style = { face: 'regular', size: 7.75 };
const GAP = 7;
const ROW_SPACE = 5;
/** Of one table: so many keep the process below 300 MB; docs/decisions/0036-long-tables-in-a-pdf.md has the figures. */
export const MOST_ROWS = 20_000;

export interface Line {
  text: string;
  style: Style;
  /** Points from the top of the item. */
  y: number;
}

export interface CellBox {
  x: number;
  width: number;
  align: 'left' | 'right';
  lines: Line[];
}

export type Item =
  | { kind: 'text'; tag: 'H1' | 'H2' | 'P' | 'LI'; height: number; lines: Line[]; x: number }
  | { kind: 'chart'; height: number; chart: BarChart }
  | { kind: 'signatures'; height: number; names: string[] }
  | { kind: 'open_table'; height: number; caption: Line[] }
  | { kind: 'row'; height: number; cells: CellBox[]; head: boolean; named: boolean; repeated: boolean }
  | { kind: 'close_table'; height: 0 };

export interface Placed {
  item: Item;
  /** Points from the top of the page. */
  y: number;
}

/**
 * The pages of an outline. Heads of tables are repeated where a table goes on; a heading is never left alone. A table
 * of more than `mostRows` says above and below its rows how many are left out and where they are.
 */
export function* layOut(
  outline: Outline,
  measure: Measure,
  mostRows: number = MOST_ROWS,
): Generator<Placed[]> {
  let page: Placed[] = [];
  let y = PAPER.top;
  let head: Item | undefined;
  const place = (item: Item) => {
    page.push({ item, y });
    y += item.height;
  };
  let held: Item[] = [];
  for (const { item, keep } of itemsOf(outline, measure, mostRows)) {
    held.push(item);
    if (keep) continue;
    const height = held.reduce((sum, { height: own }) => sum + own, 0);
    if (y + height > BOTTOM && page.length > 0) {
      yield page;
      page = [];
      y = PAPER.top;
      if (head && held[0]?.kind === 'row') place({ ...head, repeated: true } as Item);
    }
    for (const one of held) {
      if (one.kind === 'row' && one.head) head = one;
      if (one.kind === 'close_table') head = undefined;
      place(one);
    }
    held = [];
  }
  yield page;
}

interface Kept {
  item: Item;
  /** Must stand on the page of what follows. */
  keep?: boolean;
}

function* itemsOf(outline: Outline, measure: Measure, mostRows: number): Generator<Kept> {
  const text = (
    words: string,
    tag: 'H1' | 'H2' | 'P' | 'LI',
    style: Style,
    { before = 0, after = 4, indent = 0 } = {},
  ): Item => {
    const lines = stack(breakLines(words, WIDTH - indent, style, measure), style, before);
    return { kind: 'text', tag, x: indent, lines: lines.lines, height: lines.height + after };
  };
  yield { item: text(outline.kicker, 'P', { face: 'regular', size: 10 }, { after: 0 }) };
  yield { item: text(outline.title, 'H1', { face: 'bold', size: 19 }, { after: 6 }) };
  for (const [name, value] of outline.facts)
    yield { item: text(`${name}: ${value}`, 'P', { face: 'regular', size: 9 }, { after: 0 }) };
  for (const [index, sentence] of outline.verdict.entries()) {
    const style: Style = { face: index === 0 ? 'bold' : 'regular', size: index === 0 ? 13 : 11 };
    yield { item: text(wordsOf(sentence), 'P', style, { before: index === 0 ? 12 : 0 }) };
  }
  const sectionItems = function* (sections: OutlineSection[]): Generator<Kept> {
    for (const { heading, paragraphs, bullets, chart, tables } of sections) {
      yield { item: text(heading, 'H2', { face: 'bold', size: 13 }, { before: 14 }), keep: true };
      for (const words of paragraphs)
        yield { item: text(wordsOf(words), 'P', { face: 'regular', size: 11 }) };
      for (const words of bullets)
        yield { item: text(words, 'LI', { face: 'regular', size: 10 }, { after: 3, indent: 12 }) };
      if (chart) yield { item: { kind: 'chart', height: chartHeight(chart), chart } };
      for (const table of tables) yield* tableItems(table, measure, mostRows);
    }
  };
  yield* sectionItems(outline.sections);
  if (outline.signatures.length > 0) {
    yield { item: { kind: 'signatures', height: 92, names: outline.signatures } };
  }
  yield* sectionItems(outline.annex ?? []);
}

export const BAR = { height: 15, step: 22, legend: 20, label: 110 };
const chartHeight = ({ bars }: BarChart) => BAR.legend + bars.length * BAR.step + 8;

function* tableItems(
  { caption, columns, rows, foot }: OutlineTable,
  measure: Measure,
  mostRows: number,
): Generator<Kept> {
  const sum = columns.reduce((total, { width }) => total + width, 0);
  let x = 0;
  const boxes = columns.map(({ width, kind }) => {
    const whole = (width / sum) * WIDTH;
    const box = { x, width: whole - GAP, align: kind === 'number' ? ('right' as const) : ('left' as const) };
    x += whole;
    return box;
  });
  const row = (cells: Cell[], bold: boolean) =>
    cells.map((cell, index) => ({
      ...boxes[index]!,
      ...cellLines(cell, boxes[index]!.width, bold, measure),
    }));
  const flags = { head: false, named: foot !== undefined, repeated: false };
  const left = rows.length <= mostRows ? null : leftOut(mostRows, rows.length);
  const title = stack(breakLines(left ? `${caption}. ${left}` : caption, WIDTH, CELL, measure), CELL, 6);
  yield { item: { kind: 'open_table', height: title.height + 2, caption: title.lines }, keep: true };
  const heads = row(
    columns.map(({ name }) => name),
    true,
  );
  const headHeight = Math.max(...heads.map(({ height }) => height)) + ROW_SPACE;
  yield { item: { kind: 'row', cells: heads, height: headHeight, ...flags, head: true }, keep: true };
  // A row that no page could hold goes on in the next one.
  const tallest = BOTTOM - PAPER.top - headHeight - ROW_SPACE - 60;
  for (const cells of rows.slice(0, mostRows)) {
    for (const part of splitRow(row(cells, false), tallest)) {
      yield { item: { kind: 'row', ...part, height: part.height + ROW_SPACE, ...flags } };
    }
  }
  if (left) {
    const cells = [
      { ...boxes[0]!, width: WIDTH, align: 'left' as const, ...cellLines(left, WIDTH, true, measure) },
    ];
    yield { item: { kind: 'row', cells, height: cells[0]!.height + ROW_SPACE, ...flags } };
  }
  if (foot) {
    const cells = row(foot, true);
    const height = Math.max(...cells.map((cell) => cell.height)) + ROW_SPACE;
    yield { item: { kind: 'row', cells, height, ...flags } };
  }
  yield { item: { kind: 'close_table', height: 0 } };
}

function leftOut(shown: number, all: number): string {
  const [first, rest, total] = [shown, all - shown, all].map((count) => count.toLocaleString('es-MX'));
  return `Aquí van los primeros ${first} de ${total} renglones; faltan ${rest}, que están en el archivo XLSX. Los totales cuentan todos.`;
}

type TallCell = CellBox & { height: number };

function* splitRow(cells: TallCell[], tallest: number): Generator<{ cells: CellBox[]; height: number }> {
  const height = Math.max(...cells.map((cell) => cell.height));
  for (let from = 0; from < height || from === 0; from += tallest) {
    yield {
      height: Math.min(height - from, tallest),
      cells:
        height <= tallest
          ? cells
          : cells.map((cell) => ({
              ...cell,
              lines: cell.lines
                .filter(({ y }) => y >= from && y < from + tallest)
                .map((line) => ({ ...line, y: line.y - from })),
            })),
    };
    if (height <= tallest) return;
  }
}

function cellLines(cell: Cell, width: number, bold: boolean, measure: Measure) {
  const style: Style = bold ? { ...CELL, face: 'bold' } : CELL;
  if (typeof cell === 'object' && 'title' in cell) {
    const title = stack(breakLines(cell.title, width, style, measure), style);
    const detail = stack(breakLines(cell.detail, width, DETAIL, measure), DETAIL, title.height);
    return { lines: [...title.lines, ...detail.lines], height: detail.height };
  }
  return stack(breakLines(cellText(cell), width, style, measure), style);
}

function cellText(cell: Exclude<Cell, { title: string }>): string {
  if (typeof cell !== 'object') return String(cell);
  if ('count' in cell) return String(cell.count);
  return cell.day === null ? '—' : formatShortDate(cell.day);
}

/** Lines one below the other from `top`, and where they end. */
function stack(texts: string[], style: Style, top = 0): { lines: Line[]; height: number } {
  const step = style.size * LEADING;
  return {
    lines: texts.map((text, index) => ({ text, style, y: top + index * step })),
    height: top + texts.length * step,
  };
}
