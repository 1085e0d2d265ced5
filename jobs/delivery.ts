// Delivery: claims the mails that are due, reads the state once more, sends, and writes what the server said.
import { mailFolio } from '../app/domain/mail-folio.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from '../db/client.ts';
import { directionMailbox, getInstallation, pauseSender, resumeSender } from '../db/installation.ts';
import { GONE_WORDS, loadMailFacts, type MailFacts } from '../db/mail-facts.ts';
import {
  claimMessages,
  closeAttempt,
  storeContents,
  type ClaimedMessage,
  type Closing,
  type RenderedMail,
} from '../db/messages.ts';
import type { MailContent } from '../emails/layout.tsx';
import type { Mailer, SendOutcome } from '../emails/mailer.ts';
import type { OutgoingMail } from '../emails/mime.ts';
import { noticeMail } from './mail-content.ts';
import { deskProps, desksOf, morningMail, stopUrl } from './morning-mail.ts';
import { outcomeRecorder } from './outcome-recorder.ts';
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

const BATCH = 100;
/** Batches under way at once: while one waits for the mail server or the database, the other renders. */
const LANES = 2;

const FROM_NAME = 'Seguimiento Convenio INE–IEM';

/**
 * Sends everything that is due until nothing is left or the sender is paused. Returns the ids of the messages the
 * server accepted. Safe to run in any number of processes at once.
 */
export async function deliverDue(delivery: Delivery): Promise<number[]> {
  const sending = { replyTo: await directionMailbox(delivery.db), record: outcomeRecorder(delivery) };
  const lanes = await Promise.allSettled(
    // The first batches differ in size, so that one lane reads while another sends.
    Array.from({ length: LANES }, (_, lane) =>
      deliverBatches(delivery, sending, (BATCH * (lane + 1)) / LANES),
    ),
  );
  // Only now, with no lane under way any more, may a failure be seen.
  return lanes.flatMap((lane) => {
    if (lane.status === 'rejected') throw lane.reason;
    return lane.value;
  });
}

/** Claims, renders and sends batch after batch, the first of them of at most `first` mails. */
async function deliverBatches(delivery: Delivery, sending: Sending, first: number): Promise<number[]> {
  const accepted: number[] = [];
  for (let most = first; ; most = BATCH) {
    if ((await getInstallation(delivery.db)).sender_paused) return accepted;
    const moment = await delivery.clock();
    const claims = await claimMessages(delivery.db, moment, most);
    if (claims.length === 0) return accepted;
    const mails = await renderClaims(delivery, claims, moment);
    const outcomes = await Promise.all(mails.map((mail) => sendOne(delivery, mail, sending, moment)));
    mails.forEach((mail, index) => {
      if (outcomes[index] === 'accepted') accepted.push(mail.claim.id);
    });
    if (outcomes.includes('accepted')) await resumeSender(delivery.db);
    if (outcomes.includes('paused')) return accepted;
  }
}

/** What all mails of one delivery share. */
interface Sending {
  replyTo: string | undefined;
  record: ReturnType<typeof outcomeRecorder>;
}

interface Addressed {
  claim: ClaimedMessage;
  name: string;
  mail: RenderedMail;
  /** What is added to the headers every mail has. */
  headers: Record<string, string>;
}

