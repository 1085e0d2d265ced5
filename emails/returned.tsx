// Owns the mail of a report that the review sent back for correction.
import { caveats, dueWords, factRows, fileLabel, itemState, type DeadlineItem } from './deadline-item.ts';
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { ActionButton, ActionLink, DataTable, Paragraph, Quote } from './parts.tsx';
import { indented, labelTable, linkLines, paragraph } from './plain-text.ts';
import { fitSubject } from './subject.ts';

export interface ReturnedProps {
  item: DeadlineItem;
  /** What must be corrected, literal. */
  reviewer_words: string;
  /** Who reviewed, as people know that post or area. */
  reviewer: string;
  /** It was accepted as far as it goes: what is missing remains to be done. */
  in_part?: boolean;
  /** The form with what was already sent. */
  url: string;
}

/** The mail to whoever answers for it and to whoever reported, on the day of the decision. */
export function returnedMail({
  item,
  reviewer_words,
  reviewer,
  in_part = false,
  url,
}: ReturnedProps): MailContent {
  const state = itemState(item).words;
  const subject = fitSubject(
    in_part ? 'Aceptada en parte: ' : 'Devuelta para corregir: ',
    item.title,
    ` — ${item.ref}`,
  );
  const heading = `${in_part ? 'Aceptada en parte' : 'Devuelta para corregir'}: ${item.ref}`;
  const what = in_part
    ? `Se aceptó en parte el reporte de «${item.title}»: la obligación sigue abierta. Esto dice ${reviewer} que falta:`
    : `El reporte de «${item.title}» necesita una corrección. Esto pide ${reviewer}:`;
  const kept = `Lo que se envió se conserva. ${state}: ${dueWords(item)}. La oportunidad se mide con la fecha del acto.`;
  const correct = in_part ? `Reportar lo que falta de ${item.ref}` : `Corregir y volver a enviar ${item.ref}`;
  const history = fileLabel(item);
  const footer: Footer = { mark: `${in_part ? 'Aceptación en parte' : 'Devolución'} ${item.ref}` };

  const html = mailHtml({
    subject,
    preheader: `${correct}. ${state}: ${dueWords(item)}.`,
    heading,
    footer,
    children: (
      <>
        <Paragraph>{what}</Paragraph>
        <Quote>{reviewer_words}</Quote>
        <ActionButton href={url}>{correct}</ActionButton>
        {[kept, ...caveats(item)].map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
        <DataTable name={`Datos de ${item.ref}`} rows={factRows(item)} />
        <ActionLink href={item.url}>{history}</ActionLink>
      </>
    ),
  });
  const text = mailText(
    footer,
    paragraph(heading.toUpperCase()),
    paragraph(what),
    indented(reviewer_words),
    linkLines(correct, url),
    ...[kept, ...caveats(item)].map(paragraph),
    labelTable(factRows(item)),
    linkLines(history, item.url),
  );
  return { subject, html, text };
}
