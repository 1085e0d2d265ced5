// An outline as a tagged PDF on letter paper: read aloud in its order, legible in a black-and-white photocopy.
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import type { Outline } from '../domain/report-outline.ts';
import { drawChart } from './pdf-chart.ts';
import { layOut, PAPER, WIDTH, type CellBox, type Item, type Line } from './pdf-layout.ts';
import { rememberWidths, type Measure } from './pdf-text.ts';

const require = createRequire(import.meta.url);
const FONTS = {
  regular: require.resolve('@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf'),
  bold: require.resolve('@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf'),
};

type Pdf = InstanceType<typeof PDFDocument>;
type Element = ReturnType<Pdf['struct']>;

/** PDF/UA-1 (ISO 14289-1); a subset its types do not know yet. */
const ACCESSIBLE: object = { subset: 'PDF/UA' };

/** The file, page by page as they are drawn; other work is done between two pages. */
export async function* outlinePdf(outline: Outline): AsyncGenerator<Uint8Array> {
  const made = new Date(outline.made_at);
  const doc = new PDFDocument({
    size: 'LETTER',
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7',
    ...ACCESSIBLE,
    tagged: true,
    displayTitle: true,
    lang: 'es-MX',
    info: {
      Title: outline.title,
      Author: 'Seguimiento de Convenios INE–IEM',
      Subject: outline.footer[0] ?? outline.title,
      CreationDate: made,
      ModDate: made,
    },
  });
  const bytes = doc.pipe(new PassThrough());
  const drawing = draw(doc, outline).catch((error: unknown) => {
    bytes.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  for await (const chunk of bytes) yield chunk as Buffer;
  await drawing;
}

/** Pages after which the words set so far are forgotten; to forget them with every page takes twice as long. */
const PAGES_OF_WORDS = 10;

async function draw(doc: Pdf, outline: Outline): Promise<void> {
  doc.registerFont('regular', FONTS.regular);
  doc.registerFont('bold', FONTS.bold);
  const widthOf: Measure = (text, face) => doc.font(face).fontSize(100).widthOfString(text) / 100;
  // pdfkit remembers a word together with the space after it: measured so, it is laid out once.
  const measure = rememberWidths((text, face) =>
    text === ' ' ? widthOf(text, face) : widthOf(`${text} `, face) - widthOf(' ', face),
  );
  // Laid out twice: to know how many pages there are takes no memory, to keep them would.
  let pages = 0;
  for (const _page of layOut(outline, measure)) {
    pages += 1;
    await setImmediate();
  }
  const root = doc.struct('Document');
  doc.addStructure(root);
  const pen: Pen = { doc, root, table: undefined, body: undefined, list: undefined };
  let number = 0;
  for (const page of layOut(outline, measure)) {
    number += 1;
    doc.addPage();
    artifact(doc, () => {
      if (outline.draft) watermark(doc);
      foot(doc, outline.footer, `Página ${number} de ${pages}`);
    });
    for (const { item, y } of page) drawItem(pen, item, y);
    forgetPage(pen);
    if (number % PAGES_OF_WORDS === 0) forgetWords(doc);
    await setImmediate();
  }
  pen.list?.end();
  root.end();
  doc.end();
}

interface Pen {
  doc: Pdf;
  root: Element;
  /** The table being drawn, over as many pages as it takes. */
  table: Element | undefined;
  /** Its rows on this page. */
  body: Element | undefined;
  /** The list being drawn: bullets one after the other are its items. */
  list: Element | undefined;
}

function drawItem(pen: Pen, item: Item, y: number): void {
  const { doc, root } = pen;
  const bullet = item.kind === 'text' && item.tag === 'LI';
  if (!bullet) {
    pen.list?.end();
    pen.list = undefined;
  }
  switch (item.kind) {
    case 'text':
      if (bullet) drawBullet(pen, item.lines, item.x, y);
      else tagged(doc, root, item.tag, {}, () => writeLines(doc, item.lines, item.x, y));
      if (item.tag === 'H2') doc.outline.addItem(item.lines.map(({ text }) => text).join(' '));
      break;
    case 'open_table':
      pen.table = doc.struct('Table');
      root.add(pen.table);
      tagged(doc, pen.table, 'Caption', {}, () => writeLines(doc, item.caption, 0, y));
      break;
    case 'row':
      drawRow(pen, item, y);
      break;
    case 'close_table':
      pen.body?.end();
      pen.body = undefined;
      pen.table?.end();
      pen.table = undefined;
      break;
    case 'chart': {
      const alt = `${item.chart.title}. La tabla que sigue tiene las mismas cifras.`;
      const bbox: [number, number, number, number] = [PAPER.left, y, PAPER.left + WIDTH, y + item.height];
      tagged(doc, root, 'Figure', { alt, bbox }, () => drawChart(doc, item.chart, PAPER.left, y));
      break;
    }
    case 'signatures':
      drawSignatures(pen, item.names, y);
      break;
  }
}

function drawBullet(pen: Pen, lines: Line[], x: number, y: number): void {
  const { doc } = pen;
  if (!pen.list) {
    pen.list = doc.struct('L');
    pen.root.add(pen.list);
  }
  const entry = doc.struct('LI');
  pen.list.add(entry);
  tagged(doc, entry, 'Lbl', {}, () =>
    write(doc, { text: '•', style: { face: 'regular', size: 10 }, y: 0 }, 2, y),
  );
  tagged(doc, entry, 'LBody', {}, () => writeLines(doc, lines, x, y));
  entry.end();
}

function drawRow(pen: Pen, item: Item & { kind: 'row' }, y: number): void {
  const { doc, table } = pen;
  const rule = y + item.height - 3.5;
  artifact(doc, () => {
    doc.lineWidth(item.head ? 1.2 : 0.4).strokeColor(item.head ? '#000000' : '#808080');
    doc
      .moveTo(PAPER.left, rule)
      .lineTo(PAPER.left + WIDTH, rule)
      .stroke();
    if (item.repeated) for (const cell of item.cells) writeCell(doc, cell, y);
  });
  if (item.repeated || !table) return;
  const row = doc.struct('TR');
  const part = item.head ? below(doc, table, 'THead') : (pen.body ??= below(doc, table, 'TBody'));
  part.add(row);
  for (const [index, cell] of item.cells.entries()) {
    const scope = item.head ? 'Column' : item.named && index === 0 ? 'Row' : undefined;
    tagged(doc, row, scope ? 'TH' : 'TD', scope ? { scope } : {}, () => writeCell(doc, cell, y));
  }
  row.end();
  if (item.head) part.end();
}

function below(doc: Pdf, parent: Element, tag: string): Element {
  const element = doc.struct(tag);
  parent.add(element);
  return element;
}

/**
 * Lets go of what pdfkit would keep of a finished page until the whole file is written: the elements of its rows and the
 * objects that lead from its marked content to them.
 */
function forgetPage(pen: Pen): void {
  const { doc } = pen;
  pen.body?.end();
  pen.body = undefined;
  const parents = doc.getStructParentTree();
  const key = doc.page.structParentTreeKey;
  parents.add(key, new Written(`[${parents.get(key).join(' ')}]`));
}

/** Lets go of the words that pdfkit set and how it shaped their letters: a long file would say them all. */
function forgetWords(doc: Pdf): void {
  for (const face of ['regular', 'bold']) doc.font(face)._font.layoutCache = {};
}

/** A part of the file in its own words; pdfkit writes out as it is what calls itself no plain object. */
class Written {
  readonly #words: string;
  readonly [Symbol.toStringTag] = 'Written';
  constructor(words: string) {
    this.#words = words;
  }
  toString(): string {
    return this.#words;
  }
}

function drawSignatures({ doc, root }: Pen, names: string[], y: number): void {
  const width = WIDTH / names.length;
  for (const [index, name] of names.entries()) {
    const from = PAPER.left + index * width + 14;
    artifact(doc, () => {
      doc.lineWidth(0.8).strokeColor('#000000');
      doc
        .moveTo(from, y + 66)
        .lineTo(from + width - 28, y + 66)
        .stroke();
    });
    tagged(doc, root, 'P', {}, () =>
      write(doc, { text: name, style: { face: 'regular', size: 10 }, y: 70 }, from - PAPER.left, y),
    );
  }
}

function writeCell(doc: Pdf, { lines, x, width, align }: CellBox, y: number): void {
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1;
    const shift = align === 'right' ? width - lineWidth(doc, line) : 0;
    write(doc, last ? line : { ...line, text: `${line.text} ` }, x + shift, y);
  }
}

function lineWidth(doc: Pdf, { text, style }: Line): number {
  return doc.font(style.face).fontSize(style.size).widthOfString(text);
}

function writeLines(doc: Pdf, lines: Line[], x: number, y: number): void {
  writeCell(doc, { lines, x, width: WIDTH, align: 'left' }, y);
}

/** The options keep pdfkit from measuring again what is measured. */
const AS_IT_IS = { lineBreak: false, textWidth: 0, wordCount: 1 };

function write(doc: Pdf, { text, style, y: down }: Line, x: number, y: number): void {
  doc.font(style.face).fontSize(style.size).fillColor('#000000');
  doc.text(text, PAPER.left + x, y + down, AS_IT_IS);
}

function watermark(doc: Pdf): void {
  doc.save();
  doc.rotate(-52, { origin: [PAPER.width / 2, PAPER.height / 2] });
  doc.font('bold').fontSize(108).fillColor('#000000').fillOpacity(0.07);
  doc.text('BORRADOR', 40, PAPER.height / 2 - 60, { lineBreak: false, width: PAPER.width, align: 'center' });
  doc.restore();
  doc.fillOpacity(1);
}

function foot(doc: Pdf, lines: string[], page: string): void {
  const top = PAPER.height - PAPER.bottom + 22;
  doc.lineWidth(0.4).strokeColor('#000000');
  doc
    .moveTo(PAPER.left, top - 5)
    .lineTo(PAPER.left + WIDTH, top - 5)
    .stroke();
  for (const [index, text] of lines.entries())
    write(doc, { text, style: { face: 'regular', size: 7 }, y: index * 9 }, 0, top);
  const number: Line = { text: page, style: { face: 'regular', size: 8 }, y: 18 };
  write(doc, number, WIDTH - lineWidth(doc, number), top);
}

/** Draws what a reader of the words need not hear. */
function artifact(doc: Pdf, work: () => void): void {
  doc.markContent('Artifact', { type: 'Layout' });
  work();
  doc.endMarkedContent();
}

/** Draws the content of a new element of the structure, below `parent`. */
function tagged(
  doc: Pdf,
  parent: Element,
  tag: string,
  options: PDFKit.Mixins.StructureElementOptions & { scope?: string; bbox?: number[] },
  work: () => void,
): void {
  const element = doc.struct(tag, options);
  parent.add(element);
  element.add(doc.markStructureContent(tag));
  work();
  doc.endMarkedContent();
  element.end();
}
