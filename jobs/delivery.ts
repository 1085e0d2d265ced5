// Delivery: claims the mails that are due, reads the state once more, sends, and writes what the server said.
import { mailFolio } from '../app/domain/mail-folio.ts';
import type { Moment } from '../app/domain/moment.ts';
import { passToHolders } from '../db/area-mails.ts';
import { databaseIsAway } from '../db/away.ts';
import type { Db } from '../db/client.ts';
import { listMailSubjects } from '../db/mail-subjects.ts';
import { loadHandovers, type Handover } from '../db/handovers.ts';
import { directionMailbox } from '../db/installation.ts';
import { loadInvitations, type Invitation } from '../db/invitations.ts';
import { countWaiting, loadMailFacts, type MailFacts } from '../db/mail-facts.ts';
import {
  claimMessages,
  closeAttempt,
  storeContents,
  type ClaimedMessage,
  type Closing,
  type RenderedMail,
} from '../db/messages.ts';
import { pauseSender, quickenSender, resumeSender, slowSender, takeTurn } from '../db/sender.ts';
import { oweStuckMails } from '../db/stuck-mails.ts';
import { GONE_WORDS } from '../db/true-notices.ts';
import type { MailContent } from '../emails/layout.tsx';
import type { Mailer, SendOutcome } from '../emails/mailer.ts';
import type { OutgoingMail } from '../emails/mime.ts';
import { invitationContent } from './invitation-mail.ts';
import { holdLeases, type Leases } from './leases.ts';
import { noticeMail } from './mail-content.ts';
import { domainOf, headersOf } from './mail-headers.ts';
import type { SenderMark } from './sender-mark.ts';
import { deskProps, desksOf, morningMail } from './morning-mail.ts';
import { outcomeRecorder, type OutcomeRecorder } from './outcome-recorder.ts';
import { stuckMail } from './stuck-mail.ts';
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
  /** Tells a restored database; without it none is told. */
  mark?: SenderMark;
  /** Whether nothing more is to be begun: what is under way ends, the rest stays in the outbox. */
  stopping?: () => boolean;
}

const BATCH = 100;
/** Batches under way at once: while one waits for the mail server or the database, the other renders. */
const LANES = 2;
/** Notices of mails that are composed at once: what a mail says takes memory for as long as it is under way. */
const PORTION = 2000;

const FROM_NAME = 'Seguimiento Convenio INE–IEM';

/**
 * Sends everything that is due until nothing is left or the sender is paused. Returns the ids of the messages the
 * server accepted. Safe to run in any number of processes at once.
 */
export async function deliverDue(delivery: Delivery): Promise<number[]> {
  if (await delivery.mark?.check(delivery.db)) {
    delivery.log(
      'La base de datos se restauró de una copia: el envío espera a que administración lo reanude.',
    );
  }
  let counted: Promise<Map<number, number>> | undefined;
  const sending: Sending = {
    replyTo: await directionMailbox(delivery.db),
    recorder: outcomeRecorder(delivery),
    waiting: (moment) => (counted ??= countWaiting(delivery.db, moment)),
  };
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
  for (let most = first; !delivery.stopping?.(); most = BATCH) {
    const moment = await delivery.clock();
    const turn = await takeTurn(delivery.db, moment, most);
    if (!turn) return accepted;
    // Each time, so that a failure of the batch before is told although thousands of mails come after it.
    await oweStuckMails(delivery.db, moment);
    const claims = await claimMessages(delivery.db, moment, turn);
    if (claims.length === 0) return accepted;
    await delivery.mark?.note(delivery.db, claims[0]!.sequence);
    const outcomes = await sendClaims(delivery, claims, sending, moment);
    for (const [id, { kind }] of outcomes) if (kind === 'accepted') accepted.push(id);
    const some = (test: (outcome: SendOutcome) => boolean) => [...outcomes.values()].some(test);
    if (some(({ kind }) => kind === 'accepted')) await resumeSender(delivery.db);
    if (some((outcome) => outcome.kind === 'retry' && outcome.slow_down === true)) {
      delivery.log('El servidor de correo pide menos correos; el envío sigue más despacio.');
      await slowSender(delivery.db, turn.pace);
      return accepted;
    }
    if (turn.pace !== null && !turn.only_codes) await quickenSender(delivery.db, turn.pace);
    if (some(({ kind }) => kind === 'paused')) return accepted;
  }
  return accepted;
}

