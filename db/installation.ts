// What kind of installation this database is, and how its sending is.
import type { Db } from './client.ts';

export interface Installation {
  kind: 'demo' | 'production';
  /** Why the last attempt to send was refused as a whole; null when sending works. */
  sender_paused_reason: string | null;
  /** Since when, by the installation's clock. */
  sender_paused_since: string | null;
  /** Since when, after a restore, nothing but log-in codes is sent; null when nothing is held. */
  sender_held_since: string | null;
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
    .select(['kind', 'sender_paused_reason', 'sender_paused_since', 'sender_held_since'])
    .executeTakeFirstOrThrow();
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
