// Owns one deadline inside a mail that tells several: a card or a table row in HTML, a block or a bullet in text.
import { formatShortDate } from '../app/domain/plain-date.ts';
import {
  answerLabel,
  caveats,
  dueWords,
  itemState,
  reportLabel,
  sourceWords,
  type DeadlineItem,
  type Tone,
} from './deadline-item.ts';
import { markup } from './markup.ts';
import { ActionLink, Edged, ItemHeading, ListRow, ListTable, Paragraph, Quote, StateLine } from './parts.tsx';
import { bullet, indented, labelTable, linkLines, paragraph } from './plain-text.ts';
import { remembered } from '../app/domain/remembered.ts';

/** One deadline in both parts of a mail. */
export interface Piece {
  html: string;
  text: string;
}

/** What the mail around a card knows. */
interface CardContext {
  /** Sentences the mail adds. */
  notes?: readonly string[];
  /** The words of a review, literal. */
  quote?: string | undefined;
  /** The only area of the reader, said once for the whole mail and left out of its cards. */
  ownArea?: string | undefined;
}

const REVIEW_ASKS = 'La revisión pide:';

/** The words of a card, which are all that its two forms depend on. */
interface CardWords {
  tone: Tone;
  state: string;
  title: string;
  rows: [label: string, value: string][];
  quote: string | undefined;
  remarks: string[];
  actions: [label: string, url: string][];
}

function cardWords(item: DeadlineItem, { notes = [], quote, ownArea }: CardContext): CardWords {
  const { symbol, words, tone } = itemState(item);
  const rows: [string, string][] = [
    ['Fundamento', sourceWords(item)],
    ['A cargo de', item.obligor_area === ownArea ? '' : item.obligor_area],
    ['Contraparte', item.counterpart],
    ['Por qué', item.why],
  ];
  return {
    tone,
    state: `${symbol} ${words}: ${dueWords(item)}`,
    title: item.title,
    rows: rows.filter(([, value]) => value !== ''),
    quote,
    remarks: [...caveats(item), ...notes, item.next_step ?? ''].filter((line) => line !== ''),
    actions: [
      [reportLabel(item), item.report_url],
      [answerLabel(item), item.answer_url],
    ],
  };
}

/** A deadline as a card of the HTML and as a block of the text. */
export function deadlineCard(item: DeadlineItem, context: CardContext): Piece {
  return card(cardWords(item, context));
}

const card = remembered(({ tone, state, title, rows, quote, remarks, actions }: CardWords): Piece => ({
  html: markup(
    <Edged tone={tone}>
      <StateLine tone={tone}>{state}</StateLine>
      <ItemHeading>{title}</ItemHeading>
      <Paragraph soft>{rows.map(([label, value]) => `${label}: ${value}`).join('\n')}</Paragraph>
      {quote !== undefined && (
        <>
          <Paragraph>{REVIEW_ASKS}</Paragraph>
          <Quote>{quote}</Quote>
        </>
      )}
      {remarks.map((remark) => (
        <Paragraph key={remark}>{remark}</Paragraph>
      ))}
      {actions.map(([label, url]) => (
        <ActionLink key={url} href={url}>
          {label}
        </ActionLink>
      ))}
    </Edged>,
  ),
  text: [
    paragraph(state),
    paragraph(title),
    labelTable(rows),
    ...(quote === undefined ? [] : [REVIEW_ASKS, indented(quote)]),
    ...remarks.map(paragraph),
    ...actions.map(([label, url]) => linkLines(label, url)),
  ].join('\n'),
}));

/** Cards one below the other. */
export function Cards({ cards }: { cards: readonly Piece[] }) {
  return <div dangerouslySetInnerHTML={{ __html: cards.map(({ html }) => html).join('') }} />;
}

/** The words of a deadline that only needs to be known. */
interface RowWords {
  date: string;
  title: string;
  details: string[];
  actions: [label: string, url: string][];
}

function rowWords(item: DeadlineItem, ownArea: string | undefined): RowWords {
  const area = item.obligor_area === ownArea ? [] : [item.obligor_area];
  return {
    date: formatShortDate(item.due_on),
    title: item.title,
    details: [`${itemState(item).words}. ${sourceWords(item)}`, ...area, ...caveats(item)],
    actions: [
      [`Ver ${item.ref}`, item.url],
      [answerLabel(item), item.answer_url],
    ],
  };
}

/** A deadline that only needs to be known, as a table row of the HTML and as a bullet of the text. */
export function deadlineRow(item: DeadlineItem, ownArea: string | undefined): Piece {
  return row(rowWords(item, ownArea));
}

const row = remembered(({ date, title, details, actions }: RowWords): Piece => ({
  html: markup(
    <ListRow name={date}>
      <strong>{title}</strong>
      <Paragraph soft>{details.join('\n')}</Paragraph>
      {actions.map(([label, url]) => (
        <ActionLink key={url} href={url}>
          {label}
        </ActionLink>
      ))}
    </ListRow>,
  ),
  text: bullet(`${date}: ${title}`, ...details, ...actions.map(([label, url]) => `${label}: ${url}`)),
}));

/** The rows as one table. */
export function RowTable({ name, rows }: { name: string; rows: readonly Piece[] }) {
  return (
    <ListTable name={name} columns={['Fecha', 'Obligación']} rows={rows.map(({ html }) => html).join('')} />
  );
}
