// Owns the mail of the morning when it tells one deadline only: the whole notice on one screen.
import type { IsoDate } from '../app/domain/plain-date.ts';
import { formatHour } from '../app/domain/plain-date.ts';
import {
  alsoTold,
  answerLabel,
  caveats,
  dueWords,
  dutySentence,
  factRows,
  fileLabel,
  itemState,
  reportLabel,
  shortDue,
  stateForSubject,
  type DeadlineItem,
} from './deadline-item.ts';
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { ActionButton, ActionLink, DataTable, Paragraph, Quote } from './parts.tsx';
import { indented, labelTable, linkLines, paragraph } from './plain-text.ts';
import { fitSubject } from './subject.ts';

export interface SingleNoticeProps {
  item: DeadlineItem;
  /** What the review asked for, when the report was sent back. */
  reviewer_words?: string | undefined;
  today: IsoDate;
  /** Sentences about the mail as a whole that go before and after the notice; empty ones are left out. */
  opening: string;
  closing: string;
  footer: Footer;
}

const RETURNED = 'Devuelta para corregir';

function subjectOf({ item, today, reviewer_words }: SingleNoticeProps): string {
  const tail = ` — ${item.ref}`;
  if (reviewer_words !== undefined) return fitSubject(`${RETURNED}: `, item.title, tail);
  const hour = item.due_time === undefined ? '' : `, ${formatHour(item.due_time)}`;
  const date = shortDue(item, today) + hour;
  const words = stateForSubject(item);
  if (item.distance !== undefined) return fitSubject(`${words} (${date}): `, item.title, tail);
  if (item.days === 0) return fitSubject(`${words.replace('hoy', 'HOY')} ${date}: `, item.title, tail);
  return fitSubject(item.days === 1 ? `${words}, ${date}: ` : `${words} (${date}): `, item.title, tail);
}

/** The full notice of one deadline: who owes what to whom and when, why, and what happens next. */
export function singleNotice(props: SingleNoticeProps): MailContent {
  const { item, reviewer_words, opening, footer } = props;
  const subject = subjectOf(props);
  const state = reviewer_words === undefined ? itemState(item).words : RETURNED;
  const closing = [item.next_step ?? '', alsoTold(item) ?? '', props.closing].filter((line) => line !== '');
  const options = fileLabel(item);

  const html = mailHtml({
    subject,
    preheader: `${reportLabel(item)}. ${dueWords(item)}.`,
    heading: `${state}: ${dueWords(item)}`,
    footer,
    children: (
      <>
        {opening !== '' && <Paragraph>{opening}</Paragraph>}
        <Paragraph>{dutySentence(item)}</Paragraph>
        {reviewer_words !== undefined && <Quote>{reviewer_words}</Quote>}
        {caveats(item).map((caveat) => (
          <Paragraph key={caveat}>{caveat}</Paragraph>
        ))}
        <ActionButton href={item.report_url}>{reportLabel(item)}</ActionButton>
        <DataTable name={`Datos de ${item.ref}`} rows={factRows(item)} />
        {closing.map((sentence) => (
          <Paragraph key={sentence}>{sentence}</Paragraph>
        ))}
        <ActionLink href={item.answer_url}>{answerLabel(item)}</ActionLink>
        <ActionLink href={item.url}>{options}</ActionLink>
      </>
    ),
  });
  const text = mailText(
    footer,
    paragraph(`${state.toUpperCase()}: ${dueWords(item)}`),
    paragraph(opening),
    paragraph(dutySentence(item)),
    reviewer_words !== undefined && indented(reviewer_words),
    caveats(item).map(paragraph).join('\n'),
    linkLines(reportLabel(item), item.report_url),
    labelTable(factRows(item)),
    ...closing.map(paragraph),
    linkLines(answerLabel(item), item.answer_url),
    linkLines(options, item.url),
  );
  return { subject, html, text };
}
