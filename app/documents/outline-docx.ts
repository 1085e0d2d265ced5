// An outline as a text document (WordprocessingML): real headings, real tables, in es-MX, on letter paper.
import { setImmediate } from 'node:timers/promises';
import { formatShortDate } from '../domain/plain-date.ts';
import {
  wordsOf,
  type Cell,
  type Column,
  type Outline,
  type OutlineSection,
  type OutlineTable,
} from '../domain/report-outline.ts';
import { chartTable } from './chart-table.ts';
import { contentTypes, coreProperties, relations, XML_HEAD, xmlText } from './xml.ts';
import { zip } from './zip.ts';

const MAIN = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
/** Width between the margins of letter paper, in twentieths of a point. */
const WIDTH = 10_080;
const ROWS_AT_ONCE = 200;

/** The document, to be edited into the minutes of a session. */
export function outlineDocx(outline: Outline): AsyncGenerator<Uint8Array> {
  const whole = (name: string, content: string) => ({ name, content: [content] });
  return zip([
    whole(
      '[Content_Types].xml',
      contentTypes({
        '/word/document.xml': `${TYPE}.document.main+xml`,
        '/word/styles.xml': `${TYPE}.styles+xml`,
        '/word/numbering.xml': `${TYPE}.numbering+xml`,
        '/word/header1.xml': `${TYPE}.header+xml`,
        '/word/footer1.xml': `${TYPE}.footer+xml`,
      }),
    ),
    whole(
      '_rels/.rels',
      relations([
        ['officeDocument', 'word/document.xml'],
        ['core-properties', 'docProps/core.xml'],
      ]),
    ),
    whole('docProps/core.xml', coreProperties(outline.title, outline.made_at)),
    whole(
      'word/_rels/document.xml.rels',
      relations([
        ['styles', 'styles.xml'],
        ['numbering', 'numbering.xml'],
        ['header', 'header1.xml'],
        ['footer', 'footer1.xml'],
      ]),
    ),
    whole('word/styles.xml', STYLES),
    whole('word/numbering.xml', NUMBERING),
    whole('word/header1.xml', header(outline)),
    whole('word/footer1.xml', footer(outline)),
    { name: 'word/document.xml', content: body(outline) },
  ]);
}

async function* body(outline: Outline): AsyncGenerator<string> {
  yield `${XML_HEAD}<w:document xmlns:w="${MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`;
  yield paragraph(outline.kicker, 'Kicker') + paragraph(outline.title, 'Heading1');
  for (const [name, value] of outline.facts)
    yield `<w:p><w:pPr><w:pStyle w:val="Fact"/></w:pPr>${run(`${name}: `, true)}${run(value)}</w:p>`;
  for (const [index, sentence] of outline.verdict.entries())
    yield paragraph(wordsOf(sentence), index === 0 ? 'Verdict' : undefined);
  for (const section of outline.sections) yield* sectionXml(section);
  yield signatures(outline.signatures);
  yield '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1080" w:right="1080" w:bottom="1080" w:left="1080" w:header="560" w:footer="480" w:gutter="0"/></w:sectPr></w:body></w:document>';
}

async function* sectionXml(section: OutlineSection): AsyncGenerator<string> {
  yield paragraph(section.heading, 'Heading2');
  for (const words of section.paragraphs) yield paragraph(wordsOf(words));
  for (const words of section.bullets) yield paragraph(words, 'ListBullet');
  const chart = section.chart ? [chartTable(section.chart)] : [];
  for (const table of [...chart, ...section.tables]) yield* tableXml(table);
}

async function* tableXml({ caption, columns, rows, foot }: OutlineTable): AsyncGenerator<string> {
  const sum = columns.reduce((total, { width }) => total + width, 0);
  const widths = columns.map(({ width }) => Math.round((width / sum) * WIDTH));
  yield paragraph(caption, 'Caption');
  yield `<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/><w:tblW w:w="${WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:firstRow="1" w:lastRow="${foot ? 1 : 0}" w:noVBand="1"/><w:tblCaption w:val="${xmlText(caption)}"/></w:tblPr><w:tblGrid>${widths.map((width) => `<w:gridCol w:w="${width}"/>`).join('')}</w:tblGrid>`;
  const row = (cells: string[], properties: string) =>
    `<w:tr><w:trPr><w:cantSplit/>${properties}</w:trPr>${cells.map((cell, index) => `<w:tc><w:tcPr><w:tcW w:w="${widths[index]}" w:type="dxa"/></w:tcPr>${cell}</w:tc>`).join('')}</w:tr>`;
  yield row(
    columns.map((column) => cellParagraph(run(column.name, true), column)),
    '<w:tblHeader/>',
  );
  for (const [index, cells] of rows.entries()) {
    yield row(
      cells.map((cell, place) => cellXml(cell, columns[place]!)),
      '',
    );
    if (index % ROWS_AT_ONCE === 0) await setImmediate();
  }
  if (foot) {
    yield row(
      foot.map((cell, place) => cellXml(cell, columns[place]!, true)),
      '',
    );
  }
  // Two tables that touch would become one.
  yield '</w:tbl><w:p/>';
}

