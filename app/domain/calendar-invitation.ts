// One deadline as an invitation that travels by mail (iMIP, RFC 6047): the event of the feed, with who invites whom.
import { calendarText, eventLines, zoneOf, type FeedItem } from './calendar-feed.ts';

export interface Party {
  name: string;
  /** A mailbox, without name. */
  address: string;
}

export interface InvitationText {
  item: FeedItem;
  /** Address of the program, without final slash. */
  app_url: string;
  /** Who the mail comes from: calendar programs take a change only from whoever invited (RFC 6047 §3). */
  organizer: Party;
  attendee: Party;
  /** ISO instant at which this text is made (RFC 5545 §3.8.7.2). */
  stamped_at: string;
}

export type InvitationMethod = 'REQUEST' | 'CANCEL';

/**
 * The invitation as iCalendar text, CRLF line ends: a REQUEST that enters the event or moves it, a CANCEL that takes it
 * out when it counts no more (RFC 5546 §3.2.2 and §3.2.5). The event has the name it has in the feed for the life of
 * the deadline and takes no time of its reader; no answer is asked for.
 */
export function calendarInvitation({
  item,
  app_url,
  organizer,
  attendee,
  stamped_at,
}: InvitationText): string {
  return calendarText(item.state === 'cancelled' ? 'CANCEL' : 'REQUEST', [
    ...zoneOf([item]),
    ...eventLines(item, app_url, stamped_at, [
      `ORGANIZER;CN=${quoted(organizer.name)}:${mailto(organizer.address)}`,
      `ATTENDEE;CN=${quoted(attendee.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:${mailto(attendee.address)}`,
    ]),
  ]);
}

/** The line of a stored invitation that takes its event out of the calendar; no other text can hold it whole. */
export const TAKES_OUT = '\r\nMETHOD:CANCEL\r\n';

/** The method a stored invitation says; the mail's part must name the same one (RFC 6047 §2.4). */
export function invitationMethod(text: string): InvitationMethod {
  return text.includes(TAKES_OUT) ? 'CANCEL' : 'REQUEST';
}

/** A parameter value in quotes; it has no way to say a quote or a control (RFC 5545 §3.2), and `^` escapes (RFC 6868). */
function quoted(text: string): string {
  return `"${text.replace(/["^]/g, "'").replace(/\p{Cc}/gu, ' ')}"`;
}

/** An address as a URI (RFC 6068): whatever would end it, or begin a header of the mail, is percent-encoded. */
function mailto(address: string): string {
  const encoded = encodeURI(address).replace(/[?&#]/g, (character) => encodeURIComponent(character));
  return `mailto:${encoded}`;
}
