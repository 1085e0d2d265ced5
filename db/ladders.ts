// The ladders of notices, one per class and process, with their versions.
import { sql } from 'kysely';
import {
  LADDER_CLASSES,
  PRIORITIES,
  startingLadder,
  type Ladder,
  type LadderClass,
  type Rung,
} from '../app/domain/ladder.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import type { Obligor } from './schema.ts';
import { inTransaction } from './transaction.ts';

/** The SQL twin of `ladderClass` in app/domain/ladder.ts, over the aliases `v` and `o`. */
export const LADDER_CLASS = sql<LadderClass>`case
  when o.obligor = 'INE' then 'ine'
  when v.due_time is not null and (select rule.in_hours from deadline_rule rule where rule.id = v.rule_id) then 'hours'
  else o.priority end`;

/** Ladders that are the same word for word, with the processes and classes that climb them. */
export interface SharedLadder {
  versions: Ladder;
  climbers: { process_id: number; class: LadderClass }[];
}

/** The rungs of a version as a JSON array, the earliest first. */
const rungsOf = (ladder: string) => sql<Rung[]>`coalesce((
  select jsonb_agg(jsonb_build_object('key', key, 'amount', amount, 'unit', unit, 'kind', kind, 'audience', audience)
    order by offset_hours)
  from rung where ladder_id = ${sql.ref(`${ladder}.id`)}), '[]')`;

/** All ladders, of published processes or of one, each different one once. */
export async function loadLadders(db: Db, processId?: number): Promise<SharedLadder[]> {
  // Which ones are the same is found on their words: JSON is built only once for each different one.
  const { rows } = await sql<SharedLadder>`
    with worded as (
      select l.process_id, l.key as class, string_agg(concat(l.from_on, ' ', (
        select string_agg(concat(key, ' ', kind, ' ', audience), ', ' order by offset_hours) from rung where ladder_id = l.id
      )), '; ' order by l.version) as words
      from ladder l
      join process p on p.id = l.process_id
      where ${processId === undefined ? sql`p.published_at is not null` : sql`p.id = ${processId}`}
      group by l.process_id, l.key
    ),
    shared as (
      select min(array[process_id::text, class]) as example,
        jsonb_agg(jsonb_build_object('process_id', process_id, 'class', class)) as climbers
      from worded group by words
    )
    select climbers, (
      select jsonb_agg(jsonb_build_object('from_on', l.from_on, 'rungs', ${rungsOf('l')}) order by l.version)
      from ladder l where l.process_id = example[1]::bigint and l.key = example[2]
    ) as versions
    from shared`.execute(db);
  return rows;
}

/** Finds the ladder of one class of one process among those loaded; without rungs when there is none. */
export function ladderFinder(
  ladders: readonly SharedLadder[],
): (processId: number, name: LadderClass) => Ladder {
  const found = new Map(
    ladders.flatMap(({ versions, climbers }) =>
      climbers.map((climber) => [`${climber.process_id}/${climber.class}`, versions] as const),
    ),
  );
  return (processId, name) => found.get(`${processId}/${name}`) ?? [];
}

/** The ladder that is climbed now. */
export interface ClimbedLadder {
  process_key: string;
  /** The area of the Dirección that leads the process. */
  direction_area_id: number;
  class: LadderClass;
  versions: Ladder;
  /** The day on which the obligation was put on another ladder; null when it never was. */
  changed_on: IsoDate | null;
}

