// Deadlines as a calendar other programs subscribe to: iCalendar (RFC 5545), the same bytes for the same facts.
import {
  addDays,
  formatHour,
  formatShortDate,
  localDateTime,
  TIME_ZONE,
  type IsoDate,
} from './plain-date.ts';

export interface FeedItem {
  /** Stays the same for the life of the deadline, whatever its date. */
  id: number;
  /** Grows with every change of the date and with every cancellation. */
  sequence: number;
  /** What is to be delivered, without its state. */
  title: string;
  /** «Anexo Técnico, numeral C.3». */
  citation: string;
  /** Acronym of the area that answers for it. */
  area: string;
  due_on: IsoDate;
  /** Local HH:MM in Mexico City, when the term has an hour. */
  due_time: string | null;
  state: 'open' | 'in_review' | 'overdue' | 'concluded' | 'cancelled';
  provisional: boolean;
  /** Why it no longer counts; shown with `cancelled`. */
  reason: string | null;
  /** ISO instant of the last change of any of this. */
  changed_at: string;
}

export interface Feed {
  name: string;
  /** Address of the program, without final slash: the events link to it and its host names them. */
  app_url: string;
  items: readonly FeedItem[];
}

const STATE_WORDS: Record<FeedItem['state'], string> = {
  open: 'Vence',
  in_review: 'En revisión',
  overdue: 'Vencida',
  concluded: 'Concluida',
  cancelled: 'Sin efecto',
};

/** Standard time all year since 30 October 2022 (Ley de los Husos Horarios). */
const MEXICO_CITY = [
  'BEGIN:VTIMEZONE',
  `TZID:${TIME_ZONE}`,
  'BEGIN:STANDARD',
  'DTSTART:20221030T020000',
  'TZOFFSETFROM:-0500',
  'TZOFFSETTO:-0600',
  'TZNAME:CST',
  'END:STANDARD',
  'END:VTIMEZONE',
];

/**
 * The feed as iCalendar text, CRLF line ends. Days are DATE values, so that no time zone can move them; an hour
 * carries the zone it is said in. No attendees, no alarms, no personal data.
 */
export function calendarFeed({ name, app_url, items }: Feed): string {
  return calendarText('PUBLISH', [
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    `X-WR-TIMEZONE:${TIME_ZONE}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT4H',
    'X-PUBLISHED-TTL:PT4H',
    ...zoneOf(items),
    ...items.flatMap((item) => eventLines(item, app_url, item.changed_at)),
  ]);
}

/** A whole calendar of that method: the lines in its frame, each folded, CRLF line ends. */
export function calendarText(method: 'PUBLISH' | 'REQUEST' | 'CANCEL', lines: string[]): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Seguimiento de Convenios//Vencimientos//ES',
    'CALSCALE:GREGORIAN',
    `METHOD:${method}`,
    ...lines,
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('');
}

/** The time zone in which the hours of these items are said; no lines where none has an hour. */
export function zoneOf(items: readonly FeedItem[]): string[] {
  return items.some(({ due_time }) => due_time !== null) ? MEXICO_CITY : [];
}

/** The lines of one event, not folded yet; `parties` are those that say who invites whom. */
export function eventLines(
  item: FeedItem,
  appUrl: string,
  stampedAt: string,
  parties: readonly string[] = [],
): string[] {
  const { id, sequence, due_on, due_time, state, changed_at } = item;
  const url = `${appUrl}/vencimientos/${id}`;
  return [
    'BEGIN:VEVENT',
    `UID:vencimiento-${id}@${new URL(appUrl).hostname}`,
    `SEQUENCE:${sequence}`,
    `DTSTAMP:${utc(stampedAt)}`,
    `LAST-MODIFIED:${utc(changed_at)}`,
    ...parties,
    ...(due_time === null
      ? [`DTSTART;VALUE=DATE:${compact(due_on)}`, `DTEND;VALUE=DATE:${compact(addDays(due_on, 1))}`]
      : [`DTSTART;TZID=${TIME_ZONE}:${compact(due_on)}T${compact(due_time)}00`]),
    'TRANSP:TRANSPARENT',
    `STATUS:${state === 'cancelled' ? 'CANCELLED' : 'CONFIRMED'}`,
    `SUMMARY:${escaped(`${STATE_WORDS[state].toUpperCase()}: ${item.title}`)}`,
    `DESCRIPTION:${escaped(description(item, url))}`,
    `URL:${url}`,
    'END:VEVENT',
  ];
}

function description(item: FeedItem, url: string): string {
  const { due_time, provisional, state, reason, citation, area, changed_at } = item;
  const [day = '', hour = ''] = localDateTime(changed_at).split('T');
  return [
    ...(state === 'cancelled' ? [`Sin efecto: ${reason ?? 'ya no cuenta'}.`] : []),
    ...(due_time === null ? [] : [`Vence a las ${formatHour(due_time)}, tiempo del centro.`]),
    ...(provisional ? ['Fecha provisional.'] : []),
    citation,
    area,
    url,
    `Actualizado: ${formatShortDate(day)}, ${formatHour(hour)}`,
  ].join('\n');
}

const compact = (dateOrTime: string) => dateOrTime.replace(/[-:]/g, '');
const utc = (instant: string) => `${compact(instant.slice(0, 19))}Z`;

/** Text values escape backslash, semicolon, comma and line end (RFC 5545 §3.3.11); controls have no place in them. */
function escaped(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r?\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ');
}

/** Lines of at most 75 octets, going on after a space (RFC 5545 §3.1); no character is cut in two. */
function folded(line: string): string {
  if (line.length <= 18 || (line.length <= 75 && !/[^ -~]/.test(line))) return line;
  let out = '';
  let octets = 0;
  for (const character of line) {
    const size = octetsOf(character);
    if (octets + size > 75) {
      out += '\r\n ';
      octets = 1;
    }
    out += character;
    octets += size;
  }
  return out;
}

/** Length in UTF-8 of one character. */
function octetsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}
