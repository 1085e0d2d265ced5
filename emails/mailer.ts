// Owns the sending of one message: to whom, over which connection, and what each reply of the server means.
import { composeMime, type OutgoingMail } from './mime.ts';
import { smtpConnections, type SmtpOptions } from './smtp-connections.ts';

/**
 * What became of a message. `retry`: the server does not have it; with `slow_down` because it wants fewer of us, with
 * `mailbox` because of the mailbox, which is full or, for now, unknown.
 * `held`: it was not even tried, because the server asked for fewer while it waited or nobody wanted it sent any more. `uncertain`: the server may have
 * it; repeat the same bytes later. `failed`: it will never take it; `bad_address` when it is the address that is
 * wrong. `paused`: no message would pass (log-in, TLS, our own address refused), so the sender stops and no attempt is
 * spent.
 */
export type SendOutcome =
  | { kind: 'accepted'; reply: string }
  | { kind: 'retry'; reply: string; slow_down?: boolean; mailbox?: 'unknown' | 'full' }
  | { kind: 'held'; reply: string }
  | { kind: 'uncertain'; reply: string }
  | { kind: 'failed'; reply: string; bad_address: boolean }
  | { kind: 'paused'; reply: string };

export interface Mailer {
  /**
   * Whatever a server says or fails to say is an outcome; rejects only as `composeMime` does. A mail of which
   * `stillWanted` says no when its turn comes is held.
   */
  send(mail: OutgoingMail, stillWanted?: () => boolean): Promise<SendOutcome>;
  /** Connects and logs in without sending. */
  verify?(): Promise<SendOutcome>;
  close(): void;
}

/** One plain mailbox. Lists, groups and quoted local parts would become other recipients (RFC 5322 §3.4). */
const ADDRESS = /^[^\s"(),:;<>@[\\\]]+@[^\s"(),:;<>@[\\\]]+$/;

/** Longest address an SMTP path can carry (RFC 5321 §4.5.3.1.3). */
const LONGEST_ADDRESS = 254;

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
 * wins over it. A 450 4.1.1 is tried again: one reply cannot tell whether it lasts
 * (db/mailbox-refusals.ts counts).
 */
export function classifySmtpError(error: unknown, sawDataPrompt: boolean): SendOutcome {
  const { code = '', originalCode = '', command = '', response = '', message } = smtpFacts(error);
  const status = Number(/^[45]\d\d(?=[ -]|$)/.exec(response)?.[0] ?? 0);
  const reply = oneLine(response || `${originalCode || code} ${message}`);

  if (OUR_LOGIN.has(status)) return { kind: 'paused', reply };
  if (status >= 400 && status < 500) {
    return wantsFewer(status, response)
      ? { kind: 'retry', reply, slow_down: true }
      : { kind: 'retry', reply, ...refusingMailbox(status, command, response) };
  }
  if (status >= 500) return classifyRefusal(status, command, response, reply);

  if (sawDataPrompt) return { kind: 'uncertain', reply };
  if (OUR_SIDE.has(code) || CERTIFICATE.test(originalCode)) return { kind: 'paused', reply };
  if (OUR_MESSAGE.has(code) && response === '') return { kind: 'failed', reply, bad_address: false };
  return { kind: 'retry', reply };
}

/**
 * Whether a temporary refusal is about how much we send (RFC 3463 §3.8: 4.7.z is policy) and not about this message:
 * a mailbox (4.2.z) and a greylist put off only what was addressed to them.
 */
function wantsFewer(status: number, response: string): boolean {
  if (/^\d+[ -]4\.2\.|gr[ae]y-?\s?list/i.test(response)) return false;
  return (
    status === 421 ||
    /^\d+[ -]4\.7\./.test(response) ||
    /too (?:many|much|fast)|\brate\b|throttl|slow down|limit exceeded/i.test(response)
  );
}

/** Steps of a session that are about one mail and whom it is for. */
const OF_THE_MAIL = new Set(['RCPT TO', 'DATA']);

