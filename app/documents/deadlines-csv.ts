// Deadlines as a CSV file for a spreadsheet.
import { stringify } from 'csv-stringify/sync';

export interface SheetDeadline {
  ref: string;
  title: string;
  instrument: string;
  clause: string;
  legal_basis: string;
  obligor: string;
  area: string;
  counterpart: string;
  status: string;
  /** `YYYY-MM-DD`; null while it waits for an event. */
  due_on: string | null;
  due_time: string | null;
  waiting_for: string | null;
  provisional: boolean;
  to_verify: boolean;
}

const COLUMNS: [name: string, value: (row: SheetDeadline) => string | null][] = [
  ['Clave', ({ ref }) => ref],
  ['Obligación', ({ title }) => title],
  ['Instrumento', ({ instrument }) => instrument],
  ['Numeral', ({ clause }) => clause],
  ['Fundamento', ({ legal_basis }) => legal_basis],
  ['A cargo de', ({ obligor }) => obligor],
  ['Área responsable', ({ area }) => area],
  ['Se entrega a', ({ counterpart }) => counterpart],
  ['Estado', ({ status }) => status],
  ['Fecha límite', ({ due_on }) => due_on],
  ['Hora', ({ due_time }) => due_time],
  ['Espera a', ({ waiting_for }) => waiting_for],
  ['Fecha provisional', ({ provisional }) => (provisional ? 'sí' : 'no')],
  ['Por cotejar con el anexo firmado', ({ to_verify }) => (to_verify ? 'sí' : 'no')],
];

/** UTF-8 with BOM and CRLF; a cell that a spreadsheet would run as a formula is escaped (OWASP ASVS 5.0, 1.2.10). */
export function deadlinesCsv(rows: readonly SheetDeadline[]): string {
  return stringify(
    [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, value]) => value(row)))],
    { record_delimiter: '\r\n', escape_formulas: true, bom: true },
  );
}
