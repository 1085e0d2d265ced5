// Reading the ledger of notices, which the morning's pass (db/notice-plan.ts) and delivery write; withdrawing from it.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';

/** The notices of deadlines that have not gone out: planned, and in no mail that somebody is already sending. */
const withdrawable = (deadlineIds: number[], personId?: number) => sql<boolean>`
  notice.deadline_id = any (${deadlineIds}) and notice.state = 'planned'
  and ${personId === undefined ? sql`true` : sql`notice.person_id = ${personId}`}
  and (notice.message_id is null or exists (
    select from message where message.id = notice.message_id and message.state in ('queued', 'retry')))`;

/** How many notices `cancelPlannedNotices` would withdraw. */
export async function countPlannedNotices(db: Db, deadlineIds: number[]): Promise<number> {
  const { count } = await db
    .selectFrom('notice')
    .where(withdrawable(deadlineIds))
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Withdraws the notices of deadlines that have not gone out, of everybody or, with `answer`, of the person who
 * answered. Their mails are held meanwhile, so that none leaves with
 * a notice this cancels; delivery itself cancels those of a mail that somebody was already sending.
 */
export async function cancelPlannedNotices(
  db: Db,
  deadlineIds: number[],
  reason: string,
  moment: Moment,
  answer?: { id: number; person_id: number },
): Promise<void> {
  if (deadlineIds.length === 0) return;
  await sql`
    select from message where state in ('queued', 'retry') and id in (
      select message_id from notice where deadline_id = any (${deadlineIds}) and state = 'planned')
    order by id for update`.execute(db);
  await db
    .updateTable('notice')
    .set({ state: 'cancelled', reason, closed_at: moment.at, answer_id: answer?.id ?? null })
    .where(withdrawable(deadlineIds, answer?.person_id))
    .execute();
}

/**
 * Withdraws all notices of a person that have not gone out, as `cancelPlannedNotices` does those of deadlines: the next
 * pass tells whoever answers in their place.
 */
export async function withdrawNotices(
  db: Db,
  personId: number,
  reason: string,
  moment: Moment,
): Promise<void> {
  await sql`
    select from message where person_id = ${personId} and state in ('queued', 'retry') order by id for update`.execute(
    db,
  );
  await sql`
    update notice set state = 'cancelled', reason = ${reason}, closed_at = ${moment.at}
    where person_id = ${personId} and state = 'planned' and (message_id is null or exists (
      select from message where message.id = notice.message_id and message.state in ('queued', 'retry')))`.execute(
    db,
  );
}

/**
 * Takes up again, for the next pass, what was cancelled because the person could not be told and now can: of each open
 * deadline the last notice, unless a later one was told.
 */
export async function resumeNotices(db: Db, personId: number, reasons: string[]): Promise<void> {
  await sql`
    update notice set state = 'planned', reason = null, closed_at = null, message_id = null
    where id in (
      select distinct on (n.deadline_id) n.id from notice n
      join deadline_version v on v.deadline_id = n.deadline_id and v.version = n.deadline_version
      where n.person_id = ${personId} and v.superseded_at is null and v.settled_at is null
        and n.state not in ('superseded')
      order by n.deadline_id, n.offset_hours desc, n.id desc
    ) and state = 'cancelled' and reason = any (${reasons})`.execute(db);
}

/** The notices in a mail, each with the person, the version of the deadline it tells and the obligation; no order. */
export const mailedNotices = (db: Db) =>
  db
    .selectFrom('notice')
    .innerJoin('message', 'message.id', 'notice.message_id')
    .innerJoin('person', 'person.id', 'notice.person_id')
    .innerJoin('deadline_version as v', (join) =>
      join
        .onRef('v.deadline_id', '=', 'notice.deadline_id')
        .onRef('v.version', '=', 'notice.deadline_version'),
    )
    .innerJoin('deadline', 'deadline.id', 'notice.deadline_id')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id');

/** The notices that went out in those messages, one row each as `convenio tick --json` prints them. */
export async function listSentNotices(db: Db, messageIds: number[]) {
  if (messageIds.length === 0) return [];
  return mailedNotices(db)
    .where('notice.message_id', 'in', messageIds)
    .where('notice.state', '=', 'accepted')
    .select([
      'obligation.ref as obligation',
      'v.due_on',
      'notice.rung',
      'message.to_address as to',
      'message.message_id',
    ])
    .orderBy('message.id')
    .orderBy('v.due_on')
    .orderBy('obligation.ref')
    .execute();
}

/** How the mails of a morning stand: when its pass ran, how many there are, how many the server took or refused. */
export async function findMorning(db: Db, day: IsoDate) {
  return db
    .selectFrom('pass')
    .leftJoin('message', (join) =>
      join.onRef('message.run_on', '=', 'pass.run_on').on('message.kind', '<>', 'stuck_mails'),
    )
    .where('pass.run_on', '=', day)
    .groupBy('pass.run_on')
    .select([
      'pass.first_at',
      'pass.uncovered',
      sql<number>`count(message.id) filter (where message.state <> 'cancelled')`.as('mails'),
      sql<number>`count(message.id) filter (where message.state = 'accepted')`.as('accepted'),
      sql<number>`count(message.id) filter (where message.state = 'failed')`.as('failed'),
    ])
    .executeTakeFirst();
}