function cellXml(cell: Cell, column: Column, bold = false): string {
  if (typeof cell !== 'object') return cellParagraph(run(String(cell), bold), column);
  if ('count' in cell) return cellParagraph(run(String(cell.count), bold), column);
  if ('day' in cell)
    return cellParagraph(run(cell.day === null ? '—' : formatShortDate(cell.day), bold), column);
  return cellParagraph(run(cell.title), column) + cellParagraph(run(cell.detail), column, 'CellDetail');
}

function cellParagraph(runs: string, { kind }: Column, style = 'Cell'): string {
  return `<w:p><w:pPr><w:pStyle w:val="${style}"/>${kind === 'number' ? '<w:jc w:val="right"/>' : ''}</w:pPr>${runs}</w:p>`;
}

function paragraph(text: string, style?: string): string {
  const list = style === 'ListBullet' ? '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' : '';
  return `<w:p>${style ? `<w:pPr><w:pStyle w:val="${style}"/>${list}</w:pPr>` : ''}${run(text)}</w:p>`;
}

function run(text: string, bold = false): string {
  const lines = text.split('\n').map((line) => `<w:t xml:space="preserve">${xmlText(line)}</w:t>`);
  return `<w:r>${bold ? '<w:rPr><w:b/></w:rPr>' : ''}${lines.join('<w:br/>')}</w:r>`;
}

function signatures(names: string[]): string {
  if (names.length === 0) return '';
  const cell = (name: string) =>
    `<w:tc><w:tcPr><w:tcW w:w="${WIDTH / names.length}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:spacing w:before="1400"/><w:jc w:val="center"/></w:pPr>${run('______________________________')}</w:p><w:p><w:pPr><w:jc w:val="center"/></w:pPr>${run(name)}</w:p></w:tc>`;
  return `<w:tbl><w:tblPr><w:tblW w:w="${WIDTH}" w:type="dxa"/></w:tblPr><w:tblGrid>${names.map(() => `<w:gridCol w:w="${WIDTH / names.length}"/>`).join('')}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>${names.map(cell).join('')}</w:tr></w:tbl><w:p/>`;
}

function header({ draft }: Outline): string {
  return `${XML_HEAD}<w:hdr xmlns:w="${MAIN}">${paragraph(draft ? 'BORRADOR' : '', 'Draft')}</w:hdr>`;
}

function footer({ footer: lines }: Outline): string {
  const field = (name: string) => `<w:fldSimple w:instr=" ${name} ">${run('1')}</w:fldSimple>`;
  return `${XML_HEAD}<w:ftr xmlns:w="${MAIN}">${lines.map((line) => paragraph(line, 'Footer')).join('')}<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="right"/></w:pPr>${run('Página ')}${field('PAGE')}${run(' de ')}${field('NUMPAGES')}</w:p></w:ftr>`;
}

/** One paragraph style; `size` in half points. */
function style(
  id: string,
  name: string,
  {
    size,
    bold = false,
    properties = '',
    colour = '',
  }: { size: number; bold?: boolean; properties?: string; colour?: string },
): string {
  return `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>${properties}</w:pPr><w:rPr>${bold ? '<w:b/>' : ''}${colour && `<w:color w:val="${colour}"/>`}<w:sz w:val="${size}"/></w:rPr></w:style>`;
}

const TIGHT = '<w:spacing w:after="0"/>';
const STYLES = `${XML_HEAD}<w:styles xmlns:w="${MAIN}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/><w:lang w:val="es-MX"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>${[
  style('Heading1', 'heading 1', {
    size: 34,
    bold: true,
    properties: '<w:keepNext/><w:outlineLvl w:val="0"/>',
  }),
  style('Heading2', 'heading 2', {
    size: 26,
    bold: true,
    properties: '<w:keepNext/><w:spacing w:before="320" w:after="100"/><w:outlineLvl w:val="1"/>',
  }),
  style('Kicker', 'Destinatario', { size: 20, properties: TIGHT }),
  style('Fact', 'Dato', { size: 18, properties: TIGHT }),
  style('Verdict', 'Conclusión', { size: 26, properties: '<w:spacing w:before="240" w:after="120"/>' }),
  style('Caption', 'caption', {
    size: 19,
    properties: '<w:keepNext/><w:spacing w:before="120" w:after="60"/>',
  }),
  style('Cell', 'Celda', { size: 18, properties: TIGHT }),
  style('CellDetail', 'Detalle de celda', { size: 16, properties: TIGHT, colour: '333333' }),
  style('ListBullet', 'List Bullet', { size: 22 }),
  style('Footer', 'footer', { size: 14, properties: TIGHT, colour: '333333' }),
  style('Draft', 'Borrador', { size: 32, bold: true, properties: '<w:jc w:val="right"/>', colour: '7F7F7F' }),
].join(
  '',
)}<w:style w:type="table" w:styleId="ReportTable"><w:name w:val="Tabla del informe"/><w:tblPr><w:tblBorders><w:bottom w:val="single" w:sz="4" w:color="666666"/><w:insideH w:val="single" w:sz="4" w:color="999999"/></w:tblBorders><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="40" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="12" w:color="000000"/></w:tcBorders></w:tcPr></w:tblStylePr></w:style></w:styles>`;

const NUMBERING = `${XML_HEAD}<w:numbering xmlns:w="${MAIN}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:pPr><w:ind w:left="360" w:hanging="260"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`;
