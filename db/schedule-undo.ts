// Undoing a change of dates: compensating versions that leave milestone or rule and deadlines exactly as they were.
import { sql } from 'kysely';
import { instantPlusMinutes, type Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import { queueChangeMails } from './change-mails.ts';
import type { Db } from './client.ts';
import { lockProcess, recomputeDeadlines, ScheduleDrift } from './deadline-schedule.ts';
import { cancelNotices } from './schedule-steps.ts';
import { inTransaction } from './transaction.ts';

/** How long a change can be undone. */
export const UNDO_HOURS = 24;

export type UndoOutcome =
  | { kind: 'undone'; mails: number }
  | { kind: 'not_found' }
  | { kind: 'already_undone' }
  | { kind: 'too_late' }
  /** What happened since that undoing would run over, in Spanish. */
  | { kind: 'refused'; reasons: string[] };

/** Thrown to leave the transaction when undoing turns out to be impossible half-way. */
class Refused extends Error {
  readonly reasons: string[];
  constructor(reasons: string[]) {
    super(reasons.join('; '));
    this.reasons = reasons;
  }
}

/**
 * Undoes the move of a milestone within 24 hours, all or nothing: milestone and deadlines get versions equal to the
 * ones before, and each area that was written to gets one rectification. Refused when something the change moved has
 * since been reported, settled or moved again, or could no longer be what it was.
 */
export async function undoMilestoneMove(
  db: Db,
  changeId: number,
  personId: number,
  moment: Moment,
): Promise<UndoOutcome> {
  return undoOrRefuse(db, 'milestone', { change_id: changeId, person_id: personId, moment });
}

/** Undoes a change of a rule in the same way: a new version of the rule says what the one before it said. */
export async function undoRuleChange(
  db: Db,
  changeId: number,
  personId: number,
  moment: Moment,
): Promise<UndoOutcome> {
  return undoOrRefuse(db, 'rule', { change_id: changeId, person_id: personId, moment });
}

/** The changes that can be undone. */
const UNDOABLE = ['milestone', 'rule'] as const;
type UndoableKind = (typeof UNDOABLE)[number];

interface UndoOrder {
  change_id: number;
  person_id: number;
  moment: Moment;
}

async function undoOrRefuse(db: Db, kind: UndoableKind, order: UndoOrder): Promise<UndoOutcome> {
  try {
    return await inTransaction(db, (trx) => undo(trx, kind, order));
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', reasons: error.reasons };
    throw error;
  }
}

async function undo(
  db: Db,
  kind: UndoableKind,
  { change_id: changeId, person_id: personId, moment: asked }: UndoOrder,
): Promise<UndoOutcome> {
  const change = await db
    .selectFrom('schedule_change')
    .where('id', '=', changeId)
    .where('kind', '=', kind)
    .selectAll()
    .forUpdate()
    .executeTakeFirst();
  if (!change || change.process_id === null) return { kind: 'not_found' };
  if (change.undone_at !== null) return { kind: 'already_undone' };
  if (!isUndoable(change, asked)) return { kind: 'too_late' };
  const moment = await lockProcess(db, change.process_id, asked);
  const changed = kind === 'milestone' ? await movedMilestone(db, changeId) : await changedRule(db, changeId);
  const reasons = [
    ...(changed.newest ? [] : [`«${changed.name}» volvió a cambiar después.`]),
    ...(await obstacles(db, changeId, change.recorded_at)),
  ];
  if (reasons.length > 0) return { kind: 'refused', reasons };

  await db
    .updateTable('schedule_change')
    .set({ undone_at: moment.at, undone_by: personId })
    .where('id', '=', changeId)
    .execute();
  if (kind === 'milestone') await restoreMilestone(db, changeId, personId, moment);
  else await restoreRule(db, changeId, personId, moment);
  await restoreDeadlines(db, changeId, moment);
  try {
    // Only derivations may be left to refresh; a date that differs rests on something that changed meanwhile.
    await recomputeDeadlines(db, change.process_id, moment, { expectSame: true });
  } catch (error) {
    if (!(error instanceof ScheduleDrift)) throw error;
    throw new Refused(
      error.refs.map(
        (ref) => `Cambió desde entonces de qué depende la fecha de ${ref}; registra una fecha nueva.`,
      ),
    );
  }
  const mails = await queueRectifications(db, changeId, moment);
  await recordAudit(db, {
    at: moment.at,
    actor: `persona ${personId}`,
    verb: 'deshizo el cambio',
    subject: changed.subject,
    detail: { change_id: changeId, act: change.act, summary: change.summary, mails },
  });
  return { kind: 'undone', mails };
}

/** Whether a change may still be undone at the moment. */
export function isUndoable(
  change: { recorded_at: string; undone_at: string | null },
  moment: Moment,
): boolean {
  const until = instantPlusMinutes(change.recorded_at, UNDO_HOURS * 60);
  return change.undone_at === null && Date.parse(moment.at) <= Date.parse(until);
}

/** The moves of milestones and changes of rules that can still be undone, newest first, with who recorded them. */
export async function listUndoableChanges(db: Db, moment: Moment) {
  return db
    .selectFrom('schedule_change as change')
    .innerJoin('person', 'person.id', 'change.recorded_by')
    .where('change.kind', 'in', UNDOABLE)
    .where('change.undone_at', 'is', null)
    .where('change.recorded_at', '>=', instantPlusMinutes(moment.at, -UNDO_HOURS * 60))
    .select(['change.id', 'change.summary', 'change.recorded_at', 'person.name'])
    .orderBy('change.id', 'desc')
    .execute();
}

/** What a change was about, in words and for the record, and whether nothing changed it again since. */
interface Changed {
  name: string;
  subject: string;
  newest: boolean;
}

async function movedMilestone(db: Db, changeId: number): Promise<Changed> {
  return db
    .selectFrom('milestone_version as v')
    .innerJoin('milestone as m', 'm.id', 'v.milestone_id')
    .where('v.change_id', '=', changeId)
    .select([
      sql<string>`'hito ' || m.key`.as('subject'),
      'm.name',
      sql<boolean>`not exists (
        select from milestone_version n where n.milestone_id = v.milestone_id and n.version > v.version
      )`.as('newest'),
    ])
    .executeTakeFirstOrThrow();
}

async function changedRule(db: Db, changeId: number): Promise<Changed> {
  return db
    .selectFrom('deadline_rule as r')
    .innerJoin('obligation as o', 'o.id', 'r.obligation_id')
    .where('r.change_id', '=', changeId)
    .select([
      sql<string>`'obligación ' || o.id`.as('subject'),
      sql<string>`'La regla de ' || o.ref`.as('name'),
      sql<boolean>`not exists (
        select from deadline_rule n where n.obligation_id = r.obligation_id and n.version > r.version
      )`.as('newest'),
    ])
    .executeTakeFirstOrThrow();
}

/** What happened to the deadlines of a change since, one sentence each. */
async function obstacles(db: Db, changeId: number, since: string): Promise<string[]> {
  const { rows } = await sql<{ ref: string; what: 'reported' | 'settled' | 'moved' }>`
    with touched as (
      select deadline_id, version, superseded_at, settled_at, version as newest from deadline_version
      where change_id = ${changeId}
      union all
      select deadline_id, version, null, null, version from deadline_version where ended_by_change_id = ${changeId}
    ),
    found as (
      select touched.deadline_id, case
        when touched.superseded_at is not null or exists (
          select from deadline_version v where v.deadline_id = touched.deadline_id and v.version > touched.newest
        ) then 'moved'
        when touched.settled_at is not null then 'settled'
        when exists (
          select from submission s where s.deadline_id = touched.deadline_id and s.recorded_at > ${since}
        ) then 'reported'
      end as what
      from touched
    )
    select distinct o.ref, found.what
    from found
    join deadline d on d.id = found.deadline_id
    join obligation o on o.id = d.obligation_id
    where found.what is not null
    order by o.ref`.execute(db);
  const words = {
    reported: 'ya se reportó su cumplimiento',
    settled: 'ya se concluyó o exceptuó',
    moved: 'su fecha volvió a cambiar',
  };
  return rows.map(({ ref, what }) => `${ref}: ${words[what]}.`);
}

async function restoreMilestone(db: Db, changeId: number, personId: number, moment: Moment): Promise<void> {
  await sql`
    insert into milestone_version (milestone_id, version, on_date, at_time, firm, approximate, source, note,
      expected_on, recorded_at, recorded_by, change_id)
    select was.milestone_id, made.version + 1, was.on_date, was.at_time, was.firm, was.approximate, was.source,
      was.note, was.expected_on, ${moment.at}::timestamptz, ${personId}::bigint, ${changeId}::bigint
    from milestone_version made
    join milestone_version was on was.milestone_id = made.milestone_id and was.version = made.version - 1
    where made.change_id = ${changeId}`.execute(db);
}

async function restoreRule(db: Db, changeId: number, personId: number, moment: Moment): Promise<void> {
  await sql`
    insert into deadline_rule (obligation_id, version, rule, sentence, recorded_at, recorded_by)
    select was.obligation_id, made.version + 1, was.rule, was.sentence, ${moment.at}::timestamptz, ${personId}::bigint
    from deadline_rule made
    join deadline_rule was on was.obligation_id = made.obligation_id and was.version = made.version - 1
    where made.change_id = ${changeId}`.execute(db);
}

/**
 * Ends the versions a change made and begins copies of those before them, with what protected them. The derivations
 * come along byte by byte.
 */
async function restoreDeadlines(db: Db, changeId: number, moment: Moment): Promise<void> {
  await sql`
    create temporary table restored (deadline_id bigint, made integer, was integer) on commit drop`.execute(
    db,
  );
  await sql`
    insert into restored
    select made.deadline_id, made.version, was.version
    from deadline_version made
    left join deadline_version was on was.deadline_id = made.deadline_id and was.version = made.version - 1
      and was.superseded_at = made.recorded_at
    where made.change_id = ${changeId}
    union all
    select deadline_id, null, version from deadline_version where ended_by_change_id = ${changeId}`.execute(
    db,
  );
  await sql`
    update deadline_version v set superseded_at = ${moment.at}
    from restored where v.deadline_id = restored.deadline_id and v.version = restored.made`.execute(db);
  await cancelNotices(db, sql`select deadline_id, made from restored`, moment);
  await sql`
    insert into deadline_version (deadline_id, version, opens_on, due_on, due_time, lapses_at, waiting_for_id,
      provisional, steps, rule_id, known_from, recorded_at, change_id)
    select v.deadline_id, coalesce(restored.made, restored.was) + 1, v.opens_on, v.due_on, v.due_time, v.lapses_at,
      v.waiting_for_id, v.provisional, v.steps, v.rule_id, ${moment.at}::timestamptz, ${moment.at}::timestamptz,
      ${changeId}::bigint
    from restored
    join deadline_version v on v.deadline_id = restored.deadline_id and v.version = restored.was`.execute(db);
  const again = sql`coalesce(restored.made, restored.was) + 1`;
  const before = (alias: string) => sql`restored on restored.deadline_id = ${sql.ref(`${alias}.deadline_id`)}
    and restored.was = ${sql.ref(`${alias}.deadline_version`)}`;
  await sql`
    insert into manual_date (deadline_id, deadline_version, ground, reason, document, recorded_by, recorded_at)
    select m.deadline_id, ${again}, m.ground, m.reason, m.document, m.recorded_by, m.recorded_at
    from manual_date m join ${before('m')}`.execute(db);
  await sql`
    insert into extension (deadline_id, deadline_version, reason, document, granted_by, recorded_at)
    select e.deadline_id, ${again}, e.reason, e.document, e.granted_by, e.recorded_at
    from extension e join ${before('e')}`.execute(db);
  await sql`
    insert into kept_date (deadline_id, deadline_version, change_id)
    select k.deadline_id, ${again}, k.change_id from kept_date k join ${before('k')}`.execute(db);
  await sql`drop table restored`.execute(db);
}

/** A mail that never left is stopped; whoever was or may have been written to gets a rectification. */
async function queueRectifications(db: Db, changeId: number, moment: Moment): Promise<number> {
  await db
    .updateTable('message')
    .set({ state: 'cancelled', reason: 'el cambio se deshizo antes de enviarlo', closed_at: moment.at })
    .where('schedule_change_id', '=', changeId)
    .where('kind', '=', 'date_change')
    .where('state', 'in', ['queued', 'retry'])
    .where('html', 'is', null)
    .execute();
  return queueChangeMails(db, changeId, 'rectification', moment);
}
