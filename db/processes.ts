// The electoral processes of an installation: which there are, and how one is published or discarded.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { queueAssignments } from './assignments.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { recomputeDeadlines } from './deadline-schedule.ts';
import { listAreaGaps } from './process-review.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

/** Who acts: a person of the screens, or the command line. */
export interface Author {
  /** As the audit trail names it: `persona 12`. */
  actor: string;
  person_id: number | null;
}

/** Every process that was not discarded, the newest first, with what it holds. */
export async function listProcesses(db: Db) {
  return db
    .selectFrom('process')
    .leftJoin('process as source', 'source.id', 'process.source_process_id')
    .where('process.discarded_at', 'is', null)
    .select([
      'process.id',
      'process.key',
      'process.name',
      'process.published_at',
      'source.name as source_name',
      sql<number>`(select count(*) from instrument where process_id = process.id)`.as('instruments'),
      sql<number>`(select count(*) from obligation where process_id = process.id)`.as('obligations'),
    ])
    .orderBy(sql`process.published_at desc nulls first`)
    .orderBy('process.id', 'desc')
    .execute();
}

export type ProcessRow = NonNullable<Awaited<ReturnType<typeof findProcess>>>;

/** One process by its key, published or not; undefined when there is none or it was discarded. */
export async function findProcess(db: Db, key: string) {
  return db
    .selectFrom('process')
    .leftJoin('process as source', 'source.id', 'process.source_process_id')
    .where('process.key', '=', key)
    .where('process.discarded_at', 'is', null)
    .select([
      'process.id',
      'process.key',
      'process.name',
      'process.direction_area_id',
      'process.published_at',
      'process.source_process_id',
      'source.key as source_key',
      'source.name as source_name',
    ])
    .executeTakeFirst();
}

/**
 * The published processes, in the order in which they are offered: those with something open first, among them the
 * newest publication first.
 */
export async function listPublishedProcesses(db: Db) {
  return db
    .selectFrom('process')
    .where('published_at', 'is not', null)
    .select(['id', 'key', 'name'])
    .orderBy(
      sql`exists (
        select from obligation o
        join deadline d on d.obligation_id = o.id
        join deadline_version v on v.deadline_id = d.id
        where o.process_id = process.id and v.superseded_at is null and v.settled_at is null) desc`,
    )
    .orderBy('published_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

export type Publication =
  | { kind: 'published'; deadlines: number }
  | { kind: 'already_published' }
  | { kind: 'empty' }
  /** Areas that answer for something and have nobody behind them, not even up the line. */
  | { kind: 'uncovered'; areas: string[] };

/**
 * Publishes a process: from this moment on its deadlines are known to areas and Commission, and its notices are
 * planned. What was computed while it was prepared was never in force, so a cut before this moment does not show it
 * and no rung from before it is owed.
 */
export async function publishProcess(
  db: Db,
  process: Pick<ProcessRow, 'id' | 'key' | 'direction_area_id'>,
  author: Author,
  moment: Moment,
): Promise<Publication> {
  const gaps = await listAreaGaps(db, process, moment.today);
  const uncovered = gaps.filter(({ covered_by }) => covered_by === null).map(({ name }) => name);
  if (uncovered.length > 0) return { kind: 'uncovered', areas: uncovered };
  return inTransaction(db, async (trx): Promise<Publication> => {
    const published = await trx
      .updateTable('process')
      .set({ published_at: moment.at })
      .where('id', '=', process.id)
      .where('published_at', 'is', null)
      .where('discarded_at', 'is', null)
      .where((eb) =>
        eb.exists(eb.selectFrom('obligation').where('process_id', '=', process.id).select('obligation.id')),
      )
      .returning('id')
      .executeTakeFirst();
    if (!published) {
      const { published_at } = await trx
        .selectFrom('process')
        .where('id', '=', process.id)
        .select('published_at')
        .executeTakeFirstOrThrow();
      return { kind: published_at === null ? 'empty' : 'already_published' };
    }
    const deadline_versions = await putInForce(trx, process.id, moment);
    await recordAudit(trx, {
      at: moment.at,
      actor: author.actor,
      verb: 'publicó',
      subject: `proceso ${process.key}`,
      detail: { deadline_versions },
    });
    await queueAssignments(trx, process, moment);
    await wakeWorker(trx, 'pass');
    return { kind: 'published', deadlines: deadline_versions };
  });
}

/** Makes the deadlines of a process that is being published known from the moment on; how many versions there are. */
export async function putInForce(trx: Db, processId: number, moment: Moment): Promise<number> {
  await recomputeDeadlines(trx, processId, moment);
  const { numAffectedRows = 0n } = await sql`
    update deadline_version v
    set known_from = ${moment.at}, superseded_at = case when v.superseded_at is not null then ${moment.at}::timestamptz end
    from deadline d
    join obligation o on o.id = d.obligation_id
    where d.id = v.deadline_id and o.process_id = ${processId}`.execute(trx);
  return Number(numAffectedRows);
}

/**
 * Discards a process that was not published; its key becomes free. False when it was published or discarded
 * meanwhile. Its rows stay, unreachable, so that the audit trail can be followed.
 */
export async function discardProcess(
  db: Db,
  process: Pick<ProcessRow, 'id' | 'key'>,
  author: Author,
  moment: Moment,
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const discarded = await trx
      .updateTable('process')
      .set({ discarded_at: moment.at, key: `${process.key}~${process.id}` })
      .where('id', '=', process.id)
      .where('published_at', 'is', null)
      .where('discarded_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!discarded) return false;
    await recordAudit(trx, {
      at: moment.at,
      actor: author.actor,
      verb: 'descartó',
      subject: `proceso ${process.key}`,
      detail: { id: process.id },
    });
    return true;
  });
}
