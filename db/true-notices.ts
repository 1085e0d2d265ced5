// Which planned notices are still true: what was settled, moved or reported meanwhile, and whom they no longer reach.
import { sql, type RawBuilder } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { SUSPENDED_WORDS } from './bounces.ts';
import type { Db } from './client.ts';
import {
  findReached,
  listAreasOfNotices,
  loadReach,
  type AddressedNotice,
  type Reach,
  type ReachContact,
} from './reach.ts';
import { yielding } from './transaction.ts';

export interface NoticeFacts {
  id: number;
  message_id: number;
  deadline_id: number;
  rung: string;
  capacity: string;
  planned_on: string;
}

/** Why somebody should not be written to any more: disabled, a suspended address, or without any post or role. */
export type Gone = 'disabled' | 'suspended' | 'left';

/** Why a mail to somebody who is gone is cancelled. */
export const GONE_WORDS: Record<Gone, string> = {
  disabled: 'la cuenta de la persona está de baja',
  suspended: SUSPENDED_WORDS,
  left: 'la persona dejó el cargo',
};

/** Whether the `person` of a query is gone at the moment, and how. */
export function goneSql(moment: Moment): RawBuilder<Gone | null> {
  return sql`case
    when person.disabled_at <= ${moment.at} then 'disabled'
    when person.bounced_at is not null then 'suspended'
    when not exists (
      select from (
        select from_on, until_on from appointment where person_id = person.id
        union all select from_on, until_on from role_grant where person_id = person.id
      ) as held
      where held.from_on <= ${moment.today} and coalesce(held.until_on >= ${moment.today}, true)
    ) then 'left' end`;
}

/** Notices looked through at once: a worker must not hold a million of them. */
const STRAY_PORTION = 5_000;

/** Why the notice of somebody whom the deadline's areas no longer have is cancelled. */
const STRAY_WORDS = 'la persona ya no recibe los avisos de esa área';

/** Why notices were cancelled for the person's sake and not for the deadline's. */
export const ABSENCE_WORDS = [GONE_WORDS.left, STRAY_WORDS];

/** What decides whom a notice `n` reaches, read over `TO_ITS_OBLIGATION`. */
const ADDRESSED = sql`n.person_id, o.id as obligation_id, o.obligor = 'INE' as owed_by_ine`;
const TO_ITS_OBLIGATION = sql`
  join deadline d on d.id = n.deadline_id
  join obligation o on o.id = d.obligation_id`;

/**
 * The planned notices of these messages that are still true, and whom notices reach at the moment (undefined when there
 * is no notice). Those whose deadline meanwhile was concluded, reported, waived or moved are closed as cancelled: nobody
 * is mailed about finished work. So are those of whoever left, went to another area or has a suspended address; the
 * next pass tells who came after them.
 */
