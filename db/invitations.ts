// Calendar invitations: which of them people are owed on a morning, and what each tells when it leaves.
import { sql } from 'kysely';
import { isAttended } from '../app/domain/attention.ts';
import type { FeedItem } from '../app/domain/calendar-feed.ts';
import { TAKES_OUT } from '../app/domain/calendar-invitation.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, instantOf } from '../app/domain/plain-date.ts';
import { loadAttention } from './attention.ts';
import { ANSWERING, calendarItem, selectCalendarItems, type CalendarRow } from './calendar-items.ts';
import type { Db } from './client.ts';
import type { ClaimedMessage } from './messages.ts';
import { inTransaction } from './transaction.ts';

/** Invitations of one person in a day; the rest comes on the next ones. */
const A_DAY = 10;
/** Days ahead that somebody is invited to. */
const AHEAD_DAYS = 30;

/** States in which an invitation is none; a duplicate that may have arrived is told apart. */
const DID_NOT_ARRIVE = sql`('cancelled', 'failed', 'bounced')`;

/** Of the areas a person holds a post in today, the obligations they answer for, over `held`, `post` and `oa`. */
const answeringSql = ({ today }: Moment) => sql`
  appointment held
  join post on post.id = held.post_id
  join obligation_area oa on oa.area_id = post.area_id and oa.role = any (${ANSWERING})
    and held.from_on <= ${today} and coalesce(held.until_on >= ${today}, true)`;

/**
 * Puts into the outbox what whoever chose invitations is owed: a first one for what falls due within thirty days, one
 * more for what changed since it was last invited, and a cancellation for what counts no more; at most ten a person and
 * day, changes first and then the nearest. Never invited is whom no mail may have reached: what did not arrive at an
 * address is tried again at another one, or once the deadline changes. Before the morning's hour, and when run again
 * with nothing changed, it owes nothing. Returns how many mails it made.
 */
