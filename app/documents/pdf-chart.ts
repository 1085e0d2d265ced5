// Stacked bars drawn in a PDF: parts are told apart by pattern, so that they survive a photocopy.
import type PDFDocument from 'pdfkit';
import type { BarChart } from '../domain/report-outline.ts';
import { BAR, WIDTH } from './pdf-layout.ts';

type Pdf = InstanceType<typeof PDFDocument>;

/** Draws the legend and one bar below the other, from `x`, `y` on. */
export function drawChart(doc: Pdf, { parts, bars }: BarChart, x: number, y: number): void {
  doc.font('regular').fontSize(9).fillColor('#000000');
  let place = x;
  for (const [index, name] of parts.entries()) {
    box(doc, index, place, y + 2, 16, 9);
    doc.text(name, place + 20, y, { lineBreak: false });
    place += 32 + doc.widthOfString(name);
  }
  const longest = Math.max(1, ...bars.map(({ values }) => total(values)));
  const scale = (WIDTH - BAR.label - 40) / longest;
  for (const [line, { name, values }] of bars.entries()) {
    const top = y + BAR.legend + line * BAR.step;
    doc.fontSize(9).text(shorten(doc, name, BAR.label - 8), x, top + 2, { lineBreak: false });
    let from = x + BAR.label;
    for (const [index, value] of values.entries()) {
      if (value > 0) box(doc, index, from, top, value * scale, BAR.height);
      from += value * scale;
    }
    doc.fillColor('#000000').text(String(total(values)), from + 5, top + 2, { lineBreak: false });
  }
}

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

function shorten(doc: Pdf, text: string, width: number): string {
  let short = text;
  while (doc.widthOfString(short) > width) short = `${short.slice(0, -2).trimEnd()}…`;
  return short;
}

/** White, dotted, hatched and black: the pattern of the part with that index. */
function box(doc: Pdf, index: number, x: number, y: number, width: number, height: number): void {
  doc.save();
  doc.rect(x, y, width, height).clip();
  doc.lineWidth(0.7).strokeColor('#000000').fillColor('#000000');
  if (index === 1) {
    for (let dx = 2; dx < width + 3; dx += 4)
      for (let dy = 2; dy < height; dy += 4) doc.circle(x + dx, y + dy, 0.6).fill();
  } else if (index === 2) {
    for (let dx = -height; dx < width; dx += 4)
      doc
        .moveTo(x + dx, y + height)
        .lineTo(x + dx + height, y)
        .stroke();
  } else if (index === 3) {
    doc.rect(x, y, width, height).fill();
  }
  doc.restore();
  doc.lineWidth(0.7).strokeColor('#000000').rect(x, y, width, height).stroke();
}
