// Owns the sending of one message: its bytes, the SMTP conversation and what each reply of the server means.
import { createHash } from 'node:crypto';
import nodemailer from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { toFlowed } from './plain-text.ts';

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
  html: string;
  text: string;
  headers: Record<string, string>;
}

/**
 * What became of a message. `retry`: the server does not have it. `uncertain`: it may have it; repeat the same
 * bytes later. `failed`: it will never take it; `bad_address` when it is the address that is wrong. `paused`:
 * no message would pass (log-in, TLS, our own address refused), so the sender stops and no attempt is spent.
 */
export type SendOutcome =
  | { kind: 'accepted'; reply: string }
  | { kind: 'retry'; reply: string; slow_down?: boolean }
  | { kind: 'uncertain'; reply: string }
  | { kind: 'failed'; reply: string; bad_address: boolean }
  | { kind: 'paused'; reply: string };

export interface Mailer {
  /** Whatever a server says or fails to say is an outcome; rejects only as `composeMime` does. */
  send(mail: OutgoingMail): Promise<SendOutcome>;
  /** Connects and logs in without sending. */
  verify?(): Promise<SendOutcome>;
  close(): void;
}

const MESSAGE_ID = /^<[^\s<>@]+@[^\s<>@]+>$/;

/** One plain mailbox. Lists, groups and quoted local parts would become other recipients (RFC 5322 §3.4). */
const ADDRESS = /^[^\s"(),:;<>@[\\\]]+@[^\s"(),:;<>@[\\\]]+$/;

/** Longest address an SMTP path can carry (RFC 5321 §4.5.3.1.3). */
const LONGEST_ADDRESS = 254;

/**
 * The MIME message of a mail, CRLF line ends: multipart/alternative with the text as `format=flowed` and the
 * HTML. Byte for byte the same for the same mail: date and Message-ID are given and the boundaries come from
 * the Message-ID. Throws TypeError when the Message-ID is not one or the date is not an instant.
 */
export async function composeMime(mail: OutgoingMail): Promise<Buffer> {
  if (!MESSAGE_ID.test(mail.message_id)) throw new TypeError(`Not a Message-ID: ${mail.message_id}`);
  const date = new Date(mail.date);
  if (Number.isNaN(date.getTime())) throw new TypeError(`Not an instant: ${mail.date}`);
  const message = new MailComposer({
    messageId: mail.message_id,
    date,
    from: mail.from,
    to: mail.to,
    replyTo: mail.reply_to,
    subject: mail.subject,
    headers: mail.headers,
    alternatives: [
      { contentType: 'text/plain; charset=utf-8; format=flowed; delsp=no', content: toFlowed(mail.text) },
      { contentType: 'text/html; charset=utf-8', content: mail.html },
    ],
    boundaryPrefix: 'aviso',
    baseBoundary: createHash('sha256').update(mail.message_id).digest('hex').slice(0, 24),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return message.compile().build();
}

/** The outcome of writing to what is not one plain mailbox; undefined when it is. */
function refuseAddress(address: string): SendOutcome | undefined {
  if (ADDRESS.test(address) && address.length <= LONGEST_ADDRESS) return undefined;
  return { kind: 'failed', reply: oneLine(`Dirección de correo no válida: ${address}`), bad_address: true };
}

/** Replies about the connection or about us, not about a message (RFC 4954 §6, RFC 3207 §4). */
const OUR_LOGIN = new Set([530, 534, 535, 538]);
const OUR_SIDE = new Set(['EAUTH', 'ECONFIG', 'ENOAUTH', 'EOAUTH2', 'EPROXY', 'EREQUIRETLS', 'ETLS']);
const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|EPROTO$|ERR_SSL_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/;

/** Faults of the message itself, found before the server said anything. */
const OUR_MESSAGE = new Set([
  'EENVELOPE',
  'EFILEACCESS',
  'EMAXRECIPIENTS',
  'EMESSAGE',
  'ESTREAM',
  'EURLACCESS',
]);

/** Enhanced status codes that speak of the recipient's address (RFC 3463 §3.2, RFC 7505 §4.1). */
const NO_SUCH_ADDRESS = /^5\.1\.(?:1|2|3|6|10)$/;

/**
 * What an error of nodemailer means for the message. `sawDataPrompt`: the server had answered 354, so the
 * message may have been taken even if the connection then broke. A reply after the final dot is definite and
 * wins over it. A 450 4.1.1 that lasts is for the caller to give up on: one reply cannot tell.
 */
export function classifySmtpError(error: unknown, sawDataPrompt: boolean): SendOutcome {
  const { code = '', originalCode = '', command = '', response = '', message } = smtpFacts(error);
  const status = Number(/^[45]\d\d(?=[ -]|$)/.exec(response)?.[0] ?? 0);
  const reply = oneLine(response || `${originalCode || code} ${message}`);

  if (OUR_LOGIN.has(status)) return { kind: 'paused', reply };
  if (status >= 400 && status < 500) {
    const slow_down = status === 421 || /^\d+[ -]4\.7\./.test(response);
    return slow_down ? { kind: 'retry', reply, slow_down } : { kind: 'retry', reply };
  }
  if (status >= 500) return classifyRefusal(status, command, response, reply);

  if (sawDataPrompt) return { kind: 'uncertain', reply };
  if (OUR_SIDE.has(code) || CERTIFICATE.test(originalCode)) return { kind: 'paused', reply };
  if (OUR_MESSAGE.has(code) && response === '') return { kind: 'failed', reply, bad_address: false };
  return { kind: 'retry', reply };
}

/** A definite 5yz: whose fault it is decides between a pause, a second try and a failure. */
function classifyRefusal(status: number, command: string, response: string, reply: string): SendOutcome {
  const enhanced = /^\d+[ -](5\.\d+\.\d+)/.exec(response)?.[1] ?? '';
  // Bad sequence of commands: the session was wrong, not the message.
  if (status === 503) return { kind: 'retry', reply };
  // A full mailbox may be emptied; RFC 5321 §4.5.3.1.10 has 552 to RCPT read as 452.
  if (enhanced === '5.2.2' || (status === 552 && command === 'RCPT TO')) return { kind: 'retry', reply };
  if (status === 552 || enhanced === '5.3.4') return { kind: 'failed', reply, bad_address: false };
  // Refused before any recipient was named: every other message would be refused as well.
  if (command !== 'RCPT TO' && command !== 'DATA') return { kind: 'paused', reply };
  const aboutAddress =
    command === 'RCPT TO' && (status === 501 || status === 553) && !enhanced.startsWith('5.7.');
  return { kind: 'failed', reply, bad_address: aboutAddress || NO_SUCH_ADDRESS.test(enhanced) };
}

interface SmtpFacts {
  code?: string;
  originalCode?: string;
  command?: string;
  response?: string;
  message: string;
}

function smtpFacts(error: unknown): SmtpFacts {
  if (!(error instanceof Error)) return { message: String(error) };
  const facts: SmtpFacts = { message: error.message };
  for (const name of ['code', 'originalCode', 'command', 'response'] as const) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string') facts[name] = value;
  }
  return facts;
}

function oneLine(reply: string): string {
  return reply
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500);
}

