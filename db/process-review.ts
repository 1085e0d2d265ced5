// What is looked at before a process is published: its dates beside the source's, areas without people.
import { sql } from 'kysely';
import { resolveContacts } from '../app/domain/contacts.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { listAreaTree, listSeats } from './people.ts';

/** The dates an obligation has in one process: one, or the first and last of many. */
export interface DatesOfObligation {
  count: number;
  first_on: IsoDate | null;
  last_on: IsoDate | null;
  time: string | null;
  waiting_for: string | null;
  provisional: boolean;
}

export interface ComparedObligation {
  id: number;
  ref: string;
  title: string;
  area_name: string;
  /** Null when it owes nothing by itself: a standing duty, a trigger that has not happened, a draft. */
  here: DatesOfObligation | null;
  there: DatesOfObligation | null;
  /** Its rule names days of the other process and nobody has said this one's. */
  fixed: boolean;
  left_out: string | null;
  /** The obligation is not in the process it was copied from. */
  added: boolean;
}

const DATES = sql`(
  select o.process_id, o.ref, count(*)::int as count, min(v.due_on) as first_on, max(v.due_on) as last_on,
         min(v.due_time) as time, min(m.name) as waiting_for, bool_or(v.provisional <> '{}') as provisional
  from deadline_version v
  join deadline d on d.id = v.deadline_id
  join obligation o on o.id = d.obligation_id
  left join milestone m on m.id = v.waiting_for_id
  where v.superseded_at is null and d.milestone_occurrence_id is null
  group by o.process_id, o.ref)`;

/** Every obligation of a process with its dates and those it has in the process it was copied from, by date. */
export async function compareWithSource(
  db: Db,
  process: { id: number; source_process_id: number | null },
): Promise<ComparedObligation[]> {
  const { rows } = await sql<ComparedObligation>`
    select o.id, o.ref, o.title, area.name as area_name, here.dates as here, there.dates as there,
           draft.obligation_id is not null and draft.left_out is null as fixed, draft.left_out,
           not exists (
             select from obligation s where s.process_id = ${process.source_process_id} and s.ref = o.ref
           ) as added
    from obligation o
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area on area.id = oa.area_id
    left join rule_draft draft on draft.obligation_id = o.id
      and not exists (select from deadline_rule r where r.obligation_id = o.id)
    left join lateral (
      select to_jsonb(d) as dates, d.first_on from ${DATES} d where d.process_id = o.process_id and d.ref = o.ref
    ) here on true
    left join lateral (
      select to_jsonb(d) as dates from ${DATES} d where d.process_id = ${process.source_process_id} and d.ref = o.ref
    ) there on true
    where o.process_id = ${process.id}
    order by here.first_on nulls last, o.ref`.execute(db);
  return rows.map((row) => ({ ...row, here: shortTime(row.here), there: shortTime(row.there) }));
}

/** Inside JSON an hour travels with its seconds. */
function shortTime(dates: DatesOfObligation | null): DatesOfObligation | null {
  return dates && { ...dates, time: dates.time && dates.time.slice(0, 5) };
}

/**
 * The areas that answer for something in a process and have nobody in office on that day. `covered_by` is the area
 * up the line, or the Dirección, whose people are told instead; null when there is nobody at all.
 */
export async function listAreaGaps(
  db: Db,
  process: { id: number; direction_area_id: number },
  today: IsoDate,
): Promise<{ id: number; name: string; obligations: number; covered_by: string | null }[]> {
  const [areas, seats, answering] = await Promise.all([
    listAreaTree(db),
    listSeats(db, today),
    db
      .selectFrom('obligation_area as oa')
      .innerJoin('obligation as o', 'o.id', 'oa.obligation_id')
      .where('o.process_id', '=', process.id)
      .where('oa.role', '=', 'responsible')
      .groupBy('oa.area_id')
      .select(['oa.area_id', sql<number>`count(*)`.as('obligations')])
      .execute(),
  ]);
  const { contacts } = resolveContacts(areas, seats, process.direction_area_id);
  return answering
    .filter(({ area_id }) => !seats.some((seat) => seat.area_id === area_id))
    .map(({ area_id, obligations }) => ({
      id: area_id,
      name: areas.find(({ id }) => id === area_id)!.name,
      obligations,
      covered_by:
        contacts.find((contact) => contact.area_id === area_id && contact.audience === 'responsible')
          ?.capacity ?? null,
    }))
    .sort((a, b) => b.obligations - a.obligations || a.name.localeCompare(b.name, 'es'));
}
