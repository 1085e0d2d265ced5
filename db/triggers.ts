// Reading the events that repeat: what is counted from each, and every time they happened.
import { sql } from 'kysely';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';

/** The rule in force of each obligation, when it counts anew from a trigger. */
const EACH_RULES = sql`(
  select o.process_id, o.id as obligation_id, o.ref, o.title, a.name as area_name, newest.sentence,
    newest.rule ->> 'trigger' as trigger, newest.rule ->> 'unit' = 'hours' as timed
  from obligation o
  join lateral (
    select r.rule, r.sentence from deadline_rule r where r.obligation_id = o.id order by r.version desc limit 1
  ) newest on newest.rule ->> 'type' = 'each'
  join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
  join area a on a.id = oa.area_id
)`;

export interface Trigger {
  id: number;
  key: string;
  name: string;
  process_key: string;
  process_name: string;
  /** Obligations counted from it. */
  obligations: number;
  /** Times it happened, the withdrawn ones left out. */
  times: number;
  last_on: IsoDate | null;
  /** Of the deadlines it opened, those still to be settled. */
  open: number;
}

/** The triggers of every published process, the ones with obligations first. */
export async function listTriggers(db: Db): Promise<Trigger[]> {
  const { rows } = await sql<Trigger>`
    select m.id, m.key, m.name, p.key as process_key, p.name as process_name,
      coalesce(hanging.count, 0) as obligations, e.times, e.last_on, e.open
    from milestone m
    join process p on p.id = m.process_id and p.published_at is not null
    left join (
      select process_id, trigger, count(*) from ${EACH_RULES} as each_rule group by process_id, trigger
    ) hanging on hanging.process_id = m.process_id and hanging.trigger = m.key
    cross join lateral (
      select count(distinct e.id) as times, max(e.on_date) as last_on,
        count(v.deadline_id) filter (where v.settled_at is null) as open
      from milestone_occurrence e
      left join deadline d on d.milestone_occurrence_id = e.id
      left join deadline_version v on v.deadline_id = d.id and v.superseded_at is null
      where e.milestone_id = m.id and e.withdrawn_at is null
    ) e
    where m.repeatable
    order by p.id desc, (hanging.count is null), m.name`.execute(db);
  return rows;
}

/** One trigger of a published process; of the newest process that has that key unless one is named. */
export async function findTrigger(db: Db, key: string, processKey: string | null) {
  return db
    .selectFrom('milestone as m')
    .innerJoin('process as p', 'p.id', 'm.process_id')
    .where('m.key', '=', key)
    .where('m.repeatable', '=', true)
    .where('p.published_at', 'is not', null)
    .$if(processKey !== null, (query) => query.where('p.key', '=', processKey))
    .select([
      'm.id',
      'm.key',
      'm.name',
      'm.process_id',
      'p.key as process_key',
      'p.name as process_name',
      sql<IsoDate | null>`(
        select min(iv.in_force_from) from instrument_version iv join instrument i on i.id = iv.instrument_id
        where i.process_id = m.process_id)`.as('followed_from'),
    ])
    .orderBy('p.id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export interface HangingObligation {
  obligation_id: number;
  ref: string;
  title: string;
  area_name: string;
  sentence: string;
  /** Counted in hours, so that the event needs one. */
  timed: boolean;
}

/** What is counted from a trigger each time it happens. */
export async function listHangingObligations(
  db: Db,
  trigger: { key: string; process_id: number },
): Promise<HangingObligation[]> {
  const { rows } = await sql<HangingObligation>`
    select obligation_id, ref, title, area_name, sentence, timed from ${EACH_RULES} as each_rule
    where process_id = ${trigger.process_id} and trigger = ${trigger.key} order by ref`.execute(db);
  return rows;
}

/** Every time a trigger happened, the newest first, with the ids of the deadlines it opened. */
export async function listOccurrences(db: Db, milestoneId: number) {
  return occurrences(db).where('e.milestone_id', '=', milestoneId).execute();
}

/** One time a trigger of a published process happened. */
export async function findOccurrence(db: Db, id: number) {
  return occurrences(db)
    .innerJoin('process as p', 'p.id', 'm.process_id')
    .where('e.id', '=', id)
    .where('p.published_at', 'is not', null)
    .select(['p.key as process_key'])
    .executeTakeFirst();
}

function occurrences(db: Db) {
  return db
    .selectFrom('milestone_occurrence as e')
    .innerJoin('milestone as m', 'm.id', 'e.milestone_id')
    .leftJoin('person', 'person.id', 'e.recorded_by')
    .leftJoin('person as remover', 'remover.id', 'e.withdrawn_by')
    .select([
      'e.id',
      'm.key',
      'm.name',
      'm.process_id',
      'e.on_date',
      'e.at_time',
      'e.description',
      'e.source',
      'e.recorded_at',
      'person.name as recorded_by',
      'e.withdrawn_at',
      'e.withdrawal_reason',
      'remover.name as withdrawn_by',
      sql<number[]>`coalesce(
        (select jsonb_agg(d.id order by d.id) from deadline d where d.milestone_occurrence_id = e.id), '[]'
      )`.as('deadline_ids'),
    ])
    .orderBy('e.on_date', 'desc')
    .orderBy('e.id', 'desc');
}
