// The table of an addendum as it arrives, CSV, pasted cells or JSON: its columns, its limits, its cells as text.
import { delimiterOf, DELIMITERS, parseDelimited } from './delimited.ts';

/** In the order in which the form explains them; only the first is required in every table. */
export const COLUMNS = [
  'numeral',
  'efecto',
  'encabezado',
  'texto',
  'ref',
  'título',
  'regla',
  'plazo',
  'áreas',
  'obligado',
  'entrega_a',
  'evidencia',
  'condición',
] as const;
export type Column = (typeof COLUMNS)[number];

/** One row: what was written in each column, empty where nothing was; `row` counts as a spreadsheet does. */
export interface TableRow {
  row: number;
  cells: Record<Column, string>;
}

export type TableRead = { ok: true; rows: TableRow[]; read: string } | { ok: false; errors: string[] };

export const LIMITS = { rows: 5_000, columns: 60, cell: 20_000 };

const folded = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[\s_-]+/g, '_');
const COLUMN_BY_NAME = new Map(COLUMNS.map((column) => [folded(column), column]));

/** Reads the text of a table. Every error says which column or which row and column it is about. */
export function readTable(text: string): TableRead {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (start === '') return refuse('Pega la tabla o elige un archivo');
  return /^[[{]/.test(start) ? readJson(start) : readDelimited(text);
}

function refuse(...errors: string[]): { ok: false; errors: string[] } {
  return { ok: false, errors };
}

function readDelimited(text: string): TableRead {
  const delimiter = delimiterOf(text.replace(/^\uFEFF/, ''));
  const [header, ...lines] = parseDelimited(text, delimiter);
  const names = (header?.cells ?? []).map((name) => name.trim());
  if (names.length > LIMITS.columns) return refuse(tooMuch());
  const errors = headerErrors(names.filter((name) => name !== ''));
  const columns = names.map((name) => COLUMN_BY_NAME.get(folded(name)));
  const rows = lines.map(({ row, cells }): TableRow => {
    if (cells.length > names.length)
      errors.push(`Fila ${row}: tiene ${cells.length} celdas y el encabezado ${names.length}`);
    return { row, cells: cellsOf(columns.map((column, at) => [column, cells[at] ?? ''])) };
  });
  return finish(rows, errors, `texto separado por ${DELIMITERS[delimiter]}`);
}

function readJson(text: string): TableRead {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`No es JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (!Array.isArray(value))
    return refuse('El JSON debe ser una lista de objetos, uno por numeral u obligación');
  const errors: string[] = [];
  const rows = value.map((entry: unknown, index): TableRow => {
    const row = index + 1;
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
      errors.push(`Fila ${row}: debe ser un objeto`);
      return { row, cells: cellsOf([]) };
    }
    const entries = Object.entries(entry);
    errors.push(
      ...headerErrors(
        entries.map(([name]) => name),
        row,
      ),
    );
    return {
      row,
      cells: cellsOf(entries.map(([name, cell]) => [COLUMN_BY_NAME.get(folded(name)), asText(cell)])),
    };
  });
  return finish(rows, errors, 'JSON');
}

/** A rule may be written as an object and areas as a list; everything else is text already. */
function asText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (Array.isArray(cell)) return cell.map(String).join('; ');
  return JSON.stringify(cell);
}

function headerErrors(names: string[], row?: number): string[] {
  const where = row === undefined ? '' : `Fila ${row}: `;
  const found = names.map((name) => ({ name, column: COLUMN_BY_NAME.get(folded(name)) }));
  const errors = found
    .filter(({ column }) => column === undefined)
    .map(({ name }) => `${where}No reconozco la columna «${name}»`);
  for (const column of COLUMNS) {
    if (found.filter((one) => one.column === column).length > 1)
      errors.push(`${where}Columna repetida: «${column}»`);
  }
  if (!found.some(({ column }) => column === 'numeral')) errors.push(`${where}Falta la columna «numeral»`);
  return errors;
}

function cellsOf(entries: [Column | undefined, string][]): Record<Column, string> {
  const cells = Object.fromEntries(COLUMNS.map((column) => [column, ''])) as Record<Column, string>;
  for (const [column, text] of entries) if (column) cells[column] = text.trim();
  return cells;
}

const tooMuch = (where = '') =>
  `Máximo ${LIMITS.rows.toLocaleString('en')} filas, ${LIMITS.columns} columnas y ${LIMITS.cell.toLocaleString('en')} caracteres por celda${where}`;

function finish(rows: TableRow[], errors: string[], read: string): TableRead {
  if (rows.length > LIMITS.rows) return refuse(tooMuch());
  for (const { row, cells } of rows) {
    const long = COLUMNS.find((column) => cells[column].length > LIMITS.cell);
    if (long) errors.push(tooMuch(` (fila ${row}, columna «${long}»)`));
  }
  if (errors.length > 0) return refuse(...errors);
  return rows.length === 0
    ? refuse('La tabla no tiene filas debajo del encabezado')
    : { ok: true, rows, read };
}
