// Owns the mail that says that a deadline nobody had to comply with has to be complied with again.
import { caveats, dueWords, factRows, fileLabel, itemState, type DeadlineItem } from './deadline-item.ts';
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { ActionButton, ActionLink, DataTable, Paragraph, Quote } from './parts.tsx';
import { indented, labelTable, linkLines, paragraph } from './plain-text.ts';
import { fitSubject } from './subject.ts';

export interface ReopenedProps {
  item: DeadlineItem;
  /** Why, literal. */
  reason: string;
  /** Who reopened it. */
  by: string;
  /** The form to report with. */
  url: string;
  folio: string;
}

/** The mail to whoever answers for the area, when the Dirección reopens. */
export function reopenedMail({ item, reason, by, url, folio }: ReopenedProps): MailContent {
  const subject = fitSubject('Se reabrió: ', item.title, ` — ${item.ref}`);
  const heading = `Se reabrió ${item.ref}`;
  const what = `«${item.title}» estaba cerrada y vuelve a estar por cumplir. ${by} la reabrió por este motivo:`;
  const state = `${itemState(item).words}: ${dueWords(item)}.`;
  const report = `Reportar cumplimiento de ${item.ref}`;
  const footer: Footer = {
    mark: `Aviso ${folio}`,
    reason: 'Recibes este correo porque respondes por el área responsable.',
  };
  const html = mailHtml({
    subject,
    preheader: state,
    heading,
    footer,
    children: (
      <>
        <Paragraph>{what}</Paragraph>
        <Quote>{reason}</Quote>
        <ActionButton href={url}>{report}</ActionButton>
        {[state, ...caveats(item)].map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
        <DataTable name={`Datos de ${item.ref}`} rows={factRows(item)} />
        <ActionLink href={item.url}>{fileLabel(item)}</ActionLink>
      </>
    ),
  });
  const text = mailText(
    footer,
    paragraph(heading.toUpperCase()),
    paragraph(what),
    indented(reason),
    linkLines(report, url),
    ...[state, ...caveats(item)].map(paragraph),
    labelTable(factRows(item)),
    linkLines(fileLabel(item), item.url),
  );
  return { subject, html, text };
}
