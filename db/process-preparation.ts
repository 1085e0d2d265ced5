// Filling a copied process: the dates of its milestones, the days its rules name, and what is not owed in it.
import { sql } from 'kysely';
import { milestonesOf, parseDeadlineRule, type DeadlineRule } from '../app/domain/deadline-rule.ts';
import { fixedDatesOf, fixedDatesWords, withDates, type FixedDate } from '../app/domain/fixed-dates.ts';
import type { FixedDateDecision, MilestoneEntry } from '../app/domain/process-form.ts';
import type { Moment } from '../app/domain/moment.ts';
import { daysBetween, type IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { recomputeDeadlines } from './deadline-schedule.ts';
import { currentMilestones } from './milestones.ts';
import type { Author } from './processes.ts';
import { inTransaction } from './transaction.ts';

interface NewestRule {
  obligation_id: number;
  rule: DeadlineRule;
}

/** The rule of each obligation, in use or a draft; a repealed obligation has none. */
async function listRules(db: Db, processId: number): Promise<NewestRule[]> {
  const { rows } = await sql<{ obligation_id: number; rule: unknown }>`
    select distinct on (o.id) o.id as obligation_id, known.rule
    from obligation o
    join (
      select obligation_id, version, rule from deadline_rule
      union all
      select obligation_id, 0, rule from rule_draft where left_out is null
    ) known on known.obligation_id = o.id
    where o.process_id = ${processId}
    order by o.id, known.version desc`.execute(db);
  return rows.flatMap(({ obligation_id, rule }) => {
    const read = parseDeadlineRule(rule);
    return read.ok ? [{ obligation_id, rule: read.rule }] : [];
  });
}

export type MilestoneToFill = Awaited<ReturnType<typeof listMilestonesToFill>>[number];

/** The dated milestones of a process with how many obligations count from each, those that hold most back first. */
export async function listMilestonesToFill(db: Db, processId: number) {
  const [rules, milestones] = await Promise.all([
    listRules(db, processId),
    currentMilestones(db, processId).execute(),
  ]);
  const hanging = new Map<string, Set<number>>();
  for (const { obligation_id, rule } of rules) {
    for (const { key } of milestonesOf(rule)) {
      hanging.set(key, (hanging.get(key) ?? new Set()).add(obligation_id));
    }
  }
  return milestones
    .map((milestone) => ({ ...milestone, obligations: hanging.get(milestone.key)?.size ?? 0 }))
    .sort((a, b) => b.obligations - a.obligations || a.id - b.id);
}

/**
 * Records the dates of several milestones of an unpublished process at once and computes what follows; what is as
 * it was makes no new version. Returns how many changed, or the keys that are not milestones of it. Throws RuleError
 * when a rule cannot be computed from these dates; then nothing is recorded.
 */
export async function fillMilestones(
  db: Db,
  process: { id: number; key: string },
  dates: readonly MilestoneEntry[],
  author: Author,
  moment: Moment,
): Promise<{ changed: number; unknown: string[] }> {
  const known = await listMilestonesToFill(db, process.id);
  const unknown = dates.map(({ key }) => key).filter((key) => !known.some((one) => one.key === key));
  if (unknown.length > 0) return { changed: 0, unknown };
  const changes = dates.flatMap((date) => {
    const now = known.find(({ key }) => key === date.key)!;
    const same =
      now.on_date === date.on_date &&
      now.at_time === date.at_time &&
      now.firm === date.firm &&
      now.source === date.source;
    return same ? [] : [{ ...date, id: now.id, version: now.version + 1 }];
  });
  if (changes.length === 0) return { changed: 0, unknown };
  await withFreshDeadlines(db, process.id, moment, async (trx) => {
    await trx
      .insertInto('milestone_version')
      .values(
        changes.map(({ id, version, on_date, at_time, firm, source }) => ({
          milestone_id: id,
          version,
          on_date,
          at_time,
          firm,
          approximate: null,
          source,
          note: null,
          recorded_at: moment.at,
          recorded_by: author.person_id,
          expected_on: null,
          change_id: null,
        })),
      )
      .execute();
    await recordAudit(trx, {
      at: moment.at,
      actor: author.actor,
      verb: 'registró fechas de hitos',
      subject: `proceso ${process.key}`,
      detail: {
        milestones: changes.map(({ key, on_date, at_time, firm }) => ({ key, on_date, at_time, firm })),
      },
    });
  });
  return { changed: changes.length, unknown };
}

export interface FixedDateDraft {
  obligation_id: number;
  ref: string;
  title: string;
  area_name: string;
  sentence: string;
  rule: DeadlineRule;
  /** The days the rule names in the process it was copied from. */
  dates: FixedDate[];
  left_out: string | null;
}

/** The obligations whose rule names days of the process they were copied from, undecided and left out alike. */
export async function listFixedDates(db: Db, processId: number): Promise<FixedDateDraft[]> {
  const rows = await db
    .selectFrom('rule_draft as draft')
    .innerJoin('obligation as o', 'o.id', 'draft.obligation_id')
    .innerJoin('obligation_area as oa', (join) =>
      join.onRef('oa.obligation_id', '=', 'o.id').on('oa.role', '=', 'responsible'),
    )
    .innerJoin('area', 'area.id', 'oa.area_id')
    .where('o.process_id', '=', processId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('deadline_rule as r').whereRef('r.obligation_id', '=', 'o.id').select('r.id'),
        ),
      ),
    )
    .select([
      'o.id as obligation_id',
      'o.ref',
      'o.title',
      'area.name as area_name',
      'draft.sentence',
      'draft.rule',
      'draft.left_out',
    ])
    .orderBy('o.id')
    .execute();
  return rows.flatMap((row) => {
    const read = parseDeadlineRule(row.rule);
    return read.ok ? [{ ...row, rule: read.rule, dates: fixedDatesOf(read.rule) }] : [];
  });
}

