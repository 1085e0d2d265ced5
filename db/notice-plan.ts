// The planner: which notices fall due, to whom, and in which mail; written to the ledger in one transaction.
import { sql, type RawBuilder } from 'kysely';
import { isAttended } from '../app/domain/attention.ts';
import { contactResolver } from '../app/domain/contacts.ts';
import { AUDIENCES } from '../app/domain/ladder.ts';
import type { Moment } from '../app/domain/moment.ts';
import { instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import { loadAttention } from './attention.ts';
import type { Db } from './client.ts';
import { inForceSql, unsettledSql } from './deadline-state.ts';
import { listNewcomers, planHandovers, type Newcomer } from './handovers.ts';
import { LADDER_CLASS, loadLadders } from './ladders.ts';
import { planMorningMails, WITHDRAWN_WORDS } from './morning-mails.ts';
import { beat, morningBegan } from './pass.ts';
import { listAreaTree, listSeats } from './people.ts';
import type { ReachContact } from './reach.ts';
import { rungTables, type RungTables } from './rung-tables.ts';
import { inTransaction } from './transaction.ts';
import { cancelStrayNotices } from './true-notices.ts';

/** An area is reported as uncovered when it answers for something due within so many days, or past. */
const NEAR_DAYS = 30;

export interface PassResult {
  /** Notices that were new. */
  planned: number;
  superseded: number;
  messages: number;
  /** Areas with open deadlines near but nobody to tell, not even up the line; a Dirección as well when nobody is above. */
  uncovered: string[];
}

/**
 * Plans the notices that are due at the moment and not recorded yet: "due and not told", never "equals today", so
 * a pass run twice plans nothing the second time and a pass after days of silence catches up. Of several rungs
 * that are new for one person and deadline the most severe is kept, the others are recorded as superseded.
 * Before the morning's hour only what is counted in hours is planned.
 */
export async function planNotices(db: Db, moment: Moment): Promise<PassResult> {
  return inTransaction(db, async (trx) => {
    // One pass at a time, whoever runs it; the next one waits and finds nothing left to plan.
    // A first pass over hundreds of thousands of deadlines takes longer than a page may.
    await sql`set local statement_timeout = '15min'`.execute(trx);
    await sql`select pg_advisory_xact_lock(hashtext('convenio pass'))`.execute(trx);
    return planInTransaction(trx, moment);
  });
}

/** The pass itself, on whatever tables `notice`, `message` and `pass` are in the transaction's search path. */
export async function planInTransaction(trx: Db, moment: Moment): Promise<PassResult> {
  const [attention, ladders, areas, seats] = await Promise.all([
    loadAttention(trx),
    loadLadders(trx),
    listAreaTree(trx),
    listSeats(trx, moment.today),
  ]);
  const rungs = await rungTables(trx, moment, ladders, attention);
  const contacts: ReachContact[] = [];
  const uncovered: string[] = [];
  const resolve = contactResolver(areas, seats);
  for (const [direction_area_id, areasOf] of await listAnsweringAreas(trx, moment, rungs.until)) {
    const resolved = resolve(direction_area_id, areasOf.keys());
    for (const contact of resolved.contacts) contacts.push({ direction_area_id, ...contact });
    uncovered.push(...resolved.uncovered.filter(({ id }) => areasOf.get(id)).map(({ name }) => name));
    const direction = areas.find(({ id }) => id === direction_area_id);
    // What climbs there reaches nobody, whether or not it answers for something itself.
    if (resolved.above.kind === 'nobody' && direction && !uncovered.includes(direction.name))
      uncovered.push(direction.name);
  }
  await cancelStrayNotices(trx, moment, contacts);
  const morning = Date.parse(moment.at) >= Date.parse(instantOf(`${moment.today}T${attention.hour}`));
  if (morning) await foldEarlierMornings(trx, moment);
  if (morning && !(await morningBegan(trx, moment.today))) await freeStranded(trx);
  const attended = isAttended(attention, moment.today);
  const newcomers = morning ? await listNewcomers(trx, moment) : [];
  const count = await planNew(trx, moment, { morning, attended, newcomers }, rungs, JSON.stringify(contacts));
  await supersedeOvertaken(trx, moment);
  count.messages += await planHandovers(trx, moment, newcomers, attended);
  if (morning) count.messages += await planMorningMails(trx, moment, attention);
  await beat(trx, moment, morning, { ...count, uncovered: uncovered.length });
  return { ...count, uncovered };
}

/**
 * Inserts every notice that is due and new, of all published processes at once, each with its mail: reminders in the
 * digest of the morning, escalations in a mail of their own for each rung, what is counted in hours in a mail of its
 * own at once, and for somebody who catches up, or is new in a post, everything in one digest. A digest or an escalation
 * of today that already left takes no more: what remains goes out on the next morning on which mail is read (`attended`). `contacts`
 * is JSON: who stands behind each area, for each Dirección that leads a process.
 */
async function planNew(
  db: Db,
  moment: Moment,
  { morning, attended, newcomers }: { morning: boolean; attended: boolean; newcomers: readonly Newcomer[] },
  rungs: RungTables,
  contacts: string,
): Promise<{ planned: number; superseded: number; messages: number }> {
  await collectOpen(db, moment, morning, rungs);
  await collectDue(db, moment, morning, rungs, contacts);
  await holdMails(db, moment);
  const { rows } = await sql<{ planned: number; superseded: number; messages: number }>`
    with
    -- Planned before, and without a mail because theirs never left, or had left already.
    waiting as materialized (
      select n.id, n.person_id, n.rung, n.kind, n.planned_on, n.rung like '%h' as in_hours
      from notice n
      where n.state = 'planned' and n.message_id is null and n.reason is null and (${morning} or n.rung like '%h')
        and ${attended ? sql`true` : mayNotWait}
        and not exists (
          select from pass_due later
          where later.deadline_id = n.deadline_id and later.version = n.deadline_version
            and later.person_id = n.person_id and later.offset_hours > n.offset_hours
            and not later.superseded and later.answer_id is null
        )
    ),
    late as (
      select person_id from waiting where planned_on < ${moment.today} and not in_hours
      union
      select person_id from pass_due
      where planned_on < ${moment.today} and not in_hours and not superseded and answer_id is null
      union
      select unnest(${newcomers.map(({ person_id }) => person_id)}::bigint[])
    ),
    digest_gone as (
      select person_id from message where run_on = ${moment.today} and kind = 'digest' and state <> 'queued'
    ),
    fresh_mail as materialized (select pass_due.*, ${mailOf('pass_due')}
      where not superseded and answer_id is null),
    waiting_mail as materialized (select waiting.*, ${mailOf('waiting')}),
    made as (
      insert into message (kind, person_id, run_on, rung, created_at, next_attempt_at)
      select mail_kind, person_id, ${moment.today}::date, mail_rung, ${moment.at}::timestamptz, ${moment.at}::timestamptz
      from (
        select person_id, mail_kind, mail_rung from fresh_mail
        union
        select person_id, mail_kind, mail_rung from waiting_mail
        order by 1, 2, 3
      ) mail
      on conflict (person_id, run_on, kind, coalesce(rung, ''))
        where run_on is not null and coalesce(rung, '') not like '%h' do nothing
      returning id, person_id, kind, rung
    ),
    taking as (
      select id, person_id, kind, coalesce(rung, '') as rung from made
      union all
      select id, person_id, kind, rung from pass_mail
    ),
    filled as (
      update notice n set message_id = taking.id
      from waiting_mail mail
      join taking on taking.person_id = mail.person_id and taking.kind = mail.mail_kind
        and taking.rung = coalesce(mail.mail_rung, '')
      where n.id = mail.id
    ),
    inserted as (
      insert into notice (deadline_id, deadline_version, rung, offset_hours, kind, person_id, capacity, planned_on,
                          state, reason, message_id, recorded_at, closed_at, answer_id)
      select deadline_id, version, mail.rung, offset_hours, mail.kind, mail.person_id, capacity, planned_on,
             'planned', null, taking.id, ${moment.at}::timestamptz, null::timestamptz, null::bigint
      from fresh_mail mail
      left join taking on taking.person_id = mail.person_id and taking.kind = mail.mail_kind
        and taking.rung = coalesce(mail.mail_rung, '')
      union all
      select deadline_id, version, rung, offset_hours, kind, person_id, capacity, planned_on, 'superseded',
             case when goes_before_the_day then 'ese día no se envían avisos; lo dice el aviso anterior'
               else 'un aviso posterior sobre el mismo vencimiento lo incluye' end,
             null, ${moment.at}, ${moment.at}, null
      from pass_due where superseded and answer_id is null
      union all
      select deadline_id, version, rung, offset_hours, kind, person_id, capacity, planned_on, 'cancelled',
             answer_reason, null, ${moment.at}, ${moment.at}, answer_id
      from pass_due where answer_id is not null
      returning state
    )
    select count(*) filter (where state = 'planned') as planned,
           count(*) filter (where state = 'superseded') as superseded,
           (select count(*) from made) as messages
    from inserted`.execute(db);
  await sql`drop table pass_open, pass_due, pass_mail`.execute(db);
  return rows[0]!;
}

/**
 * Whether a waiting notice goes out on a day on which no mail is read: what is counted in hours, and what was in a mail
 * that never left. What only came too late for its morning's mail waits for the next one.
 */
const mayNotWait = sql`(n.rung like '%h' or not exists (
  select from message gone
  where gone.person_id = n.person_id and gone.state not in ('queued', 'retry', 'cancelled')
    and gone.run_on = (n.recorded_at at time zone 'America/Mexico_City')::date
    and (gone.kind = 'digest' or gone.rung = n.rung)
))`;

/**
 * Which mail a row of that table goes into, and the table with what that depends on. Joined: a list that PostgreSQL
 * takes for long it would search from its beginning for every row.
 */
function mailOf(table: 'pass_due' | 'waiting'): RawBuilder<unknown> {
  const of = (column: string) => sql.ref(`${table}.${column}`);
  const catchesUp = sql`late.person_id is not null`;
  const inDigest = sql`case when ${of('in_hours')}
    then ${catchesUp} and digest_gone.person_id is null
    else ${of('kind')} = 'reminder' or ${catchesUp} end`;
  return sql`
    case when ${inDigest} then 'digest' when ${of('kind')} = 'reminder' then 'hour_reminder' else 'escalation' end
      as mail_kind,
    case when ${inDigest} then null else ${of('rung')} end as mail_rung
    from ${sql.table(table)}
    left join late on late.person_id = ${of('person_id')}
    left join digest_gone on digest_gone.person_id = ${of('person_id')}`;
}

/**
 * Puts everything open that may have reached its first rung into the table `pass_open`, read from the index of open
 * deadlines. What the steps of the pass find is kept in tables of its transaction and counted, because PostgreSQL
 * takes what comes out of a common table expression for a few rows and then joins thousands of them one by one.
 */
async function collectOpen(
  db: Db,
  moment: Moment,
  morning: boolean,
  { until, tables }: RungTables,
): Promise<void> {
  await sql`
    create temporary table pass_open on commit drop as
    with ${tables.climber},
    reached as materialized (
      select v.deadline_id, v.version, v.due_on, v.due_time, v.lapses_at, v.known_from, d.obligation_id,
             p.id as process_id, p.direction_area_id, ${LADDER_CLASS} as class, o.priority_before, o.priority_from,
             (v.known_from at time zone 'America/Mexico_City')::date as known_on
      from deadline_version v
      join deadline d on d.id = v.deadline_id
      join obligation o on o.id = d.obligation_id
      join process p on p.id = o.process_id
      where p.published_at is not null
        and ${inForceSql(moment)} and ${unsettledSql(moment)}
        and v.due_on <= ${until}
        ${morning ? sql`` : sql`and v.due_time is not null`}
        and not exists (
          select from submission s
          left join review r on r.submission_id = s.id and r.recorded_at <= ${moment.at}
          where s.deadline_id = v.deadline_id and s.recorded_at <= ${moment.at} and r.submission_id is null
        )
    )
    -- What changed its ladder is there twice: until that day on the one before, from then on on the other.
    select reached.*, climber.ladder, 'infinity'::date as climbs_until,
           case when reached.class in ('ine', 'hours') then '-infinity' else coalesce(priority_from, '-infinity') end
             as climbs_from
    from reached join climber using (process_id, class)
    union all
    select reached.*, climber.ladder, priority_from, '-infinity'
    from reached join climber on climber.process_id = reached.process_id and climber.class = priority_before
    where reached.class not in ('ine', 'hours')`.execute(db);
  await sql`analyze pass_open`.execute(db);
}

/**
 * Puts each rung that is due, for each person who was not told of it, into the table `pass_due`, with whether another
 * one takes its place and which answer of that person holds it back: one that says they know holds back what comes
 * next, one that postpones holds back what comes before its day, on which a reminder of their own is due. Nobody's
 * answer holds back what others are told.
 */
async function collectDue(
  db: Db,
  moment: Moment,
  morning: boolean,
  { tables }: RungTables,
  contacts: string,
): Promise<void> {
  await sql`
    create temporary table pass_due on commit drop as
    with contact as materialized (
      select * from jsonb_to_recordset(${contacts}::jsonb)
        as c (direction_area_id bigint, area_id bigint, audience text, person_id bigint, capacity text)
    ),
    ${tables.step},
    -- The last word of each person counts.
    answer as materialized (
      select distinct on (a.deadline_id, a.person_id) a.*,
             a.until_on is null and not exists (select from notice held where held.answer_id = a.id) as holds_the_next
      from notice_answer a
      join pass_open open on open.deadline_id = a.deadline_id and open.version = a.deadline_version
      order by a.deadline_id, a.person_id, a.id desc
    ),
    -- A rung that lies before the date was known is nobody's lapse: an old date entered late starts no flood.
    due_rung as (
      select open.*, step.key as rung, step.offset_hours, step.kind, step.audience, step.in_hours,
             greatest(step_day.goes_on, open.known_on) as planned_on, null::bigint as only_for
      from pass_open open
      join step_day on step_day.due_on = open.due_on
      join step on step.step = step_day.step and step.ladder = open.ladder
      where ${morning} and step_day.falls_on >= open.known_on
        and step_day.goes_on >= open.climbs_from and step_day.goes_on < open.climbs_until
      union all
      select open.*, step.key, step.offset_hours, step.kind, step.audience, step.in_hours, moment.on_day, null
      from pass_open open
      join step on step.ladder = open.ladder and step.in_hours
      cross join lateral (
        select open.lapses_at + step.offset_hours * interval '1 hour' as at,
               ((open.lapses_at + step.offset_hours * interval '1 hour') at time zone 'America/Mexico_City')::date as on_day
      ) moment
      where open.due_time is not null and moment.at <= ${moment.at} and moment.at >= open.known_from
        and moment.on_day >= step.from_on and (step.until_on is null or moment.on_day < step.until_on)
        and moment.on_day >= open.climbs_from and moment.on_day < open.climbs_until
      union all
      select open.*, (answer.until_on - open.due_on)::text, (answer.until_on - open.due_on) * 24, 'reminder',
             ${[...AUDIENCES]}::text[], false, answer.until_on, answer.person_id
      from pass_open open
      join answer on answer.deadline_id = open.deadline_id
      where ${morning} and answer.until_on <= ${moment.today}
    ),
    -- Materialized: joined to the contacts before its areas are known, it would be multiplied by everybody.
    answering as materialized (
      select due_rung.*, oa.area_id, oa.role,
             due_rung.class = 'ine' and area.institution <> 'INE' as only_receives
      from due_rung
      join obligation_area oa on oa.obligation_id = due_rung.obligation_id and oa.role in ('responsible', 'co_responsible')
      join area on area.id = oa.area_id
    ),
    fresh as (
      -- A person reached in two capacities is told once, in the one that binds most.
      select distinct on (due.deadline_id, contact.person_id, due.offset_hours)
             due.deadline_id, due.version, due.rung, due.offset_hours, due.kind, due.in_hours, due.planned_on,
             due.offset_hours = 0 and due.planned_on < due.due_on as goes_before_the_day,
             contact.person_id, contact.capacity, answer.id as answer_id, answer.reason as answer_reason
      from answering due
      join contact on contact.direction_area_id = due.direction_area_id and contact.area_id = due.area_id
        and contact.audience = any (due.audience)
        and (due.role = 'responsible' or contact.audience = 'responsible')
        and coalesce(due.only_for = contact.person_id, true)
        -- Nobody of the institute answers for what the INE owes: only who follows the convenio is told of it.
        and (not due.only_receives or contact.audience in ('direction', 'technical_secretary'))
      left join answer on answer.deadline_id = due.deadline_id and answer.person_id = contact.person_id
        and (answer.holds_the_next or due.planned_on < answer.until_on)
      where not exists (
        select from notice n
        where n.deadline_id = due.deadline_id and n.deadline_version = due.version
          and n.rung = due.rung and n.person_id = contact.person_id
      )
      order by due.deadline_id, contact.person_id, due.offset_hours, due.role desc,
        array_position(array['responsible', 'deputy', 'head', 'direction', 'technical_secretary'], contact.audience)
    )
    select fresh.*, row_number() over (
        partition by deadline_id, person_id
        order by planned_on desc, goes_before_the_day, offset_hours desc
      ) > 1 or exists (
        select from notice later
        where later.deadline_id = fresh.deadline_id and later.deadline_version = fresh.version
          and later.person_id = fresh.person_id and later.offset_hours > fresh.offset_hours
          and later.state in ('planned', 'accepted', 'failed', 'bounced')
      ) as superseded
    from fresh`.execute(db);
  await sql`analyze pass_due`.execute(db);
  // Of several that are new, an acknowledgement holds back the one that would have gone out first: after days of silence
  // as without them.
  await sql`
    update pass_due due set answer_id = null, answer_reason = null
    from notice_answer answer
    where answer.id = due.answer_id and answer.until_on is null and exists (
      select from pass_due earlier
      where earlier.answer_id = due.answer_id
        and (earlier.planned_on, earlier.goes_before_the_day, -earlier.offset_hours)
          < (due.planned_on, due.goes_before_the_day, -due.offset_hours)
    )`.execute(db);
}

/**
 * Puts the mails of today that may take more into the table `pass_mail` and holds them until the pass is committed.
 * Whoever claims mails skips those that are held (db/messages.ts), so a sender has a mail either before, and then it is
 * not queued any more when its row is had here, or after the commit, and then it reads every notice that was added. A
 * mail that somebody has begun to send therefore never gets a notice: when it is closed, all that are planned in it are
 * notices it carried. Held in the order of their ids, as others who hold several do (db/notices.ts).
 */
async function holdMails(db: Db, moment: Moment): Promise<void> {
  await sql`
    create temporary table pass_mail on commit drop as
    select id, person_id, kind, coalesce(rung, '') as rung from message
    where run_on = ${moment.today} and state = 'queued' and coalesce(rung, '') not like '%h'
    order by id for no key update`.execute(db);
}

/** Takes out of a mail that is over what is still planned in it: it did not carry it, so it waits for another one. */
async function freeStranded(db: Db): Promise<void> {
  await sql`
    update notice set message_id = null from message
    where notice.state = 'planned' and message.id = notice.message_id
      and message.state in ('accepted', 'failed', 'bounced', 'cancelled')`.execute(db);
}

/**
 * Takes back the mails of earlier mornings that never left, so that what they carried goes into today's. What failed on
 * an earlier day is told in no other mail.
 */
async function foldEarlierMornings(db: Db, moment: Moment): Promise<void> {
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

/** Closes what waited for a mail and was overtaken by a later rung meanwhile. */
async function supersedeOvertaken(db: Db, moment: Moment): Promise<void> {
  await sql`
    update notice n set state = 'superseded', closed_at = ${moment.at},
      reason = 'un aviso posterior sobre el mismo vencimiento lo incluye'
    where n.state = 'planned' and n.message_id is null and n.reason is null
      and exists (
        select from notice later
        where later.deadline_id = n.deadline_id and later.person_id = n.person_id
          and later.deadline_version = n.deadline_version and later.offset_hours > n.offset_hours
          and later.state in ('planned', 'accepted', 'failed', 'bounced')
      )`.execute(db);
}

/**
 * The areas that answer for something open that is past, near, or has reached its first rung: for each Dirección
 * that leads a process, the areas' ids and whether they answer alone or first (true) or with another area (false).
 */
async function listAnsweringAreas(
  db: Db,
  moment: Moment,
  until: IsoDate,
): Promise<Map<number, Map<number, boolean>>> {
  const { rows } = await sql<{ direction_area_id: number; area_id: number; responsible: boolean }>`
    select p.direction_area_id, oa.area_id, bool_or(oa.role = 'responsible') as responsible
    from deadline_version v
    join deadline d on d.id = v.deadline_id
    join obligation o on o.id = d.obligation_id
    join process p on p.id = o.process_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role in ('responsible', 'co_responsible')
    where p.published_at is not null and ${inForceSql(moment)} and ${unsettledSql(moment)}
      and v.due_on <= greatest(${moment.today}::date + ${NEAR_DAYS}::integer, ${until}::date)
    group by p.direction_area_id, oa.area_id
    order by p.direction_area_id, oa.area_id`.execute(db);
  const byDirection = new Map<number, Map<number, boolean>>();
  for (const { direction_area_id, area_id, responsible } of rows) {
    const areas = byDirection.get(direction_area_id) ?? new Map<number, boolean>();
    byDirection.set(direction_area_id, areas.set(area_id, responsible));
  }
  return byDirection;
}
