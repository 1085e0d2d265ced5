// Transactions, and what PostgreSQL ends in favour of another one: done again, in one place for the whole program.
import type { Db } from './client.ts';

/** deadlock_detected and serialization_failure: nothing was kept, and the same again finds its way (PostgreSQL §13.5). */
const YIELDED = new Set(['40P01', '40001']);
const TRIES = 6;
/** Milliseconds within which the next try begins: of two that met once, one goes first. */
const SPREAD_MS = 60;

/**
 * Does `work` in one transaction, all or nothing, and again from its beginning when PostgreSQL ended it so that another
 * could go on. So whatever `work` does outside the database must bear being done twice. Rejects as `work` does.
 */
export function inTransaction<Result>(db: Db, work: (trx: Db) => Promise<Result>): Promise<Result> {
  return yielding(() => db.transaction().execute(work));
}

/** Does one statement, or one transaction, again when PostgreSQL ended it so that another could go on. */
export async function yielding<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (tries === TRIES || typeof code !== 'string' || !YIELDED.has(code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * SPREAD_MS * tries));
    }
  }
}
