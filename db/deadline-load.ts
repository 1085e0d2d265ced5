// How much falls due when: by week and area for the weeks ahead, by day for a year.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, type IsoDate } from '../app/domain/plain-date.ts';
import { LONGEST_RUNG } from '../app/domain/ladder.ts';
import type { Db } from './client.ts';
import { deadlinesAt, filterSql, type DeadlineFilter } from './deadline-state.ts';
import { leadDays } from './preparation.ts';

export interface WeekLoad {
  area_key: string;
  area_name: string;
  institution: string;
  /** Its Monday. */
  week: IsoDate;
  /** Due in the week. */
  due: number;
  /** Due in a later week, and already being prepared in this one. */
  preparing: number;
}

const mondaySql = (day: ReturnType<typeof sql>) => sql`(${day} - (extract(isodow from ${day})::int - 1))`;

/**
 * The deadlines a filter lets through, by responsible area and week, for the weeks from the Monday `first` to the
 * Sunday `last`. The numbers are the lengths of the lists of `filter.due` and `filter.preparing`.
 */
export async function loadByWeek(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  { first, last }: { first: IsoDate; last: IsoDate },
): Promise<WeekLoad[]> {
  const due = deadlinesAt(db, moment)
    .innerJoin('obligation_area as oa', (join) =>
      join.onRef('oa.obligation_id', '=', 'o.id').on('oa.role', '=', 'responsible'),
    )
    .where(filterSql(filter, moment))
    .where('v.due_on', '>=', first)
    .where('v.due_on', '<=', addDays(last, LONGEST_RUNG.days))
    .select(['oa.area_id', 'v.due_on', leadDays(moment).as('lead')]);
  const { rows } = await sql<WeekLoad>`
    with due as materialized (${due}),
    held as (
      select area_id, ${mondaySql(sql`due_on`)} as week, 1 as due, 0 as preparing from due
      union all
      select area_id, day::date, 0, 1
      from due, generate_series(${mondaySql(sql`(due_on - lead)`)}, ${mondaySql(sql`due_on`)} - 7, interval '7 days') as day
    )
    select a.key as area_key, a.name as area_name, a.institution, held.week, sum(held.due) as due,
      sum(held.preparing) as preparing
    from held join area a on a.id = held.area_id
    where held.week between ${first}::date and ${last}::date
    group by a.id, held.week
    order by held.week`.execute(db);
  return rows;
}

/** How many deadlines fall on each day of a span, whatever their state; days without any are left out. */
export async function countByDay(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  { from, to }: { from: IsoDate; to: IsoDate },
): Promise<Map<IsoDate, number>> {
  const rows = await deadlinesAt(db, moment)
    .where(filterSql(filter, moment))
    .where('v.due_on', '>=', from)
    .where('v.due_on', '<=', to)
    .groupBy('v.due_on')
    .select(['v.due_on', sql<number>`count(*)`.as('count')])
    .execute();
  return new Map(rows.map(({ due_on, count }) => [due_on!, count]));
}
