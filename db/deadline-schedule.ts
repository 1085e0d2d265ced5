// From rules to dates: computes every deadline of a process and records what is new as a version.
import { sql } from 'kysely';
import { workingCalendar, type WorkingCalendar } from '../app/domain/business-days.ts';
import {
  computeDeadline,
  type Anchor,
  type DeadlineInstance,
  type RuleContext,
} from '../app/domain/deadline.ts';
import { parseDeadlineRule } from '../app/domain/deadline-rule.ts';
import type { Moment } from '../app/domain/moment.ts';
import { endOfDay, instantOf } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { wakeWorker } from './wake.ts';

export interface ScheduleChange {
  added: number;
  moved: number;
  unchanged: number;
}

interface Version {
  opens_on: string | null;
  due_on: string | null;
  due_time: string | null;
  waiting_for_id: number | null;
}

interface Computed extends Version {
  obligation_id: number;
  key: string;
  milestone_occurrence_id: number | null;
  provisional: string[];
  steps: unknown;
  rule_id: number;
}

/**
 * Computes all deadlines of a process from its newest rules, milestones and non-working days, and records the
 * differences in one transaction: new deadlines, and a new version where a date changed. What an accepted report
 * or a waiver has settled never moves. `knownFrom` (ISO instant, default the moment) is since when reports count
 * the new versions as known: earlier than now only for an instrument that was already in force when it was loaded.
 * Throws RuleError when a stored rule cannot be computed; then nothing is recorded.
 */
export async function recomputeDeadlines(
  db: Db,
  processId: number,
  moment: Moment,
  knownFrom: string = moment.at,
): Promise<ScheduleChange> {
  return db.transaction().execute(async (trx) => {
    await trx
      .selectFrom('process')
      .where('id', '=', processId)
      .select('id')
      .forUpdate()
      .executeTakeFirstOrThrow();
    const computed = await computeAll(trx, processId);
    const current = await currentVersions(trx, processId);
    const change: ScheduleChange = { added: 0, moved: 0, unchanged: 0 };
    for (const deadline of computed) {
      const known = current.get(`${deadline.obligation_id}/${deadline.key}`);
      if (!known) {
        const { id } = await trx
          .insertInto('deadline')
          .values({
            obligation_id: deadline.obligation_id,
            key: deadline.key,
            milestone_occurrence_id: deadline.milestone_occurrence_id,
          })
          .returning('id')
          .executeTakeFirstOrThrow();
        await insertVersion(trx, id, 1, deadline, moment, knownFrom);
        change.added += 1;
      } else if (known.settled_at !== null) {
        change.unchanged += 1;
      } else if (sameDates(known, deadline)) {
        // The same date on better grounds (an event became firm, a year was confirmed) is no new version.
        await refreshDerivation(trx, known, deadline);
        change.unchanged += 1;
      } else {
        await trx
          .updateTable('deadline_version')
          .set({ superseded_at: moment.at })
          .where('deadline_id', '=', known.deadline_id)
          .where('version', '=', known.version)
          .execute();
        await insertVersion(trx, known.deadline_id, known.version + 1, deadline, moment, moment.at);
        change.moved += 1;
      }
    }
    if (change.added + change.moved > 0) await wakeWorker(trx, 'pass');
    return change;
  });
}

async function refreshDerivation(
  db: Db,
  { deadline_id, version }: { deadline_id: number; version: number },
  { provisional, steps, rule_id }: Computed,
): Promise<void> {
  const text = JSON.stringify(steps);
  await db
    .updateTable('deadline_version')
    .set({ provisional, steps: text, rule_id })
    .where('deadline_id', '=', deadline_id)
    .where('version', '=', version)
    .where(
      sql<boolean>`(provisional, steps, rule_id) is distinct from (${provisional}::text[], ${text}::jsonb, ${rule_id}::bigint)`,
    )
    .execute();
}

function sameDates(a: Version, b: Version): boolean {
  return (
    a.opens_on === b.opens_on &&
    a.due_on === b.due_on &&
    a.due_time === b.due_time &&
    a.waiting_for_id === b.waiting_for_id
  );
}

async function insertVersion(
  db: Db,
  deadlineId: number,
  version: number,
  { opens_on, due_on, due_time, waiting_for_id, provisional, steps, rule_id }: Computed,
  moment: Moment,
  knownFrom: string,
): Promise<void> {
  await db
    .insertInto('deadline_version')
    .values({
      deadline_id: deadlineId,
      version,
      opens_on,
      due_on,
      due_time,
      lapses_at:
        due_on === null ? null : due_time === null ? endOfDay(due_on) : instantOf(`${due_on}T${due_time}`),
      waiting_for_id,
      provisional,
      steps: JSON.stringify(steps),
      rule_id,
      known_from: knownFrom,
      recorded_at: moment.at,
      superseded_at: null,
    })
    .execute();
}

async function currentVersions(db: Db, processId: number) {
  const rows = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .where('o.process_id', '=', processId)
    .where('v.superseded_at', 'is', null)
    .select([
      'd.obligation_id',
      'd.key',
      'v.deadline_id',
      'v.version',
      'v.opens_on',
      'v.due_on',
      'v.due_time',
      'v.waiting_for_id',
      'v.settled_at',
    ])
    .execute();
  return new Map(rows.map((row) => [`${row.obligation_id}/${row.key}`, row]));
}

