// What each mail is about: the deadlines it tells of, and their obligations.
import { sql } from 'kysely';
import type { Db } from './client.ts';

export interface MailSubject {
  /** Ids, ascending. */
  deadlines: number[];
  obligations: number[];
}

/** The deadlines that messages tell of by now, and their obligations; nothing for those that tell of none. */
export async function listMailSubjects(db: Db, messageIds: number[]): Promise<Map<number, MailSubject>> {
  const { rows } = await sql<MailSubject & { id: number }>`
    with about as (
      select message_id as id, deadline_id from notice
      where message_id = any (${messageIds}) and state = 'planned'
      union
      select m.id, s.deadline_id from message m join submission s on s.id = m.submission_id
      where m.id = any (${messageIds})
      union
      select m.id, q.deadline_id from message m join explanation_request q on q.id = m.explanation_request_id
      where m.id = any (${messageIds})
      union
      select m.id, w.deadline_id from message m join waiver w on w.id = m.waiver_id
      where m.id = any (${messageIds})
      union
      select id, invited_deadline_id from message where id = any (${messageIds}) and invited_deadline_id is not null
      union
      select m.id, v.deadline_id from message m
      join deadline_version v on m.schedule_change_id in (v.change_id, v.ended_by_change_id)
      join deadline d on d.id = v.deadline_id
      join obligation_area oa on oa.obligation_id = d.obligation_id and oa.area_id = m.area_id
        and oa.role = 'responsible'
      where m.id = any (${messageIds})
    )
    select about.id, jsonb_agg(d.id order by d.id) as deadlines,
      jsonb_agg(distinct d.obligation_id order by d.obligation_id) as obligations
    from about join deadline d on d.id = about.deadline_id
    group by about.id`.execute(db);
  return new Map(rows.map(({ id, ...subject }) => [id, subject]));
}
