// Delivery: claims the mails that are due, reads the state once more, sends, and writes what the server said.
import { instantPlusMinutes } from '../app/domain/moment.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from '../db/client.ts';
import { directionMailbox, getInstallation, pauseSender, resumeSender } from '../db/installation.ts';
import { cancelStaleNotices, loadMailFacts } from '../db/mail-facts.ts';
import {
  claimMessages,
  closeAttempt,
  storeContents,
  type ClaimedMessage,
  type Closing,
  type RenderedMail,
} from '../db/messages.ts';
import type { MailContent } from '../emails/layout.tsx';
import type { Mailer, OutgoingMail, SendOutcome } from '../emails/mailer.ts';
import { mailFolio, noticeMail } from './mail-content.ts';
import { transactionalMail } from './transactional-mail.ts';

export interface Delivery {
  db: Db;
  mailer: Mailer;
  clock: () => Promise<Moment>;
  appUrl: string;
  /** Address the mails come from; its domain also names the messages. */
  mailFrom: string;
  /** Whether log-in codes are wiped from the outbox once sent; a demo keeps them for its mailbox. */
  scrubSecrets: boolean;
  log: (line: string) => void;
}

const BATCH = 50;
const RETRY_MINUTES = [1, 5, 15, 30, 60];
/** A server that took the message but not the time to answer gets it again only after this. */
const UNCERTAIN_MINUTES = 15;
/** After this many attempts a code nobody received is no use: a new one is a click away. */
const LOGIN_CODE_ATTEMPTS = 3;

const FROM_NAME = 'Seguimiento Convenio INE–IEM';

/**
 * Sends everything that is due, batch by batch, until nothing is left or the sender is paused. Returns the ids of
 * the messages the server accepted. Safe to run in any number of processes at once.
 */
export async function deliverDue(delivery: Delivery): Promise<number[]> {
  const accepted: number[] = [];
  const replyTo = await directionMailbox(delivery.db);
  for (;;) {
    if ((await getInstallation(delivery.db)).sender_paused) return accepted;
    const moment = await delivery.clock();
    const claims = await claimMessages(delivery.db, moment, BATCH);
    if (claims.length === 0) return accepted;
    const mails = await renderClaims(delivery, claims, moment);
    const outcomes = await Promise.all(mails.map((mail) => sendOne(delivery, mail, replyTo, moment)));
    mails.forEach((mail, index) => {
      if (outcomes[index] === 'accepted') accepted.push(mail.claim.id);
    });
    if (outcomes.includes('accepted')) await resumeSender(delivery.db);
    if (outcomes.includes('paused')) return accepted;
  }
}

interface Addressed {
  claim: ClaimedMessage;
  name: string;
  mail: RenderedMail;
}

/** Renders what must be rendered, keeps it, and closes what has nothing left to say or cannot be rendered. */
async function renderClaims(
  delivery: Delivery,
  claims: ClaimedMessage[],
  moment: Moment,
): Promise<Addressed[]> {
  const { db, appUrl } = delivery;
  await cancelStaleNotices(
    db,
    moment,
    claims.filter((claim) => claim.run_on !== null).map(({ id }) => id),
  );
  const facts = await loadMailFacts(db, moment, claims);
  const addressed: Addressed[] = [];
  for (const claim of claims) {
    const person = facts.people.get(claim.person_id);
    if (!person) throw new Error(`Message ${claim.id} is for nobody`);
    try {
      const content =
        claim.run_on === null
          ? (storedContent(claim) ?? (await transactionalMail(db, claim, moment, appUrl)))
          : facts.notices.has(claim.id)
            ? // What may already be in the mailbox is repeated byte by byte, never worded anew.
              (storedContent(claim) ?? noticeMail(claim, facts, moment, appUrl))
            : undefined;
      if (content) {
        const mail: RenderedMail = {
          id: claim.id,
          lease_token: claim.lease_token,
          ...content,
          to_address: claim.may_have_been_sent ? (claim.to_address ?? person.email) : person.email,
          message_id: `<${mailFolio(claim).toLowerCase()}.${claim.kind.replace('_', '-')}@${domainOf(delivery.mailFrom)}>`,
        };
        addressed.push({ claim, name: person.name, mail });
      } else {
        await closeAttempt(
          db,
          claim,
          { state: 'cancelled', reason: 'sin contenido', at: moment.at },
          delivery.scrubSecrets,
        );
      }
    } catch (error) {
      // One mail that cannot be rendered must not keep the others from leaving; the ledger shows it as failed.
      const reason = error instanceof Error ? error.message : String(error);
      delivery.log(`El correo ${mailFolio(claim)} no se pudo componer: ${reason}`);
      const closing: Closing = { state: 'failed', reply: `no se pudo componer: ${reason}`, at: moment.at };
      await closeAttempt(db, claim, closing, delivery.scrubSecrets);
    }
  }
  const held = await storeContents(
    db,
    addressed.map(({ mail }) => mail),
  );
  return addressed.filter(({ claim }) => held.has(claim.id));
}

