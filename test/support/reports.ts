// Reports made up for tests of their files, and those files read back as text.
import * as XLSX from '@e965/xlsx';
import mammoth from 'mammoth';
import { extractText } from 'unpdf';
import type { ReportFormat } from '../../app/documents/report-files.ts';
import type { OverdueReport, OverdueRow, ReportStamp } from '../../app/domain/overdue-report.ts';

/** A report with so many overdue rows, one in nine of them of the INE. */
export function sampleReport(count: number): OverdueReport {
  const totals = {
    due: count + 100,
    concluded_on_time: 90,
    concluded_late: 5,
    in_review: 5,
    overdue: count,
  };
  return {
    format: 1,
    process: null,
    cut: { at: '2024-05-15T15:00:00.000000Z', day: '2024-05-15' },
    compared: {
      at: '2024-04-16T05:59:59.999999Z',
      day: '2024-04-15',
      folio: null,
      totals: { due: 80, concluded_on_time: 70, concluded_late: 5, in_review: 3, overdue: 2 },
    },
    session: { on: '2024-06-15', given: false },
    totals,
    overdue: Array.from({ length: count }, (_, index) => sampleRow(index)),
    in_review: [],
    concluded_late: [],
    extended: [],
    waived: [],
    not_met: [],
    coming: [],
    by_area: [{ key: 'iem_deoe', area: AREA, institution: 'IEM', totals }],
    waiting: [{ event: 'Recepción de la lista nominal', count: 2 }],
  };
}

const AREA = 'Dirección Ejecutiva de Organización Electoral';

function sampleRow(index: number): OverdueRow {
  const day = 1 + (index % 14);
  return {
    id: index + 1,
    ref: `AT-C-${index}`,
    key: 'unica',
    version: 1,
    title: `Entregar a la Junta Local los documentos del voto anticipado, remesa ${index}`,
    instrument: 'Anexo Técnico',
    clause: 'C.b',
    legal_basis: 'LGIPE 153.1',
    obligor: index % 9 === 8 ? 'INE' : 'IEM',
    area: AREA,
    institution: 'IEM',
    counterpart: 'Junta Local Ejecutiva en Michoacán (INE)',
    due_on: `2024-05-${String(day).padStart(2, '0')}`,
    due_time: null,
    days_late: 15 - day,
    newly: index % 3 === 0 && index < 20,
    last_notice: '2024-05-14',
    returned: null,
    provisional: [],
    to_verify: index % 2 === 0,
  };
}

export function sampleStamp(changes: Partial<ReportStamp> = {}): ReportStamp {
  return {
    sha256: '9f3c'.repeat(16),
    folio: null,
    closed_at: null,
    audit: { seq: 412, hash: 'ab12'.repeat(16) },
    public: false,
    ...changes,
  };
}

/** All that a file's writer gives, in one piece. */
export async function bytesOf(parts: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const part of parts) chunks.push(Buffer.from(part));
  // A view of its own: some readers take the whole buffer behind a slice.
  return new Uint8Array(Buffer.concat(chunks));
}

/** What a reader of the file can read in it. */
export async function textOf(format: ReportFormat, bytes: Uint8Array): Promise<string> {
  switch (format) {
    case 'csv':
    case 'json':
      return Buffer.from(bytes).toString('utf8');
    case 'pdf':
      return (await extractText(bytes, { mergePages: true })).text.replace(/\s+/g, ' ');
    case 'xlsx': {
      const book = XLSX.read(bytes);
      return book.SheetNames.map((name) => XLSX.utils.sheet_to_csv(book.Sheets[name]!)).join('\n');
    }
    case 'docx':
      return (await mammoth.extractRawText({ buffer: Buffer.from(bytes) })).value;
  }
}
