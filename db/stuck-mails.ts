// The mails that do not leave: which they are on a day, and owing whoever administers one mail about them.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { MOST_DOUBTS } from './messages.ts';
import { listHoldersOfRole } from './morning-mails.ts';
import type { MailFault, MessageKind, Role } from './schema.ts';

/**
 * As rows of `message`: what failed on the local day although its address is right, and what was in doubt too often and
 * still is. A code is asked for again by whoever waits for it, and of a mail about these none tells in turn.
 */
const stuckOn = (day: IsoDate) => sql`
  select * from message
  where state = 'failed' and fault in ('composition', 'refusal')
    and closed_at >= ${instantOf(`${day}T00:00`)} and closed_at < ${instantOf(`${addDays(day, 1)}T00:00`)}
    and kind not in ('login_code', 'stuck_mails')
  union all
  select * from message
  where state in ('sending', 'uncertain') and doubts >= ${MOST_DOUBTS} and kind not in ('login_code', 'stuck_mails')`;

/** Who is told of them on a day, and as what: whoever administers or, when nobody does, the Dirección. */
export async function stuckMailReaders(db: Db, today: IsoDate): Promise<{ role: Role; ids: number[] }> {
  const ids = await listHoldersOfRole(db, 'administrator', today);
  if (ids.length > 0) return { role: 'administrator', ids };
  return { role: 'direction', ids: await listHoldersOfRole(db, 'direction', today) };
}

/**
 * Owes each reader the day's mail once there is something to tell, whatever the day; one that had nothing left to tell
 * when its turn came is owed anew. What was in doubt the day before waits for the hour of the morning. Returns how many
 * mails there are; called at once by several senders, each reader is owed one (test/jobs/stuck-mails.test.ts).
 */
export async function oweStuckMails(db: Db, { at, today }: Moment): Promise<number> {
  const { rows } = await sql<{ stuck: boolean }>`
    select exists (
      select from (${stuckOn(today)}) as stuck
      where stuck.state = 'failed' or stuck.created_at >= ${instantOf(`${today}T00:00`)}
        or (${at}::timestamptz at time zone 'America/Mexico_City')::time
          >= coalesce((select hour from attention), time '08:00')
    ) as stuck`.execute(db);
  if (!rows[0]?.stuck) return 0;
  const { ids } = await stuckMailReaders(db, today);
  // Asked first: an insertion that gives way to a row there is would use up a folio on every look.
  const { rows: owed } = await sql<{ id: number }>`
    insert into message (kind, person_id, run_on, created_at, next_attempt_at)
    select 'stuck_mails', reader.id, ${today}::date, ${at}::timestamptz, ${at}::timestamptz
    from unnest(${ids}::bigint[]) as reader (id)
    where not exists (
      select from message m
      where m.person_id = reader.id and m.run_on = ${today} and m.kind = 'stuck_mails' and m.state <> 'cancelled'
    )
    on conflict (person_id, run_on, kind, coalesce(rung, ''))
      where run_on is not null and coalesce(rung, '') not like '%h'
    do update set state = 'queued', reason = null, closed_at = null, next_attempt_at = excluded.next_attempt_at
      where message.state = 'cancelled'
    returning id`.execute(db);
  return owed.length;
}

export interface StuckMail {
  id: number;
  created_at: string;
  kind: MessageKind;
  person_name: string;
  /** Where it was going. */
  address: string;
  /** `doubt` when nobody knows whether the server has it. */
  fault: MailFault | 'doubt';
  /** What the server said last, or why it could not be composed. */
  reply: string | null;
  doubts: number;
}

/** All of them on a day: what failed first, each in the order it was made. */
export async function listStuckMails(db: Db, day: IsoDate): Promise<StuckMail[]> {
  const { rows } = await sql<StuckMail>`
    select stuck.id, stuck.created_at, stuck.kind, person.name as person_name,
      coalesce(stuck.to_address, person.email) as address,
      case when stuck.state = 'failed' then stuck.fault else 'doubt' end as fault, stuck.reply, stuck.doubts
    from (${stuckOn(day)}) as stuck
    join person on person.id = stuck.person_id
    order by stuck.state = 'failed' desc, stuck.id`.execute(db);
  return rows;
}
