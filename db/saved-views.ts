// The views of the calendar that a person keeps under a name: an address without its host, theirs alone.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { inTransaction } from './transaction.ts';

/** So many fit above the calendar. */
export const MOST_VIEWS = 20;

export type ViewOutcome = 'saved' | 'not_found' | 'name_taken' | 'too_many';

interface Whose {
  person_id: number;
  moment: Moment;
}

/** A person's views by name. */
export async function listSavedViews(db: Db, personId: number) {
  return db
    .selectFrom('saved_view')
    .where('person_id', '=', personId)
    .select(['id', 'name', 'query'])
    .orderBy(sql`lower(name)`)
    .execute();
}

/** Keeps a view; nothing is saved when the person has one of that name (in any case) or as many as there may be. */
export async function saveView(
  db: Db,
  { name, query }: { name: string; query: string },
  whose: Whose,
): Promise<ViewOutcome> {
  return inTransaction(db, async (trx) => {
    const others = await lockViews(trx, whose);
    if (others.some((view) => isSame(view.name, name))) return 'name_taken';
    if (others.length >= MOST_VIEWS) return 'too_many';
    await trx
      .insertInto('saved_view')
      .values({ person_id: whose.person_id, name, query, saved_at: whose.moment.at })
      .execute();
    await audit(trx, whose, 'guardó una vista', { name, query });
    return 'saved';
  });
}

/** Gives a view another name. */
export async function renameView(
  db: Db,
  { id, name }: { id: number; name: string },
  whose: Whose,
): Promise<ViewOutcome> {
  return inTransaction(db, async (trx) => {
    const views = await lockViews(trx, whose);
    const view = views.find((candidate) => candidate.id === id);
    if (!view) return 'not_found';
    if (views.some((other) => other !== view && isSame(other.name, name))) return 'name_taken';
    await trx.updateTable('saved_view').set({ name }).where('id', '=', id).execute();
    await audit(trx, whose, 'cambió el nombre de una vista', { from: view.name, to: name });
    return 'saved';
  });
}

/** Forgets a view; one that is not there, or not theirs, is not found. */
export async function deleteView(db: Db, id: number, whose: Whose): Promise<ViewOutcome> {
  return inTransaction(db, async (trx) => {
    const view = (await lockViews(trx, whose)).find((candidate) => candidate.id === id);
    if (!view) return 'not_found';
    await trx.deleteFrom('saved_view').where('id', '=', id).execute();
    await audit(trx, whose, 'borró una vista', { name: view.name, query: view.query });
    return 'saved';
  });
}

/** A person's views, which nobody changes until the transaction ends: two tabs may save at once. */
async function lockViews(trx: Db, { person_id }: Whose) {
  await trx
    .selectFrom('person')
    .where('id', '=', person_id)
    .select('id')
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  return listSavedViews(trx, person_id);
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

const audit = (trx: Db, { person_id, moment }: Whose, verb: string, detail: Record<string, unknown>) =>
  recordAudit(trx, {
    at: moment.at,
    actor: `persona ${person_id}`,
    verb,
    subject: `persona ${person_id}`,
    detail,
  });
