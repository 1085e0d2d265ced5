// What the dates of a process are computed from: milestones, occurrences, working calendars, rules, obligations.
import { sql } from 'kysely';
import { workingCalendar, type WorkingCalendar } from '../app/domain/business-days.ts';
import type { Anchor } from '../app/domain/deadline.ts';
import { parseDeadlineRule, type DeadlineRule } from '../app/domain/deadline-rule.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import {
  obligationsOf,
  type AnchorObligation,
  type ScheduleInputs,
  type SharedRule,
} from '../app/domain/schedule.ts';
import type { Db } from './client.ts';

/** Inputs that would replace the stored ones; what is not named stays. */
export interface ScheduleDraft {
  /** By key. */
  milestones?: ReadonlyMap<string, { date: IsoDate | null; time?: string; firm: boolean; source: string }>;
  /** By obligation id; null when it would be repealed. */
  rules?: ReadonlyMap<number, { rule: DeadlineRule; sentence: string } | null>;
  /** By institution. */
  calendars?: ReadonlyMap<string, WorkingCalendar>;
}

/** What a person decided against the rule of thumb, by deadline id. */
export interface Decisions {
  /** Deadlines that stay on the date they have. */
  keep?: ReadonlySet<number>;
  /** Protected ones that move all the same; what is concluded or excepted never does. */
  move?: ReadonlySet<number>;
}

/** The rule in force of every obligation of a process, as `rule` with its key in the inputs; repealed ones are out. */
export const currentRules = (processId: number) => sql`(
  select r.id, r.obligation_id, r.rule, r.sentence, o.ref, o.legal_basis,
    (case o.obligor when 'INE' then 'INE' else 'IEM' end || '/' || r.rule_hash) collate "C" as rule_key
  from deadline_rule r
  join obligation o on o.id = r.obligation_id
  where o.process_id = ${processId} and r.rule is not null and not exists (
    select from deadline_rule newer where newer.obligation_id = r.obligation_id and newer.version > r.version
  )
)`;

/**
 * Why the version `v` does not move by itself: it was settled, its date was said by hand or granted by an
 * extension, or somebody decided to keep it; null when it does. The few that are protected are read once, as sets:
 * most queries ask about thousands of versions.
 */
export const PROTECTION = sql<'concluded' | 'waived' | 'manual_date' | 'extension' | 'kept' | null>`case
  when v.settled_at is not null then
    case when exists (
      select from waiver where waiver.deadline_id = v.deadline_id and waiver.withdrawn_at is null
    ) then 'waived' else 'concluded' end
  when (v.deadline_id, v.version) in (select deadline_id, deadline_version from manual_date) then 'manual_date'
  when (v.deadline_id, v.version) in (select deadline_id, deadline_version from extension) then 'extension'
  when (v.deadline_id, v.version) in (
    select k.deadline_id, k.deadline_version
    from kept_date k join schedule_change c on c.id = k.change_id and c.undone_at is null
  ) then 'kept' end`;

/** Key in the inputs of a rule that an obligation would get. */
export const draftKey = (obligationId: number) => `draft/${obligationId}`;

/** The stored inputs of a process. `draft` is not applied, but what its rules count from is there too. */
export async function loadScheduleInputs(
  db: Db,
  processId: number,
  { rules: drafted }: ScheduleDraft = {},
  decisions: Decisions = {},
): Promise<ScheduleInputs> {
  const milestones = await loadMilestones(db, processId);
  const occurrences = await loadOccurrences(db, processId);
  const calendars = await loadCalendars(db);
  const rules = await loadRules(db, processId);
  const named = [...rules.values(), ...(drafted?.values() ?? [])].flatMap((shared) =>
    shared ? obligationsOf(shared.rule) : [],
  );
  const obligations = await loadAnchorObligations(db, processId, [...new Set(named)], decisions);
  return { milestones, occurrences, calendars, rules, obligations };
}

