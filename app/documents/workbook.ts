// A workbook (SpreadsheetML): sheets of typed cells under a frozen head, written row by row, without formulas.
import { setImmediate } from 'node:timers/promises';
import { daysBetween, type IsoDate } from '../domain/plain-date.ts';
import { contentTypes, coreProperties, relations, XML_HEAD, xmlText } from './xml.ts';
import { zip } from './zip.ts';

export type SheetCell = string | number | { day: IsoDate } | null;

export interface Sheet {
  /** At most 31 characters. */
  name: string;
  columns: { name: string; width: number }[];
  rows: Iterable<SheetCell[]>;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** Rows between two pauses in which other work is done. */
const ROWS_AT_ONCE = 500;
/** Longest text a cell may hold (ECMA-376 part 1, 18.18.96). */
const LONGEST = 32_767;

/** Indexes into `cellXfs` of the styles below. */
const STYLE = { text: 0, head: 1, date: 2, quoted: 3 };
const STYLES = `${XML_HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="2"><border/><border><left/><right/><top/><bottom style="medium"><color auto="1"/></bottom></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf xfId="0" fontId="1" borderId="1" applyFont="1" applyBorder="1" applyAlignment="1"><alignment vertical="bottom" wrapText="1"/></xf><xf xfId="0" numFmtId="164" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left" vertical="top"/></xf><xf xfId="0" quotePrefix="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

/** The file of the sheets in their order; `madeAt` is an ISO instant. */
export function workbook(title: string, madeAt: string, sheets: Sheet[]): AsyncGenerator<Uint8Array> {
  const part = (index: number) => `worksheets/sheet${index + 1}.xml`;
  const names = sheets.map(
    ({ name }, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const whole = (name: string, content: string) => ({ name, content: [content] });
  return zip([
    whole(
      '[Content_Types].xml',
      contentTypes({
        '/xl/workbook.xml': `${TYPE}.sheet.main+xml`,
        '/xl/styles.xml': `${TYPE}.styles+xml`,
        ...Object.fromEntries(sheets.map((_, index) => [`/xl/${part(index)}`, `${TYPE}.worksheet+xml`])),
      }),
    ),
    whole(
      '_rels/.rels',
      relations([
        ['officeDocument', 'xl/workbook.xml'],
        ['core-properties', 'docProps/core.xml'],
      ]),
    ),
    whole('docProps/core.xml', coreProperties(title, madeAt)),
    whole(
      'xl/workbook.xml',
      `${XML_HEAD}<workbook xmlns="${MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${names.join('')}</sheets></workbook>`,
    ),
    whole(
      'xl/_rels/workbook.xml.rels',
      relations([
        ...sheets.map((_, index): [string, string] => ['worksheet', part(index)]),
        ['styles', 'styles.xml'],
      ]),
    ),
    whole('xl/styles.xml', STYLES),
    ...sheets.map((sheet, index) => ({ name: `xl/${part(index)}`, content: sheetXml(sheet) })),
  ]);
}

async function* sheetXml({ columns, rows }: Sheet): AsyncGenerator<string> {
  const widths = columns.map(
    ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  yield `${XML_HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData>`;
  const heads = columns.map(({ name }, index) => textXml(`${columnName(index)}1`, name, STYLE.head));
  yield `<row r="1">${heads.join('')}</row>`;
  let line = 1;
  for (const row of rows) {
    line += 1;
    const cells = row.map((cell, index) => cellXml(`${columnName(index)}${line}`, cell));
    yield `<row r="${line}">${cells.join('')}</row>`;
    if (line % ROWS_AT_ONCE === 0) await setImmediate();
  }
  yield '</sheetData><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup orientation="landscape" fitToHeight="0"/></worksheet>';
}

function cellXml(place: string, cell: SheetCell): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'number') return `<c r="${place}" s="${STYLE.text}"><v>${cell}</v></c>`;
  if (typeof cell === 'object') return `<c r="${place}" s="${STYLE.date}"><v>${serialDay(cell.day)}</v></c>`;
  // Text in any case; the quote keeps it text when somebody edits the cell (OWASP ASVS 5.0, 1.2.10).
  return textXml(place, cell, /^[=+\-@\t\r]/.test(cell) ? STYLE.quoted : STYLE.text);
}

function textXml(place: string, text: string, style: number): string {
  // `_x0041_` in a cell is read as one character (18.4.12); what looks like it is written out.
  const literal = text.slice(0, LONGEST).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(literal)}</t></is></c>`;
}

const serials = new Map<IsoDate, number>();

/** Days since 30 December 1899, which is how a spreadsheet counts from March 1900 on. */
function serialDay(day: IsoDate): number {
  const known = serials.get(day) ?? daysBetween('1899-12-30', day);
  serials.set(day, known);
  return known;
}

/** `A` for 0; no sheet of ours has more than 26 columns. */
const columnName = (index: number) => String.fromCharCode(65 + index);
