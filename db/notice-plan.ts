// The morning's pass: which notices fall due, to whom, and in which mail; written to the ledger in one transaction.
import { sql } from 'kysely';
import { resolveContacts, type Contact } from '../app/domain/contacts.ts';
import { MORNING } from '../app/domain/ladder.ts';
import { instantPlusMinutes, type Moment } from '../app/domain/moment.ts';
import { instantOf } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { inForceSql, unsettledSql } from './deadline-state.ts';
import { listAreaTree, listSeats } from './people.ts';

/** An area is reported as uncovered when it answers for something due within so many days, or past. */
const NEAR_DAYS = 30;

/** How often the planner looks during a day; dates that change ring for it at once. */
const PASS_MINUTES = 5;

export interface PlannedNotice {
  notice_id: number;
  obligation: string;
  due_on: string;
  rung: string;
  to: string;
  message_id: number | null;
}

export interface PassResult {
  planned: PlannedNotice[];
  superseded: number;
  messages: number;
  /** Areas with open deadlines near but nobody to tell, not even up the line. */
  uncovered: string[];
}

/** Thrown inside a dry run to undo it; carries what would have happened. */
class DryRun extends Error {
  readonly result: PassResult;
  constructor(result: PassResult) {
    super('dry run');
    this.result = result;
  }
}

/**
 * Plans the notices that are due at the moment and not recorded yet: "due and not told", never "equals today", so
 * a pass run twice plans nothing the second time and a pass after days of silence catches up. Of several rungs
 * that are new for one person and deadline the most severe is kept, the others are recorded as superseded.
 * Before the morning's hour nothing is planned. With `dryRun` the same transaction is rolled back.
 */
