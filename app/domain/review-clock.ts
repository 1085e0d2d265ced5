// The reviewer's clock: how long a report has waited for the Dirección, in the working days of its office.
import { addDays, weekday, type IsoDate } from './plain-date.ts';

/** Working days the Dirección takes at most to review a report; from then on it is reminded. */
export const REVIEW_DAYS = 3;

/** Working days after `from` up to `to`: Monday to Friday, the institution's rest days left out. */
export function workingDaysSince(from: IsoDate, to: IsoDate, restDays: ReadonlySet<IsoDate>): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    if (weekday(day) <= 5 && !restDays.has(day)) count += 1;
  }
  return count;
}