/** Natural days from the Jornada of the source to this one's; null while either has no date. */
export async function daysBetweenJornadas(
  db: Db,
  process: { id: number; source_process_id: number | null },
): Promise<number | null> {
  const { rows } = await sql<{ process_id: number; on_date: IsoDate | null }>`
    select distinct on (m.id) m.process_id, v.on_date
    from milestone m join milestone_version v on v.milestone_id = m.id
    where m.key = 'jornada' and m.process_id = any (${[process.id, process.source_process_id ?? -1]})
    order by m.id, v.version desc`.execute(db);
  const here = rows.find(({ process_id }) => process_id === process.id)?.on_date;
  const there = rows.find(({ process_id }) => process_id === process.source_process_id)?.on_date;
  return here && there ? daysBetween(there, here) : null;
}

/**
 * Decides about fixed dates: an obligation gets its rule with this process's days and from then on has deadlines,
 * or is left out. The sentence says both, the days of this process and the words of the one it was copied from.
 * Returns how many were decided. Throws RuleError when a rule cannot be computed; then nothing is recorded.
 */
export async function decideFixedDates(
  db: Db,
  process: { id: number; key: string },
  decisions: readonly FixedDateDecision[],
  author: Author,
  moment: Moment,
): Promise<number> {
  const drafts = new Map((await listFixedDates(db, process.id)).map((draft) => [draft.ref, draft]));
  const decided = decisions.flatMap((decision) => {
    const draft = drafts.get(decision.ref);
    return draft ? [{ ...decision, draft }] : [];
  });
  if (decided.length === 0) return 0;
  await withFreshDeadlines(db, process.id, moment, async (trx) => {
    for (const entry of decided) {
      const { draft } = entry;
      if (entry.decision === 'leave_out') {
        await setAside(trx, draft.obligation_id, entry.reason, author, moment);
        continue;
      }
      const rule = withDates(draft.rule, entry.dates);
      await trx
        .insertInto('deadline_rule')
        .values({
          obligation_id: draft.obligation_id,
          version: 1,
          rule: JSON.stringify(rule),
          sentence: `En este proceso, ${fixedDatesWords(fixedDatesOf(rule))}. En el de origen: «${draft.sentence}»`,
          recorded_at: moment.at,
          recorded_by: author.person_id,
        })
        .execute();
      await trx.deleteFrom('rule_draft').where('obligation_id', '=', draft.obligation_id).execute();
    }
    await recordAudit(trx, {
      at: moment.at,
      actor: author.actor,
      verb: 'revisó fechas fijas',
      subject: `proceso ${process.key}`,
      detail: { decisions: decided.map(({ draft: _draft, ...decision }) => decision) },
    });
  });
  return decided.length;
}

