// Milestones as the Dirección reads them: their dates and versions, who looks after them, what hangs from them.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { rulesByMilestone } from '../app/domain/schedule.ts';
import type { Db } from './client.ts';
import { currentRules, loadScheduleInputs } from './schedule-inputs.ts';

/** The processes whose milestones can be looked at, the published ones first. */
export async function listMilestoneProcesses(db: Db) {
  return db
    .selectFrom('process')
    .where((eb) =>
      eb.exists(eb.selectFrom('milestone').whereRef('milestone.process_id', '=', 'process.id').select('id')),
    )
    .select(['id', 'key', 'name', sql<boolean>`published_at is not null`.as('published')])
    .orderBy('published', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** What a version of a milestone says. */
const VERSION_FACTS = [
  'v.version',
  'v.on_date',
  'v.at_time',
  'v.firm',
  'v.approximate',
  'v.source',
  'v.note',
  'v.expected_on',
] as const;

/** Milestones that happen once, with their newest version. */
export function currentMilestones(db: Db, processId: number) {
  return db
    .selectFrom('milestone')
    .innerJoin('milestone_version as v', 'v.milestone_id', 'milestone.id')
    .leftJoin('area as owner', 'owner.id', 'milestone.owner_area_id')
    .where('milestone.process_id', '=', processId)
    .where('milestone.repeatable', '=', false)
    .where(
      sql<boolean>`v.version = (select max(version) from milestone_version n where n.milestone_id = v.milestone_id)`,
    )
    .select([
      'milestone.id',
      'milestone.process_id',
      'milestone.key',
      'milestone.name',
      'milestone.owner_area_id',
      'owner.name as owner_name',
      ...VERSION_FACTS,
    ]);
}

export type MilestoneRow = NonNullable<Awaited<ReturnType<typeof findMilestone>>>;

/** One milestone; undefined when the process has none of that key, or it happens many times. */
export async function findMilestone(db: Db, processId: number, key: string) {
  return currentMilestones(db, processId).where('milestone.key', '=', key).executeTakeFirst();
}

/**
 * The milestones of a process by date, those without one first, by what they hold back. `open` counts the deadlines
 * nobody has settled that hang from each, directly or through other obligations; `waiting` those without date.
 */
export async function listMilestones(db: Db, processId: number) {
  const milestones = await currentMilestones(db, processId).orderBy('milestone.name').execute();
  const inputs = await loadScheduleInputs(db, processId);
  const { rows } = await sql<{ rule_key: string; open: number; waiting: number }>`
    select rule.rule_key, count(*) as open, count(*) filter (where v.due_on is null) as waiting
    from ${currentRules(processId)} as rule
    join deadline d on d.obligation_id = rule.obligation_id
    join deadline_version v on v.deadline_id = d.id and v.superseded_at is null and v.settled_at is null
    group by rule.rule_key`.execute(db);
  const counts = new Map(rows.map((row) => [row.rule_key, row]));
  const hanging = rulesByMilestone(inputs);
  const listed = milestones.map((milestone) => {
    const rules = (hanging.get(milestone.key) ?? []).map((key) => counts.get(key));
    const sum = (field: 'open' | 'waiting') => rules.reduce((total, rule) => total + (rule?.[field] ?? 0), 0);
    return { ...milestone, open: sum('open'), waiting: sum('waiting') };
  });
  return listed.sort(
    (a, b) =>
      (a.on_date ?? '').localeCompare(b.on_date ?? '') || b.open - a.open || a.name.localeCompare(b.name),
  );
}

/** Every version of a milestone, newest first, with the act and the person behind it. */
export async function listMilestoneVersions(db: Db, milestoneId: number) {
  return db
    .selectFrom('milestone_version as v')
    .leftJoin('person', 'person.id', 'v.recorded_by')
    .leftJoin('schedule_change as change', 'change.id', 'v.change_id')
    .where('v.milestone_id', '=', milestoneId)
    .select([
      ...VERSION_FACTS,
      'v.recorded_at',
      'v.change_id',
      'person.name as recorded_by_name',
      // The version that undoes a change is recorded after it, at the instant it was undone.
      sql<boolean>`coalesce(v.recorded_at > change.recorded_at, false)`.as('undoes'),
    ])
    .orderBy('v.version', 'desc')
    .execute();
}

/** The deadlines in force that hang from a milestone, directly or through other obligations, by date. */
export async function listDependants(db: Db, processId: number, key: string, limit: number) {
  const ruleKeys = rulesByMilestone(await loadScheduleInputs(db, processId)).get(key) ?? [];
  if (ruleKeys.length === 0) return [];
  const { rows } = await sql<{
    id: number;
    ref: string;
    title: string;
    area_name: string;
    due_on: string | null;
    due_time: string | null;
    settled: boolean;
    sentence: string;
  }>`
    select d.id, rule.ref, o.title, a.name as area_name, v.due_on, v.due_time, v.settled_at is not null as settled,
      rule.sentence
    from ${currentRules(processId)} as rule
    join obligation o on o.id = rule.obligation_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area a on a.id = oa.area_id
    join deadline d on d.obligation_id = o.id
    join deadline_version v on v.deadline_id = d.id and v.superseded_at is null
    where rule.rule_key = any (${ruleKeys})
    order by v.due_on nulls first, rule.ref, d.id
    limit ${limit}`.execute(db);
  return rows;
}

/** Every area, for a list to choose an owner from. */
export async function listAreas(db: Db) {
  return db
    .selectFrom('area')
    .select(['id', 'name', 'institution'])
    .orderBy('institution')
    .orderBy('name')
    .execute();
}

/** The milestones of published processes, or of one, that fall between two days as known at the moment, by date. */
export async function listMilestonesBetween(
  db: Db,
  moment: Moment,
  { from, to }: { from: IsoDate; to: IsoDate },
  process?: string,
) {
  const { rows } = await sql<{ key: string; name: string; on_date: IsoDate; firm: boolean }>`
    select p.key || ' ' || m.key as key, m.name, v.on_date, v.firm
    from milestone m
    join process p on p.id = m.process_id
    join lateral (
      select n.on_date, n.firm from milestone_version n
      where n.milestone_id = m.id and n.recorded_at <= ${moment.at}
      order by n.version desc limit 1
    ) v on true
    where not m.repeatable and p.published_at is not null and v.on_date between ${from} and ${to}
      and (p.key = ${process ?? null}::text or ${process ?? null}::text is null)
    order by v.on_date, m.name`.execute(db);
  return rows;
}
