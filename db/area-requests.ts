// What areas ask of the Dirección about a deadline, more time or another area for it, and what is decided.
import { sql } from 'kysely';
import { RuleError } from '../app/domain/deadline-rule.ts';
import type { Moment } from '../app/domain/moment.ts';
import { endOfDay, formatShortDate, instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import { queueChangeMails } from './change-mails.ts';
import { lockProcess, recomputeDeadlines } from './deadline-schedule.ts';
import { recordChange } from './schedule-changes.ts';
import { cancelPlannedNotices } from './notices.ts';
import type { Db } from './client.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

export interface AreaRequest {
  kind: 'extension' | 'not_ours';
  deadline_id: number;
  area_id: number;
  person_id: number;
  reason: string;
  document: string;
  /** The day asked for; only for an extension. */
  due_on: IsoDate | null;
}

export type AskOutcome = { kind: 'asked' } | { kind: 'already_asked'; by: string; at: string };

/** Records a request; of each kind a deadline has one open at a time. The caller has checked that it is theirs to ask. */
export async function askDirection(db: Db, request: AreaRequest, moment: Moment): Promise<AskOutcome> {
  return inTransaction(db, async (trx) => {
    await lockDeadline(trx, request.deadline_id);
    const open = await trx
      .selectFrom('area_request as r')
      .innerJoin('person', 'person.id', 'r.asked_by')
      .where('r.deadline_id', '=', request.deadline_id)
      .where('r.kind', '=', request.kind)
      .where('r.decision', 'is', null)
      .select(['person.name as by', 'r.asked_at as at', 'r.asked_by', 'r.reason', 'r.due_on'])
      .executeTakeFirst();
    // The same form sent twice is one request.
    if (
      open?.asked_by === request.person_id &&
      open.reason === request.reason &&
      open.due_on === request.due_on
    ) {
      return { kind: 'asked' };
    }
    if (open) return { kind: 'already_asked', by: open.by, at: open.at };
    const { person_id, ...columns } = request;
    await trx
      .insertInto('area_request')
      .values({ ...columns, asked_by: person_id, asked_at: moment.at })
      .execute();
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: request.kind === 'extension' ? 'solicitó prórroga' : 'dijo que no corresponde a su área',
      subject: `vencimiento ${request.deadline_id}`,
      detail: { reason: request.reason, document: request.document, due_on: request.due_on },
    });
    return { kind: 'asked' };
  });
}

async function lockDeadline(trx: Db, id: number): Promise<void> {
  await trx.selectFrom('deadline').where('id', '=', id).select('id').forUpdate().executeTakeFirstOrThrow();
}

/** The requests with what they are about. */
function selectRequests(db: Db) {
  return db
    .selectFrom('area_request as r')
    .innerJoin('deadline as d', 'd.id', 'r.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .innerJoin('area', 'area.id', 'r.area_id')
    .innerJoin('person', 'person.id', 'r.asked_by')
    .leftJoin('person as decider', 'decider.id', 'r.decided_by')
    .leftJoin('area as taker', 'taker.id', 'r.new_area_id')
    .select([
      'r.id',
      'r.kind',
      'r.deadline_id',
      'd.obligation_id',
      'o.process_id',
      'o.ref',
      'o.title',
      'r.area_id',
      'area.name as area_name',
      'r.asked_by',
      'person.name as asked_by_name',
      'r.asked_at',
      'r.reason',
      'r.document',
      'r.due_on',
      'r.decision',
      'r.decision_words',
      'r.decided_at',
      'decider.name as decided_by_name',
      'taker.name as new_area_name',
    ]);
}

/** Requests nobody has decided, the one waiting longest first. */
export function listOpenRequests(db: Db) {
  return selectRequests(db).where('r.decision', 'is', null).orderBy('r.asked_at').execute();
}

/** All requests about a deadline, newest first. */
export function listRequestsOfDeadline(db: Db, deadlineId: number) {
  return selectRequests(db).where('r.deadline_id', '=', deadlineId).orderBy('r.id', 'desc').execute();
}

export function findRequest(db: Db, id: number) {
  return selectRequests(db).where('r.id', '=', id).executeTakeFirst();
}

/** How many requests wait for a decision. */
export async function countOpenRequests(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('area_request')
    .where('decision', 'is', null)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** The date a deadline had before its extensions, when it has been extended. */
export async function findOriginalDate(
  db: Db,
  deadlineId: number,
): Promise<{ due_on: IsoDate | null; document: string } | undefined> {
  const current = await db
    .selectFrom('extension as e')
    .innerJoin('deadline_version as v', (join) =>
      join.onRef('v.deadline_id', '=', 'e.deadline_id').onRef('v.version', '=', 'e.deadline_version'),
    )
    .where('e.deadline_id', '=', deadlineId)
    .where('v.superseded_at', 'is', null)
    .select('e.document')
    .orderBy('e.id', 'desc')
    .executeTakeFirst();
  if (!current) return undefined;
  const before = await db
    .selectFrom('deadline_version as v')
    .where('v.deadline_id', '=', deadlineId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('extension as e')
            .whereRef('e.deadline_id', '=', 'v.deadline_id')
            .whereRef('e.deadline_version', '=', 'v.version')
            .select('e.id'),
        ),
      ),
    )
    .select('v.due_on')
    .orderBy('v.version', 'desc')
    .executeTakeFirst();
  return { due_on: before?.due_on ?? null, document: current.document };
}

export interface RequestDecision {
  id: number;
  decision: 'granted' | 'denied';
  /** Why; required to deny. */
  words: string;
  /** Who takes the obligation over, when it is not the area's. */
  new_area_id: number | null;
  person_id: number;
}

