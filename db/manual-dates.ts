// Dates said by hand: an agreement or a notice of the INE fixes a deadline, or it returns to what its rule gives.
import { sql } from 'kysely';
import type { ManualGround } from '../app/domain/manual-ground.ts';
import type { Moment } from '../app/domain/moment.ts';
import { RuleError } from '../app/domain/deadline-rule.ts';
import { endOfDay, formatHour, formatShortDate, instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import { listChangedDeadlines, queueChangeMails, type ChangedDeadline } from './change-mails.ts';
import type { Db } from './client.ts';
import { recordChange } from './schedule-changes.ts';
import { recomputeDeadlines } from './deadline-schedule.ts';
import { inForceSql } from './deadline-state.ts';
import { cancelPlannedNotices } from './notices.ts';
import { inTransaction } from './transaction.ts';
import { findObstacle, lockDeadline, type Obstacle } from './waivers.ts';
import { wakeWorker } from './wake.ts';

export type DateChange = {
  deadline_id: number;
  /** The version whoever decides has seen. */
  version: number;
  reason: string;
  document: string;
  person_id: number;
} & (
  | { which: 'said'; due_on: IsoDate; due_time: string | null; ground: ManualGround }
  /** Back to what the rule gives. */
  | { which: 'computed' }
);

export type DateChangeOutcome =
  /** What it moved: the deadline itself, and those counted from its obligation. */
  | { kind: 'changed'; moved: ChangedDeadline[]; notices: number; mails: number }
  | { kind: 'changed_meanwhile' }
  | { kind: 'not_by_hand' }
  /** Something counted from it could not be; `message` says what and why. */
  | { kind: 'not_countable'; message: string }
  | Exclude<Obstacle, { kind: 'in_review' }>;

/** Thrown to leave a transaction with nothing written, carrying what would have happened. */
class Undo extends Error {
  readonly outcome: DateChangeOutcome;
  constructor(outcome: DateChangeOutcome) {
    super('undo');
    this.outcome = outcome;
  }
}

/**
 * Gives a deadline a date said by hand, which no computation moves, or takes it back; computes anew what is counted
 * from it, withdraws the notices of the dates that are no more and writes to the areas, all or nothing. What is
 * concluded or closed keeps its date. The same said twice by the same person is one change. With `preview` nothing
 * is written and the answer says what would be.
 */
export async function changeDate(
  db: Db,
  change: DateChange,
  moment: Moment,
  preview = false,
): Promise<DateChangeOutcome> {
  try {
    return await inTransaction(db, async (trx) => {
      const outcome = await applyChange(trx, change, moment);
      if (preview || outcome.kind !== 'changed') throw new Undo(outcome);
      return outcome;
    });
  } catch (error) {
    if (error instanceof Undo) return error.outcome;
    if (error instanceof RuleError) return { kind: 'not_countable', message: error.message };
    throw error;
  }
}

async function applyChange(trx: Db, change: DateChange, asked: Moment): Promise<DateChangeOutcome> {
  const { deadline_id, version, reason, document, person_id } = change;
  const { process_id: processId, moment } = await lockDeadline(trx, deadline_id, asked);
  const obstacle = await findObstacle(trx, deadline_id);
  // A report in review stands: it is judged by the date of its act, whatever the term becomes.
  if (obstacle && obstacle.kind !== 'in_review') return obstacle;
  const current = await findCurrent(trx, deadline_id);
  if (!current) return { kind: 'changed_meanwhile' };
  if (isSame(current, change)) return { kind: 'changed', moved: [], notices: 0, mails: 0 };
  if (current.version !== version) return { kind: 'changed_meanwhile' };
  if (change.which === 'computed' && current.ground === null) return { kind: 'not_by_hand' };

  const summary =
    change.which === 'said'
      ? `${current.ref}: fecha fijada en ${dayAndHour(change)}`
      : `${current.ref}: vuelve a la fecha que da la regla`;
  const changeId = await recordChange(
    trx,
    {
      process_id: processId,
      kind: 'manual_date',
      summary,
      act: document,
      person_id,
    },
    moment,
  );
  await cancelPlannedNotices(trx, [deadline_id], 'cambio de fecha', moment);
  if (change.which === 'said') {
    await replaceVersion(trx, change, moment, changeId);
    await recomputeDeadlines(trx, processId, moment, { changeId });
  } else {
    await recomputeDeadlines(trx, processId, moment, { changeId, move: new Set([deadline_id]) });
    // The rule gives the same date: a version of its own tells that nothing protects it any more.
    const after = await findCurrent(trx, deadline_id);
    if (after?.version === version) await replaceVersion(trx, change, moment, changeId);
  }
  const moved = await listChangedDeadlines(trx, changeId);
  const mails = await queueChangeMails(trx, changeId, 'date_change', moment);
  await recordAudit(trx, {
    at: moment.at,
    actor: `persona ${person_id}`,
    verb: change.which === 'said' ? 'fijó la fecha' : 'volvió a la fecha calculada',
    subject: `vencimiento ${deadline_id}`,
    detail: { summary, reason, document, moved: moved.map(({ ref }) => ref), mails },
  });
  await wakeWorker(trx, 'pass');
  return { kind: 'changed', moved, notices: await countCancelled(trx, moved, moment), mails };
}

const dayAndHour = ({ due_on, due_time }: { due_on: IsoDate; due_time: string | null }) =>
  [formatShortDate(due_on), ...(due_time ? [formatHour(due_time)] : [])].join(', ');

/** The version in force, with what was said by hand about it. */
async function findCurrent(db: Db, deadlineId: number) {
  return db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .leftJoin('manual_date as said', (join) =>
      join.onRef('said.deadline_id', '=', 'v.deadline_id').onRef('said.deadline_version', '=', 'v.version'),
    )
    .where('v.deadline_id', '=', deadlineId)
    .where('v.superseded_at', 'is', null)
    .select(['o.ref', 'v.version', 'v.due_on', 'v.due_time'])
    .select(['said.ground', 'said.reason', 'said.document', 'said.recorded_by'])
    .executeTakeFirst();
}

type Current = NonNullable<Awaited<ReturnType<typeof findCurrent>>>;

/** The same form sent twice. */
function isSame(current: Current, change: DateChange): boolean {
  return (
    change.which === 'said' &&
    current.recorded_by === change.person_id &&
    (['due_on', 'due_time', 'ground', 'reason', 'document'] as const).every(
      (fact) => current[fact] === change[fact],
    )
  );
}

/**
 * Ends the version in force and follows it with one that has the date said by hand, or the same date no longer
 * protected. The steps go on telling what the rule gives.
 */
async function replaceVersion(db: Db, change: DateChange, moment: Moment, changeId: number): Promise<void> {
  const { deadline_id, version } = change;
  const said = change.which === 'said' ? change : null;
  const lapses_at =
    said && (said.due_time ? instantOf(`${said.due_on}T${said.due_time}`) : endOfDay(said.due_on));
  await db
    .updateTable('deadline_version')
    .set({ superseded_at: moment.at })
    .where('deadline_id', '=', deadline_id)
    .where('version', '=', version)
    .execute();
  await sql`
    insert into deadline_version (deadline_id, version, opens_on, due_on, due_time, lapses_at, waiting_for_id,
      provisional, steps, rule_id, known_from, recorded_at, change_id)
    select v.deadline_id, v.version + 1,
      -- A window that would open after its end is none.
      case when ${said === null} or v.opens_on <= ${said?.due_on ?? null}::date then v.opens_on end,
      case when ${said === null} then v.due_on else ${said?.due_on ?? null}::date end,
      case when ${said === null} then v.due_time else ${said?.due_time ?? null}::time end,
      case when ${said === null} then v.lapses_at else ${lapses_at}::timestamptz end,
      case when ${said === null} then v.waiting_for_id end,
      case when ${said === null} then v.provisional else '{}' end,
      v.steps, v.rule_id, ${moment.at}, ${moment.at}, ${changeId}
    from deadline_version v where v.deadline_id = ${deadline_id} and v.version = ${version}`.execute(db);
  if (!said) return;
  await db
    .insertInto('manual_date')
    .values({
      deadline_id,
      deadline_version: version + 1,
      ground: said.ground,
      reason: said.reason,
      document: said.document,
      recorded_by: said.person_id,
      recorded_at: moment.at,
    })
    .execute();
}

async function countCancelled(db: Db, moved: ChangedDeadline[], moment: Moment): Promise<number> {
  const { count } = await db
    .selectFrom('notice')
    .where(sql<boolean>`deadline_id = any (${moved.map(({ deadline_id }) => deadline_id)})`)
    .where('state', '=', 'cancelled')
    .where('closed_at', '=', moment.at)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** The date said by hand that is in force at the moment; undefined when the rule's own date is. */
export async function findManualDate(db: Db, moment: Moment, deadlineId: number) {
  return db
    .selectFrom('deadline_version as v')
    .innerJoin('manual_date as said', (join) =>
      join.onRef('said.deadline_id', '=', 'v.deadline_id').onRef('said.deadline_version', '=', 'v.version'),
    )
    .innerJoin('person', 'person.id', 'said.recorded_by')
    .where('v.deadline_id', '=', deadlineId)
    .where(inForceSql(moment))
    .select(['said.ground', 'said.reason', 'said.document', 'said.recorded_at', 'person.name'])
    .executeTakeFirst();
}

/**
 * The day from which the instrument of a deadline is followed, by its first version: no date of its duties lies before
 * it. One that was never said to be in force sets no limit.
 */
export async function followedFrom(db: Db, deadlineId: number): Promise<IsoDate> {
  const { followed_from } = await db
    .selectFrom('deadline')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .innerJoin('clause', 'clause.id', 'obligation.clause_id')
    .innerJoin('instrument_version as own', 'own.id', 'clause.instrument_version_id')
    .innerJoin('instrument_version as first', 'first.instrument_id', 'own.instrument_id')
    .where('deadline.id', '=', deadlineId)
    .select(sql<IsoDate>`coalesce(min(first.in_force_from), date '2000-01-01')`.as('followed_from'))
    .executeTakeFirstOrThrow();
  return followed_from;
}
