// Deadlines of the demo's catalogue that tests look for by what they are, and how one stands at a moment.
import type { Moment } from '../../app/domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { findDeadline } from '../../db/deadlines.ts';

/** The id of the only deadline of an obligation. */
export async function deadlineOf(db: Db, ref: string): Promise<number> {
  const { id } = await db
    .selectFrom('deadline')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .where('obligation.ref', '=', ref)
    .select('deadline.id')
    .executeTakeFirstOrThrow();
  return id;
}

/** State, date and version of a deadline as known at a moment. */
export async function standing(db: Db, moment: Moment, id: number) {
  const row = await findDeadline(db, moment, id);
  return row && { status: row.status, due_on: row.due_on, due_time: row.due_time, version: row.version };
}

/** The id of a person of the example office. */
export async function personId(db: Db, email: string): Promise<number> {
  const { id } = await db
    .selectFrom('person')
    .where('email', '=', email)
    .select('id')
    .executeTakeFirstOrThrow();
  return id;
}