export async function planInvitations(db: Db, moment: Moment): Promise<number> {
  const { at, today } = moment;
  const attention = await loadAttention(db);
  if (!isAttended(attention, today)) return 0;
  if (Date.parse(at) < Date.parse(instantOf(`${today}T${attention.hour}`))) return 0;
  const taker = await db
    .selectFrom('person')
    .where('invited_since', 'is not', null)
    .select('id')
    .limit(1)
    .executeTakeFirst();
  if (!taker) return 0;
  return inTransaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('convenio pass'))`.execute(trx);
    const items = selectCalendarItems(trx, moment).where(
      sql<boolean>`o.id = any (array(select obligation_id from answered))`,
    );
    const { rows } = await sql<{ id: number }>`
      with taker as materialized (
        select id as person_id, email from person
        where invited_since <= ${at} and disabled_at is null and bounced_at is null
      ),
      answered as materialized (
        select distinct taker.person_id, oa.obligation_id
        from ${answeringSql(moment)} join taker on taker.person_id = held.person_id
      ),
      item as materialized ${items},
      mail as materialized (
        select m.id, m.person_id, m.invited_deadline_id, m.invited_sequence, m.calendar, m.created_at,
          m.possible_duplicate, m.state not in ${DID_NOT_ARRIVE} as stands,
          m.state in ('failed', 'bounced') and coalesce(m.to_address, taker.email) = taker.email as refused
        from message m join taker on taker.person_id = m.person_id
        where m.invited_deadline_id is not null
      ),
      told as materialized (
        select person_id, invited_deadline_id as id,
          bool_or(stands or possible_duplicate) as ever,
          max(invited_sequence) filter (where stands) as standing,
          (array_agg(calendar like ${`%${TAKES_OUT}%`} order by id desc) filter (where stands))[1] as taken_out,
          array_agg(invited_sequence) filter (where refused) as refused
        from mail group by 1, 2
      ),
      owed as (
        select answered.person_id, item.id, item.sequence,
          row_number() over (
            partition by answered.person_id
            order by told.ever is true desc, abs(item.due_on - ${today}::date), item.id
          ) as place
        from answered
        join item on item.obligation_id = answered.obligation_id
        left join told on told.person_id = answered.person_id and told.id = item.id
        where item.sequence <> all (coalesce(told.refused, '{}'))
          and case
            when told.ever then coalesce(told.standing < item.sequence, true)
              and (item.state <> 'cancelled' or told.taken_out is not true)
            else item.state in ('open', 'in_review')
              and item.due_on between ${today} and ${addDays(today, AHEAD_DAYS)} end
      ),
      made_today as (
        select person_id, count(*) as mails from mail where created_at >= ${instantOf(`${today}T00:00`)} group by 1
      )
      insert into message (kind, person_id, invited_deadline_id, invited_sequence, created_at, next_attempt_at)
      select 'invitation', person_id, owed.id, sequence, ${at}::timestamptz, ${at}::timestamptz
      from owed left join made_today using (person_id)
      where place <= ${A_DAY} - coalesce(mails, 0)
      order by person_id, place
      on conflict (person_id, invited_deadline_id, invited_sequence)
        where invited_deadline_id is not null and state not in ${DID_NOT_ARRIVE} do nothing
      returning id`.execute(trx);
    return rows.length;
  });
}

/** What an invitation tells. */
export interface Invitation {
  ref: string;
  item: FeedItem;
  /** An earlier mail may have brought the event into the person's calendar. */
  told_before: boolean;
}

/** Why an invitation should not leave any more, in Spanish. */
export interface EndedInvitation {
  ended: string;
}

/** Who an invitation is for, at the moment. */
interface Standing {
  id: number;
  wanted: boolean;
  answers: boolean;
  told_before: boolean;
}

/** What the invitations among these messages tell at the moment. */
export async function loadInvitations(
  db: Db,
  moment: Moment,
  claims: readonly Pick<ClaimedMessage, 'id' | 'invited_deadline_id' | 'invited_sequence'>[],
): Promise<Map<number, Invitation | EndedInvitation>> {
  const invitations = claims.filter(({ invited_deadline_id }) => invited_deadline_id !== null);
  if (invitations.length === 0) return new Map();
  const deadlineIds = invitations.map(({ invited_deadline_id }) => invited_deadline_id!);
  const [items, { rows }] = await Promise.all([
    selectCalendarItems(db, moment).where('v.deadline_id', 'in', deadlineIds).execute(),
    sql<Standing>`
      select m.id, person.invited_since is not null as wanted,
        exists (
          select from ${answeringSql(moment)}
          join deadline d on d.obligation_id = oa.obligation_id
          where held.person_id = m.person_id and d.id = m.invited_deadline_id
        ) as answers,
        exists (
          select from message earlier
          where earlier.person_id = m.person_id and earlier.invited_deadline_id = m.invited_deadline_id
            and earlier.id < m.id
            and (earlier.state in ('accepted', 'uncertain') or earlier.possible_duplicate
              or (earlier.state = 'sending' and earlier.html is not null))
        ) as told_before
      from message m join person on person.id = m.person_id
      where m.id = any (${invitations.map(({ id }) => id)}::bigint[])`.execute(db),
  ]);
  const rowOf = new Map(items.map((item) => [item.id, item]));
  const standingOf = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    invitations.map(({ id, invited_deadline_id, invited_sequence }) => [
      id,
      judge(invited_sequence, standingOf.get(id), rowOf.get(invited_deadline_id!)),
    ]),
  );
}

function judge(
  invited: number | null,
  standing: Standing | undefined,
  row: CalendarRow | undefined,
): Invitation | EndedInvitation {
  if (!standing?.wanted) return { ended: 'la persona ya no recibe invitaciones de calendario' };
  if (!standing.answers || !row) return { ended: 'la persona ya no responde por la obligación' };
  const { told_before } = standing;
  const item = calendarItem(row);
  if (item.sequence !== invited) return { ended: 'el vencimiento cambió; otra invitación lo dice' };
  if (!told_before && item.state !== 'open' && item.state !== 'in_review') {
    return { ended: 'ya no hay nada que llevar al calendario' };
  }
  return { ref: row.ref, item, told_before };
}
