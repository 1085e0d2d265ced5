// The schedule of a process: what a change would move, and the computing of all its deadlines into versions.
import { sql } from 'kysely';
import { RuleError, keyOfObligation } from '../app/domain/deadline-rule.ts';
import { momentOf, type Moment } from '../app/domain/moment.ts';
import { computeSchedule, type ScheduledDate } from '../app/domain/schedule.ts';
import {
  classifyEffect,
  type DeadlineDates,
  type EffectFacts,
  type ScheduleEffect,
} from '../app/domain/schedule-effect.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import {
  currentRules,
  draftKey,
  loadScheduleInputs,
  PROTECTION,
  withDraft,
  type Decisions,
  type ScheduleDraft,
} from './schedule-inputs.ts';
import {
  createScheduledDates,
  createScheduleSteps,
  driftingRefs,
  dropScheduleSteps,
  insertDeadlines,
  insertKeptDates,
  insertVersions,
  refreshDerivations,
  supersedeVersions,
} from './schedule-steps.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

export type { Decisions, ScheduleDraft, ScheduleEffect };

/** An accepted notice of a rung from so many days before the date on makes a move a matter to decide. */
const TOLD_DAYS = 5;

/**
 * What would change if the draft replaced the stored inputs, by date and ref; nothing is written. Throws RuleError
 * when a rule could not be computed then, or rules would count from each other in a circle.
 */
export async function previewSchedule(
  db: Db,
  processId: number,
  moment: Moment,
  draft: ScheduleDraft,
): Promise<ScheduleEffect[]> {
  const stored = await loadScheduleInputs(db, processId, draft);
  const drafted = await withDraft(db, stored, draft);
  const before = computeSchedule(stored);
  const after = computeSchedule(drafted);
  const changed = [...before.keys()].filter((key) => !sameSchedule(before.get(key)!, after.get(key)!));
  const draftRules = draft.rules ?? new Map<number, never>();
  const found = await loadAffected(db, processId, changed, [...draftRules.keys()]);

  const effects: ScheduleEffect[] = [];
  for (const { obligation_id, ref, title, area_id, area_name, rule_key, deadlines } of found) {
    const drafts = draftRules.has(obligation_id);
    const newKey = drafts ? (draftRules.get(obligation_id) ? draftKey(obligation_id) : null) : rule_key;
    const was = byKey(rule_key === null ? undefined : before.get(rule_key));
    const will = byKey(newKey === null ? undefined : after.get(newKey));
    for (const key of new Set([...was.keys(), ...will.keys()])) {
      const proposed = will.get(key) ?? null;
      if (sameDates(was.get(key) ?? null, proposed)) continue;
      const known = deadlines.get(key);
      const current = known ? datesOf(known) : null;
      if (sameDates(known ?? null, proposed)) continue;
      effects.push({
        obligation_id,
        deadline_id: known?.deadline_id ?? null,
        key,
        ref,
        title,
        area_id,
        area_name,
        ...classifyEffect(current, proposed, known ?? NOTHING_KNOWN, moment.today),
        current,
        proposed: proposed && datesOf(proposed),
      });
    }
  }
  return sortEffects(effects);
}

/** By date, ref and key, compared as plain text: names of this kind have no accents, and there may be many. */
function sortEffects(effects: ScheduleEffect[]): ScheduleEffect[] {
  const placed = effects.map((effect) => {
    const { current, proposed, ref, key } = effect;
    return { effect, place: `${current?.due_on ?? proposed?.due_on ?? '~'} ${ref} ${key}` };
  });
  return placed.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ effect }) => effect);
}

const NOTHING_KNOWN: EffectFacts = { protection: null, in_review: false, mailed: false };

interface Dated extends DeadlineDates {
  waiting_for_id: number | null;
}

const datesOf = ({ opens_on, due_on, due_time }: Dated): DeadlineDates => ({ opens_on, due_on, due_time });

function sameDates(a: Dated | null, b: Dated | null): boolean {
  return (
    a?.opens_on === b?.opens_on &&
    a?.due_on === b?.due_on &&
    a?.due_time === b?.due_time &&
    a?.waiting_for_id === b?.waiting_for_id
  );
}