export interface SmtpOptions {
  maxConnections?: number;
  /** Milliseconds to connect and be greeted. */
  greetingTimeout?: number;
  /** Milliseconds of silence, also after the final dot: RFC 5321 §4.5.3.2.6 asks for 10 minutes there. */
  dataTimeout?: number;
}

/** A message on its way: the session that carries it, and whether the server has asked for its data. */
interface Flight {
  session?: string | undefined;
  sawDataPrompt: boolean;
}

/** A nodemailer log entry: `tnx` says who speaks, `sid` in which session. */
interface LogEntry {
  tnx?: string;
  sid?: string;
  messageId?: string;
}

/**
 * Sends through a pool of SMTP connections to `smtp://user:password@host:port` (`smtps:` for TLS from the
 * start). A message whose idle connection turned out to be closed goes once over a new one, since no byte of it
 * had left.
 */
export function smtpMailer(smtpUrl: string, options: SmtpOptions = {}): Mailer {
  const { maxConnections = 5, greetingTimeout = 30_000, dataTimeout = 600_000 } = options;
  const flights = new Map<string, Flight>();
  let announced: Flight | undefined;

  // nodemailer reports a time-out before 354 and one after the final dot as the same error; only its log of the
  // conversation tells them apart. It names the message, then writes MAIL FROM in the same turn of the loop.
  function listen({ tnx, sid, messageId = '' }: LogEntry, line: string): void {
    if (tnx === 'send') announced = flights.get(messageId);
    else if (tnx === 'client' && announced !== undefined && line.startsWith('MAIL FROM:')) {
      announced.session = sid;
      announced = undefined;
    } else if (tnx === 'server' && line.startsWith('354')) {
      for (const flight of flights.values()) if (flight.session === sid) flight.sawDataPrompt = true;
    }
  }

  const pool = nodemailer.createTransport({
    pool: true,
    url: smtpUrl,
    maxConnections,
    maxRequeues: 1,
    connectionTimeout: greetingTimeout,
    greetingTimeout,
    socketTimeout: dataTimeout,
    transactionLog: true,
    logger: { debug: listen },
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async send(mail) {
      const refusal = refuseAddress(mail.to.address);
      if (refusal) return refusal;
      const raw = await composeMime(mail);
      const flight: Flight = { sawDataPrompt: false };
      flights.set(mail.message_id, flight);
      try {
        const { response } = await pool.sendMail({
          messageId: mail.message_id,
          envelope: { from: mail.envelope_from, to: [mail.to.address] },
          raw,
        });
        return { kind: 'accepted', reply: oneLine(response) };
      } catch (error) {
        return classifySmtpError(error, flight.sawDataPrompt);
      } finally {
        flights.delete(mail.message_id);
      }
    },
    async verify() {
      try {
        await pool.verify();
        return { kind: 'accepted', reply: 'El servidor de correo aceptó la conexión' };
      } catch (error) {
        return classifySmtpError(error, false);
      }
    },
    close: () => pool.close(),
  };
}

/** The mailbox of the demonstration: composes each message as if to send it, sends nothing and says so. */
export function mailboxMailer(): Mailer {
  return {
    async send(mail) {
      const refusal = refuseAddress(mail.to.address);
      if (refusal) return refusal;
      const { length } = await composeMime(mail);
      const reply = `250 2.0.0 Guardado en el buzón de la demostración (${length} bytes); no salió a ningún servidor`;
      return { kind: 'accepted', reply };
    },
    close: () => undefined,
  };
}
