// Who is written to about a change of dates, one mail per area, and what those mails must say.
import { sql } from 'kysely';
import { contactResolver } from '../app/domain/contacts.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { oweMails } from './messages.ts';
import { listAreaTree, listSeats } from './people.ts';

/** What a change did to its deadlines: the version it ended and the one it began, either of which may be missing. */
const changed = (changeId: number) => sql`(
  select made.deadline_id, was.version as old_version, made.version as new_version
  from deadline_version made
  join schedule_change c on c.id = made.change_id and made.recorded_at = c.recorded_at
  left join deadline_version was on was.deadline_id = made.deadline_id and was.version = made.version - 1
    and was.superseded_at = made.recorded_at
  where made.change_id = ${changeId}
  union all
  select ended.deadline_id, ended.version, null from deadline_version ended where ended.ended_by_change_id = ${changeId}
)`;

export interface ChangedDeadline {
  deadline_id: number;
  ref: string;
  title: string;
  area_id: number;
  area_name: string;
  /** Null when the date did not exist before. */
  old: { due_on: string | null; due_time: string | null } | null;
  /** Null when the rule gives the date no more. */
  new: { due_on: string | null; due_time: string | null; provisional: boolean } | null;
}

/** The deadlines a change moved, began or ended, by their old date and ref; of one area when it is named. */
export async function listChangedDeadlines(
  db: Db,
  changeId: number,
  areaId?: number,
): Promise<ChangedDeadline[]> {
  const { rows } = await sql<ChangedDeadline>`
    select changed.deadline_id, o.ref, o.title, a.id as area_id,
      a.name || ' (' || a.institution || ')' as area_name,
      case when was.version is not null then
        jsonb_build_object('due_on', was.due_on, 'due_time', to_char(was.due_time, 'HH24:MI')) end as old,
      case when made.version is not null then
        jsonb_build_object('due_on', made.due_on, 'due_time', to_char(made.due_time, 'HH24:MI'),
          'provisional', made.provisional <> '{}') end as new
    from ${changed(changeId)} as changed
    join deadline d on d.id = changed.deadline_id
    join obligation o on o.id = d.obligation_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area a on a.id = oa.area_id
    left join deadline_version was on was.deadline_id = changed.deadline_id and was.version = changed.old_version
    left join deadline_version made on made.deadline_id = changed.deadline_id and made.version = changed.new_version
    where ${areaId ?? null}::bigint is null or a.id = ${areaId ?? null}
    order by coalesce(was.due_on, made.due_on) nulls last, o.ref, d.id`.execute(db);
  return rows;
}

/**
 * Puts one mail per affected area into the outbox, to its responsible person of today; where an area has nobody it
 * climbs as a notice does, and at last goes to whoever records the change. Nobody is written to about a process
 * that is not published, nor about dates that are new and past. Returns how many mails there are.
 */
export async function queueChangeMails(
  db: Db,
  changeId: number,
  kind: 'date_change' | 'rectification',
  moment: Moment,
): Promise<number> {
  const { rows: areas } = await sql<{ area_id: number; direction_area_id: number; recorded_by: number }>`
    select distinct oa.area_id, p.direction_area_id, coalesce(c.undone_by, c.recorded_by) as recorded_by
    from ${changed(changeId)} as changed
    join deadline d on d.id = changed.deadline_id
    join obligation_area oa on oa.obligation_id = d.obligation_id and oa.role = 'responsible'
    join obligation o on o.id = d.obligation_id
    join process p on p.id = o.process_id and p.published_at is not null
    join schedule_change c on c.id = ${changeId}
    left join deadline_version made on made.deadline_id = changed.deadline_id and made.version = changed.new_version
    -- Nothing moved where a date is new and has passed: entering what was due long ago writes to nobody.
    where not (changed.old_version is null and coalesce(made.due_on < ${moment.today}, false))
    -- Only whoever was, or may have been, told of the change is told that it was undone.
    and (${kind} = 'date_change' or exists (
      select from message m
      where m.schedule_change_id = ${changeId} and m.kind = 'date_change' and m.area_id = oa.area_id
        and m.state <> 'cancelled'
    ))
    order by oa.area_id`.execute(db);
  if (areas.length === 0) return 0;
  const people = await responsiblePeople(db, moment);
  return oweMails(
    db,
    areas.map(({ area_id, direction_area_id, recorded_by }) => ({
      kind,
      person_id: people(direction_area_id, area_id) ?? recorded_by,
      schedule_change_id: changeId,
      area_id,
    })),
    moment,
  );
}

/** Finds who answers for an area today, by the Dirección that leads the process; undefined when nobody does. */
export async function responsiblePeople(
  db: Db,
  moment: Moment,
): Promise<(directionAreaId: number, areaId: number) => number | undefined> {
  const [areas, seats] = await Promise.all([listAreaTree(db), listSeats(db, moment.today)]);
  const resolve = contactResolver(areas, seats);
  return (directionAreaId, areaId) =>
    resolve(directionAreaId, [areaId]).contacts.find(({ audience }) => audience === 'responsible')?.person_id;
}

/** A change with who recorded it, who undid it and, when a milestone moved, that milestone. */
export async function findScheduleChange(db: Db, id: number) {
  return db
    .selectFrom('schedule_change as change')
    .innerJoin('person', 'person.id', 'change.recorded_by')
    .leftJoin('person as undoer', 'undoer.id', 'change.undone_by')
    .leftJoin('milestone_version as made', (join) =>
      join.onRef('made.change_id', '=', 'change.id').onRef('made.recorded_at', '=', 'change.recorded_at'),
    )
    .leftJoin('milestone', 'milestone.id', 'made.milestone_id')
    .leftJoin('milestone_version as was', (join) =>
      join
        .onRef('was.milestone_id', '=', 'made.milestone_id')
        .on('was.version', '=', sql<number>`made.version - 1`),
    )
    .where('change.id', '=', id)
    .select([
      'change.id',
      'change.process_id',
      'change.kind',
      'change.summary',
      'change.act',
      'change.recorded_at',
      'change.undone_at',
      'person.name as recorded_by_name',
      'undoer.name as undone_by_name',
      'milestone.id as milestone_id',
      'milestone.key as milestone_key',
      'milestone.name as milestone_name',
      'made.version as milestone_version',
      'made.on_date as new_date',
      'made.firm as new_firm',
      'made.note',
      'was.on_date as old_date',
      // Why a date was set by hand or an extension given; what is reserved stays out of mails.
      sql<string | null>`(
        select coalesce(said.reason, given.reason) from deadline_version v
        left join manual_date said on said.deadline_id = v.deadline_id and said.deadline_version = v.version
        left join extension given on given.deadline_id = v.deadline_id and given.deadline_version = v.version
          and not given.reserved
        where v.change_id = change.id and v.recorded_at = change.recorded_at
          and coalesce(said.reason, given.reason) is not null
        limit 1)`.as('reason'),
    ])
    .executeTakeFirst();
}

/** The mails of a change with their areas, as the ledger has them. */
export async function listChangeMails(db: Db, changeId: number) {
  return db
    .selectFrom('message')
    .innerJoin('area', 'area.id', 'message.area_id')
    .innerJoin('person', 'person.id', 'message.person_id')
    .where('message.schedule_change_id', '=', changeId)
    .select([
      'message.kind',
      'message.state',
      'message.reason',
      'message.closed_at',
      'area.name as area_name',
      'person.name as person_name',
    ])
    .orderBy('message.id')
    .execute();
}