export async function keepTrueNotices(
  db: Db,
  moment: Moment,
  messageIds: number[],
  personIds: number[],
): Promise<{ notices: NoticeFacts[]; reach: Reach | undefined }> {
  const { rows } = await sql<NoticeFacts & AddressedNotice & { untrue: string | null }>`
    select n.id, n.message_id, n.deadline_id, n.rung, n.capacity, n.planned_on, ${ADDRESSED}, case
        when v.superseded_at <= ${moment.at} then 'cambió la fecha del vencimiento'
        when v.settled_at <= ${moment.at} then 'la obligación ya estaba concluida o exceptuada'
        when exists (
          select from submission s left join review r on r.submission_id = s.id and r.recorded_at <= ${moment.at}
          where s.deadline_id = n.deadline_id and s.recorded_at <= ${moment.at} and r.submission_id is null
        ) then 'el cumplimiento ya estaba reportado'
        when gone.how = 'suspended' then ${GONE_WORDS.suspended}
        when gone.how is not null then ${GONE_WORDS.left}
      end as untrue
    from notice n
    join deadline_version v on v.deadline_id = n.deadline_id and v.version = n.deadline_version
    ${TO_ITS_OBLIGATION}
    join (select id, ${goneSql(moment)} as how from person where id = any (${personIds})) gone on gone.id = n.person_id
    where n.message_id = any (${messageIds}) and n.state = 'planned'
    order by n.id`.execute(db);
  if (rows.length === 0) return { notices: [], reach: undefined };
  const areas = await listAreasOfNotices(db, rows);
  const reach = await loadReach(db, moment.today, areas);
  const reached = findReached(reach.contacts, areas, rows);
  const untrue = rows.flatMap(({ id, untrue: reason }) =>
    reason !== null || !reached.has(id) ? [{ id, reason: reason ?? STRAY_WORDS }] : [],
  );
  if (untrue.length > 0) {
    const close = sql`
      update notice set state = 'cancelled', closed_at = ${moment.at}, reason = untrue.reason
      from unnest(${untrue.map(({ id }) => id)}::bigint[], ${untrue.map(({ reason }) => reason)}::text[])
        as untrue (id, reason)
      where notice.id = untrue.id and notice.state = 'planned'`;
    await yielding(() => close.execute(db));
  }
  const closed = new Set(untrue.map(({ id }) => id));
  const notices = rows.filter(({ id }) => !closed.has(id));
  // Whoever has another post today is told in that one.
  for (const notice of notices) {
    const capacities = reached.get(notice.id)!;
    if (capacities.includes(notice.capacity)) continue;
    notice.capacity = capacities[0]!;
    await db
      .updateTable('notice')
      .set({ capacity: notice.capacity })
      .where('id', '=', notice.id)
      .where('state', '=', 'planned')
      .execute();
  }
  return { notices, reach };
}

/**
 * Cancels, before anything new is planned, the notices of open deadlines that have not left and whose person the
 * deadline's areas no longer have: somebody in their place is told instead. `contacts` are those of all areas that
 * answer for something open. Their mails are held meanwhile, so that none leaves with a notice this cancels.
 */
export async function cancelStrayNotices(db: Db, moment: Moment, contacts: ReachContact[]): Promise<void> {
  for (let last = 0; ;) {
    const { rows } = await sql<AddressedNotice & { message_id: number | null }>`
      select n.id, n.message_id, ${ADDRESSED} from notice n
      join deadline_version v on v.deadline_id = n.deadline_id and v.version = n.deadline_version
      ${TO_ITS_OBLIGATION}
      where n.state = 'planned' and n.id > ${last} and v.superseded_at is null and v.settled_at is null
        and ${UNSENT}
      order by n.id limit ${STRAY_PORTION}`.execute(db);
    if (rows.length === 0) return;
    const reached = findReached(contacts, await listAreasOfNotices(db, rows), rows);
    const stray = rows.filter(({ id }) => !reached.has(id));
    if (stray.length > 0) await cancelStray(db, moment, stray);
    last = rows.at(-1)!.id;
  }
}

/** A notice `n` that waits for a mail, or whose mail has not left. */
const UNSENT = sql`(n.message_id is null or exists (
  select from message where message.id = n.message_id and message.state in ('queued', 'retry')))`;

async function cancelStray(
  db: Db,
  moment: Moment,
  stray: { id: number; message_id: number | null }[],
): Promise<void> {
  await sql`
    select from message where state in ('queued', 'retry') and id = any (${stray.map(({ message_id }) => message_id)})
    order by id for update`.execute(db);
  await sql`
    update notice n set state = 'cancelled', closed_at = ${moment.at}, reason = case
        when ${goneSql(moment)} = 'suspended' then ${GONE_WORDS.suspended}
        when ${goneSql(moment)} is not null then ${GONE_WORDS.left}
        else ${STRAY_WORDS}
      end
    from person
    where person.id = n.person_id and n.id = any (${stray.map(({ id }) => id)}) and n.state = 'planned'
      and ${UNSENT}`.execute(db);
}
