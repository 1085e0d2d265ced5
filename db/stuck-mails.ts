// The mails that do not leave: which they are on a day, and owing whoever administers one mail about them.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { LASTING_HOURS } from './mailbox-refusals.ts';
import { MOST_DOUBTS } from './messages.ts';
import { listHoldersOfRole } from './morning-mails.ts';
import type { MailFault, MessageKind, Role } from './schema.ts';

/**
 * As rows of `message` with since when their mailbox is full: what failed on the local day although its address is
 * right, what was in doubt too often and still is, and of each mailbox full for too long what it refused last. A code
 * is asked for again by whoever waits for it, and of a mail about these none tells in turn.
 */
const stuckOn = (day: IsoDate, { at }: Moment) => sql`
  select message.*, null::timestamptz as full_since from message
  where state = 'failed' and fault in ('composition', 'refusal')
    and closed_at >= ${instantOf(`${day}T00:00`)} and closed_at < ${instantOf(`${addDays(day, 1)}T00:00`)}
    and kind not in ('login_code', 'stuck_mails')
  union all
  select message.*, null from message
  where state in ('sending', 'uncertain') and doubts >= ${MOST_DOUBTS} and kind not in ('login_code', 'stuck_mails')
  union all
  select message.*, refusal.since from mailbox_refusal refusal join message on message.id = refusal.message_id
  where refusal.kind = 'full' and refusal.since <= ${at}::timestamptz - ${LASTING_HOURS} * interval '1 hour'
    and state in ('retry', 'sending', 'uncertain') and doubts < ${MOST_DOUBTS}
    and message.kind not in ('login_code', 'stuck_mails')`;

/** Who is told of them on a day, and as what: whoever administers or, when nobody does, the Dirección. */
export async function stuckMailReaders(db: Db, today: IsoDate): Promise<{ role: Role; ids: number[] }> {
  const ids = await listHoldersOfRole(db, 'administrator', today);
  if (ids.length > 0) return { role: 'administrator', ids };
  return { role: 'direction', ids: await listHoldersOfRole(db, 'direction', today) };
}

/**
 * Owes each reader the day's mail once there is something to tell, whatever the day; one that had nothing left to tell
 * when its turn came is owed anew. What stood so the day before waits for the hour of the morning. Returns how many
 * mails there are; called at once by several senders, each reader is owed one (test/jobs/stuck-mails.test.ts).
 */
export async function oweStuckMails(db: Db, moment: Moment): Promise<number> {
  const { at, today } = moment;
  const { rows } = await sql<{ stuck: boolean }>`
    select exists (
      select from (${stuckOn(today, moment)}) as stuck
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
  /** `doubt` when nobody knows whether the server has it, `full` when its mailbox has no room. */
  fault: MailFault | 'doubt' | 'full';
  /** What the server said last, or why it could not be composed. */
  reply: string | null;
  doubts: number;
  /** Since when its mailbox is full, if that is why. */
  full_since: string | null;
}

/** All of them on a day, at the moment: what failed first, each in the order it was made. */
export async function listStuckMails(db: Db, day: IsoDate, moment: Moment): Promise<StuckMail[]> {
  const { rows } = await sql<StuckMail>`
    select stuck.id, stuck.created_at, stuck.kind, person.name as person_name,
      coalesce(stuck.to_address, person.email) as address,
      case when stuck.state = 'failed' then stuck.fault when full_since is null then 'doubt' else 'full' end as fault,
      stuck.reply, stuck.doubts, full_since
    from (${stuckOn(day, moment)}) as stuck
    join person on person.id = stuck.person_id
    order by stuck.state = 'failed' desc, stuck.id`.execute(db);
  return rows;
}
