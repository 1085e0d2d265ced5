// Attention: on which days mail is read, and on which morning a notice goes out. It never moves a due date.
import { addDays, weekday, type IsoDate } from './plain-date.ts';

export interface Attention {
  /** Days of the week on which mail is read; 1 is Monday, 7 is Sunday. */
  weekdays: readonly number[];
  /** Whether mail is also read on the institution's non-working days, as while a process is open. */
  on_rest_days: boolean;
  /** Local hour `HH:MM` in America/Mexico_City of the morning's mails: before it nothing ordinary is planned. */
  hour: string;
  /** The institution's non-working days. */
  rest_days: ReadonlySet<IsoDate>;
  /** Days that somebody said apart from the rule: read (true) or not (false). */
  exceptions: ReadonlyMap<IsoDate, boolean>;
}

/** The hour an installation starts with. */
export const MORNING = '08:00';

/** What an installation starts with: Monday to Friday, at eight. */
export const OFFICE_WEEK: readonly number[] = [1, 2, 3, 4, 5];

/** Nobody is away for longer; past it a day counts as read, so that no setting silences a deadline. */
const LONGEST_ABSENCE_DAYS = 62;

/** Whether mail is read on that day. */
export function isAttended(attention: Attention, day: IsoDate): boolean {
  const exception = attention.exceptions.get(day);
  if (exception !== undefined) return exception;
  if (!attention.weekdays.includes(weekday(day))) return false;
  return attention.on_rest_days || !attention.rest_days.has(day);
}

/** The day itself when mail is read on it, otherwise the nearest such day before or after it. */
export function attendedDay(attention: Attention, day: IsoDate, towards: 'before' | 'after'): IsoDate {
  const step = towards === 'before' ? -1 : 1;
  for (let away = 0, at = day; away <= LONGEST_ABSENCE_DAYS; away += 1, at = addDays(at, step)) {
    if (isAttended(attention, at)) return at;
  }
  return day;
}

/** The first day after this one on which mail is read. */
export function nextAttendedDay(attention: Attention, day: IsoDate): IsoDate {
  return attendedDay(attention, addDays(day, 1), 'after');
}

/** Whether the week's mails go out that day: on its Monday, or on its first day of attention when Monday is none. */
export function opensWeek(attention: Attention, day: IsoDate): boolean {
  if (!isAttended(attention, day)) return false;
  for (let before = 1; before < weekday(day); before += 1) {
    if (isAttended(attention, addDays(day, -before))) return false;
  }
  return true;
}
