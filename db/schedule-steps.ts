// Writing a computed schedule: compared row by row in temporary tables, recorded in a handful of statements.
import { sql, type RawBuilder } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { ScheduledDate } from '../app/domain/schedule.ts';
import type { Db } from './client.ts';
import { currentRules, PROTECTION, type Decisions } from './schedule-inputs.ts';

/** Makes the temporary tables in which a schedule is compared and written, anew when the transaction had them before. */
export async function createScheduleTables(db: Db): Promise<void> {
  await sql`
    drop table if exists pg_temp.rule_in_force, pg_temp.known_date, pg_temp.scheduled_date, pg_temp.schedule_step;
    create temporary table rule_in_force (rule_id bigint, obligation_id bigint, rule_key text collate "C", clause jsonb)
    on commit drop;
    create temporary table known_date (obligation_id bigint, key text, deadline_id bigint, version integer, place tid,
      opens_on date, due_on date, due_time time, waiting_for_id bigint, settled boolean, kept boolean, guarded boolean)
    on commit drop;
    create temporary table scheduled_date (no integer, rule_key text collate "C", key text, occurrence_id bigint,
      opens_on date, due_on date, due_time time, lapses_at timestamptz, waiting_for_id bigint, provisional text[],
      steps jsonb)
    on commit drop;
    create temporary table schedule_step (obligation_id bigint, key text, deadline_id bigint, version integer,
      place tid, no integer, rule_id bigint, kept boolean, action text collate "C")
    on commit drop`.execute(db);
}

/**
 * Looks up what the schedule will be compared with: the rules in force with the step that quotes their clause, and
 * the dates in force. One statement, so that all of it is done while the caller computes.
 */
export async function insertKnownDates(
  db: Db,
  processId: number,
  { keep = new Set(), move = new Set() }: Decisions,
): Promise<void> {
  await sql`
    with rules as (
      insert into rule_in_force
      select rule.id, rule.obligation_id, rule.rule_key, jsonb_build_object('op', 'clause',
        'text', '«' || rule.sentence || '»', 'source', rule.ref || '; ' || rule.legal_basis)
      from ${currentRules(processId)} as rule
    )
    insert into known_date
    select d.obligation_id, d.key, d.id, v.version, v.ctid, v.opens_on, v.due_on, v.due_time, v.waiting_for_id,
      v.settled_at is not null, v.deadline_id = any (${[...keep]}::bigint[]),
      v.settled_at is null and v.deadline_id <> all (${[...move]}::bigint[]) and ${PROTECTION} is not null
    from deadline d
    join obligation o on o.id = d.obligation_id
    left join deadline_version v on v.deadline_id = d.id and v.superseded_at is null
    where o.process_id = ${processId}`.execute(db);
}

/** The computed dates of every distinct rule, numbered, as `createScheduleSteps` takes them: JSON. */
export function numberedDates(schedule: ReadonlyMap<string, ScheduledDate[]>): string {
  let no = 0;
  const numbered: object[] = [];
  for (const [rule_key, dates] of schedule) {
    for (const date of dates) numbered.push({ no: no++, rule_key, ...date });
  }
  return JSON.stringify(numbered);
}

type StepAction = 'new' | 'revived' | 'moved' | 'removed' | 'same' | 'stays' | 'settled';

/** Compares what is with what the rules give, row by row, into the temporary table `schedule_step`. */
export async function createScheduleSteps(
  db: Db,
  dates: string,
): Promise<Partial<Record<StepAction, number>>> {
  await sql`
    insert into scheduled_date
    select * from json_populate_recordset(null::scheduled_date, ${dates}::json)`.execute(db);
  await sql`analyze scheduled_date (no, rule_key), rule_in_force (rule_id, rule_key)`.execute(db);
  await sql`
    insert into schedule_step
    select coalesce(w.obligation_id, k.obligation_id) as obligation_id, coalesce(w.key, k.key) as key,
      k.deadline_id, k.version, k.place, w.no, w.rule_id, k.kept,
      case
        when k.deadline_id is null then 'new'
        when k.version is null then 'revived'
        when k.settled then 'settled'
        when (w.opens_on, w.due_on, w.due_time, w.waiting_for_id)
          is not distinct from (k.opens_on, k.due_on, k.due_time, k.waiting_for_id) and w.no is not null then 'same'
        when k.kept or k.guarded then 'stays'
        when w.no is not null then 'moved'
        when exists (select from submission s where s.deadline_id = k.deadline_id and s.decided_at is null) then 'stays'
        else 'removed'
      end as action
    from (
      select r.obligation_id, r.rule_id, s.no, s.key, s.opens_on, s.due_on, s.due_time, s.waiting_for_id
      from rule_in_force r join scheduled_date s on s.rule_key = r.rule_key
    ) w
    full join known_date k on k.obligation_id = w.obligation_id and k.key = w.key
    where w.no is not null or k.version is not null`.execute(db);
  await sql`analyze schedule_step (obligation_id, deadline_id, no, action)`.execute(db);
  const { rows } = await sql<{ action: StepAction; count: number }>`
    select action, count(*) from schedule_step group by action`.execute(db);
  return Object.fromEntries(rows.map(({ action, count }) => [action, count]));
}

export async function driftingRefs(db: Db): Promise<string[]> {
  const { rows } = await sql<{ ref: string }>`
    select distinct o.ref from schedule_step step join obligation o on o.id = step.obligation_id
    where step.action in ('new', 'revived', 'moved', 'removed') order by o.ref`.execute(db);
  return rows.map(({ ref }) => ref);
}

