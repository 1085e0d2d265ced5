// Owns the ordinary mail of the morning: one per person, with everything that person has pending.
import { Fragment } from 'react';
import { addDays, formatLongDate, weekday, weekdayName, type IsoDate } from '../app/domain/plain-date.ts';
import { deskCounts, deskLists, type DeskProps } from './desk.tsx';
import {
  handoverAreas,
  handoverCount,
  handoverLinks,
  handoverLists,
  handoverSentences,
  type HandoverProps,
} from './handover.ts';
import { ListParts, listText } from './letter.tsx';
import { Cards, deadlineCard, deadlineRow, RowTable } from './deadline-card.tsx';
import { andMore, capitalised, joined, OPEN_ALL, overdueKinds, type DeadlineItem } from './deadline-item.ts';
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { ActionButton, ActionLink, GroupHeading, Paragraph } from './parts.tsx';
import { linkLines, paragraph } from './plain-text.ts';
import { singleNotice } from './single-notice.tsx';
import { areaPrefix, SUBJECT_WIDTH } from './subject.ts';

export type ReturnedItem = DeadlineItem & { reviewer_words: string };

export interface DigestProps {
  person: { name: string; post?: string; areas: string[] };
  today: IsoDate;
  groups: {
    returned: ReturnedItem[];
    overdue: DeadlineItem[];
    today: DeadlineItem[];
    tomorrow: DeadlineItem[];
    this_week: DeadlineItem[];
    upcoming: DeadlineItem[];
  };
  /** Deadlines that wait for an event and count no term yet. */
  waiting_count: number;
  folio: string;
  /** A whole sentence: why this person gets it. */
  reason: string;
  home_url: string;
  help_url: string;
  /** The first mail after the service was stopped. */
  is_catch_up: boolean;
  /** The next morning on which mail is read, when it is not tomorrow's. */
  next_morning?: IsoDate;
  /** What waits for the Dirección, when the reader is part of it. */
  desk?: DeskProps;
  /** What the reader receives with a post they are new in; the groups may then be empty. */
  handover?: HandoverProps;
  /** Where the record of what happened stood when the mail was made: whoever keeps it can prove it later. */
  seal?: string;
}

type GroupName = keyof DigestProps['groups'];

/** An item of any group; only returned ones carry the words of the review. */
type ListedItem = DeadlineItem & { reviewer_words?: string };

/** In the order in which a person must act. `most` are told before 'y N más'; brief groups only need to be known. */
const GROUPS: readonly { name: GroupName; most: number; brief: boolean }[] = [
  { name: 'returned', most: 5, brief: false },
  { name: 'overdue', most: 5, brief: false },
  { name: 'today', most: 10, brief: false },
  { name: 'tomorrow', most: 10, brief: false },
  { name: 'this_week', most: 10, brief: true },
  { name: 'upcoming', most: 10, brief: true },
];

const CATCH_UP =
  'El servicio de avisos estuvo detenido. Este correo reúne los avisos que debieron llegar en esos días.';

/**
 * The mail of the morning: the full notice of a lone deadline, or a list in the order in which to act. For somebody new
 * in a post it opens with what they receive.
 */
