// What a pass finds: the deadlines that may have reached a rung, and the rungs that are due for whom and not told.
import { sql } from 'kysely';
import { AUDIENCES } from '../app/domain/ladder.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { inForceSql, unsettledSql } from './deadline-state.ts';
import { LADDER_CLASS } from './ladders.ts';
import type { RungTables } from './rung-tables.ts';

/**
 * Puts everything open that may have reached its first rung into the table `pass_open`, read from the index of open
 * deadlines. What the steps of the pass find is kept in tables of its transaction and counted, because PostgreSQL
 * takes what comes out of a common table expression for a few rows and then joins thousands of them one by one.
 */
export async function collectOpen(
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
export async function collectDue(
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
