// The one clock of the program: the database's, plus an offset that only a demo installation may have.
import { sql } from 'kysely';
import { momentOf, type Moment } from '../app/domain/moment.ts';
import { isoInstant, type Db } from './client.ts';
import { wakeWorker } from './wake.ts';

/** The present of this installation. */
export async function now(db: Db): Promise<Moment> {
  const { rows } = await sql<{ at: string }>`select app_now()::text as at`.execute(db);
  return momentOf(isoInstant(rows[0]!.at), true);
}

/**
 * Moves a demo's clock so that it reads `instant` (ISO) and runs on from there. Going back is refused: facts
 * would be recorded before others that already exist. Throws for a production installation.
 */
export async function setDemoClock(db: Db, instant: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('installation')
    .set({ clock_offset: sql<string>`${instant}::timestamptz - clock_timestamp()` })
    .where('kind', '=', 'demo')
    .where(sql<boolean>`${instant}::timestamptz >= app_now() or clock_offset = interval '0'`)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw new Error('Only a demo clock can be set, and only forward.');
  await wakeWorker(db, 'pass');
}