/** Renders and sends what was claimed; what became of each message that was not closed unsent. */
async function sendClaims(
  delivery: Delivery,
  claims: ClaimedMessage[],
  sending: Sending,
  moment: Moment,
): Promise<Map<number, SendOutcome>> {
  const leases = holdLeases(delivery.db, claims);
  try {
    const passed = await passToHolders(delivery.db, claims, moment);
    const outcomes = new Map<number, SendOutcome>();
    for (const portion of portionsOf(passed)) {
      const mails = await renderClaims(delivery, portion, sending, moment);
      await Promise.all(
        mails.map(async (mail) => {
          outcomes.set(mail.claim.id, await sendOne(delivery, mail, sending, leases, moment));
        }),
      );
    }
    return outcomes;
  } finally {
    leases.release();
  }
}

/** The claims in their order, so many together that their notices are no more than a portion; one at least. */
function portionsOf(claims: ClaimedMessage[]): ClaimedMessage[][] {
  const portions: ClaimedMessage[][] = [];
  let notices = Infinity;
  for (const claim of claims) {
    notices += claim.notices;
    if (notices > PORTION) {
      portions.push([]);
      notices = claim.notices;
    }
    portions.at(-1)!.push(claim);
  }
  return portions;
}

/** What all mails of one delivery share. */
interface Sending {
  replyTo: string | undefined;
  recorder: OutcomeRecorder;
  /** How many deadlines wait for an event, by person; counted once, when the first notices are told. */
  waiting(moment: Moment): Promise<Map<number, number>>;
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
  sending: Sending,
  moment: Moment,
): Promise<Addressed[]> {
  const { db } = delivery;
  const facts = await loadMailFacts(db, moment, claims);
  const waiting = facts.notices.size > 0 ? await sending.waiting(moment) : new Map<number, number>();
  const desks = await desksOf(db, moment, claims);
  const handovers = await loadHandovers(db, moment, claims);
  const invitations = await loadInvitations(db, moment, claims);
  const subjects = await listMailSubjects(
    db,
    claims.map(({ id }) => id),
  );
  const addressed: Addressed[] = [];
  for (const claim of claims) {
    const person = facts.people.get(claim.person_id);
    if (!person) throw new Error(`Message ${claim.id} is for nobody`);
    const cancel = (reason: string) =>
      closeAttempt(db, claim, { state: 'cancelled', reason, at: moment.at }, delivery.scrubSecrets);
    // Whoever takes a post tomorrow may log in today, and a code is for whoever types the address in this moment, which
    // may take mail again; everything else is for people in office who can be written to.
    if (person.gone === 'disabled' || (person.gone !== null && claim.kind !== 'login_code')) {
      await cancel(GONE_WORDS[person.gone]);
      continue;
    }
    const invitation = invitations.get(claim.id);
    if (invitation && 'ended' in invitation) {
      await cancel(invitation.ended);
      continue;
    }
    try {
      const known = { facts, desks, waiting, invitation, handovers: handovers.get(claim.id) };
      const content = await compose(delivery, claim, known, moment);
      if (content) {
        const mail: RenderedMail = {
          id: claim.id,
          lease_token: claim.lease_token,
          ...content,
          html: Buffer.from(content.html),
          to_address: claim.may_have_been_sent ? (claim.to_address ?? person.email) : person.email,
          message_id: `<${mailFolio(claim).toLowerCase()}.${claim.kind.replace('_', '-')}@${domainOf(delivery.mailFrom)}>`,
          headers:
            (claim.may_have_been_sent && claim.headers) || headersOf(delivery, claim, facts, subjects, desks),
        };
        addressed.push({ claim, name: person.name, mail });
      } else {
        await cancel('sin contenido');
      }
    } catch (error) {
      // Nothing is wrong with this mail: it goes out when its lease has ended.
      if (databaseIsAway(error)) throw error;
      // One mail that cannot be rendered must not keep the others from leaving; the ledger shows it as failed.
      const reason = error instanceof Error ? error.message : String(error);
      delivery.log(`El correo ${mailFolio(claim)} no se pudo componer: ${reason}`);
      const closing: Closing = {
        state: 'failed',
        fault: 'composition',
        reply: `no se pudo componer: ${reason}`,
        at: moment.at,
      };
      await closeAttempt(db, claim, closing, delivery.scrubSecrets);
    }
  }
  const held = await storeContents(
    db,
    addressed.map(({ mail }) => mail),
  );
  return addressed.filter(({ claim }) => held.has(claim.id));
}