function storedContent(claim: ClaimedMessage): MailContent | undefined {
  const { subject, html, text, may_have_been_sent } = claim;
  return may_have_been_sent && subject !== null && html !== null && text !== null
    ? { subject, html, text }
    : undefined;
}

async function sendOne(
  delivery: Delivery,
  addressed: Addressed,
  replyTo: string | undefined,
  moment: Moment,
): Promise<SendOutcome['kind']> {
  const { claim } = addressed;
  const outcome = await delivery.mailer.send(outgoing(delivery, addressed, replyTo));
  if (outcome.kind === 'paused') {
    await pauseSender(delivery.db, outcome.reply);
    delivery.log(
      `El servidor de correo rechazó el acceso; el envío se detiene unos minutos: ${outcome.reply}`,
    );
  }
  const closedAt = (await delivery.clock()).at;
  await closeAttempt(delivery.db, claim, closingOf(outcome, claim, moment, closedAt), delivery.scrubSecrets);
  return outcome.kind;
}

function closingOf(outcome: SendOutcome, claim: ClaimedMessage, moment: Moment, closedAt: string): Closing {
  const { reply } = outcome;
  const later = (minutes: number) => instantPlusMinutes(moment.at, minutes);
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'accepted', reply, at: closedAt };
    case 'failed':
      return { state: 'failed', reply, at: closedAt };
    case 'paused':
      return { state: 'queued', reply, next_attempt_at: moment.at };
    case 'uncertain':
    case 'retry': {
      if (claim.kind === 'login_code' && claim.attempts >= LOGIN_CODE_ATTEMPTS) {
        return { state: 'failed', reply, at: closedAt };
      }
      const minutes =
        outcome.kind === 'uncertain'
          ? UNCERTAIN_MINUTES
          : RETRY_MINUTES[Math.min(claim.attempts, RETRY_MINUTES.length) - 1]!;
      return { state: outcome.kind, reply, next_attempt_at: later(minutes) };
    }
  }
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

function outgoing(
  delivery: Delivery,
  { claim, name, mail }: Addressed,
  replyTo: string | undefined,
): OutgoingMail {
  const domain = domainOf(delivery.mailFrom);
  return {
    message_id: mail.message_id,
    date: claim.created_at,
    from: `"${FROM_NAME}" <${delivery.mailFrom}>`,
    // People answer with the document attached: a human reads that mailbox.
    ...(replyTo === undefined ? {} : { reply_to: replyTo }),
    to: { name, address: mail.to_address },
    envelope_from: `b+${mailFolio(claim).toLowerCase()}@${domain}`,
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, DR, RN, NRN, AutoReply',
      'Content-Language': 'es-MX',
      'X-Convenio-Aviso': mailFolio(claim),
      ...(claim.run_on === null
        ? {}
        : {
            'List-Id': `Avisos del convenio <avisos.${domain}>`,
            'List-Help': `<${delivery.appUrl}/por-que-recibo-esto>`,
          }),
      ...(claim.kind === 'escalation' && claim.rung !== '+1' ? { Importance: 'high' } : {}),
    },
  };
}
