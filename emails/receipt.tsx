// Owns the acuse: the proof given to whoever reported compliance.
import { sizeWords, type EvidenceFile } from '../app/domain/evidence.ts';
import { formatHour, formatLongDate, type IsoDate } from '../app/domain/plain-date.ts';
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { ActionButton, DataTable, Paragraph } from './parts.tsx';
import { labelTable, linkLines, paragraph } from './plain-text.ts';
import { fitSubject } from './subject.ts';

export interface ReceiptProps {
  /** Folio of the report: 'R-0187'. */
  folio: string;
  title: string;
  ref: string;
  citation: string;
  /** The day the act took place; timeliness is measured with it. */
  act_on: IsoDate;
  /** When it was reported, `YYYY-MM-DDTHH:MM` in America/Mexico_City. */
  reported_at_local: string;
  medium: string;
  document_number: string;
  note: string;
  /** `En parte`; absent when it was met in full. */
  fulfilment?: string;
  files: EvidenceFile[];
  /** The other reports made with the same evidence. */
  family: { folio: string; ref: string; title: string }[];
  /** Working days the Dirección has to review. */
  review_days: number;
  url: string;
  /** SHA-256 of the report, in hexadecimal. */
  sha256: string;
}

/** A longer list is read on the screen, not in a mail. */
const MOST = 40;

/** The acuse of one report. */
export function receiptMail(props: ReceiptProps): MailContent {
  const { folio, title, ref, citation, review_days, url } = props;
  const [day = '', hour = ''] = props.reported_at_local.split('T');
  const subject = fitSubject(`Recibido ${folio}: `, title, ' (avisos detenidos)');
  const thanks = `Tu reporte quedó registrado y se detienen los avisos de ${ref}.`;
  const review = `La Dirección tiene ${review_days} días hábiles para revisarlo. No tienes que hacer nada más. La oportunidad se mide con la fecha del acto, no con la del reporte.`;
  const rows = [
    ['Obligación', title],
    ['Fundamento', `${ref} · ${citation}`],
    ['¿Se cumplió?', props.fulfilment ?? ''],
    ['Fecha del acto', formatLongDate(props.act_on)],
    ['Reportado', `${formatLongDate(day)}, ${formatHour(hour)}, tiempo del centro`],
    ['Medio', props.medium],
    ['Documento', props.document_number],
    ['Nota', props.note],
  ].filter((row): row is [string, string] => row[1] !== '');
  const files = props.files.map(
    ({ name, bytes, sha256 }) => `${name} (${sizeWords(bytes)})\nSHA-256 ${sha256}`,
  );
  const family = [
    ...props.family.slice(0, MOST).map((other) => `${other.folio}: ${other.title} (${other.ref})`),
    ...(props.family.length > MOST ? [`Y ${props.family.length - MOST} más, en la página del reporte.`] : []),
  ];
  const seal = `Huella SHA-256 del reporte:\n${props.sha256}`;
  const open = `Ver el reporte ${folio}`;
  const footer: Footer = { mark: `Acuse ${folio}` };

  const html = mailHtml({
    subject,
    preheader: `${thanks} ${title}.`,
    heading: `Recibido: ${folio}`,
    footer,
    children: (
      <>
        <Paragraph>{thanks}</Paragraph>
        <Paragraph>{review}</Paragraph>
        <ActionButton href={url}>{open}</ActionButton>
        <DataTable name={`Datos del reporte ${folio}`} rows={rows} />
        {files.length > 0 && <Paragraph>Archivos recibidos, con su huella:</Paragraph>}
        {files.map((line) => (
          <Paragraph key={line} soft>
            {line}
          </Paragraph>
        ))}
        {family.length > 0 && <Paragraph>Con la misma evidencia se reportó también:</Paragraph>}
        {family.map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
        <Paragraph soft>{seal}</Paragraph>
      </>
    ),
  });
  const text = mailText(
    footer,
    `✓ RECIBIDO: ${folio}`,
    paragraph(thanks),
    paragraph(review),
    linkLines(open, url),
    labelTable(rows),
    ...(files.length > 0 ? ['Archivos recibidos, con su huella:', ...files] : []),
    ...(family.length > 0 ? ['Con la misma evidencia se reportó también:', ...family.map(paragraph)] : []),
    seal,
  );
  return { subject, html, text };
}
