// The overdue report as a CSV file: the same rows as on the screen, for a spreadsheet.
import { stringify } from 'csv-stringify/sync';
import type { OverdueReport } from './overdue-report.ts';

const COLUMNS = [
  'No.',
  'Clave',
  'Obligación',
  'Instrumento',
  'Numeral',
  'Fundamento',
  'A cargo de',
  'Área responsable',
  'Se entrega a',
  'Venció',
  'Hora',
  'Días naturales de atraso',
  'Último aviso aceptado',
  'Fecha provisional',
  'Por cotejar con el anexo firmado',
  'Corte',
];

const OBLIGOR_WORDS = { INE: 'INE', IEM: 'IEM', both: 'INE e IEM' } as const;

/** UTF-8 with BOM and CRLF; a cell that a spreadsheet would run as a formula is escaped (OWASP ASVS 5.0, 1.2.10). */
export function overdueCsv(report: OverdueReport): string {
  const rows = report.overdue.map((row, index) => [
    index + 1,
    row.ref,
    row.title,
    row.instrument_title,
    row.clause_number,
    row.legal_basis,
    OBLIGOR_WORDS[row.obligor],
    `${row.area_name} (${row.area_institution})`,
    row.counterpart_name,
    row.due_on,
    row.due_time ?? '',
    row.days_late,
    row.last_notice ?? '',
    row.provisional.length > 0 ? 'sí' : 'no',
    row.to_verify ? 'sí' : 'no',
    report.moment.today,
  ]);
  return stringify([COLUMNS, ...rows], { bom: true, record_delimiter: '\r\n', escape_formulas: true });
}