/** What was read for a mail before it is composed. */
interface Known {
  facts: MailFacts;
  desks: Awaited<ReturnType<typeof desksOf>>;
  waiting: Map<number, number>;
  /** What it invites to, when it does. */
  invitation: Invitation | undefined;
  /** The posts it hands over, when it does. */
  handovers: Handover[] | undefined;
}

/** What the mail says, or undefined when it has nothing left to say. */
async function compose(
  { db, appUrl, mailFrom }: Delivery,
  claim: ClaimedMessage,
  { facts, desks, invitation, handovers, waiting }: Known,
  moment: Moment,
): Promise<MailContent | undefined> {
  const telling = claim.kind === 'digest' || claim.kind === 'escalation' || claim.kind === 'hour_reminder';
  // None of its notices is true any more, not even of one that may have been sent; what it hands over still is.
  if (telling && !facts.notices.has(claim.id) && (!handovers || claim.may_have_been_sent)) return undefined;
  // What may already be in the mailbox is repeated byte by byte, never worded anew.
  const stored = storedContent(claim);
  if (stored) return stored;
  if (claim.kind === 'stuck_mails') return stuckMail(db, claim, { moment, appUrl });
  if (invitation) {
    const organizer = { name: FROM_NAME, address: mailFrom };
    return invitationContent(claim, invitation, facts, organizer, { moment, appUrl });
  }
  if (claim.run_on === null) return transactionalMail(db, claim, moment, appUrl);
  if (!telling && claim.kind !== 'handover') return morningMail(db, claim, facts, desks, { moment, appUrl });
  const desk = claim.kind === 'digest' ? desks.get(claim.person_id) : undefined;
  const besides = {
    desk: desk && deskProps(desk, appUrl),
    waiting: waiting.get(claim.person_id) ?? 0,
    handovers,
  };
  return noticeMail(claim, facts, { moment, appUrl }, besides);
}

function storedContent(claim: ClaimedMessage): MailContent | undefined {
  const { subject, html, text, calendar, may_have_been_sent } = claim;
  return may_have_been_sent && subject !== null && html !== null && text !== null
    ? { subject, html, text, ...(calendar !== null && { calendar }) }
    : undefined;
}

async function sendOne(
  delivery: Delivery,
  addressed: Addressed,
  { replyTo, recorder }: Sending,
  leases: Leases,
  moment: Moment,
): Promise<SendOutcome> {
  const { claim } = addressed;
  const stillWanted = () => leases.held() && !recorder.stuck() && !delivery.stopping?.();
  const outcome = await delivery.mailer.send(outgoing(delivery, addressed, replyTo), stillWanted);
  if (outcome.kind === 'paused') {
    await pauseSender(delivery.db, outcome.reply);
    delivery.log(
      `El servidor de correo rechazó el acceso; el envío se detiene unos minutos: ${outcome.reply}`,
    );
  }
  await recorder.record({ claim, outcome, claimedAt: moment.at });
  return outcome;
}

function outgoing(
  delivery: Delivery,
  { claim, name, mail }: Addressed,
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
    calendar: mail.calendar,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, DR, RN, NRN, AutoReply',
      'Content-Language': 'es-MX',
      'X-Convenio-Aviso': mailFolio(claim),
      ...mail.headers,
    },
  };
}