function sameSchedule(a: readonly ScheduledDate[], b: readonly ScheduledDate[]): boolean {
  return a.length === b.length && a.every((date, i) => date.key === b[i]!.key && sameDates(date, b[i]!));
}

const byKey = (dates: readonly ScheduledDate[] = []) => new Map(dates.map((date) => [date.key, date]));

interface KnownDeadline extends Dated, EffectFacts {
  deadline_id: number;
}

interface Affected {
  obligation_id: number;
  ref: string;
  title: string;
  area_id: number;
  area_name: string;
  rule_key: string | null;
  deadlines: Map<string, KnownDeadline>;
}

/** The obligations with one of these rules or ids, each with its deadlines in force. */
async function loadAffected(
  db: Db,
  processId: number,
  ruleKeys: string[],
  ids: number[],
): Promise<Iterable<Affected>> {
  if (ruleKeys.length + ids.length === 0) return [];
  const { rows } = await sql<
    Omit<Affected, 'deadlines'> & { key: string } & { [K in keyof KnownDeadline]: KnownDeadline[K] }
  >`
    with affected as materialized (
      select o.id as obligation_id, o.ref, o.title, a.id as area_id,
        a.name || ' (' || a.institution || ')' as area_name, rule.rule_key
      from obligation o
      left join ${currentRules(processId)} as rule on rule.obligation_id = o.id
      join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
      join area a on a.id = oa.area_id
      where o.process_id = ${processId} and (rule.rule_key = any (${ruleKeys}) or o.id = any (${ids}))
    )
    select affected.*, d.key, v.deadline_id, v.opens_on, v.due_on, v.due_time, v.waiting_for_id,
      ${PROTECTION} as protection,
      exists (select from submission s where s.deadline_id = v.deadline_id and s.decided_at is null) as in_review,
      exists (
        select from notice n where n.deadline_id = v.deadline_id and n.deadline_version = v.version
          and n.state = 'accepted' and n.offset_hours >= ${-24 * TOLD_DAYS}
      ) as mailed
    from affected
    left join deadline d on d.obligation_id = affected.obligation_id
    left join deadline_version v on v.deadline_id = d.id and v.superseded_at is null`.execute(db);
  const obligations = new Map<number, Affected>();
  for (const { key, deadline_id, ...row } of rows) {
    const { obligation_id, ref, title, area_id, area_name, rule_key } = row;
    const known = obligations.get(obligation_id);
    const affected = known ?? {
      obligation_id,
      ref,
      title,
      area_id,
      area_name,
      rule_key,
      deadlines: new Map(),
    };
    if (!known) obligations.set(obligation_id, affected);
    // Without a version in force the date does not exist at present.
    if (deadline_id !== null) affected.deadlines.set(key, { deadline_id, ...row });
  }
  return obligations.values();
}

export interface ScheduleChange {
  added: number;
  moved: number;
  /** Dates the rules give no more: their last version is superseded and none follows. */
  removed: number;
  unchanged: number;
}

export interface RecomputeOptions extends Decisions {
  /**
   * ISO instant since when reports count new deadlines as known, the moment by default: earlier only for an
   * instrument that was already in force when it was loaded.
   */
  knownFrom?: string;
  /** The act behind it, noted in every new version; `keep` lasts until it is undone. */
  changeId?: number;
}

/** Thrown instead of writing when dates would change although none should; `refs` are the obligations at fault. */
export class ScheduleDrift extends Error {
  readonly refs: string[];
  constructor(refs: string[]) {
    super(`Dates would change: ${refs.join(', ')}`);
    this.refs = refs;
  }
}

/**
 * Computes all deadlines of a process from its stored inputs and records the differences in one transaction (the
 * caller's, if it has one): new deadlines, a new version where a date changed, an end where a rule gives the date no
 * more. Notices of what was moved are cancelled. Never moves what is concluded or excepted; moves a date said by
 * hand, extended or kept only when `move` names it, and what `keep` names not at all: of those only the steps are
 * refreshed, so that the computed date stays visible. A date that a rule gives no more but of which a report is in
 * review stays too. Throws RuleError when a stored rule cannot be computed; then nothing is recorded.
 */