/** Renders what must be rendered, keeps it, and closes what has nothing left to say or cannot be rendered. */
async function renderClaims(
  delivery: Delivery,
  claims: ClaimedMessage[],
  moment: Moment,
): Promise<Addressed[]> {
  const { db } = delivery;
  const facts = await loadMailFacts(db, moment, claims);
  const desks = await desksOf(db, moment, claims);
  const addressed: Addressed[] = [];
  for (const claim of claims) {
    const person = facts.people.get(claim.person_id);
    if (!person) throw new Error(`Message ${claim.id} is for nobody`);
    const cancel = (reason: string) =>
      closeAttempt(db, claim, { state: 'cancelled', reason, at: moment.at }, delivery.scrubSecrets);
    // Whoever takes a post tomorrow may log in today; everything else is for people in office.
    if (person.gone === 'disabled' || (person.gone === 'left' && claim.kind !== 'login_code')) {
      await cancel(GONE_WORDS[person.gone]);
      continue;
    }
    try {
      const content = await compose(delivery, claim, facts, desks, moment);
      if (content) {
        const mail: RenderedMail = {
          id: claim.id,
          lease_token: claim.lease_token,
          ...content,
          html: Buffer.from(content.html),
          to_address: claim.may_have_been_sent ? (claim.to_address ?? person.email) : person.email,
          message_id: `<${mailFolio(claim).toLowerCase()}.${claim.kind.replace('_', '-')}@${domainOf(delivery.mailFrom)}>`,
        };
        addressed.push({ claim, name: person.name, mail, headers: headersOf(delivery, claim, facts) });
      } else {
        await cancel('sin contenido');
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

/** What the mail says, or undefined when it has nothing left to say. */
async function compose(
  { db, appUrl }: Delivery,
  claim: ClaimedMessage,
  facts: MailFacts,
  desks: Awaited<ReturnType<typeof desksOf>>,
  moment: Moment,
): Promise<MailContent | undefined> {
  const telling = claim.kind === 'digest' || claim.kind === 'escalation' || claim.kind === 'hour_reminder';
  // None of its notices is true any more, not even of one that may have been sent.
  if (telling && !facts.notices.has(claim.id)) return undefined;
  // What may already be in the mailbox is repeated byte by byte, never worded anew.
  const stored = storedContent(claim);
  if (stored) return stored;
  if (claim.run_on === null) return transactionalMail(db, claim, moment, appUrl);
  if (!telling) return morningMail(db, claim, facts, desks, { moment, appUrl });
  const desk = claim.kind === 'digest' ? desks.get(claim.person_id) : undefined;
  return noticeMail(claim, facts, { moment, appUrl }, desk && deskProps(desk, appUrl));
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
  { replyTo, record }: Sending,
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
  await record({ claim, outcome, claimedAt: moment.at });
  return outcome.kind;
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

function outgoing(
  delivery: Delivery,
  { claim, name, mail, headers }: Addressed,
  replyTo: string | undefined,
): OutgoingMail {
  return {
    message_id: mail.message_id,
    date: claim.created_at,
    from: `"${FROM_NAME}" <${delivery.mailFrom}>`,
    // People answer with the document attached: a human reads that mailbox.
    ...(replyTo === undefined ? {} : { reply_to: replyTo }),
    to: { name, address: mail.to_address },
    envelope_from: `b+${mailFolio(claim).toLowerCase()}@${domainOf(delivery.mailFrom)}`,
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, DR, RN, NRN, AutoReply',
      'Content-Language': 'es-MX',
      'X-Convenio-Aviso': mailFolio(claim),
      ...headers,
    },
  };
}

/**
 * The headers of a mail's stream. Only the weekly mail can be stopped with one click (RFC 8058): on a notice one stray
 * click in a shared mailbox would silence a duty.
 */
function headersOf(
  { mailFrom, appUrl }: Delivery,
  claim: ClaimedMessage,
  facts: MailFacts,
): Record<string, string> {
  const domain = domainOf(mailFrom);
  if (claim.kind === 'weekly') {
    return {
      'List-Id': `Resumen semanal del convenio <semanal.${domain}>`,
      'List-Unsubscribe': `<${stopUrl(appUrl, facts.people.get(claim.person_id)?.weekly_token ?? '')}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    };
  }
  if (claim.run_on === null) return {};
  return {
    'List-Id': `Avisos del convenio <avisos.${domain}>`,
    'List-Help': `<${appUrl}/por-que-recibo-esto>`,
    ...(claim.kind === 'escalation' && !/^\+1h?$/.test(claim.rung ?? '') ? { Importance: 'high' } : {}),
  };
}
