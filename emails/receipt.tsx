// Owns the acuse: the proof given to whoever reported compliance.
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
  /** Working days the Dirección has to review. */
  review_days: number;
  url: string;
  /** SHA-256 of the report, in hexadecimal. */
  sha256: string;
}

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
    ['Fecha del acto', formatLongDate(props.act_on)],
    ['Reportado', `${formatLongDate(day)}, ${formatHour(hour)}, tiempo del centro`],
    ['Medio', props.medium],
    ['Documento', props.document_number],
    ['Nota', props.note],
  ].filter((row): row is [string, string] => row[1] !== '');
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
    seal,
  );
  return { subject, html, text };
}