export async function planNotices(db: Db, moment: Moment, dryRun = false): Promise<PassResult> {
  const empty: PassResult = { planned: [], superseded: 0, messages: 0, uncovered: [] };
  if (Date.parse(moment.at) < Date.parse(instantOf(`${moment.today}T${MORNING}`))) return empty;
  try {
    return await db.transaction().execute(async (trx) => {
      // One pass at a time, whoever runs it; the next one waits and finds nothing left to plan.
      await sql`select pg_advisory_xact_lock(hashtext('convenio pass'))`.execute(trx);
      const [areas, seats] = await Promise.all([listAreaTree(trx), listSeats(trx, moment.today)]);
      const contacts: (Contact & { direction_area_id: number })[] = [];
      const uncovered: string[] = [];
      for (const [direction_area_id, answering] of await listAnsweringAreas(trx, moment)) {
        const resolved = resolveContacts(areas, seats, direction_area_id);
        for (const contact of resolved.contacts) {
          if (answering.has(contact.area_id)) contacts.push({ direction_area_id, ...contact });
        }
        uncovered.push(...resolved.uncovered.filter(({ id }) => answering.get(id)).map(({ name }) => name));
      }
      const { superseded, first_id } = await insertNotices(trx, moment, JSON.stringify(contacts));
      const result = { ...empty, superseded, uncovered };
      await foldEarlierMornings(trx, moment, first_id);
      result.messages = await groupIntoMessages(trx, moment);
      result.planned = await listUnsentPlan(trx, moment);
      await beat(trx, moment, result);
      if (dryRun) throw new DryRun(result);
      return result;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.result;
    throw error;
  }
}

/**
 * Inserts every notice that is due and new, of all published processes at once; returns how many were superseded
 * at once and the first new id (null when there was none). `contacts` is JSON: who stands behind each area, for
 * each Dirección that leads a process.
 */
async function insertNotices(
  db: Db,
  moment: Moment,
  contacts: string,
): Promise<{ superseded: number; first_id: number | null }> {
  const { rows } = await sql<{ superseded: number; first_id: number | null }>`
    with contact as materialized (
      select * from jsonb_to_recordset(${contacts}::jsonb)
        as c (direction_area_id bigint, area_id bigint, audience text, person_id bigint, capacity text)
    ),
    -- Everything open that may have reached its first rung, read from the index of open deadlines.
    open as (
      select v.deadline_id, v.version, v.due_on, d.obligation_id, o.process_id, p.direction_area_id,
             (v.known_from at time zone 'America/Mexico_City')::date as known_on
      from deadline_version v
      join deadline d on d.id = v.deadline_id
      join obligation o on o.id = d.obligation_id
      join process p on p.id = o.process_id
      where p.published_at is not null
        and ${inForceSql(moment)} and ${unsettledSql(moment)}
        and v.due_on <= ${moment.today}::date - (select min(offset_days) from rung)
        and not exists (
          select from submission s
          left join review r on r.submission_id = s.id and r.recorded_at <= ${moment.at}
          where s.deadline_id = v.deadline_id and s.recorded_at <= ${moment.at} and r.submission_id is null
        )
    ),
    due_rung as (
      select open.*, rung.key, rung.offset_days, rung.kind, rung.audience, open.due_on + rung.offset_days as planned_on
      from open
      join ladder on ladder.process_id = open.process_id and ladder.key = 'default'
      join rung on rung.ladder_id = ladder.id
      where open.due_on + rung.offset_days <= ${moment.today}::date
        -- A rung that lies before the date was known is nobody's lapse: an old date entered late starts no flood.
        and open.due_on + rung.offset_days >= open.known_on
    ),
    -- Materialized: joined to the contacts before its areas are known, it would be multiplied by everybody.
    answering as materialized (
      select due_rung.*, oa.area_id, oa.role
      from due_rung
      join obligation_area oa on oa.obligation_id = due_rung.obligation_id and oa.role in ('responsible', 'co_responsible')
    ),
    fresh as (
      -- A person reached in two capacities is told once, in the one that binds most.
      select distinct on (due.deadline_id, due.offset_days, contact.person_id)
             due.*, contact.person_id, contact.capacity
      from answering due
      join contact on contact.direction_area_id = due.direction_area_id and contact.area_id = due.area_id
        and contact.audience = any (due.audience)
        and (due.role = 'responsible' or contact.audience = 'responsible')
      where not exists (
        select from notice n
        where n.deadline_id = due.deadline_id and n.deadline_version = due.version
          and n.rung = due.key and n.person_id = contact.person_id
      )
      order by due.deadline_id, due.offset_days, contact.person_id, due.role desc,
        array_position(array['responsible', 'deputy', 'head', 'direction', 'technical_secretary'], contact.audience)
    ),
    ranked as (
      select fresh.*, max(offset_days) over (partition by deadline_id, person_id) = offset_days as most_severe
      from fresh
    ),
    inserted as (
      insert into notice (deadline_id, deadline_version, rung, offset_days, kind, person_id, capacity, planned_on,
                          state, reason, recorded_at, closed_at)
      select deadline_id, version, key, offset_days, kind, person_id, capacity, planned_on,
             case when most_severe then 'planned' else 'superseded' end,
             case when most_severe then null else 'un aviso posterior sobre el mismo vencimiento lo incluye' end,
             ${moment.at}, case when most_severe then null else ${moment.at}::timestamptz end
      from ranked
      on conflict on constraint told_once do nothing
      returning id, state
    )
    select count(*) filter (where state = 'superseded') as superseded, min(id) as first_id from inserted`.execute(
    db,
  );
  return rows[0]!;
}

/**
 * Takes back the mails of earlier mornings that never left, so that what they carried goes into today's, and
 * supersedes what a later rung has overtaken. Notices from `firstNew` on were ranked when they were inserted.
 */
async function foldEarlierMornings(db: Db, moment: Moment, firstNew: number | null): Promise<void> {
  await sql`
    with folded as (
      update message set state = 'cancelled', closed_at = ${moment.at},
        reason = 'no salió a tiempo; su contenido va en un correo posterior'
      where run_on < ${moment.today} and state in ('queued', 'retry')
      returning id
    )
    update notice set message_id = null from folded where notice.message_id = folded.id and notice.state = 'planned'
  `.execute(db);
  await sql`
    update notice n set state = 'superseded', closed_at = ${moment.at},
      reason = 'un aviso posterior sobre el mismo vencimiento lo incluye'
    where n.state = 'planned' and n.message_id is null and (${firstNew}::bigint is null or n.id < ${firstNew})
      and exists (
        select from notice later
        where later.deadline_id = n.deadline_id and later.person_id = n.person_id
          and later.deadline_version = n.deadline_version and later.offset_days > n.offset_days
      )`.execute(db);
}

/**
 * Puts every planned notice that has no mail into its person's mail of the morning: reminders into the digest,
 * escalations into a mail of their own for each rung, and on a morning that catches up everything into one.
 * A mail of today that already left takes no more: what remains goes out tomorrow. Returns how many mails were made.
 */
async function groupIntoMessages(db: Db, moment: Moment): Promise<number> {
  const { rows } = await sql<{ made: number }>`
    with waiting as (
      select id, person_id, rung,
             kind = 'reminder' or bool_or(planned_on < ${moment.today}) over (partition by person_id) as in_digest
      from notice
      where state = 'planned' and message_id is null
    ),
    addressed as (
      select id, person_id, case when in_digest then 'digest' else 'escalation' end as kind,
             case when in_digest then '' else rung end as rung
      from waiting
    ),
    made as (
      insert into message (kind, person_id, run_on, rung, created_at, next_attempt_at)
      select kind, person_id, ${moment.today}::date, nullif(rung, ''), ${moment.at}::timestamptz, ${moment.at}::timestamptz
      from (select distinct person_id, kind, rung from addressed order by person_id, kind, rung) mail
      on conflict (person_id, run_on, kind, coalesce(rung, '')) where run_on is not null do nothing
      returning id, person_id, kind, rung
    ),
    taking as (
      select id, person_id, kind, rung from made
      union all
      select id, person_id, kind, rung from message where run_on = ${moment.today} and state = 'queued'
    ),
    filled as (
      update notice n set message_id = taking.id
      from addressed
      join taking on taking.person_id = addressed.person_id and taking.kind = addressed.kind
        and coalesce(taking.rung, '') = addressed.rung
      where n.id = addressed.id
    )
    select count(*) as made from made`.execute(db);
  return rows[0]!.made;
}

/** Notes that the planner looked today and what it found. */
async function beat(db: Db, moment: Moment, result: PassResult): Promise<void> {
  await db
    .insertInto('pass')
    .values({
      run_on: moment.today,
      first_at: moment.at,
      last_at: moment.at,
      planned: result.planned.length,
      superseded: result.superseded,
      messages: result.messages,
      uncovered: result.uncovered.length,
    })
    .onConflict((conflict) =>
      conflict.column('run_on').doUpdateSet({
        last_at: sql`excluded.last_at`,
        planned: sql`pass.planned + excluded.planned`,
        superseded: sql`pass.superseded + excluded.superseded`,
        messages: sql`pass.messages + excluded.messages`,
        uncovered: sql`excluded.uncovered`,
      }),
    )
    .execute();
}

/** Whether the planner should look again: it has not today, or not for some minutes. */
export async function passIsDue(db: Db, moment: Moment): Promise<boolean> {
  const recent = await db
    .selectFrom('pass')
    .where('run_on', '=', moment.today)
    .where('last_at', '>', instantPlusMinutes(moment.at, -PASS_MINUTES))
    .select('run_on')
    .executeTakeFirst();
  return recent === undefined;
}

/** The notices waiting in today's mails. */
async function listUnsentPlan(db: Db, moment: Moment): Promise<PlannedNotice[]> {
  return db
    .selectFrom('notice')
    .innerJoin('message', 'message.id', 'notice.message_id')
    .innerJoin('person', 'person.id', 'notice.person_id')
    .innerJoin('deadline_version as v', (join) =>
      join
        .onRef('v.deadline_id', '=', 'notice.deadline_id')
        .onRef('v.version', '=', 'notice.deadline_version'),
    )
    .innerJoin('deadline', 'deadline.id', 'notice.deadline_id')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .where('notice.state', '=', 'planned')
    .where('message.run_on', '=', moment.today)
    .where('message.state', '=', 'queued')
    .select([
      'notice.id as notice_id',
      'obligation.ref as obligation',
      sql<string>`v.due_on`.as('due_on'),
      'notice.rung',
      'person.email as to',
      'notice.message_id',
    ])
    .orderBy('v.due_on')
    .orderBy('obligation.ref')
    .orderBy('notice.id')
    .execute();
}

/**
 * The areas that answer for something open that is past, near, or has reached its first rung: for each Dirección
 * that leads a process, the areas' ids and whether they answer alone or first (true) or with another area (false).
 */
async function listAnsweringAreas(db: Db, moment: Moment): Promise<Map<number, Map<number, boolean>>> {
  const { rows } = await sql<{ direction_area_id: number; area_id: number; responsible: boolean }>`
    select p.direction_area_id, oa.area_id, bool_or(oa.role = 'responsible') as responsible
    from deadline_version v
    join deadline d on d.id = v.deadline_id
    join obligation o on o.id = d.obligation_id
    join process p on p.id = o.process_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role in ('responsible', 'co_responsible')
    where p.published_at is not null and ${inForceSql(moment)} and ${unsettledSql(moment)}
      and v.due_on <= ${moment.today}::date + greatest(${NEAR_DAYS}, (select -min(offset_days) from rung))
    group by p.direction_area_id, oa.area_id`.execute(db);
  const byDirection = new Map<number, Map<number, boolean>>();
  for (const { direction_area_id, area_id, responsible } of rows) {
    const areas = byDirection.get(direction_area_id) ?? new Map<number, boolean>();
    byDirection.set(direction_area_id, areas.set(area_id, responsible));
  }
  return byDirection;
}