/** The ladder of a deadline; or of an obligation: when some of its deadlines climb the one of hours, that one. */
export async function findLadder(
  db: Db,
  of: { deadline: number } | { obligation: number },
): Promise<ClimbedLadder | undefined> {
  const row = await db
    .selectFrom('obligation as o')
    .innerJoin('process as p', 'p.id', 'o.process_id')
    .leftJoin('deadline as d', 'd.obligation_id', 'o.id')
    .leftJoin('deadline_version as v', (join) =>
      join.onRef('v.deadline_id', '=', 'd.id').on('v.superseded_at', 'is', null),
    )
    .where((eb) => ('deadline' in of ? eb('d.id', '=', of.deadline) : eb('o.id', '=', of.obligation)))
    .select([
      'p.key as process_key',
      'o.process_id',
      'p.direction_area_id',
      'o.priority_from',
      LADDER_CLASS.as('class'),
    ])
    .orderBy(sql`${LADDER_CLASS} = 'hours'`, 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const byPriority = PRIORITIES.some((priority) => priority === row.class);
  return {
    process_key: row.process_key,
    direction_area_id: row.direction_area_id,
    class: row.class,
    versions: ladderFinder(await loadLadders(db, row.process_id))(row.process_id, row.class),
    changed_on: byPriority ? row.priority_from : null,
  };
}

/** The versions of a process's ladders with who wrote them, newest first. */
export async function listLadderVersions(db: Db, processId: number, name: LadderClass) {
  return db
    .selectFrom('ladder')
    .leftJoin('person', 'person.id', 'ladder.recorded_by')
    .where('ladder.process_id', '=', processId)
    .where('ladder.key', '=', name)
    .select([
      'ladder.version',
      'ladder.from_on',
      'ladder.recorded_at',
      'person.name as recorded_by',
      rungsOf('ladder').as('rungs'),
    ])
    .orderBy('ladder.version', 'desc')
    .execute();
}

/** Gives a process the ladder every class starts with, where it has none. */
export async function ensureLadders(db: Db, processId: number): Promise<void> {
  for (const key of LADDER_CLASSES) {
    const ladder = await db
      .insertInto('ladder')
      .values({
        process_id: processId,
        key,
        version: 1,
        from_on: '2000-01-01',
        recorded_at: null,
        recorded_by: null,
      })
      .onConflict((conflict) => conflict.columns(['process_id', 'key', 'version']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (ladder) await insertRungs(db, ladder.id, startingLadder(key));
  }
}

export type LadderOutcome = { kind: 'saved'; version: number } | { kind: 'changed_meanwhile' };

/**
 * Adds a version in force from `from_on`, a day after today: the database refuses any other. `after` is the version
 * the person saw; when somebody wrote another meanwhile nothing is saved.
 */
export async function saveLadder(
  db: Db,
  ladder: {
    process_id: number;
    class: LadderClass;
    after: number;
    from_on: IsoDate;
    rungs: readonly Rung[];
  },
  by: { person_id: number; moment: Moment },
): Promise<LadderOutcome> {
  return inTransaction(db, async (trx) => {
    const version = ladder.after + 1;
    const added = await trx
      .insertInto('ladder')
      .values({
        process_id: ladder.process_id,
        key: ladder.class,
        version,
        from_on: ladder.from_on,
        recorded_at: by.moment.at,
        recorded_by: by.person_id,
      })
      .onConflict((conflict) => conflict.columns(['process_id', 'key', 'version']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!added) return { kind: 'changed_meanwhile' };
    await insertRungs(trx, added.id, ladder.rungs);
    await recordAudit(trx, {
      at: by.moment.at,
      actor: `persona ${by.person_id}`,
      verb: 'cambió una escalera',
      subject: `escalera ${ladder.class} del proceso ${ladder.process_id}`,
      detail: { version, from_on: ladder.from_on, rungs: ladder.rungs },
    });
    return { kind: 'saved', version };
  });
}

async function insertRungs(db: Db, ladderId: number, rungs: readonly Rung[]): Promise<void> {
  if (rungs.length === 0) return;
  await db
    .insertInto('rung')
    .values(rungs.map((rung) => ({ ...rung, audience: [...rung.audience], ladder_id: ladderId })))
    .execute();
}

/** The processes that have ladders, published ones first. */
export async function listLadderProcesses(db: Db) {
  return db
    .selectFrom('process')
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('ladder').whereRef('ladder.process_id', '=', 'process.id').select('ladder.id')),
    )
    .select(['id', 'key', 'name', 'direction_area_id'])
    .orderBy('published_at', (order) => order.desc().nullsLast())
    .orderBy('id')
    .execute();
}

/** The first open deadline of a class due from that day on, or else the last before it. */
export async function findSampleDeadline(db: Db, processId: number, name: LadderClass, from: IsoDate) {
  const { rows } = await sql<{
    ref: string;
    title: string;
    obligor: Obligor;
    due_on: IsoDate;
    due_time: string | null;
    lapses_at: string | null;
    area_id: number;
  }>`
    select o.ref, o.title, o.obligor, v.due_on, v.due_time, case when v.due_time is null then null else v.lapses_at end
      as lapses_at, oa.area_id
    from deadline_version v
    join deadline d on d.id = v.deadline_id
    join obligation o on o.id = d.obligation_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    where o.process_id = ${processId} and v.superseded_at is null and v.due_on is not null
      and ${LADDER_CLASS} = ${name}
    order by v.settled_at is not null, v.due_on < ${from}, abs(v.due_on - ${from}::date), o.ref
    limit 1`.execute(db);
  return rows[0];
}
