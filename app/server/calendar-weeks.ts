// The weeks ahead by areas, for the calendar: a quarter of a year at a time.
import type { Load, Week, Weeks } from '../components/calendar-weeks.tsx';
import type { Moment } from '../domain/moment.ts';
import { addDays, formatLongDate, type IsoDate } from '../domain/plain-date.ts';
import { mondayOf, mondaysFrom, shortWeek } from '../domain/weeks.ts';
import type { Db } from '../../db/client.ts';
import { loadByWeek } from '../../db/deadline-load.ts';
import type { DeadlineFilter } from '../../db/deadlines.ts';

const WEEKS = 13;

/** Thirteen weeks from the one `start` is in; without a state in the filter, what is still to be done. */
export async function weeksView(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  start: IsoDate,
): Promise<{ kind: 'weeks' } & Weeks> {
  const first = mondayOf(start);
  const mondays = mondaysFrom(first, WEEKS);
  const last = addDays(first, 7 * WEEKS - 1);
  const rows = await loadByWeek(db, moment, filter.status ? filter : { ...filter, open: true }, {
    first,
    last,
  });
  const areas = new Map<string, Weeks['areas'][number]>();
  const totals = mondays.map((): Load => ({ due: 0, preparing: 0 }));
  for (const { area_key: key, area_name, institution, week, due, preparing } of rows) {
    const area = areas.get(key) ?? {
      key,
      name: `${area_name} (${institution})`,
      due: 0,
      loads: mondays.map((): Load => ({ due: 0, preparing: 0 })),
    };
    areas.set(key, area);
    const index = mondays.indexOf(week);
    area.loads[index] = { due, preparing };
    area.due += due;
    totals[index]!.due += due;
    totals[index]!.preparing += preparing;
  }
  const weeks = mondays.map((monday, index): Week => ({
    monday,
    label: shortWeek(monday),
    current: monday === mondayOf(moment.today),
    ...totals[index]!,
  }));
  const busiest = weeks.reduce((most, week) => (week.due > most.due ? week : most));
  return {
    kind: 'weeks',
    title: `Del ${withoutWeekday(first)} al ${withoutWeekday(last)}`,
    previous: addDays(first, -7 * WEEKS),
    next: addDays(first, 7 * WEEKS),
    weeks,
    areas: [...areas.values()].sort((a, b) => b.due - a.due || a.name.localeCompare(b.name, 'es')),
    busiest: busiest.due > 0 ? busiest : null,
  };
}

/** `13 de mayo de 2024`. */
const withoutWeekday = (day: IsoDate) => formatLongDate(day).replace(/^\S+ /, '');