/** The inputs as the draft would leave them. */
export async function withDraft(
  db: Db,
  inputs: ScheduleInputs,
  draft: ScheduleDraft,
): Promise<ScheduleInputs> {
  const milestones = new Map(inputs.milestones);
  for (const [key, { date, time, firm, source }] of draft.milestones ?? []) {
    const stored = milestones.get(key);
    if (!stored) throw new Error(`No milestone ${key} to draft`);
    const { id, name } = stored;
    milestones.set(key, { id, key, name, date, ...(time ? { time } : {}), firm, source });
  }
  const rules = new Map(inputs.rules);
  const obligations = new Map(inputs.obligations);
  const drafted = draft.rules ?? new Map<number, never>();
  if (drafted.size > 0) {
    const known = await db
      .selectFrom('obligation')
      .where('id', 'in', [...drafted.keys()])
      .select(['id', 'ref', 'obligor'])
      .execute();
    for (const { id, ref, obligor } of known) {
      const text = drafted.get(id);
      if (text) rules.set(draftKey(id), { rule: text.rule, institution: institutionOf(obligor), ref });
      const anchor = obligations.get(ref);
      if (anchor) obligations.set(ref, { ...anchor, rule: text ? draftKey(id) : null });
    }
  }
  const calendars = new Map([...inputs.calendars, ...(draft.calendars ?? [])]);
  return { ...inputs, milestones, rules, obligations, calendars };
}

const institutionOf = (obligor: 'INE' | 'IEM' | 'both') => (obligor === 'INE' ? 'INE' : 'IEM');

async function loadRules(db: Db, processId: number): Promise<Map<string, SharedRule>> {
  const { rows } = await sql<{ rule_key: string; rule: unknown; institution: string; ref: string }>`
    select shared.rule_key, r.rule, split_part(shared.rule_key, '/', 1) as institution, shared.ref
    from (
      select rule_key, min(id) as id, min(ref collate "C") as ref
      from ${currentRules(processId)} as rule group by rule_key
    ) shared
    join deadline_rule r on r.id = shared.id
    order by shared.ref`.execute(db);
  return new Map(
    rows.map(({ rule_key, rule, institution, ref }) => {
      const parsed = parseDeadlineRule(rule);
      if (!parsed.ok) {
        const problems = parsed.errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
        throw new Error(`La regla de ${ref} no es válida: ${problems}`);
      }
      return [rule_key, { rule: parsed.rule, institution, ref }];
    }),
  );
}

async function loadAnchorObligations(
  db: Db,
  processId: number,
  refs: string[],
  { keep, move }: Decisions,
): Promise<Map<string, AnchorObligation>> {
  if (refs.length === 0) return new Map();
  const { rows } = await sql<{
    id: number;
    ref: string;
    title: string;
    rule_key: string | null;
    deadline_id: number | null;
    due_on: string | null;
    due_time: string | null;
    waiting_for_id: number | null;
    protection: string | null;
    act_on: string | null;
    act_time: string | null;
    document_number: string | null;
  }>`
    select o.id, o.ref, o.title, rule.rule_key, v.deadline_id, v.due_on, v.due_time, v.waiting_for_id,
      ${PROTECTION} as protection, s.act_on, s.act_time, s.document_number
    from obligation o
    left join ${currentRules(processId)} as rule on rule.obligation_id = o.id
    left join deadline d on d.obligation_id = o.id and d.key = 'unica'
    left join deadline_version v on v.deadline_id = d.id and v.superseded_at is null
    left join lateral (
      select s.act_on, s.act_time, s.document_number
      from submission s join review r on r.submission_id = s.id and r.decision = 'accepted'
      where s.deadline_id = d.id order by s.attempt desc limit 1
    ) s on true
    where o.process_id = ${processId} and o.ref = any (${refs})`.execute(db);
  return new Map(
    rows.map((row) => {
      const { id, ref, title, rule_key: rule, deadline_id, protection } = row;
      const stays =
        deadline_id !== null && (keep?.has(deadline_id) || (protection !== null && !move?.has(deadline_id)))
          ? { date: row.due_on, time: row.due_time, waiting_for_id: row.waiting_for_id }
          : null;
      const act =
        row.act_on === null
          ? null
          : { date: row.act_on, time: row.act_time, document: row.document_number ?? '' };
      return [ref, { id, ref, title, rule, act, stays }];
    }),
  );
}

async function loadMilestones(db: Db, processId: number): Promise<Map<string, Anchor & { id: number }>> {
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
      { id, key, name, date: on_date, ...(at_time ? { time: at_time } : {}), firm, source },
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
