// The planner: which notices fall due, to whom, and in which mail; written to the ledger in one transaction.
import { sql, type RawBuilder } from 'kysely';
import { isAttended } from '../app/domain/attention.ts';
import type { Moment } from '../app/domain/moment.ts';
import { instantOf } from '../app/domain/plain-date.ts';
import { loadAttention } from './attention.ts';
import type { Db } from './client.ts';
import { collectDue, collectOpen } from './due-rungs.ts';
import { listNewcomers, planHandovers, type Newcomer } from './handovers.ts';
import { loadLadders } from './ladders.ts';
import { planMorningMails } from './morning-mails.ts';
import { foldEarlierMornings, freeStranded, holdMails } from './notice-mails.ts';
import { beat, morningBegan } from './pass.ts';
import { loadReachOfOpen } from './reach.ts';
import { rungTables, type RungTables } from './rung-tables.ts';
import { inTransaction } from './transaction.ts';
import { cancelStrayNotices } from './true-notices.ts';

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
  const [attention, ladders] = await Promise.all([loadAttention(trx), loadLadders(trx)]);
  const rungs = await rungTables(trx, moment, ladders, attention);
  const { contacts, uncovered } = await loadReachOfOpen(trx, moment, rungs.until);
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
 * of today that already left takes no more: what remains goes out on the next morning on which mail is read
 * (`attended`). `contacts` is JSON: who stands behind each area, for each Dirección that leads a process.
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
