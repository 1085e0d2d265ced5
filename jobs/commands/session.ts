// One command's work on the database: opened for it, closed after it, nothing left running.
import { openDatabase, type OpenDatabase } from '../../db/database.ts';
import { prepareDemo } from '../demo.ts';
import type { CommandInput } from './command.ts';

/** Runs `work` on the installation's database; an empty demo is filled first unless `asIs`. */
export async function withDatabase<Result>(
  { environment, log }: CommandInput,
  work: (database: OpenDatabase) => Promise<Result>,
  { asIs = false } = {},
): Promise<Result> {
  const database = await openDatabase({ ...environment, log });
  try {
    if (database.kind === 'demo' && !asIs) await prepareDemo(database.db, log);
    return await work(database);
  } finally {
    await database.close();
  }
}
