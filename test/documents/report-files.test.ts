import * as XLSX from '@e965/xlsx';
import fc from 'fast-check';
import mammoth from 'mammoth';
import { extractText, getDocumentProxy, getMeta } from 'unpdf';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { outlinePdf } from '../../app/documents/outline-pdf.ts';
import { layOut } from '../../app/documents/pdf-layout.ts';
import { REPORT_FILES, reportFileName, type ReportFormat } from '../../app/documents/report-files.ts';
import { workbook } from '../../app/documents/workbook.ts';
import { overdueOutline } from '../../app/domain/overdue-outline.ts';
import { publicVersion, type OverdueReport, type ReportStamp } from '../../app/domain/overdue-report.ts';
import { daysBetween } from '../../app/domain/plain-date.ts';
import { wordsOf } from '../../app/domain/report-outline.ts';
import { bytesOf, sampleReport, sampleStamp, textOf } from '../support/reports.ts';

const file = (format: ReportFormat, report: OverdueReport, stamp: ReportStamp = sampleStamp()) =>
  bytesOf(REPORT_FILES[format].write(report, stamp));
const sheetsOf = (bytes: Uint8Array) => XLSX.read(bytes, { cellNF: true, cellFormula: true });

describe('the PDF', () => {
  test('says its title, its language and its order to whoever cannot see it', async () => {
    const pdf = await getDocumentProxy(await file('pdf', sampleReport(60)));
    const { info } = await getMeta(pdf);
    expect(info).toMatchObject({ Title: 'Informe de obligaciones vencidas', Language: 'es-MX' });
    const tree = JSON.stringify(await (await pdf.getPage(1)).getStructTree());
    const roles = [...tree.matchAll(/"role":"(\w+)"/g)].map(([, role]) => role);
    for (const role of ['Document', 'H1', 'P', 'H2', 'Table', 'Caption', 'TR', 'TH', 'TD'])
      expect(roles).toContain(role);
    expect(roles.indexOf('H1')).toBeLessThan(roles.indexOf('Table'));
  });

  test('repeats the head of its tables and says on every page which copy it is', async () => {
    const stamp = sampleStamp({ folio: 'INF-2024-01', closed_at: '2024-05-15T16:00:00.000000Z' });
    const { text, totalPages } = await extractText(await file('pdf', sampleReport(120), stamp));
    expect(totalPages).toBeGreaterThan(5);
    const pages = text;
    for (const [index, page] of pages.entries()) {
      expect(page).toContain(`Página ${index + 1} de ${totalPages}`);
      expect(page).toContain(stamp.sha256);
      expect(page).toContain(stamp.audit.hash);
      expect(page).toContain('INF-2024-01');
      expect(page).toContain('Corte: mié 15 may 2024, 9:00 h');
      expect(page).not.toContain('BORRADOR');
    }
    for (const page of pages.slice(1, 5)) expect(page).toContain('Obligación y fundamento');
    expect(pages[0]).toContain(wordsOf(overdueOutline(sampleReport(120), stamp).verdict[0]!).slice(0, 40));
  });

  test('that is no closed cut says BORRADOR on every page', async () => {
    const { text } = await extractText(await file('pdf', sampleReport(60)));
    for (const page of text) expect(page).toContain('BORRADOR');
  });

  test('of the same report and stamp is the same file', async () => {
    const [one, other] = [await file('pdf', sampleReport(5)), await file('pdf', sampleReport(5))];
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
  });

  test('loses no word of a row that no page can hold', async () => {
    const words = Array.from({ length: 1500 }, (_, index) => `palabra${index}`);
    const report = sampleReport(3);
    report.overdue[1]!.title = words.join(' ');
    const { text } = await extractText(await file('pdf', report), { mergePages: true });
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
  });

  test('says above and below a table that is too long how many rows are left out and where; totals count them', () => {
    // Four of the forty are of the INE, in a table of their own.
    const outline = overdueOutline(sampleReport(40), sampleStamp());
    const texts = (most?: number) =>
      [...layOut(outline, (text) => text.length / 2, most)].flat().flatMap(({ item }) => {
        if (item.kind === 'text') return [item.lines.map(({ text }) => text).join(' ')];
        if (item.kind === 'open_table') return [item.caption.map(({ text }) => text).join(' ')];
        if (item.kind !== 'row' || item.repeated) return [];
        return [item.cells.map(({ lines }) => lines.map(({ text }) => text).join(' ')).join(' | ')];
      });
    const words =
      'Aquí van los primeros 30 de 36 renglones; faltan 6, que están en el archivo XLSX. Los totales cuentan todos.';
    const [whole, cut] = [texts(), texts(30)];
    expect(whole.filter((text) => text.includes('Aquí van'))).toEqual([]);
    expect(cut.filter((text) => text.endsWith(words))).toHaveLength(2);
    const without = cut.filter((text) => text !== words).map((text) => text.replace(`. ${words}`, ''));
    const missing = whole.filter((text) => !without.includes(text));
    expect(missing).toHaveLength(6);
    for (const text of missing) expect(text).toContain('remesa');
  });

  test('is made of anything somebody may have typed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (words) => {
        const report = sampleReport(2);
        report.overdue[0]!.title = words;
        const bytes = await bytesOf(outlinePdf(overdueOutline(report, sampleStamp())));
        expect(Buffer.from(bytes.subarray(0, 5)).toString()).toBe('%PDF-');
      }),
      { numRuns: 15 },
    );
  });
});

