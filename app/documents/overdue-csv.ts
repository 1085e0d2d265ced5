// The overdue report as a CSV file: the same rows as on the screen, for a spreadsheet.
import { setImmediate } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import type { OverdueReport } from '../domain/overdue-report.ts';
import { OVERDUE_COLUMNS } from './overdue-columns.ts';
import type { SheetCell } from './workbook.ts';

const ROWS_AT_ONCE = 1000;
const WRITING = { record_delimiter: '\r\n', escape_formulas: true } as const;

/** UTF-8 with BOM and CRLF; a cell that a spreadsheet would run as a formula is escaped (OWASP ASVS 5.0, 1.2.10). */
export async function* overdueCsv(report: OverdueReport): AsyncGenerator<string> {
  // Named only when there are several: with one it would say the same on every row.
  const process = report.process === null ? [] : [report.process.name];
  const names = [...process.map(() => 'Proceso'), ...OVERDUE_COLUMNS.map(({ name }) => name)];
  yield stringify([names], { ...WRITING, bom: true });
  for (let first = 0; first < report.overdue.length; first += ROWS_AT_ONCE) {
    const rows = report.overdue
      .slice(first, first + ROWS_AT_ONCE)
      .map((row, index) => [
        ...process,
        ...OVERDUE_COLUMNS.map(({ value }) => plain(value(row, first + index, report))),
      ]);
    yield stringify(rows, WRITING);
    await setImmediate();
  }
}

const plain = (cell: SheetCell) => (typeof cell === 'object' ? (cell?.day ?? '') : cell);
