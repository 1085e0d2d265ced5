// The bell between the rooms: a committed row rings it, the worker listens and looks at the ledger.
import { sql } from 'kysely';
import type { Db } from './client.ts';

export const WAKE_CHANNEL = 'convenio_wake';

/** What a worker is asked to do: plan and send, or only send what is in the outbox. */
export type WakeName = 'pass' | 'deliver';

/** Wakes the worker when the surrounding transaction commits. */
export async function wakeWorker(db: Db, name: WakeName = 'deliver'): Promise<void> {
  await sql`select pg_notify(${WAKE_CHANNEL}, ${name})`.execute(db);
}
