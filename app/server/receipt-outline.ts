// What a receipt says as a document: the outline from which its PDF is drawn.
import { sizeWords } from '../domain/evidence.ts';
import { section, type Outline, type OutlineSection } from '../domain/report-outline.ts';
import { receiptRows, type ReceiptView } from './receipt-view.ts';

/** What the PDF of a receipt says. The same receipt gives the same bytes: its date is the one of its issue. */
export function receiptOutline(receipt: ReceiptView): Outline {
  const { report, family, example, issued_at } = receipt;
  const footer = `Acuse ${report.folio}`;
  return {
    title: report.folio,
    kicker: 'Acuse de reporte de cumplimiento',
    facts: receiptRows(receipt),
    verdict: [],
    sections: [
      ...noteSection(report.note),
      section('archivos', 'Archivos', {
        paragraphs: [
          report.files.length === 0
            ? ['Se reportó sin archivos.']
            : [
                'Para comprobar que un archivo es el que se entregó, súbelo en la página de este acuse: su huella SHA-256 debe ser la misma.',
              ],
        ],
        tables:
          report.files.length === 0
            ? []
            : [
                {
                  caption: 'Archivos entregados',
                  columns: [
                    { name: 'Nombre', kind: 'text', width: 4 },
                    { name: 'Tamaño', kind: 'text', width: 2 },
                    { name: 'Huella SHA-256', kind: 'text', width: 5 },
                  ],
                  rows: report.files.map(({ name, bytes, sha256 }) => [
                    name,
                    `${sizeWords(bytes)} (${bytes} bytes)`,
                    sha256,
                  ]),
                },
              ],
      }),
      ...(family.length === 0
        ? []
        : [
            section('familia', 'Con la misma evidencia', {
              bullets: family.map(({ folio, ref, title }) => `${folio}: ${title} (${ref})`),
            }),
          ]),
    ],
    signatures: [],
    draft: false,
    footer: [
      footer,
      'La oportunidad se mide con la fecha del acto.',
      ...(example ? ['Este reporte es un ejemplo de la demostración.'] : []),
    ],
    made_at: issued_at,
  };
}

function noteSection(note: string): OutlineSection[] {
  return note === '' ? [] : [section('nota', 'Nota', { paragraphs: note.split('\n').map((line) => [line]) })];
}
