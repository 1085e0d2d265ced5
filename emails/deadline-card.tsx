// Owns one deadline inside a mail that tells several: a card or a table row in HTML, a block or a bullet in text.
import { formatShortDate } from '../app/domain/plain-date.ts';
import {
  caveats,
  dueWords,
  itemState,
  reportLabel,
  sourceWords,
  type DeadlineItem,
} from './deadline-item.ts';
import { ActionLink, Edged, ItemHeading, ListTable, Paragraph, Quote, StateLine } from './parts.tsx';
import { bullet, indented, labelTable, linkLines, paragraph } from './plain-text.ts';

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

function stateAndDate(item: DeadlineItem): string {
  const { symbol, words } = itemState(item);
  return `${symbol} ${words}: ${dueWords(item)}`;
}

function rowsOf(item: DeadlineItem, ownArea: string | undefined): [label: string, value: string][] {
  const rows: [string, string][] = [
    ['Fundamento', sourceWords(item)],
    ['A cargo de', item.obligor_area === ownArea ? '' : item.obligor_area],
    ['Contraparte', item.counterpart],
    ['Por qué', item.why],
  ];
  return rows.filter(([, value]) => value !== '');
}

function remarksOf(item: DeadlineItem, notes: readonly string[] = []): string[] {
  return [...caveats(item), ...notes, item.next_step ?? ''].filter((line) => line !== '');
}

/** A deadline as a card. */
export function DeadlineCard({ item, notes, quote, ownArea }: CardContext & { item: DeadlineItem }) {
  const { tone } = itemState(item);
  const rows = rowsOf(item, ownArea);
  return (
    <Edged tone={tone}>
      <StateLine tone={tone}>{stateAndDate(item)}</StateLine>
      <ItemHeading>{item.title}</ItemHeading>
      <Paragraph soft>{rows.map(([label, value]) => `${label}: ${value}`).join('\n')}</Paragraph>
      {quote !== undefined && (
        <>
          <Paragraph>{REVIEW_ASKS}</Paragraph>
          <Quote>{quote}</Quote>
        </>
      )}
      {remarksOf(item, notes).map((remark) => (
        <Paragraph key={remark}>{remark}</Paragraph>
      ))}
      <ActionLink href={item.report_url}>{reportLabel(item)}</ActionLink>
    </Edged>
  );
}

/** The same card in the text part. */
export function deadlineBlock(item: DeadlineItem, { notes, quote, ownArea }: CardContext): string {
  return [
    paragraph(stateAndDate(item)),
    paragraph(item.title),
    labelTable(rowsOf(item, ownArea)),
    ...(quote === undefined ? [] : [REVIEW_ASKS, indented(quote)]),
    ...remarksOf(item, notes).map(paragraph),
    linkLines(reportLabel(item), item.report_url),
  ].join('\n');
}

/** What a row says besides its date and its title. */
function detailsOf(item: DeadlineItem, ownArea: string | undefined): string[] {
  const area = item.obligor_area === ownArea ? [] : [item.obligor_area];
  return [`${itemState(item).words}. ${sourceWords(item)}`, ...area, ...caveats(item)];
}

function openLabel(item: DeadlineItem): string {
  return `Ver ${item.ref}`;
}

interface Rows {
  items: readonly DeadlineItem[];
  ownArea: string | undefined;
}

/** Deadlines that only need to be known: one table row each. */
export function DeadlineTable({ name, items, ownArea }: Rows & { name: string }) {
  const rows = items.map((item) => [
    formatShortDate(item.due_on),
    <>
      <strong>{item.title}</strong>
      <Paragraph soft>{detailsOf(item, ownArea).join('\n')}</Paragraph>
      <ActionLink href={item.url}>{openLabel(item)}</ActionLink>
    </>,
  ]);
  return <ListTable name={name} columns={['Fecha', 'Obligación']} rows={rows} />;
}

/** The same rows in the text part. */
export function deadlineBullets({ items, ownArea }: Rows): string {
  return items
    .map((item) =>
      bullet(
        `${formatShortDate(item.due_on)}: ${item.title}`,
        ...detailsOf(item, ownArea),
        `${openLabel(item)}: ${item.url}`,
      ),
    )
    .join('\n');
}
