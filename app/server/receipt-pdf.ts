// The receipt as a PDF on letter paper, tagged so that it can be read aloud: folio, facts, files and fingerprints.
import PDFDocument from 'pdfkit';
import { sizeWords } from '../domain/evidence.ts';
import { receiptRows, type ReceiptView } from './receipt-view.ts';

const MARGIN = 64;
const LABEL_WIDTH = 130;
const WIDTH = 612 - 2 * MARGIN;

type Pdf = InstanceType<typeof PDFDocument>;
type Element = PDFKit.PDFStructureElement;

/** The file. The same receipt gives the same bytes: its date is the one on which it was issued. */
export async function receiptPdf(receipt: ReceiptView): Promise<Uint8Array<ArrayBuffer>> {
  const issued = new Date(receipt.issued_at);
  const doc = new PDFDocument({
    size: 'LETTER',
    margin: MARGIN,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    lang: 'es-MX',
    info: {
      Title: `Acuse ${receipt.report.folio}`,
      Author: 'Seguimiento de Convenios INE–IEM',
      Subject: receipt.deadline.title,
      CreationDate: issued,
      ModDate: issued,
    },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject));
  draw(doc, receipt);
  doc.end();
  await ended;
  return Uint8Array.from(Buffer.concat(chunks));
}

function draw(doc: Pdf, receipt: ReceiptView): void {
  const { report, family, example } = receipt;
  const root = doc.struct('Document');
  doc.addStructure(root);
  const paragraph = (tag: string, text: string, size: number, bold = false) => {
    root.add(
      doc.struct(tag, {}, () => {
        doc.font(bold ? 'Helvetica-Bold' : 'Helvetica').fontSize(size);
        doc.text(printable(text), MARGIN, doc.y, { width: WIDTH });
      }),
    );
    doc.moveDown(0.4);
  };
  paragraph('P', 'Acuse de reporte de cumplimiento', 10);
  paragraph('H1', report.folio, 24, true);
  doc.moveDown(0.5);
  table(doc, root, receiptRows(receipt));
  if (report.note) {
    paragraph('H2', 'Nota', 12, true);
    paragraph('P', report.note, 10);
  }
  paragraph('H2', report.files.length === 0 ? 'Sin archivos adjuntos' : 'Archivos adjuntos', 12, true);
  for (const { name, bytes, sha256 } of report.files) {
    paragraph('P', `${name} (${sizeWords(bytes)}, ${bytes} bytes)\nSHA-256 ${sha256}`, 9);
  }
  if (family.length > 0) {
    paragraph('H2', 'Con la misma evidencia', 12, true);
    for (const { folio, ref, title } of family) paragraph('P', `${folio} · ${ref} · ${title}`, 10);
  }
  doc.moveDown(0.5);
  paragraph(
    'P',
    'La oportunidad se mide con la fecha del acto. Para comprobar que un archivo es el que se entregó, súbelo en la página de este acuse: su huella SHA-256 debe ser la misma.',
    9,
  );
  if (example) paragraph('P', 'Este reporte es un ejemplo de la demostración.', 9);
  root.end();
}

function table(doc: Pdf, root: Element, rows: [string, string][]): void {
  for (const [name, value] of rows) {
    const heights = [
      doc
        .font('Helvetica')
        .fontSize(10)
        .heightOfString(printable(value), { width: WIDTH - LABEL_WIDTH }),
      doc.heightOfString(name, { width: LABEL_WIDTH - 12 }),
    ];
    const height = Math.max(...heights);
    if (doc.y + height > doc.page.height - MARGIN) doc.addPage();
    const top = doc.y;
    root.add(
      doc.struct('P', {}, () => {
        doc
          .font('Helvetica-Bold')
          .fontSize(10)
          .text(name, MARGIN, top, { width: LABEL_WIDTH - 12 });
        doc
          .font('Helvetica')
          .text(printable(value), MARGIN + LABEL_WIDTH, top, { width: WIDTH - LABEL_WIDTH });
      }),
    );
    doc.y = top + height + 6;
  }
  doc.moveDown(0.5);
}

/** The standard fonts have the letters of Windows-1252 only; what they lack is shown as a question mark. */
function printable(text: string): string {
  return text.normalize('NFC').replace(/[^\n\x20-\x7e\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/gu, '?');
}