export async function insertDeadlines(db: Db): Promise<void> {
  await sql`
    with made as (
      insert into deadline (obligation_id, key, milestone_occurrence_id)
      select step.obligation_id, step.key, s.occurrence_id
      from schedule_step step join scheduled_date s on s.no = step.no
      where step.action = 'new'
      order by step.obligation_id, step.no
      returning id, obligation_id, key
    )
    update schedule_step step set deadline_id = made.id
    from made where made.obligation_id = step.obligation_id and made.key = step.key`.execute(db);
}

/** Records by which rules the deadlines are dated now: their versions refer to it. */
export async function insertRulesOfDeadlines(db: Db): Promise<void> {
  await sql`
    insert into rule_of_deadline
    select deadline_id, rule_id from schedule_step step
    where no is not null and action <> 'settled' and not exists (
      select from rule_of_deadline r where r.deadline_id = step.deadline_id and r.rule_id = step.rule_id
    )`.execute(db);
}

/**
 * Ends the versions that are no longer true, `count` of them, and cancels what was planned about them. They are where
 * they were seen: whoever writes versions holds the process. Throws when one is not there any more.
 */
export async function supersedeVersions(
  db: Db,
  moment: Moment,
  changeId: number | null,
  count: number,
): Promise<void> {
  const { numAffectedRows } = await sql`
    update deadline_version set superseded_at = ${moment.at}, ended_by_change_id = case
      when deadline_id in (select deadline_id from schedule_step where action = 'removed') then ${changeId}::bigint end
    where ctid = any (array(select place from schedule_step where action in ('moved', 'removed')))`.execute(
    db,
  );
  if (Number(numAffectedRows) !== count)
    throw new Error('A version was written without its process being held');
  const superseded = sql`select deadline_id, version from schedule_step where action in ('moved', 'removed')`;
  await cancelNotices(db, superseded, moment);
}

/**
 * Cancels the planned notices of these versions, and the mails that nothing is left in. A mail that is being sent
 * decides for itself.
 */
export async function cancelNotices(db: Db, versions: RawBuilder<unknown>, moment: Moment): Promise<void> {
  await sql`
    with cancelled as (
      update notice n set state = 'cancelled', reason = 'cambio de fecha', closed_at = ${moment.at}
      from (${versions}) as gone (deadline_id, version)
      where n.state = 'planned' and n.deadline_id = gone.deadline_id and n.deadline_version = gone.version
        and not exists (
          select from message where message.id = n.message_id and message.state in ('sending', 'uncertain')
        )
      returning n.id, n.message_id
    )
    update message m set state = 'cancelled', reason = 'cambio de fecha', closed_at = ${moment.at}
    where m.id in (select message_id from cancelled) and m.state in ('queued', 'retry')
      and not exists (
        select from notice n
        where n.message_id = m.id and n.state = 'planned' and n.id not in (select id from cancelled)
      )`.execute(db);
}

export async function insertVersions(
  db: Db,
  moment: Moment,
  knownFrom: string,
  changeId: number | null,
): Promise<void> {
  await sql`
    insert into deadline_version (deadline_id, version, opens_on, due_on, due_time, lapses_at, waiting_for_id,
      provisional, steps, rule_id, known_from, recorded_at, change_id)
    select step.deadline_id,
      coalesce(step.version, (select max(version) from deadline_version v where v.deadline_id = step.deadline_id), 0) + 1,
      s.opens_on, s.due_on, s.due_time, s.lapses_at, s.waiting_for_id, s.provisional, r.clause || s.steps, step.rule_id,
      case step.action when 'new' then ${knownFrom}::timestamptz else ${moment.at}::timestamptz end,
      ${moment.at}::timestamptz, ${changeId}::bigint
    from (
      select * from schedule_step where action in ('new', 'revived', 'moved') order by deadline_id offset 0
    ) step
    join scheduled_date s on s.no = step.no
    join rule_in_force r on r.rule_id = step.rule_id`.execute(db);
}

/**
 * The same date on better grounds (an event became firm, a year was confirmed) is no new version. A date that stays
 * against its rule keeps its own certainty; its steps tell what the rule gives.
 */
export async function refreshDerivations(db: Db): Promise<void> {
  await sql`
    update deadline_version v set steps = better.steps, provisional = coalesce(better.provisional, v.provisional), rule_id = better.rule_id
    from (
      select step.deadline_id, step.version, step.rule_id, r.clause || s.steps as steps,
        case step.action when 'same' then s.provisional end as provisional
      from schedule_step step
      join scheduled_date s on s.no = step.no
      join rule_in_force r on r.rule_id = step.rule_id
      where step.action in ('same', 'stays')
    ) better
    where v.deadline_id = better.deadline_id and v.version = better.version and v.superseded_at is null
      and (v.provisional, v.steps, v.rule_id)
        is distinct from (coalesce(better.provisional, v.provisional), better.steps, better.rule_id)`.execute(
    db,
  );
}

export async function insertKeptDates(db: Db, changeId: number, { keep }: Decisions): Promise<void> {
  if (!keep?.size) return;
  await sql`
    insert into kept_date (deadline_id, deadline_version, change_id)
    select deadline_id, version, ${changeId}::bigint from schedule_step where action = 'stays' and kept`.execute(
    db,
  );
}
