// Deadlines of the demo's catalogue that tests look for by what they are, and how one stands at a moment.
import type { Moment } from '../../app/domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { findDeadline } from '../../db/deadlines.ts';
import type { AreaRole } from '../../db/schema.ts';

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

/** What the catalogue has an area answer for and nobody has reported, the oldest date first; those without one last. */
export async function listUnreported(db: Db, area: string, roles: AreaRole[] = ['responsible']) {
  return db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .innerJoin('obligation_area as oa', 'oa.obligation_id', 'o.id')
    .innerJoin('area', 'area.id', 'oa.area_id')
    .leftJoin('submission', 'submission.deadline_id', 'd.id')
    .where('area.key', '=', area)
    .where('oa.role', 'in', roles)
    .where('submission.id', 'is', null)
    .select(['d.id', 'd.obligation_id', 'o.obligor', 'v.due_on', 'v.due_time'])
    .orderBy('v.due_on')
    .orderBy('d.id')
    .execute();
}
