// Whether mail may be sent right now, and how much of it: pauses, the pace the mail server bears, the hold after a restore.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

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

/** Names the cluster and the database: a backup read into another one carries its rows along, not these. */
const PLACE = sql<string>`(select concat(system_identifier, '/', oid)
  from pg_control_system(), pg_database where datname = current_database())`;

/** Where the outbox stands: which installation it is, how often mails were taken, where it lies and where it last sent. */
export async function readSenderPlace(db: Db) {
  return db
    .selectFrom('installation')
    .select(['identity', 'sender_claims as claims', PLACE.as('place'), 'sender_place as sent_from'])
    .executeTakeFirstOrThrow();
}

/** Notes that mails are sent from where the database lies now. */
export async function settleSender(db: Db): Promise<void> {
  await db.updateTable('installation').set({ sender_place: PLACE }).execute();
}

/**
 * Holds everything but log-in codes, because this database does not know of mails that have left: it was restored from
 * a copy. `claims` is how often mails had been taken by then. Said again it changes nothing.
 */
export async function holdSender(db: Db, claims: number): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { rows } = await sql<{ fresh: boolean; at: string }>`
      update installation i set sender_claims = greatest(i.sender_claims, ${claims}), sender_place = ${PLACE},
        sender_held_since = coalesce(i.sender_held_since, app_now())
      from (select sender_held_since is null as fresh from installation for update) before
      returning before.fresh, i.sender_held_since as at`.execute(trx);
    const { fresh, at } = rows[0]!;
    if (!fresh) return;
    await recordAudit(trx, {
      at,
      actor: 'sistema',
      verb: 'detuvo el envío de correos',
      subject: 'instalación',
      detail: { motivo: 'la base de datos se restauró de una copia' },
    });
  });
}

/**
 * Ends a hold as an administrator decided: what is owed is sent, or taken as sent before the restore and cancelled with
 * its notices. Returns how many mails were cancelled; undefined when nothing was held.
 */
export async function releaseSender(
  db: Db,
  { person_id, discard }: { person_id: number; discard: boolean },
  moment: Moment,
): Promise<number | undefined> {
  return inTransaction(db, async (trx) => {
    const released = await trx
      .updateTable('installation')
      .set({ sender_held_since: null })
      .where('sender_held_since', 'is not', null)
      .executeTakeFirst();
    if (released.numUpdatedRows === 0n) return undefined;
    const { rows } = await sql<{ id: number }>`
      update message set state = 'cancelled', closed_at = ${moment.at}, reason = ${TAKEN_AS_SENT},
        lease_token = null, lease_until = null
      where ${discard} and state in ('queued', 'sending', 'retry', 'uncertain') and kind <> 'login_code'
      returning id`.execute(trx);
    const ids = rows.map(({ id }) => id);
    await sql`update notice set state = 'cancelled', closed_at = ${moment.at}, reason = ${TAKEN_AS_SENT}
      where message_id = any (${ids}) and state = 'planned'`.execute(trx);
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: 'reanudó el envío de correos',
      subject: 'instalación',
      detail: { descartados: ids.length },
    });
    await wakeWorker(trx);
    return ids.length;
  });
}

export const TAKEN_AS_SENT = 'se dio por enviado antes de restaurar la base de datos';
