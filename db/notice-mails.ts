// The mails that notices go into, around a pass: which may take more, and which never left or are over.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { WITHDRAWN_WORDS } from './morning-mails.ts';

/**
 * Puts the mails of today that may take more into the table `pass_mail` and holds them until the pass is committed.
 * Whoever claims mails skips those that are held (db/messages.ts), so a sender has a mail either before, and then it is
 * not queued any more when its row is had here, or after the commit, and then it reads every notice that was added. A
 * mail that somebody has begun to send therefore never gets a notice: when it is closed, all that are planned in it are
 * notices it carried. Held in the order of their ids, as others who hold several do (db/notices.ts).
 */
export async function holdMails(db: Db, moment: Moment): Promise<void> {
  await sql`
    create temporary table pass_mail on commit drop as
    select id, person_id, kind, coalesce(rung, '') as rung from message
    where run_on = ${moment.today} and state = 'queued' and coalesce(rung, '') not like '%h'
    order by id for no key update`.execute(db);
}

/** Takes out of a mail that is over what is still planned in it: it did not carry it, so it waits for another one. */
export async function freeStranded(db: Db): Promise<void> {
  await sql`
    update notice set message_id = null from message
    where notice.state = 'planned' and message.id = notice.message_id
      and message.state in ('accepted', 'failed', 'bounced', 'cancelled')`.execute(db);
}

/**
 * Takes back the mails of earlier mornings that never left, so that what they carried goes into today's. What failed on
 * an earlier day is told in no other mail.
 */
export async function foldEarlierMornings(db: Db, moment: Moment): Promise<void> {
  await sql`
    with folded as (
      update message set state = 'cancelled', closed_at = ${moment.at},
        reason = case when kind in ('digest', 'escalation', 'hour_reminder')
          then 'no salió a tiempo; su contenido va en un correo posterior' else ${WITHDRAWN_WORDS} end
      where run_on < ${moment.today} and state in ('queued', 'retry') and kind <> 'stuck_mails'
      returning id
    )
    update notice set message_id = null from folded where notice.message_id = folded.id and notice.state = 'planned'
  `.execute(db);
}