const FORMULAS = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '=HYPERLINK("http://example.invalid","x")',
  "=cmd|' /C calc'!A0",
  '\t=1+1',
  '\r=1+1',
  '=DDE("a";"b")',
  '＝1+1',
  '_x003D_1+1',
  '"=1+1',
  "'=1+1",
  '=1+1 & <b> "comillas"',
];

const SECOND = 'xl/worksheets/sheet2.xml';

describe('the workbook', () => {
  test('has its five sheets, typed cells and no formula, whatever was typed', async () => {
    const report = sampleReport(FORMULAS.length);
    for (const [index, typed] of FORMULAS.entries()) {
      report.overdue[index]!.title = typed;
      report.overdue[index]!.returned = { on: '2024-05-14', words: typed };
    }
    const book = sheetsOf(await file('xlsx', report));
    expect(book.SheetNames).toEqual(['Resumen', 'Vencidas', 'Por área', 'Cambios', 'Notas']);
    const sheet = book.Sheets['Vencidas']!;
    for (const [index, typed] of FORMULAS.entries()) {
      const line = index + 2;
      expect(sheet[`C${line}`]).toMatchObject({ t: 's' });
      expect((sheet[`C${line}`] as XLSX.CellObject).v).toBe(typed);
      expect(sheet[`A${line}`]).toMatchObject({ t: 'n', v: index + 1 });
      expect(sheet[`J${line}`]).toMatchObject({ t: 'n', z: 'dd/mm/yyyy' });
      expect(sheet[`J${line}`]).toMatchObject({
        v: daysBetween('1899-12-30', report.overdue[index]!.due_on),
      });
    }
    for (const name of book.SheetNames) {
      const cells = Object.values(book.Sheets[name]!) as XLSX.CellObject[];
      expect(cells.filter((cell) => typeof cell === 'object' && cell.f !== undefined)).toEqual([]);
    }
  });

  test('keeps the head in sight', async () => {
    const bytes = await file('xlsx', sampleReport(3));
    const { files } = z
      .object({ files: z.object({ [SECOND]: z.object({ content: z.instanceof(Uint8Array) }) }) })
      .parse(XLSX.read(bytes, { bookFiles: true }));
    const xml = Buffer.from(files[SECOND].content).toString();
    expect(xml).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
  });

  test('gives back any text and any number it was given', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme-composite', maxLength: 60 }), fc.integer()), {
          maxLength: 20,
        }),
        async (rows) => {
          const sheet = {
            name: 'Hoja',
            columns: [
              { name: 'a', width: 9 },
              { name: 'b', width: 9 },
            ],
            rows,
          };
          const book = sheetsOf(await bytesOf(workbook('Prueba', '2024-05-15T15:00:00.000000Z', [sheet])));
          const read = rows.map((_, index) => [
            (book.Sheets['Hoja']![`A${index + 2}`] as XLSX.CellObject | undefined)?.v ?? '',
            (book.Sheets['Hoja']![`B${index + 2}`] as XLSX.CellObject).v,
          ]);
          expect(read).toEqual(rows);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the text document', () => {
  test('has real headings, tables and lists, with the words of the report', async () => {
    const report = sampleReport(12);
    const { value, messages } = await mammoth.convertToHtml({
      buffer: Buffer.from(await file('docx', report)),
    });
    expect(messages.filter(({ type }) => type === 'error')).toEqual([]);
    expect(value).toContain('<h1>Informe de obligaciones vencidas</h1>');
    const headings = [...value.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, words]) => words);
    const outline = overdueOutline(report, sampleStamp());
    expect(headings).toEqual(outline.sections.map(({ heading }) => heading));
    expect(value.match(/<thead>/g)?.length).toBe(
      outline.sections.reduce((sum, { tables }) => sum + tables.length, 0),
    );
    expect(value).toContain('<li>Los días de atraso son naturales');
  });
});

describe('the public version', () => {
  const report = sampleReport(8);
  report.overdue[0]!.returned = {
    on: '2024-05-14',
    words:
      'Llamar a Rosa Ejemplo al 443 322 1400 o escribir a rosa.ejemplo@iem.example; oficio IEM-412/2024.',
  };
  const row = report.overdue[1]!;
  const fact = { ...row, recorded_on: '2024-05-02', due_before: null, document: 'IEM-SE-88/2024' };
  report.waived = [
    { ...fact, reason: 'Expediente clínico del titular', reserved: true },
    { ...fact, reason: 'Sin objeto desde el 2024-05-02', reserved: false },
  ];
  const shown = publicVersion(report, ['Rosa Ejemplo']);

  test.each(['csv', 'json', 'pdf', 'xlsx', 'docx'] as const)(
    'as %s tells no name, address, telephone or reserved reason, and all the rest',
    async (format) => {
      const stamp = sampleStamp({ public: true });
      const text = await textOf(format, await file(format, shown, stamp));
      for (const secret of ['Rosa', '443', '1400', 'rosa.ejemplo', 'clínico'])
        expect(text).not.toContain(secret);
      expect(text).toContain('IEM-412/2024');
      if (format !== 'csv') expect(text).toContain('Sin objeto desde el 2024-05-02');
      expect(reportFileName(shown, stamp, format)).toBe(`vencidas-al-2024-05-15-publica.${format}`);
    },
  );

  test('has the rows and the totals of the complete one', () => {
    expect(shown.totals).toEqual(report.totals);
    expect(shown.overdue.map(({ id, due_on }) => [id, due_on])).toEqual(
      report.overdue.map(({ id, due_on }) => [id, due_on]),
    );
    expect(shown.waived).toHaveLength(2);
  });
});