export async function recomputeDeadlines(
  db: Db,
  processId: number,
  asked: Moment,
  options: RecomputeOptions & { expectSame?: boolean } = {},
): Promise<ScheduleChange> {
  if (!db.isTransaction) {
    return inTransaction(db, (trx) => recomputeDeadlines(trx, processId, asked, options));
  }
  const moment = await lockProcess(db, processId, asked);
  const { knownFrom = moment.at, changeId = null, expectSame = false } = options;
  const schedule = computeSchedule(await loadScheduleInputs(db, processId, {}, options));
  await createScheduledDates(db, schedule);
  const counts = await createScheduleSteps(db, processId, options);
  const { new: fresh = 0, revived = 0, moved = 0, removed = 0 } = counts;
  const added = fresh + revived;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const change = { added, moved, removed, unchanged: total - added - moved - removed };
  if (expectSame && added + moved + removed > 0) throw new ScheduleDrift(await driftingRefs(db));
  if (fresh > 0) await insertDeadlines(db);
  if (moved + removed > 0) await supersedeVersions(db, moment, changeId);
  if (added + moved > 0) await insertVersions(db, moment, knownFrom, changeId);
  await refreshDerivations(db);
  if (changeId !== null) await insertKeptDates(db, changeId, options);
  await dropScheduleSteps(db);
  await recordAct(db, processId, moment);
  if (added + moved + removed > 0) await wakeWorker(db, 'pass');
  return change;
}

/**
 * Waits for whoever is changing the dates of the process or settling one, until the transaction ends. Answers the
 * moment to act at: the one given or, when somebody who went first acted at a later one, right after that. History
 * being loaded, which no live moment is, keeps its own.
 */
export async function lockProcess(db: Db, processId: number, moment: Moment): Promise<Moment> {
  const { later } = await db
    .selectFrom('process')
    .where('id', '=', processId)
    .select(
      sql<
        string | null
      >`case when last_act_at > ${moment.at} then last_act_at + interval '1 microsecond' end`.as('later'),
    )
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  return moment.live && later !== null ? momentOf(later, true) : moment;
}

/** Notes when somebody acted on the dates of the process; whoever settles a deadline does so in its trigger. */
async function recordAct(db: Db, processId: number, { at }: Moment): Promise<void> {
  await sql`
    update process set last_act_at = greatest(last_act_at, ${at}) where id = ${processId}`.execute(db);
}

/**
 * After the report on a deadline was accepted: computes anew what is counted from its obligation, in the caller's
 * transaction. When a rule cannot be computed from the act (hours, from an act without hour) the acceptance stands,
 * the dates stay, and the record says so.
 */
export async function recomputeDependants(db: Db, deadlineId: number, moment: Moment): Promise<void> {
  const obligation = await db
    .selectFrom('deadline')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .where('deadline.id', '=', deadlineId)
    .select(['obligation.ref', 'obligation.process_id'])
    .executeTakeFirstOrThrow();
  const dependant = await db
    .selectFrom('deadline_rule')
    .innerJoin('obligation', 'obligation.id', 'deadline_rule.obligation_id')
    .where('obligation.process_id', '=', obligation.process_id)
    .where(countsFrom(keyOfObligation(obligation.ref)))
    .select('deadline_rule.id')
    .limit(1)
    .executeTakeFirst();
  if (!dependant) return;
  try {
    await recomputeDeadlines(db, obligation.process_id, moment);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    await recordAudit(db, {
      at: moment.at,
      actor: 'sistema',
      verb: 'no pudo recalcular los plazos que dependen',
      subject: `vencimiento ${deadlineId}`,
      detail: { ref: obligation.ref, message: error.message },
    });
  }
}

/** Whether `deadline_rule.rule` counts from that milestone or obligation; read from an index. */
export function countsFrom(key: string) {
  const shapes = [
    { milestone: key },
    { from: { milestone: key } },
    { to: { milestone: key } },
    { until: { milestone: key } },
  ];
  const holds = shapes.map((shape) => sql`deadline_rule.rule @> ${JSON.stringify(shape)}::jsonb`);
  return sql<boolean>`(${sql.join(holds, sql` or `)})`;
}
