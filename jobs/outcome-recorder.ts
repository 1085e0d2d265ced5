// What the mail server's answer means for a message, and its writing into the outbox, several at a time.
import { instantPlusMinutes, type Moment } from '../app/domain/moment.ts';
import { suspendAddress } from '../db/bounces.ts';
import type { Db } from '../db/client.ts';
import { noteMailboxRefusal } from '../db/mailbox-refusals.ts';
import { closeAttempts, type ClaimedMessage, type Closing } from '../db/messages.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SendOutcome } from '../emails/mailer.ts';
import type { Delivery } from './delivery.ts';

/** How often, and with how many milliseconds in between, a writing is tried while the database is away. */
const TRIES = 120;
const PAUSE_MS = 500;
/** A writing that takes so many milliseconds may never come back. */
const PATIENCE_MS = 5_000;

const RETRY_MINUTES = [1, 5, 15, 30, 60];
/** A server that took the message but not the time to answer gets it again only after this. */
const UNCERTAIN_MINUTES = 15;
/**
 * After this many attempts a code nobody received is no use: a new one is a click away. One that may have been received
 * is not repeated at all.
 */
const LOGIN_CODE_ATTEMPTS = 3;

export interface Attempt {
  claim: ClaimedMessage;
  outcome: SendOutcome;
  /** Instant at which the message was claimed; a next attempt is counted from it. */
  claimedAt: string;
}

export interface OutcomeRecorder {
  /** Writes how an attempt ended; settles with the writing. */
  record(attempt: Attempt): Promise<unknown>;
  /** Whether the database does not take what ended: nothing more should be sent that could not be noted. */
  stuck(): boolean;
}

/**
 * What ends while one statement is under way goes together into the next: an answer waits for no timer and no batch to
 * be full. While the database is away the writing is tried again, for what left must not leave twice.
 */
export function outcomeRecorder({ db, clock, scrubSecrets }: Delivery): OutcomeRecorder {
  let failing = false;
  let writingSince: number | undefined;
  let waiting: Attempt[] = [];
  let written: Promise<unknown> = Promise.resolve();
  async function write(): Promise<void> {
    const attempts = waiting;
    waiting = [];
    for (let tries = 1; ; tries += 1) {
      writingSince = performance.now();
      try {
        await close(db, attempts, await clock(), scrubSecrets);
        failing = false;
        return;
      } catch (error) {
        if (tries === TRIES) throw error;
        failing = true;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      } finally {
        writingSince = undefined;
      }
    }
  }
  return {
    record: (attempt) => {
      // A failed statement is the failure of those it carried, not of the next.
      if (waiting.push(attempt) === 1) written = written.catch(() => undefined).then(write);
      return written;
    },
    stuck: () => failing || (writingSince !== undefined && performance.now() - writingSince > PATIENCE_MS),
  };
}

/** Writes how attempts ended, and with it suspends the addresses that the server refused for good. */
async function close(db: Db, attempts: Attempt[], moment: Moment, scrubSecrets: boolean): Promise<void> {
  const closeAll = (of: Db, ended: Attempt[]) =>
    closeAttempts(
      of,
      ended.map((attempt) => ({ claim: attempt.claim, closing: closingOf(attempt, moment.at) })),
      scrubSecrets,
    );
  if (!attempts.some(({ outcome }) => isAboutAddress(outcome))) {
    await closeAll(db, attempts);
    return;
  }
  await inTransaction(db, async (trx) => {
    // First what else there is: a mailbox that took one of these is refused no more.
    await closeAll(
      trx,
      attempts.filter(({ outcome }) => !isAboutAddress(outcome)),
    );
    const judged: Attempt[] = [];
    for (const attempt of attempts)
      if (isAboutAddress(attempt.outcome)) judged.push(await judgeMailbox(trx, attempt, moment));
    const closed = await closeAll(trx, judged);
    for (const { claim, outcome } of judged) {
      if (closed.has(claim.id) && outcome.kind === 'failed')
        await suspendAddress(trx, claim.id, outcome.reply, moment);
    }
  });
}

/** Whether it tells something about where the mail went, for good or for now. */
function isAboutAddress(outcome: SendOutcome): boolean {
  return outcome.kind === 'retry'
    ? outcome.mailbox !== undefined
    : outcome.kind === 'failed' && outcome.bad_address;
}

/** The attempt, failed for its address when the mailbox was unknown for so long that it will be tomorrow. */
async function judgeMailbox(trx: Db, attempt: Attempt, moment: Moment): Promise<Attempt> {
  const { claim, outcome } = attempt;
  if (outcome.kind !== 'retry' || outcome.mailbox === undefined) return attempt;
  const lasts = await noteMailboxRefusal(trx, claim, outcome.mailbox, moment);
  if (!lasts || outcome.mailbox !== 'unknown') return attempt;
  return { ...attempt, outcome: { kind: 'failed', reply: outcome.reply, bad_address: true } };
}

function closingOf({ claim, outcome, claimedAt }: Attempt, at: string): Closing {
  const { reply } = outcome;
  // What an earlier attempt may have brought there stays in doubt, whatever became of this one.
  const unsent = <State extends string>(state: State) => (claim.may_have_been_sent ? 'uncertain' : state);
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'accepted', reply, at };
    case 'failed':
      return { state: 'failed', fault: outcome.bad_address ? 'address' : 'refusal', reply, at };
    case 'paused':
    case 'held':
      return { state: unsent('queued'), reply, next_attempt_at: claimedAt };
    case 'uncertain':
    case 'retry': {
      if (
        claim.kind === 'login_code' &&
        (outcome.kind === 'uncertain' || claim.attempts >= LOGIN_CODE_ATTEMPTS)
      ) {
        return { state: 'failed', reply, at };
      }
      return {
        state: unsent(outcome.kind),
        doubted: outcome.kind === 'uncertain',
        reply,
        next_attempt_at: instantPlusMinutes(claimedAt, minutesUntilNext(outcome, claim.attempts)),
      };
    }
  }
}

function minutesUntilNext(outcome: SendOutcome, attempts: number): number {
  if (outcome.kind === 'uncertain') return UNCERTAIN_MINUTES;
  // The pace of the sender is what waits.
  if (outcome.kind === 'retry' && outcome.slow_down) return RETRY_MINUTES[0]!;
  return RETRY_MINUTES[Math.min(attempts, RETRY_MINUTES.length) - 1]!;
}
