// Whether mail may be sent right now, and how much of it: pauses, the pace the mail server bears, the hold after a restore.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';

/** Minutes without sending after the mail server refused our credentials, so that it does not lock the account. */
const PAUSE_MINUTES = 5;
/** Mails a minute after the server first asked for fewer; doubled while it takes them, halved when it complains. */
const FIRST_PACE = 20;
/** A pace that the server bears at this point is none any more. */
const LARGEST_PACE = 500;

export interface Turn {
  /** The most messages that may be claimed now. */
  limit: number;
  /** Only log-in codes: people wait for them, and without one nobody could end a hold. */
  only_codes: boolean;
  /** Mails a minute, when the server asked for fewer: what has the nearest deadline goes first. */
  pace: number | null;
}

/**
 * What a sender may take from the outbox now, at most `most` messages at full speed; undefined while nothing would pass.
 * Of all senders that ask while there is a pace, one a minute gets the minute's mails.
 */
export async function takeTurn(db: Db, moment: Moment, most: number): Promise<Turn | undefined> {
  const { paused, held, pace } = await db
    .selectFrom('installation')
    .select([
      sql<boolean>`coalesce(sender_paused_until > clock_timestamp(), false)`.as('paused'),
      sql<boolean>`sender_held_since is not null`.as('held'),
      'sender_pace as pace',
    ])
    .executeTakeFirstOrThrow();
  if (paused) return undefined;
  if (held) return { limit: most, only_codes: true, pace };
  if (pace === null) return { limit: most, only_codes: false, pace };
  const { rows } = await sql<{ sender_pace: number }>`
    update installation set sender_rests_until = clock_timestamp() + interval '1 minute'
    where sender_pace is not null and coalesce(sender_rests_until <= clock_timestamp(), true)
      and exists (
        select from message where state in ('queued', 'sending', 'retry', 'uncertain') and kind <> 'login_code'
          and next_attempt_at <= ${moment.at} and (state <> 'sending' or lease_until < clock_timestamp())
      )
    returning sender_pace`.execute(db);
  const own = rows[0]?.sender_pace;
  return own === undefined
    ? { limit: most, only_codes: true, pace }
    : { limit: own, only_codes: false, pace: own };
}

/**
 * Slows all senders down after the server asked for fewer mails, and lets them rest for a minute. `from` is the pace
 * of the turn in which it did: of several complaints about one minute the first counts.
 */
export async function slowSender(db: Db, from: number | null): Promise<void> {
  const pace = from === null ? FIRST_PACE : Math.max(1, Math.floor(from / 2));
  await sql`
    update installation set sender_pace = ${pace}, sender_rests_until = clock_timestamp() + interval '1 minute'
    where sender_pace is not distinct from ${from}::integer`.execute(db);
}

/** Twice as many a minute after a turn without complaint, and at last full speed again. */
export async function quickenSender(db: Db, from: number): Promise<void> {
  const pace = from * 2 >= LARGEST_PACE ? null : from * 2;
  await sql`update installation set sender_pace = ${pace}::integer where sender_pace = ${from}`.execute(db);
}

/** Stops all sending for some minutes: credentials that are refused are no message's fault. */
export async function pauseSender(db: Db, reason: string): Promise<void> {
  await db
    .updateTable('installation')
    .set({
      sender_paused_reason: reason,
      sender_paused_since: sql<string>`coalesce(sender_paused_since, app_now())`,
      sender_paused_until: sql<string>`clock_timestamp() + ${PAUSE_MINUTES} * interval '1 minute'`,
    })
    .execute();
}

/** Forgets an earlier pause: the server accepted a mail. */
export async function resumeSender(db: Db): Promise<void> {
  await db
    .updateTable('installation')
    .set({ sender_paused_reason: null, sender_paused_until: null, sender_paused_since: null })
    .where('sender_paused_reason', 'is not', null)
    .execute();
}
