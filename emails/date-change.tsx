// Owns the two mails about a change of dates: what an area's deadlines became, and that it was undone.
import { formatHour, formatLongDate, formatShortDate, type IsoDate } from '../app/domain/plain-date.ts';
import { andMore, OPEN_ALL } from './deadline-item.ts';
import { mailHtml, mailText, type Footer, type MailContent } from './layout.tsx';
import { markup } from './markup.ts';
import { ActionButton, ActionLink, ListRow, ListTable, Paragraph } from './parts.tsx';
import { bullet, linkLines, paragraph } from './plain-text.ts';
import { shorten, SUBJECT_WIDTH } from './subject.ts';

/** A date as a deadline has it; `due_on` is null while it waits for an event. */
export interface MailDate {
  due_on: IsoDate | null;
  due_time: string | null;
  provisional?: boolean;
}

export interface ChangedItem {
  ref: string;
  title: string;
  /** Null when there was no such date. */
  old: MailDate | null;
  /** Null when the date exists no more. */
  new: MailDate | null;
}

export interface DateChangeProps {
  area: string;
  /** The event that moved, or what changed: 'Jornada electoral'. */
  name: string;
  /** Its days; absent when it is no event that moved. */
  event?: { old: IsoDate | null; new: IsoDate | null; firm: boolean };
  /** What the change is, in one line; said when it is no event that moved. */
  summary: string;
  /** The document that orders it. */
  act: string;
  note: string;
  items: ChangedItem[];
  folio: string;
  home_url: string;
}

/** Rows a mail lists before 'y N más'. */
const MOST = 40;

/** The mail of an area whose deadlines moved. */
export function dateChangeMail(props: DateChangeProps): MailContent {
  const { area, name, event, items } = props;
  const count = obligations(items.length);
  const day = event ? (event.new ? `: ${shortDay(event.new)}` : ': sin fecha') : '';
  const why = event
    ? `${name} ${movedWords(event)}, según ${props.act}.`
    : `${props.summary}, según ${props.act}.`;
  return changeMail(props, {
    subject: namedSubject(`Cambio de fecha en ${count} de tu área`, name, day),
    heading: `Cambio de fecha en ${count}`,
    paragraphs: [
      why,
      props.note,
      `Cambian las fechas de ${area} que se listan aquí. Los avisos de las fechas anteriores quedan sin efecto; llegarán los de las nuevas.`,
    ],
    columns: ['Antes', 'Ahora'],
    from: (item) => item.old,
    to: (item) => item.new,
  });
}

/** The mail of an area that was told of a change which was then undone. */
export function rectificationMail(props: DateChangeProps): MailContent {
  const { area, name, items } = props;
  const back = `${obligations(items.length)} ${items.length === 1 ? 'vuelve' : 'vuelven'} a su fecha`;
  return changeMail(props, {
    subject: namedSubject(`Rectificación: ${back}`, name, ''),
    heading: `Rectificación: ${back}`,
    paragraphs: [
      `El cambio «${props.summary}» (${props.act}) se deshizo. No consideres el correo en que se avisó.`,
      `Valen otra vez las fechas de ${area} que se listan aquí, como estaban antes.`,
    ],
    columns: ['Se avisó', 'Vale'],
    from: (item) => item.new,
    to: (item) => item.old,
  });
}

interface Wording {
  subject: string;
  heading: string;
  paragraphs: string[];
  columns: [from: string, to: string];
  from: (item: ChangedItem) => MailDate | null;
  to: (item: ChangedItem) => MailDate | null;
}

function changeMail(
  { items, folio, home_url }: DateChangeProps,
  { subject, heading, paragraphs, columns, from, to }: Wording,
): MailContent {
  const shown = items.slice(0, MOST);
  const rest = andMore(items.length - MOST);
  const said = paragraphs.filter((text) => text !== '');
  const footer: Footer = {
    mark: `Aviso ${folio}`,
    reason: 'Recibes este correo porque respondes por el área; es uno solo por cambio.',
  };
  const html = mailHtml({
    subject,
    preheader: said[0] ?? heading,
    heading,
    footer,
    children: (
      <>
        {said.map((text) => (
          <Paragraph key={text}>{text}</Paragraph>
        ))}
        <ActionButton href={home_url}>{OPEN_ALL}</ActionButton>
        <ListTable
          name={heading}
          columns={['Obligación', ...columns]}
          rows={shown
            .map((item) =>
              markup(
                <ListRow name={`${item.title} (${item.ref})`} more={[dateWords(to(item))]}>
                  {dateWords(from(item))}
                </ListRow>,
              ),
            )
            .join('')}
        />
        {rest !== undefined && <ActionLink href={home_url}>{rest}</ActionLink>}
      </>
    ),
  });
  const text = mailText(
    footer,
    paragraph(heading.toUpperCase()),
    ...said.map(paragraph),
    linkLines(OPEN_ALL, home_url),
    shown
      .map((item) =>
        bullet(
          `${item.title} (${item.ref})`,
          `${columns[0]}: ${dateWords(from(item))}`,
          `${columns[1]}: ${dateWords(to(item))}`,
        ),
      )
      .join('\n'),
    rest !== undefined && linkLines(rest, home_url),
  );
  return { subject, html, text };
}

const obligations = (count: number) => (count === 1 ? '1 obligación' : `${count} obligaciones`);

/** `8 dic 2024`. */
const shortDay = (date: IsoDate) => formatShortDate(date).replace(/^\S+ /, '');

function dateWords(date: MailDate | null): string {
  if (date === null) return 'no existe';
  if (date.due_on === null) return 'sin fecha, en espera de un evento';
  const hour = date.due_time ? `, ${formatHour(date.due_time)}` : '';
  return `${formatShortDate(date.due_on)}${hour}${date.provisional ? ' (provisional)' : ''}`;
}

function movedWords({ old, new: now, firm }: NonNullable<DateChangeProps['event']>): string {
  if (now === null) return `deja de tener fecha (era el ${formatLongDate(old!)})`;
  const provisional = firm ? '' : ' (fecha provisional)';
  if (old === null) return `tiene fecha: ${formatLongDate(now)}${provisional}`;
  if (old === now) return `se mantiene el ${formatLongDate(now)}${provisional}`;
  return `pasa del ${formatLongDate(old)} al ${formatLongDate(now)}${provisional}`;
}

/** The name is shortened so that what stands before and after it always fits. */
function namedSubject(lead: string, name: string, day: string): string {
  const room = SUBJECT_WIDTH - Array.from(`${lead} (${day})`).length;
  return room < 8 ? lead : `${lead} (${shorten(name, room)}${day})`;
}
