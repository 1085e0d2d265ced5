// What kind of installation this database is, and whether it may send mail right now.
import { sql } from 'kysely';
import type { Db } from './client.ts';

/** Minutes without sending after the mail server refused our credentials, so that it does not lock the account. */
const PAUSE_MINUTES = 5;

export interface Installation {
  kind: 'demo' | 'production';
  /** Why the last attempt to send was refused as a whole; null when sending works. */
  sender_paused_reason: string | null;
  /** Since when, by the installation's clock. */
  sender_paused_since: string | null;
  /** True while nothing must be sent. */
  sender_paused: boolean;
}

/** Writes the installation's kind the first time a database is opened; later calls change nothing. */
export async function ensureInstallation(db: Db, kind: Installation['kind']): Promise<Installation> {
  await db
    .insertInto('installation')
    .values({ kind })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return getInstallation(db);
}

/** The installation's row; throws when the database was never opened by `ensureInstallation`. */
export function getInstallation(db: Db): Promise<Installation> {
  return db
    .selectFrom('installation')
    .select([
      'kind',
      'sender_paused_reason',
      'sender_paused_since',
      sql<boolean>`coalesce(sender_paused_until > clock_timestamp(), false)`.as('sender_paused'),
    ])
    .executeTakeFirstOrThrow();
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

/** The mailbox of the Dirección, where answers to our mails are read; undefined before a process is published. */
export async function directionMailbox(db: Db): Promise<string | undefined> {
  const area = await db
    .selectFrom('process')
    .innerJoin('area', 'area.id', 'process.direction_area_id')
    .where('process.published_at', 'is not', null)
    .select('area.email')
    .orderBy('process.id')
    .executeTakeFirst();
  return area?.email;
}
