// Weeks as a calendar names them: Monday to Sunday, known by their Monday.
import { addDays, monthName, weekday, type IsoDate } from './plain-date.ts';

/** The Monday of the week a day is in. */
export function mondayOf(day: IsoDate): IsoDate {
  return addDays(day, 1 - weekday(day));
}

/** The Mondays of so many weeks on end. */
export function mondaysFrom(monday: IsoDate, weeks: number): IsoDate[] {
  return Array.from({ length: weeks }, (_, week) => addDays(monday, 7 * week));
}

/** `13 – 19 may`, `27 may – 2 jun`. */
export function shortWeek(monday: IsoDate): string {
  const sunday = addDays(monday, 6);
  const month = (day: IsoDate) => monthName(Number(day.slice(5, 7))).slice(0, 3);
  const number = (day: IsoDate) => String(Number(day.slice(8)));
  const from = month(monday) === month(sunday) ? number(monday) : `${number(monday)} ${month(monday)}`;
  return `${from} – ${number(sunday)} ${month(sunday)}`;
}
