// A year of the calendar: its days with their counts, and the milestones that fall into it.
import type { Year, YearDay } from '../components/calendar-year.tsx';
import type { Moment } from '../domain/moment.ts';
import { addDays, monthName, type IsoDate } from '../domain/plain-date.ts';
import { mondayOf } from '../domain/weeks.ts';
import type { Db } from '../../db/client.ts';
import { countByDay } from '../../db/deadline-load.ts';
import type { DeadlineFilter } from '../../db/deadlines.ts';
import { listMilestonesBetween } from '../../db/milestones.ts';

/** The twelve months of a year, as known at the moment. */
export async function yearView(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  year: string,
): Promise<{ kind: 'year' } & Year> {
  const span = { from: `${year}-01-01`, to: `${year}-12-31` };
  const [counts, milestones] = await Promise.all([
    countByDay(db, moment, filter, span),
    listMilestonesBetween(db, moment, span, filter.process),
  ]);
  const most = Math.max(1, ...counts.values());
  const marked = new Set(milestones.map(({ on_date }) => on_date));
  const dayOf = (date: IsoDate): YearDay => {
    const count = counts.get(date) ?? 0;
    return {
      date,
      number: Number(date.slice(8)),
      count,
      shade: Math.ceil((4 * count) / most),
      milestone: marked.has(date),
      today: date === moment.today,
    };
  };
  const months = Array.from({ length: 12 }, (_, index) => {
    const month = `${year}-${String(index + 1).padStart(2, '0')}`;
    const within = (date: IsoDate) => date.slice(0, 7) === month;
    const weeks: (YearDay | null)[][] = [];
    for (let monday = mondayOf(`${month}-01`); monday.slice(0, 7) <= month; monday = addDays(monday, 7)) {
      const week = [0, 1, 2, 3, 4, 5, 6].map((offset) => addDays(monday, offset));
      weeks.push(week.map((date) => (within(date) ? dayOf(date) : null)));
    }
    const days = weeks.flat();
    return {
      month,
      name: monthName(index + 1),
      count: days.reduce((sum, day) => sum + (day?.count ?? 0), 0),
      weeks,
      milestones: milestones
        .filter(({ on_date }) => within(on_date))
        .map(({ key, on_date, name, firm }) => ({ key, day: Number(on_date.slice(8)), name, firm })),
    };
  });
  return {
    kind: 'year',
    year,
    previous: String(Number(year) - 1),
    next: String(Number(year) + 1),
    count: months.reduce((sum, { count }) => sum + count, 0),
    months,
  };
}
