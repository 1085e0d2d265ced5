// The Commission's report as files of thousands of rows, against the same words written with nothing around them.
import { setImmediate } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { MOST_ROWS } from '../../app/documents/pdf-layout.ts';
import { REPORT_FILES, type ReportFormat } from '../../app/documents/report-files.ts';
import type { OverdueReport, OverdueRow } from '../../app/domain/overdue-report.ts';
import { sampleReport, sampleStamp } from '../support/reports.ts';
import { inTurns, time } from './measure.ts';
import type { Row } from './report.ts';

const FORMATS = ['pdf', 'xlsx', 'docx'] as const satisfies ReportFormat[];
const SIZES = [300, 10_000, 100_000];
/** A long PDF takes the better part of a minute: what is longer than this is written once. */
const LONGEST_IN_TURNS = { pdf: 10_000, xlsx: 100_000, docx: 100_000 };
const LINES_PER_PAGE = 60;

export async function benchReport(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const format of FORMATS) {
    for (const size of SIZES) {
      const report = sampleReport(size);
      const words = wordsOf(format === 'pdf' ? printed(report) : report.overdue);
      const ours = async () => {
        for await (const _ of REPORT_FILES[format].write(report, sampleStamp()));
      };
      const bare = format === 'pdf' ? () => barePdf(words) : () => Promise.resolve(bareXml(words));
      const [own, other] =
        size > LONGEST_IN_TURNS[format]
          ? [await time(ours), await time(bare)]
          : await inTurns([ours, bare], { rounds: 3, seconds: 10 });
      rows.push({
        measure: `report as ${format.toUpperCase()}`,
        size: `${size.toLocaleString('en')} rows${words.length < size ? `, ${words.length.toLocaleString('en')} of them printed` : ''}`,
        ours: own!,
        bare: other!,
      });
    }
  }
  return rows;
}

/** The rows that a PDF has room for: so many of what the IEM owes and so many of what the INE does. */
function printed({ overdue }: OverdueReport): OverdueRow[] {
  const [theirs, ours] = [true, false].map((ine) =>
    overdue.filter(({ obligor }) => (obligor === 'INE') === ine),
  );
  return [...ours!.slice(0, MOST_ROWS), ...theirs!.slice(0, MOST_ROWS)];
}

/** What a row of the report says, as texts. */
function wordsOf(overdue: OverdueRow[]): string[][] {
  return overdue.map((row, index) => [
    String(index + 1),
    row.title,
    `${row.ref} · ${row.instrument}, numeral ${row.clause} · ${row.legal_basis}`,
    `${row.area} (${row.institution})`,
    row.due_on,
    String(row.days_late),
    row.last_notice ?? '',
  ]);
}

/** The words one below the other in a standard font: no layout, no tables, no structure. */
async function barePdf(rows: string[][]): Promise<void> {
  const doc = new PDFDocument({ size: 'LETTER', margin: 0, autoFirstPage: false });
  doc.resume();
  let line = 0;
  for (const row of rows) {
    for (const text of row) {
      if (line % LINES_PER_PAGE === 0) {
        doc.addPage().fontSize(9);
        await setImmediate();
      }
      doc.text(text, 50, 50 + (line % LINES_PER_PAGE) * 11, { lineBreak: false });
      line += 1;
    }
  }
  doc.end();
}

/** The words as cells of one XML text, deflated at once. */
function bareXml(rows: string[][]): Buffer {
  const cells = (row: string[]) => row.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('');
  return deflateRawSync(rows.map((row) => `<row>${cells(row)}</row>`).join(''));
}
