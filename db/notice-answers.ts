// What people answer to the notices they got: recording it, and reading it back.
import { answerReason } from '../app/domain/notice-answer.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { cancelPlannedNotices } from './notices.ts';
import { inTransaction } from './transaction.ts';

export interface NoticeAnswer {
  deadline_id: number;
  person: { id: number; name: string };
  /** The day on which to tell them again; null says that they know and attend to it. */
  until_on: IsoDate | null;
}

/**
 * Records an answer about the date in force and withdraws what that person was about to be told; the planner
 * (db/due-rungs.ts) heeds the rest. Others go on being told, and the deadline stays as it is. The same answer
 * given twice while it still holds is one; false when the deadline has no date in force any more.
 */
export async function answerNotice(
  db: Db,
  { deadline_id, person, until_on }: NoticeAnswer,
  moment: Moment,
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    await trx.selectFrom('deadline').where('id', '=', deadline_id).select('id').forUpdate().execute();
    const current = await trx
      .selectFrom('deadline_version')
      .where('deadline_id', '=', deadline_id)
      .where('superseded_at', 'is', null)
      .where('settled_at', 'is', null)
      .where('due_on', 'is not', null)
      .select('version')
      .executeTakeFirst();
    if (!current) return false;
    const last = await trx
      .selectFrom('notice_answer as a')
      .where('a.deadline_id', '=', deadline_id)
      .where('a.deadline_version', '=', current.version)
      .where('a.person_id', '=', person.id)
      .select((eb) => [
        'a.until_on',
        eb
          .exists(eb.selectFrom('notice').whereRef('notice.answer_id', '=', 'a.id').select('notice.id'))
          .as('held_something'),
      ])
      .orderBy('a.id', 'desc')
      .executeTakeFirst();
    if (last?.until_on === until_on && (until_on !== null || !last.held_something)) return true;
    const reason = answerReason(person.name, moment.today, until_on);
    const { id } = await trx
      .insertInto('notice_answer')
      .values({
        deadline_id,
        deadline_version: current.version,
        person_id: person.id,
        until_on,
        reason,
        recorded_at: moment.at,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await cancelPlannedNotices(trx, [deadline_id], reason, moment, { id, person_id: person.id });
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person.id}`,
      verb: until_on === null ? 'acusó el aviso' : 'pospuso el aviso',
      subject: `vencimiento ${deadline_id}`,
      detail: { version: current.version, until_on },
    });
    return true;
  });
}

/** What was answered about a deadline, newest first. */
export function listAnswers(db: Db, deadlineId: number) {
  return db
    .selectFrom('notice_answer as a')
    .innerJoin('person', 'person.id', 'a.person_id')
    .where('a.deadline_id', '=', deadlineId)
    .select(['a.id', 'a.person_id', 'a.until_on', 'a.recorded_at', 'person.name'])
    .orderBy('a.id', 'desc')
    .execute();
}

/** Whether a mail about the date in force of that deadline reached the person's server. */
export async function wasTold(db: Db, deadlineId: number, personId: number): Promise<boolean> {
  const notice = await db
    .selectFrom('notice')
    .innerJoin('deadline_version as v', (join) =>
      join
        .onRef('v.deadline_id', '=', 'notice.deadline_id')
        .onRef('v.version', '=', 'notice.deadline_version'),
    )
    .where('notice.deadline_id', '=', deadlineId)
    .where('notice.person_id', '=', personId)
    .where('notice.state', '=', 'accepted')
    .where('v.superseded_at', 'is', null)
    .select('notice.id')
    .executeTakeFirst();
  return notice !== undefined;
}