export function digestMail(props: DigestProps): MailContent {
  const { groups, person, today, folio, reason, help_url, handover } = props;
  const footer: Footer = {
    mark: `Aviso ${folio}`,
    reason,
    help_url,
    ...(props.seal === undefined ? {} : { seal: props.seal }),
  };
  const opening = props.is_catch_up ? CATCH_UP : '';
  const closing = handover ? '' : waitingSentence(props.waiting_count);
  const [only, ...others] = GROUPS.flatMap(({ name }): ListedItem[] => groups[name]);
  if (only !== undefined && others.length === 0 && !props.desk && !handover) {
    return singleNotice({ item: only, reviewer_words: only.reviewer_words, today, opening, closing, footer });
  }

  const said = [...counts(props), ...(props.desk ? deskCounts(props.desk) : [])];
  const lists = [
    ...(handover ? handoverLists(handover, said.length === 0, props.home_url) : []),
    ...(props.desk ? deskLists(props.desk, today) : []),
  ];
  const received = handover && handoverCount(handover);
  const subject = received
    ? listSubject(`Recibes ${areaPrefix(handoverAreas(handover))}`, [received, ...said])
    : listSubject(areaPrefix(person.areas), said);
  const heading = received ? `Recibes ${received}` : capitalised(joined(said.slice(0, 2)));
  const ownArea = person.areas.length === 1 ? person.areas[0] : undefined;
  const forWhom = `Para ${[person.name, person.post].filter(Boolean).join(', ')}. ${capitalised(formatLongDate(today))}.`;
  const ofWhat =
    person.areas.length === 0 || handover
      ? ''
      : `${person.areas.length === 1 ? 'Área' : 'Áreas'}: ${person.areas.join('; ')}.`;
  const besides = received
    ? said.length > 0
      ? `Ya pide atención: ${joined(said)}.`
      : ''
    : said.length > 2
      ? `Además: ${joined(said.slice(2))}.`
      : '';
  const introduction = [
    ...(handover ? handoverSentences(handover) : []),
    besides,
    forWhom,
    ofWhat,
    opening,
  ].filter((line) => line !== '');
  const links = handover ? handoverLinks(handover) : [];
  const sections = GROUPS.filter(({ name }) => groups[name].length > 0).map(({ name, most, brief }) => {
    const items: ListedItem[] = groups[name];
    return {
      title: `${groupTitle(name, items, props)} (${items.length})`,
      pieces: items
        .slice(0, most)
        .map((item) =>
          brief ? deadlineRow(item, ownArea) : deadlineCard(item, { quote: item.reviewer_words, ownArea }),
        ),
      brief,
      rest: andMore(items.length - most),
    };
  });

  const html = mailHtml({
    subject,
    preheader: `${heading}. ${forWhom}`,
    heading,
    footer,
    children: (
      <>
        {introduction.map((line) => (
          <Paragraph key={line}>{line}</Paragraph>
        ))}
        <ActionButton href={props.home_url}>{OPEN_ALL}</ActionButton>
        {links.map(({ label, url }) => (
          <ActionLink key={url} href={url}>
            {label}
          </ActionLink>
        ))}
        {sections.map(({ title, pieces, brief, rest }) => (
          <Fragment key={title}>
            <GroupHeading>{title}</GroupHeading>
            {brief ? <RowTable name={title} rows={pieces} /> : <Cards cards={pieces} />}
            {rest !== undefined && <ActionLink href={props.home_url}>{rest}</ActionLink>}
          </Fragment>
        ))}
        {lists.map((list) => (
          <ListParts key={list.title} list={list} />
        ))}
        {closing !== '' && <Paragraph>{closing}</Paragraph>}
      </>
    ),
  });
  const text = mailText(
    footer,
    paragraph(heading.toUpperCase()),
    ...introduction.map(paragraph),
    linkLines(OPEN_ALL, props.home_url),
    ...links.map(({ label, url }) => linkLines(label, url)),
    ...sections.flatMap(({ title, pieces, brief, rest }) => [
      paragraph(title.toUpperCase()),
      pieces.map(({ text }) => text).join(brief ? '\n' : '\n\n'),
      rest !== undefined && linkLines(rest, props.home_url),
    ]),
    ...lists.map(listText),
    paragraph(closing),
  );
  return { subject, html, text };
}

/** '1 vencida', '2 vencen mañana'…: provisional dates and what the INE owes are counted apart. */
function counts({ groups, next_morning }: DigestProps): string[] {
  const soon = next_morning === undefined ? 'mañana' : `hasta el ${weekdayName(weekday(next_morning))}`;
  const dated = GROUPS.flatMap(({ name }) =>
    name === 'returned' ? [] : groups[name].map((item) => ({ name, item })),
  );
  const provisional = dated.filter(({ item }) => item.provisional.length > 0);
  const firm = dated.filter(({ item }) => item.provisional.length === 0);
  const own = (group: GroupName) =>
    firm.filter(({ name, item }) => name === group && !item.owed_by_ine).length;
  const lines: [count: number, one: string, many: string][] = [
    [groups.returned.length, 'devuelta', 'devueltas'],
    [own('overdue'), 'vencida', 'vencidas'],
    [own('today'), 'vence hoy', 'vencen hoy'],
    [own('tomorrow'), `vence ${soon}`, `vencen ${soon}`],
    [own('this_week'), 'esta semana', 'esta semana'],
    [firm.filter(({ item }) => item.owed_by_ine).length, 'por recibir del INE', 'por recibir del INE'],
    [provisional.length, 'con fecha provisional', 'con fecha provisional'],
    [own('upcoming'), 'próxima', 'próximas'],
  ];
  return lines
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
}

/** As many counts as fit, the most pressing first; `…` says that there are more. */
function listSubject(prefix: string, said: readonly string[]): string {
  const whole = `${prefix}: ${said.join(', ')}`;
  if (Array.from(whole).length <= SUBJECT_WIDTH) return whole;
  const fitting = said.map((_, index) => `${prefix}: ${said.slice(0, index).join(', ')}…`);
  return fitting.filter((subject) => Array.from(subject).length <= SUBJECT_WIDTH).at(-1) ?? `${prefix}…`;
}

function groupTitle(
  name: GroupName,
  items: readonly DeadlineItem[],
  { today, next_morning }: Pick<DigestProps, 'today' | 'next_morning'>,
): string {
  switch (name) {
    case 'returned':
      return 'Devueltas para corregir';
    case 'overdue':
      return capitalised(overdueKinds(items));
    case 'today':
      return `Hoy, ${formatLongDate(today)}`;
    case 'tomorrow':
      return next_morning === undefined
        ? `Mañana, ${formatLongDate(addDays(today, 1))}`
        : `De mañana al ${formatLongDate(next_morning)}`;
    case 'this_week':
      return 'Esta semana';
    case 'upcoming':
      return 'Próximas';
  }
}

function waitingSentence(count: number): string {
  if (count === 0) return '';
  return `En espera de un evento, todavía sin plazo: ${count} ${count === 1 ? 'obligación' : 'obligaciones'}.`;
}
