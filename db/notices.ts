// Reading the ledger of notices; it is written by the morning's pass (db/notice-plan.ts) and by delivery.
import { sql } from 'kysely';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';

/** Every notice of a deadline, newest first, with whom it was for and what became of it. */
export async function listNoticesOfDeadline(db: Db, deadlineId: number) {
  return db
    .selectFrom('notice')
    .innerJoin('person', 'person.id', 'notice.person_id')
    .leftJoin('message', 'message.id', 'notice.message_id')
    .where('notice.deadline_id', '=', deadlineId)
    .select([
      'notice.id',
      'notice.rung',
      'notice.kind',
      'notice.capacity',
      'notice.planned_on',
      'notice.state',
      'notice.reason',
      'notice.closed_at',
      'person.name as person_name',
      'message.message_id',
      'message.reply',
      'message.possible_duplicate',
    ])
    .orderBy('notice.planned_on', 'desc')
    .orderBy('person.name')
    .execute();
}

/** The notices that went out in those messages, one row each as `convenio tick --json` prints them. */
export async function listSentNotices(db: Db, messageIds: number[]) {
  if (messageIds.length === 0) return [];
  return db
    .selectFrom('notice')
    .innerJoin('message', 'message.id', 'notice.message_id')
    .innerJoin('deadline_version as v', (join) =>
      join
        .onRef('v.deadline_id', '=', 'notice.deadline_id')
        .onRef('v.version', '=', 'notice.deadline_version'),
    )
    .innerJoin('deadline', 'deadline.id', 'notice.deadline_id')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
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
    .leftJoin('message', 'message.run_on', 'pass.run_on')
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
