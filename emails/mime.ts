// Owns the bytes of a message: its headers and its parts as they travel.
import { createHash } from 'node:crypto';
import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode, { type MimeNodeHeaderValue } from 'nodemailer/lib/mime-node';
import { toFlowed } from './plain-text.ts';
import { quotedPrintable } from './quoted-printable.ts';
import { invitationMethod } from '../app/domain/calendar-invitation.ts';
import { remembered } from '../app/domain/remembered.ts';

/** One message to one person, complete: the same value gives the same bytes today and after a restart. */
export interface OutgoingMail {
  /** `<a004512.v2@avisos.example>`, angle brackets included. */
  message_id: string;
  /** ISO instant (UTC) of the Date header. */
  date: string;
  /** `Seguimiento Convenio INE–IEM <avisos@…>`; configuration, never a person's input. */
  from: string;
  reply_to?: string;
  to: { name: string; address: string };
  /** Envelope sender (VERP): where a bounce comes back. */
  envelope_from: string;
  subject: string;
  /** In UTF-8. */
  html: Buffer;
  text: string;
  /** An invitation, as iCalendar text with CRLF. */
  calendar?: string | undefined;
  headers: Record<string, string>;
}

const MESSAGE_ID = /^<[^\s<>@]+@[^\s<>@]+>$/;
const CRLF = '\r\n';

/** The headers of the parts, which are quoted-printable: every server on the way leaves them as they are. */
const partHeaders = (contentType: string) =>
  [`Content-Type: ${contentType}`, 'Content-Transfer-Encoding: quoted-printable', '', ''].join(CRLF);
const TEXT_PART = partHeaders('text/plain; charset=utf-8; format=flowed; delsp=no');
const HTML_PART = partHeaders('text/html; charset=utf-8');
const calendarPart = (text: string) =>
  partHeaders(`text/calendar; charset=utf-8; method=${invitationMethod(text)}`);

/** Knows how each header is encoded; carries no message. */
const ENCODER = new MimeNode();

/**
 * The MIME message of a mail, CRLF line ends: multipart/alternative with the text as `format=flowed`, the HTML and, of
 * an invitation, its calendar (RFC 6047 §2.4), last because a program that knows it prefers it. Byte for byte the same
 * for the same mail: date and Message-ID are given and the boundary comes from the Message-ID. Throws TypeError when the
 * Message-ID is not one or the date is not an instant.
 */
export function composeMime(mail: OutgoingMail): Buffer {
  if (!MESSAGE_ID.test(mail.message_id)) throw new TypeError(`Not a Message-ID: ${mail.message_id}`);
  const date = new Date(mail.date);
  if (Number.isNaN(date.getTime())) throw new TypeError(`Not an instant: ${mail.date}`);
  const boundary = `aviso-${createHash('sha256').update(mail.message_id).digest('hex').slice(0, 24)}`;
  const head = [
    repeated(['From', mail.from]),
    header('To', mail.to),
    ...(mail.reply_to === undefined ? [] : [repeated(['Reply-To', mail.reply_to])]),
    header('Subject', mail.subject),
    header('Date', date),
    header('Message-ID', mail.message_id),
    ...Object.entries(mail.headers).map(repeated),
    header('MIME-Version', '1.0'),
    header('Content-Type', `multipart/alternative; boundary=${boundary}`),
    '',
  ].join(CRLF);
  return Buffer.concat([
    Buffer.from(`${head}${CRLF}--${boundary}${CRLF}${TEXT_PART}`),
    quotedPrintable(Buffer.from(toFlowed(mail.text))),
    Buffer.from(`${CRLF}--${boundary}${CRLF}${HTML_PART}`),
    quotedPrintable(mail.html),
    ...(mail.calendar === undefined
      ? []
      : [
          Buffer.from(`${CRLF}--${boundary}${CRLF}${calendarPart(mail.calendar)}`),
          quotedPrintable(Buffer.from(mail.calendar)),
        ]),
    Buffer.from(`${CRLF}--${boundary}--${CRLF}`),
  ]);
}

/** A header line, folded; what is not ASCII is encoded (RFC 2047) and line breaks in a value become spaces. */
function header(key: string, value: MimeNodeHeaderValue): string {
  return foldLines(`${key}: ${ENCODER.encodeHeaderValue(key, value)}`, 76);
}

/** A header that most mails have in common. */
const repeated = remembered(([key, value]: [string, string]) => header(key, value));
