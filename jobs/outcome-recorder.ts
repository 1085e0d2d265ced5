// What the mail server's answer means for a message, and its writing into the outbox, several at a time.
import { instantPlusMinutes } from '../app/domain/moment.ts';
import { closeAttempts, type ClaimedMessage, type Closing } from '../db/messages.ts';
import type { SendOutcome } from '../emails/mailer.ts';
import type { Delivery } from './delivery.ts';

const RETRY_MINUTES = [1, 5, 15, 30, 60];
/** A server that took the message but not the time to answer gets it again only after this. */
const UNCERTAIN_MINUTES = 15;
/** After this many attempts a code nobody received is no use: a new one is a click away. */
const LOGIN_CODE_ATTEMPTS = 3;

export interface Attempt {
  claim: ClaimedMessage;
  outcome: SendOutcome;
  /** Instant at which the message was claimed; a next attempt is counted from it. */
  claimedAt: string;
}

/**
 * Returns the function that writes how an attempt ended; its promise settles with the writing. What ends while one
 * statement is under way goes together into the next: an answer waits for no timer and no batch to be full.
 */
export function outcomeRecorder({
  db,
  clock,
  scrubSecrets,
}: Delivery): (attempt: Attempt) => Promise<unknown> {
  let waiting: Attempt[] = [];
  let written: Promise<unknown> = Promise.resolve();
  async function write(): Promise<void> {
    const attempts = waiting;
    waiting = [];
    const { at } = await clock();
    const ended = attempts.map((attempt) => ({ claim: attempt.claim, closing: closingOf(attempt, at) }));
    await closeAttempts(db, ended, scrubSecrets);
  }
  return (attempt) => {
    // A failed statement is the failure of those it carried, not of the next.
    if (waiting.push(attempt) === 1) written = written.catch(() => undefined).then(write);
    return written;
  };
}

function closingOf({ claim, outcome, claimedAt }: Attempt, at: string): Closing {
  const { reply } = outcome;
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'accepted', reply, at };
    case 'failed':
      return { state: 'failed', reply, at };
    case 'paused':
      return { state: 'queued', reply, next_attempt_at: claimedAt };
    case 'uncertain':
    case 'retry': {
      if (claim.kind === 'login_code' && claim.attempts >= LOGIN_CODE_ATTEMPTS) {
        return { state: 'failed', reply, at };
      }
      const minutes =
        outcome.kind === 'uncertain'
          ? UNCERTAIN_MINUTES
          : RETRY_MINUTES[Math.min(claim.attempts, RETRY_MINUTES.length) - 1]!;
      return { state: outcome.kind, reply, next_attempt_at: instantPlusMinutes(claimedAt, minutes) };
    }
  }
}