/** A rule that names days waits for its days again; any other is in use at once. */
async function takeBack(db: Db, obligationId: number, author: Author, moment: Moment): Promise<void> {
  const draft = await db
    .updateTable('rule_draft')
    .set({ left_out: null, left_out_by: null, left_out_at: null })
    .where('obligation_id', '=', obligationId)
    .where('left_out', 'is not', null)
    .returning(['rule', 'sentence'])
    .executeTakeFirst();
  const read = parseDeadlineRule(draft?.rule);
  if (!draft || !read.ok || fixedDatesOf(read.rule).length > 0) return;
  await db
    .insertInto('deadline_rule')
    .values({
      obligation_id: obligationId,
      version: 1,
      rule: JSON.stringify(read.rule),
      sentence: draft.sentence,
      recorded_at: moment.at,
      recorded_by: author.person_id,
    })
    .execute();
  await db.deleteFrom('rule_draft').where('obligation_id', '=', obligationId).execute();
}

async function setAside(
  db: Db,
  obligationId: number,
  reason: string,
  author: Author,
  moment: Moment,
): Promise<void> {
  await db
    .updateTable('rule_draft')
    .set({ left_out: reason, left_out_by: author.person_id, left_out_at: moment.at })
    .where('obligation_id', '=', obligationId)
    .execute();
}

/**
 * Leaves an obligation of an unpublished process out of it, with its computed dates, or takes it back. Returns false
 * when there is nothing of the kind to do.
 */
export async function leaveOut(
  db: Db,
  process: { id: number; key: string },
  ref: string,
  reason: string | null,
  author: Author,
  moment: Moment,
): Promise<boolean> {
  return withFreshDeadlines(db, process.id, moment, async (trx) => {
    const obligation = await trx
      .selectFrom('obligation')
      .innerJoin('process', 'process.id', 'obligation.process_id')
      .where('process.id', '=', process.id)
      .where('process.published_at', 'is', null)
      .where('obligation.ref', '=', ref)
      .select('obligation.id')
      .executeTakeFirst();
    if (!obligation) return false;
    if (reason === null) {
      await takeBack(trx, obligation.id, author, moment);
    } else {
      await sql`
        insert into rule_draft (obligation_id, rule, sentence)
        select obligation_id, rule, sentence from deadline_rule
        where obligation_id = ${obligation.id} and rule is not null order by version desc limit 1
        on conflict (obligation_id) do nothing`.execute(trx);
      await setAside(trx, obligation.id, reason, author, moment);
      await sql`
        delete from deadline_version v using deadline d
        where d.id = v.deadline_id and d.obligation_id = ${obligation.id}`.execute(trx);
      await trx.deleteFrom('deadline').where('obligation_id', '=', obligation.id).execute();
      await trx.deleteFrom('deadline_rule').where('obligation_id', '=', obligation.id).execute();
    }
    await recordAudit(trx, {
      at: moment.at,
      actor: author.actor,
      verb: reason === null ? 'incluyó otra vez' : 'dejó fuera',
      subject: `obligación ${ref} del proceso ${process.key}`,
      detail: { reason },
    });
    return true;
  });
}

/** Records something and computes the deadlines that follow from it, all or nothing. */
async function withFreshDeadlines<Result>(
  db: Db,
  processId: number,
  moment: Moment,
  record: (trx: Db) => Promise<Result>,
): Promise<Result> {
  return inTransaction(db, async (trx) => {
    const result = await record(trx);
    await recomputeDeadlines(trx, processId, moment);
    return result;
  });
}