/** The code of RFC 3463 after that of a reply; empty when there is none. */
const enhancedCode = (response: string) => /^\d+[ -]([45]\.\d+\.\d+)/.exec(response)?.[1] ?? '';

/**
 * What a server that has not looked yet, or could not ask the one behind it, says with the code of an unknown mailbox
 * (Postfix, ADDRESS_VERIFICATION_README): when that one is down it is said of everybody there.
 */
const NOT_LOOKED_UP = /unverified address/i;

/** What is the matter with the mailbox when that is why a mail may only be taken later. */
function refusingMailbox(
  status: number,
  command: string,
  response: string,
): { mailbox?: 'unknown' | 'full' } {
  if (!OF_THE_MAIL.has(command)) return {};
  const enhanced = enhancedCode(response);
  // RFC 5321 §4.5.3.1.10 has 552 to RCPT read as 452.
  if (/^[45]\.2\.2$/.test(enhanced) || (status === 552 && command === 'RCPT TO')) return { mailbox: 'full' };
  if (status === 450 && enhanced === '4.1.1' && !NOT_LOOKED_UP.test(response)) return { mailbox: 'unknown' };
  return {};
}

/** A definite 5yz: whose fault it is decides between a pause, a second try and a failure. */
function classifyRefusal(status: number, command: string, response: string, reply: string): SendOutcome {
  const enhanced = enhancedCode(response);
  // Bad sequence of commands: the session was wrong, not the message.
  if (status === 503) return { kind: 'retry', reply };
  if (enhanced === '5.3.4') return { kind: 'failed', reply, bad_address: false };
  // A full mailbox may be emptied.
  const full = refusingMailbox(status, command, response);
  if (full.mailbox !== undefined || enhanced === '5.2.2') return { kind: 'retry', reply, ...full };
  if (status === 552) return { kind: 'failed', reply, bad_address: false };
  // Refused before any recipient was named: every other message would be refused as well.
  if (!OF_THE_MAIL.has(command)) return { kind: 'paused', reply };
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

const HELD = 'no se intentó: el envío se detuvo antes';

/** Sends through a few SMTP connections to `smtp://user:password@host:port`. */
export function smtpMailer(smtpUrl: string, options: SmtpOptions = {}): Mailer {
  const connections = smtpConnections(smtpUrl, options);
  /** How often the server asked for fewer or let nothing pass: what waited for a connection meanwhile is not tried. */
  let complaints = 0;
  return {
    async send(mail, stillWanted = () => true) {
      const refusal = refuseAddress(mail.to.address);
      if (refusal) return refusal;
      const message = composeMime(mail);
      const since = complaints;
      const result = await connections.send(
        mail.envelope_from,
        mail.to.address,
        message,
        () => since === complaints && stillWanted(),
      );
      if (result === undefined) return { kind: 'held', reply: HELD };
      if (result.sent) return { kind: 'accepted', reply: oneLine(result.response) };
      const outcome = classifySmtpError(result.error, result.sawDataPrompt);
      if (outcome.kind === 'paused' || (outcome.kind === 'retry' && outcome.slow_down)) complaints += 1;
      return outcome;
    },
    async verify() {
      try {
        await connections.verify();
        return { kind: 'accepted', reply: 'El servidor de correo aceptó la conexión' };
      } catch (error) {
        return classifySmtpError(error, false);
      }
    },
    close: () => connections.close(),
  };
}

/** The mailbox of the demonstration: composes each message as if to send it, sends nothing and says so. */
export function mailboxMailer(): Mailer {
  return {
    send: (mail) => new Promise((resolve) => resolve(refuseAddress(mail.to.address) ?? kept(mail))),
    close: () => undefined,
  };
}

function kept(mail: OutgoingMail): SendOutcome {
  const { length } = composeMime(mail);
  const reply = `250 2.0.0 Guardado en el buzón de la demostración (${length} bytes); no salió a ningún servidor`;
  return { kind: 'accepted', reply };
}
