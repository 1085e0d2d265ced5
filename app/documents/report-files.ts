// The Commission's report as files: which formats there are, how each is called and written.
import { overdueOutline } from '../domain/overdue-outline.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { OverdueReport, ReportStamp } from '../domain/overdue-report.ts';
import type { OutlineSection } from '../domain/report-outline.ts';
import { outlineDocx } from './outline-docx.ts';
import { outlinePdf } from './outline-pdf.ts';
import { overdueCsv } from './overdue-csv.ts';
import { overdueWorkbook } from './overdue-workbook.ts';

export type ReportFormat = 'csv' | 'json' | 'pdf' | 'xlsx' | 'docx';

/** `annex` is what a PDF adds after the signatures. */
type Write = (
  report: OverdueReport,
  stamp: ReportStamp,
  annex?: OutlineSection[],
) => AsyncIterable<Uint8Array | string>;

/** Each writes while it is read and lets other work be done in between. */
export const REPORT_FILES: Record<ReportFormat, { type: string; write: Write }> = {
  csv: { type: 'text/csv; charset=utf-8', write: (report) => overdueCsv(report) },
  // The canonical text: its SHA-256 is the hash printed on every other file of the complete report.
  json: { type: 'application/json; charset=utf-8', write: (report) => once(canonicalJson(report)) },
  pdf: {
    type: 'application/pdf',
    write: (report, stamp, annex) => outlinePdf({ ...overdueOutline(report, stamp), annex }),
  },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: overdueWorkbook,
  },
  docx: {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    write: (report, stamp) => outlineDocx(overdueOutline(report, stamp)),
  },
};

// eslint-disable-next-line @typescript-eslint/require-await
async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** `vencidas-al-2024-05-15.pdf`, `vencidas-INF-2024-01-publica.pdf`. */
export function reportFileName(report: OverdueReport, stamp: ReportStamp, format: ReportFormat): string {
  const name = stamp.folio ?? `al-${report.cut.day}`;
  return `vencidas-${name}${stamp.public ? '-publica' : ''}.${format}`;
}