export type DecideOutcome =
  | { kind: 'decided' }
  | { kind: 'not_found' }
  | { kind: 'already_decided'; by: string }
  | { kind: 'own_request' }
  /** The deadline was concluded, excepted or moved past the day asked for in the meantime. */
  | { kind: 'overtaken' }
  /** Something counted from the date could not be; `message` says what and why. */
  | { kind: 'not_countable'; message: string };

/**
 * Decides a request and does what follows from granting it, all or nothing: an extension makes the next version of
 * the deadline, whose earlier date stays where it is; an obligation that is another area's passes to it.
 */
export async function decideRequest(
  db: Db,
  decision: RequestDecision,
  moment: Moment,
): Promise<DecideOutcome> {
  try {
    return await inTransaction(db, (trx) => decide(trx, decision, moment));
  } catch (error) {
    if (error instanceof RuleError) return { kind: 'not_countable', message: error.message };
    throw error;
  }
}

async function decide(
  trx: Db,
  { id, decision, words, new_area_id, person_id }: RequestDecision,
  asked: Moment,
): Promise<DecideOutcome> {
  const found = await findRequest(trx, id);
  if (!found) return { kind: 'not_found' };
  // In the order in which every change of dates takes them.
  const moment = await lockProcess(trx, found.process_id, asked);
  await lockDeadline(trx, found.deadline_id);
  const request = (await findRequest(trx, id))!;
  if (request.decision !== null) return { kind: 'already_decided', by: request.decided_by_name ?? '' };
  if (request.asked_by === person_id) return { kind: 'own_request' };
  const granted = decision === 'granted';
  if (
    granted &&
    request.due_on !== null &&
    !(await extend(trx, { ...request, due_on: request.due_on }, person_id, moment))
  )
    return { kind: 'overtaken' };
  if (granted && new_area_id !== null) await reassign(trx, request, new_area_id, moment);
  await trx
    .updateTable('area_request')
    .set({
      decision,
      decision_words: words,
      new_area_id: granted ? new_area_id : null,
      decided_by: person_id,
      decided_at: moment.at,
    })
    .where('id', '=', id)
    .execute();
  await recordAudit(trx, {
    at: moment.at,
    actor: `persona ${person_id}`,
    verb: granted
      ? request.kind === 'extension'
        ? 'concedió la prórroga'
        : 'reasignó la obligación'
      : 'negó la solicitud',
    subject: `vencimiento ${request.deadline_id}`,
    detail: { request: id, words, due_on: request.due_on, from_area: request.area_id, new_area_id },
  });
  await wakeWorker(trx, 'pass');
  return { kind: 'decided' };
}

interface Extension {
  deadline_id: number;
  process_id: number;
  ref: string;
  due_on: IsoDate;
  reason: string;
  document: string;
}

/** Makes the version with the day granted and writes to the area; false when it is settled or already that late. */
async function extend(
  trx: Db,
  { deadline_id, process_id, ref, due_on, reason, document }: Extension,
  person_id: number,
  moment: Moment,
): Promise<boolean> {
  const current = await trx
    .updateTable('deadline_version')
    .set({ superseded_at: moment.at })
    .where('deadline_id', '=', deadline_id)
    .where('superseded_at', 'is', null)
    .where('settled_at', 'is', null)
    .where('due_on', '<', due_on)
    .returning(['version', 'due_time'])
    .executeTakeFirst();
  if (!current) return false;
  const lapses_at = current.due_time ? instantOf(`${due_on}T${current.due_time}`) : endOfDay(due_on);
  const changeId = await recordChange(
    trx,
    {
      process_id,
      kind: 'manual_date',
      summary: `${ref}: prórroga al ${formatShortDate(due_on)}`,
      act: document,
      person_id,
    },
    moment,
  );
  // The day granted is firm whatever the rule's own still waits for; the steps go on telling what the rule gives.
  await sql`
    insert into deadline_version (deadline_id, version, opens_on, due_on, due_time, lapses_at, provisional, steps,
      rule_id, known_from, recorded_at, change_id)
    select deadline_id, version + 1, opens_on, ${due_on}, due_time, ${lapses_at}, '{}', steps, rule_id,
      ${moment.at}, ${moment.at}, ${changeId}
    from deadline_version where deadline_id = ${deadline_id} and version = ${current.version}`.execute(trx);
  await trx
    .insertInto('extension')
    .values({
      deadline_id,
      deadline_version: current.version + 1,
      reason,
      document,
      granted_by: person_id,
      recorded_at: moment.at,
    })
    .execute();
  await cancelPlannedNotices(trx, [deadline_id], 'se concedió una prórroga', moment);
  await recomputeDeadlines(trx, process_id, moment, { changeId });
  await queueChangeMails(trx, changeId, 'date_change', moment);
  return true;
}

/** Passes what an area answers for, in an obligation, to another one; call it in a transaction that holds the process. */
export async function reassign(
  trx: Db,
  { obligation_id, area_id }: { obligation_id: number; area_id: number },
  new_area_id: number,
  moment: Moment,
): Promise<void> {
  const held = await trx
    .deleteFrom('obligation_area')
    .where('obligation_id', '=', obligation_id)
    .where('area_id', '=', area_id)
    .where('role', 'in', ['responsible', 'co_responsible'])
    .returning('role')
    .execute();
  await trx
    .insertInto('obligation_area')
    .values(held.map(({ role }) => ({ obligation_id, area_id: new_area_id, role })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const deadlines = await trx
    .selectFrom('deadline')
    .where('obligation_id', '=', obligation_id)
    .select('id')
    .execute();
  await cancelPlannedNotices(
    trx,
    deadlines.map(({ id }) => id),
    'la obligación pasó a otra área',
    moment,
  );
}