async function computeAll(db: Db, processId: number): Promise<Computed[]> {
  const milestones = await loadMilestones(db, processId);
  const occurrences = await loadOccurrences(db, processId);
  const calendars = await loadCalendars(db);
  const start = milestones.get('inicio_proceso_local')?.anchor.date;
  const end = milestones.get('fin_proceso_local')?.anchor.date;
  const context: Omit<RuleContext, 'calendar' | 'sentence'> = {
    anchor: (key) => milestones.get(key)?.anchor,
    occurrences: (trigger) => occurrences.get(trigger) ?? [],
    ...(start ? { process: { start, end: end ?? null, fixed_at: 'anchor' as const } } : {}),
  };
  const rules = await db
    .selectFrom('deadline_rule as rule')
    .innerJoin('obligation as o', 'o.id', 'rule.obligation_id')
    .where('o.process_id', '=', processId)
    .distinctOn('rule.obligation_id')
    .orderBy('rule.obligation_id')
    .orderBy('rule.version', 'desc')
    .select([
      'rule.id',
      'rule.obligation_id',
      'rule.rule',
      'rule.sentence',
      'o.ref',
      'o.obligor',
      'o.legal_basis',
    ])
    .execute();

  return rules.flatMap((stored): Computed[] => {
    const parsed = parseDeadlineRule(stored.rule);
    if (!parsed.ok) {
      const problems = parsed.errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
      throw new Error(`La regla de ${stored.ref} no es válida: ${problems}`);
    }
    const result = computeDeadline(parsed.rule, {
      ...context,
      calendar: calendars.get(stored.obligor === 'INE' ? 'INE' : 'IEM') ?? workingCalendar([]),
      sentence: { text: stored.sentence, source: `${stored.ref}; ${stored.legal_basis}` },
    });
    const shared = { obligation_id: stored.obligation_id, rule_id: stored.id };
    switch (result.kind) {
      case 'undated':
        return [];
      case 'waiting':
        // A trigger that has not happened yet owes nothing; a milestone without date holds its deadline back.
        if (parsed.rule.type === 'each') return [];
        return [
          {
            ...shared,
            key: 'unica',
            milestone_occurrence_id: null,
            opens_on: null,
            due_on: null,
            due_time: null,
            waiting_for_id: milestones.get(result.for)!.id,
            provisional: [],
            steps: result.steps,
          },
        ];
      case 'dated':
        return result.instances.map((instance) => ({
          ...shared,
          ...datesOf(instance),
          milestone_occurrence_id: parsed.rule.type === 'each' ? Number(instance.key) : null,
        }));
    }
  });
}

function datesOf(instance: DeadlineInstance) {
  return {
    key: instance.key,
    opens_on: instance.opens_on ?? null,
    due_on: instance.due_on,
    due_time: instance.due_time ?? null,
    waiting_for_id: null,
    provisional: instance.provisional,
    steps: instance.steps,
  };
}

async function loadMilestones(
  db: Db,
  processId: number,
): Promise<Map<string, { id: number; anchor: Anchor }>> {
  const rows = await db
    .selectFrom('milestone')
    .innerJoin('milestone_version as version', 'version.milestone_id', 'milestone.id')
    .where('milestone.process_id', '=', processId)
    .where('milestone.repeatable', '=', false)
    .distinctOn('milestone.id')
    .orderBy('milestone.id')
    .orderBy('version.version', 'desc')
    .select([
      'milestone.id',
      'milestone.key',
      'milestone.name',
      'version.on_date',
      'version.at_time',
      'version.firm',
      'version.source',
    ])
    .execute();
  return new Map(
    rows.map(({ id, key, name, on_date, at_time, firm, source }) => [
      key,
      { id, anchor: { key, name, date: on_date, ...(at_time ? { time: at_time } : {}), firm, source } },
    ]),
  );
}

async function loadOccurrences(db: Db, processId: number): Promise<Map<string, (Anchor & { id: string })[]>> {
  const rows = await db
    .selectFrom('milestone_occurrence as occurrence')
    .innerJoin('milestone', 'milestone.id', 'occurrence.milestone_id')
    .where('milestone.process_id', '=', processId)
    .where('occurrence.withdrawn_at', 'is', null)
    .select([
      'occurrence.id',
      'milestone.key',
      'milestone.name',
      'occurrence.on_date',
      'occurrence.at_time',
      'occurrence.source',
    ])
    .orderBy('occurrence.on_date')
    .orderBy('occurrence.id')
    .execute();
  const byTrigger = new Map<string, (Anchor & { id: string })[]>();
  for (const { id, key, name, on_date, at_time, source } of rows) {
    const list = byTrigger.get(key) ?? [];
    list.push({
      id: String(id),
      key,
      name,
      date: on_date,
      ...(at_time ? { time: at_time } : {}),
      firm: true,
      source,
    });
    byTrigger.set(key, list);
  }
  return byTrigger;
}

/** The working calendar of each institution, with the years whose own agreement has been loaded. */
async function loadCalendars(db: Db): Promise<Map<string, WorkingCalendar>> {
  const institutions = await db
    .selectFrom('institution')
    .select((eb) => [
      'key',
      sql<{ day: string; name: string; source: string }[]>`coalesce((${eb
        .selectFrom('non_working_day as day')
        .whereRef('day.institution', '=', 'institution.key')
        .select(
          sql`jsonb_agg(jsonb_build_object('day', day.day, 'name', day.name, 'source', day.source) order by day.day)`.as(
            'days',
          ),
        )}), '[]')`.as('days'),
      sql<number[]>`coalesce((${eb
        .selectFrom('working_year as year')
        .whereRef('year.institution', '=', 'institution.key')
        .where('year.confirmed', '=', true)
        .select(sql`jsonb_agg(year.year)`.as('years'))}), '[]')`.as('years'),
    ])
    .execute();
  return new Map(institutions.map(({ key, days, years }) => [key, workingCalendar(days, years)]));
}
