// The handover of posts: who has come into one and is to be told what they receive, and what that is.
import { sql } from 'kysely';
import { groupBy } from '../app/domain/group-by.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { unsettledSql } from './deadline-state.ts';
import { listDeadlines, type DeadlineRow } from './deadlines.ts';
import { TAKEN_AS_SENT } from './sender.ts';

/** Whose areas are handed over to; the INE's people know theirs by the INE's own means. */
const OURS = 'IEM';
/** Days from the start of a post within which its handover is news. */
const NEWS_DAYS = 30;

/** An appointment whose handover is to be told. */
export interface Newcomer {
  appointment_id: number;
  person_id: number;
}

/**
 * Who has come into a post of an area that has something open, of what was published by then, and has not been told
 * what they receive: no mail says it that may have reached their address. Told within thirty days or not at all.
 */
export async function listNewcomers(db: Db, moment: Moment): Promise<Newcomer[]> {
  const { today } = moment;
  const { rows } = await sql<Newcomer>`
    select appointment.id as appointment_id, appointment.person_id
    from appointment
    join post on post.id = appointment.post_id
    join area on area.id = post.area_id and area.institution = ${OURS}
    join person on person.id = appointment.person_id and person.disabled_at is null and person.bounced_at is null
    cross join lateral (
      select greatest(appointment.from_on::timestamp at time zone 'America/Mexico_City', handover_since) as at
    ) began
    where handover_since <= ${moment.at}
      and appointment.from_on <= ${today} and coalesce(appointment.until_on >= ${today}, true)
      and began.at > ${instantOf(`${addDays(today, -NEWS_DAYS)}T00:00`)}::timestamptz
      and not exists (
        select from message m
        where m.person_id = person.id and m.hands_over is not null and appointment.id = any (m.hands_over)
          and (m.state <> 'cancelled' or m.reason = ${TAKEN_AS_SENT})
          and not (m.state in ('failed', 'bounced') and m.to_address <> person.email)
          -- The address was wrong then; whoever is here is trusted again.
          and not (m.state = 'failed' and m.fault = 'address' or m.state = 'bounced' and m.reason ~ '^5\\.1\\.')
      )
      and exists (
        select from obligation_area oa
        join obligation o on o.id = oa.obligation_id
        join process p on p.id = o.process_id
        join deadline d on d.obligation_id = o.id
        join deadline_version v on v.deadline_id = d.id and v.superseded_at is null
        where oa.area_id = area.id and oa.role = 'responsible' and ${unsettledSql(moment)}
          and p.published_at <= began.at
      )
    order by appointment.id`.execute(db);
  return rows;
}

/**
 * Has the mails of that morning tell the handovers: the person's digest when there is one that has not been begun,
 * otherwise a mail of its own, on a morning on which mail is read. In the transaction of the pass, which holds the
 * digests. Returns how many mails it made.
 */
export async function planHandovers(
  trx: Db,
  moment: Moment,
  newcomers: readonly Newcomer[],
  attended: boolean,
): Promise<number> {
  let made = 0;
  for (const [person_id, received] of groupBy(newcomers, (newcomer) => newcomer.person_id)) {
    const hands_over = sql<number[]>`${received.map(({ appointment_id }) => appointment_id)}::bigint[]`;
    // One that waits may tell a post already.
    const all = sql<number[]>`coalesce(hands_over, '{}') || ${hands_over}`;
    const digest = await trx
      .updateTable('message')
      .set({ hands_over: all })
      .where('person_id', '=', person_id)
      .where('run_on', '=', moment.today)
      .where('kind', '=', 'digest')
      .where('state', '=', 'queued')
      .returning('id')
      .executeTakeFirst();
    if (digest || !attended) continue;
    const { rows } = await sql`
      insert into message (kind, person_id, run_on, hands_over, created_at, next_attempt_at)
      values ('handover', ${person_id}, ${moment.today}, ${hands_over}, ${moment.at}, ${moment.at})
      on conflict (person_id, run_on, kind, coalesce(rung, ''))
        where run_on is not null and coalesce(rung, '') not like '%h' do nothing
      returning id`.execute(trx);
    made += rows.length;
  }
  return made;
}

/** What somebody receives with a post. */
export interface Handover {
  appointment_id: number;
  title: string;
  area_name: string;
  from_on: IsoDate;
  matters: Matter[];
}

/** What is open or in review in an area, as far as a mail tells of it. */
export type Matter = Pick<DeadlineRow, 'id' | 'ref' | 'title' | 'due_on' | 'status'> & {
  provisional: boolean;
};

/**
 * What these messages hand over at the moment, by their ids: posts that are still held, with anything open in the area,
 * by date; what waits for an event comes last. Of each area only what is told is kept: at the change of an
 * administration hundreds of people come at once.
 */
export async function loadHandovers(
  db: Db,
  moment: Moment,
  messages: readonly { id: number }[],
): Promise<Map<number, Handover[]>> {
  const { rows } = await sql<Omit<Handover, 'matters'> & { message_id: number; area_key: string }>`
    select m.id as message_id, appointment.id as appointment_id, post.title, appointment.from_on,
      area.name as area_name, area.key as area_key
    from message m
    join appointment on appointment.id = any (m.hands_over) and appointment.person_id = m.person_id
    join post on post.id = appointment.post_id
    join area on area.id = post.area_id
    where m.id = any (${messages.map(({ id }) => id)}) and m.hands_over is not null
      and appointment.from_on <= ${moment.today} and coalesce(appointment.until_on >= ${moment.today}, true)
    order by appointment.id`.execute(db);
  const ofArea = new Map<string, Matter[]>();
  const handovers = new Map<number, Handover[]>();
  for (const { message_id, area_key, ...post } of rows) {
    const matters = ofArea.get(area_key) ?? (await listMatters(db, moment, area_key));
    ofArea.set(area_key, matters);
    if (matters.length === 0) continue;
    handovers.set(message_id, [...(handovers.get(message_id) ?? []), { ...post, matters }]);
  }
  return handovers;
}

async function listMatters(db: Db, moment: Moment, area: string): Promise<Matter[]> {
  const rows = await listDeadlines(db, moment, { area, open: true });
  return rows.map(({ id, ref, title, due_on, status, provisional }) => ({
    id,
    ref,
    title,
    due_on,
    status,
    provisional: provisional.length > 0,
  }));
}
