// The dates of a recurrence: the days its parts name, period by period, among all days or among working ones.
import * as rruleModule from 'rrule';
import { Temporal } from 'temporal-polyfill';
import { isWorkingDay, type OpenPeriod, type Walk, type WorkingCalendar } from './business-days.ts';
import { formatLongDate, LAST_YEAR, type IsoDate, type Parsed } from './plain-date.ts';
import { MAX_OCCURRENCES, type Recurrence } from './recurrence.ts';

// rrule ships CommonJS to Node and ES modules to bundlers; only this form of import is right in both.
const { RRule } =
  (rruleModule as typeof rruleModule & { default?: typeof rruleModule }).default ?? rruleModule;

/** Days a rule may weigh one by one, 32 years of them; only rules that keep hardly any come near it. */
const MAX_CANDIDATES = 12_000;

/** One date of a recurrence; `skipped` are the non-working days its BYSETPOS was counted without. */
export type Occurrence = Walk;

/**
 * The dates of a recurrence from `from` to `until`, both included, in order. `from` is its DTSTART: it sets
 * the phase of INTERVAL and the day when no part says one, and is a date of its own only if it fits. With
 * `among` only its working days are candidates, and BYSETPOS and COUNT choose among those. At most 500
 * dates; none at all is an error too, and so is weighing more than 12,000 days to find them.
 */
export function expandRecurrence(
  rule: Recurrence,
  { from, until }: { from: IsoDate; until?: IsoDate | undefined },
  among?: { calendar: WorkingCalendar; open?: OpenPeriod | undefined },
): Parsed<Occurrence[]> {
  const ends = [until, rule.until].filter((end) => end !== undefined).sort();
  if (ends.length === 0 && rule.count === undefined) return refused('Indica fin o número');
  const last = ends[0] ?? `${LAST_YEAR}-12-31`;
  if (last < from) return refused('El fin es anterior al inicio');

  const explicit = withImplicitDay(rule, from);
  const wanted = rule.count ?? MAX_OCCURRENCES + 1;
  const found: Occurrence[] = [];
  let looked = 0;
  forEachPeriod(explicit, from, last, (days) => {
    const note: Pick<Walk, 'skipped' | 'unconfirmed'> = { skipped: [], unconfirmed: [] };
    const matching = days.filter((day) => matches(explicit, day)).map(dateOf);
    looked += matching.length;
    const candidates = matching.filter(
      (date) => !among || isWorkingDay(among.calendar, Temporal.PlainDate.from(date), among.open, note),
    );
    if (rule.bySetPos.length === 0) note.skipped = [];
    for (const date of atPositions(candidates, rule.bySetPos)) {
      if (date >= from && date <= last && found.length < wanted) found.push({ date, ...note });
    }
    return found.length < wanted && looked <= MAX_CANDIDATES;
  });

  if (looked > MAX_CANDIDATES && found.length < wanted) {
    return refused('La repetición recorre demasiados días: acorte el periodo');
  }
  if (found.length === 0) {
    return refused(`Nunca ocurre entre el ${formatLongDate(from)} y el ${formatLongDate(last)}`);
  }
  if (found.length > MAX_OCCURRENCES) {
    return refused(`Son más de ${MAX_OCCURRENCES} fechas: acorte el periodo o espacie la repetición`);
  }
  if (ends.length === 0 && found.length < wanted) {
    return refused(`La repetición número ${wanted} pasa del año ${LAST_YEAR}`);
  }
  return { ok: true, value: found };
}

function refused(message: string): { ok: false; message: string } {
  return { ok: false, message };
}

/** The day that `from` lends to a rule whose parts say none, written out (RFC 5545: "taken from DTSTART"). */
function withImplicitDay(rule: Recurrence, from: IsoDate): Recurrence {
  const { month, day, dayOfWeek } = Temporal.PlainDate.from(from);
  if (rule.byDay.length > 0 || rule.byMonthDay.length > 0 || rule.freq === 'DAILY') return rule;
  if (rule.freq === 'WEEKLY') return { ...rule, byDay: [{ weekday: dayOfWeek }] };
  const byMonth = rule.freq === 'YEARLY' && rule.byMonth.length === 0 ? [month] : rule.byMonth;
  return { ...rule, byMonth, byMonthDay: [day] };
}

/** A day by its numbers: a rule may look at each day of a century, and needs the date of few. */
interface Day {
  /** Its date up to the day: `2024-05-`. */
  stem: string;
  month: number;
  day: number;
  weekday: number;
  daysInMonth: number;
  dayOfYear: number;
  daysInYear: number;
}

function dateOf({ stem, day }: Day): IsoDate {
  return stem + String(day).padStart(2, '0');
}

/**
 * Visits the days of each whole day, week, month or year of the rule that touches the window, while `visit`
 * returns true. rrule steps from period to period, on UTC midnights without zone; the days inside are
 * chosen here, because with a filter that never matches rrule looks for a date until the year 9999, and
 * because BYSETPOS must see the days that are left once the non-working ones are out.
 */
function forEachPeriod(
  { freq, interval, weekStart }: Recurrence,
  from: IsoDate,
  last: IsoDate,
  visit: (days: Day[]) => boolean,
): void {
  const first = Temporal.PlainDate.from(from);
  const start = {
    // Single days are visited by the month: rrule takes half a second to step through those of a century.
    DAILY: () => first.with({ day: 1 }),
    WEEKLY: () => first.subtract({ days: (first.dayOfWeek - weekStart + 7) % 7 }),
    MONTHLY: () => first.with({ day: 1 }),
    YEARLY: () => first.with({ month: 1, day: 1 }),
  }[freq]();
  const periods = new RRule({
    freq: freq === 'DAILY' ? RRule.MONTHLY : RRule[freq],
    interval: freq === 'DAILY' ? 1 : interval,
    wkst: weekStart - 1,
    dtstart: new Date(`${start.toString()}T00:00:00Z`),
    until: new Date(`${last}T00:00:00Z`),
  });
  periods.all((midnight) => {
    const begin = Temporal.PlainDate.from(midnight.toISOString().slice(0, 10));
    switch (freq) {
      case 'DAILY': {
        const before = first.until(begin).days;
        return daysOfMonth(begin)
          .filter(({ day }) => before + day > 0 && (before + day - 1) % interval === 0)
          .every((day) => visit([day]));
      }
      case 'WEEKLY':
        return visit(daysOfWeek(begin));
      case 'MONTHLY':
        return visit(daysOfMonth(begin));
      case 'YEARLY':
        return visit(Array.from({ length: 12 }, (_, i) => daysOfMonth(begin.with({ month: i + 1 }))).flat());
    }
  });
}

function daysOfMonth(first: Temporal.PlainDate): Day[] {
  const { month, daysInMonth, dayOfWeek, dayOfYear, daysInYear } = first;
  const stem = first.toString().slice(0, 8);
  return Array.from({ length: daysInMonth }, (_, i) => ({
    stem,
    month,
    day: i + 1,
    weekday: ((dayOfWeek - 1 + i) % 7) + 1,
    daysInMonth,
    dayOfYear: dayOfYear + i,
    daysInYear,
  }));
}

/** The seven days of a week; none of the rules by week asks where in its month or year a day is. */
function daysOfWeek(first: Temporal.PlainDate): Day[] {
  const { month, day, daysInMonth, dayOfWeek, dayOfYear, daysInYear } = first;
  const stem = first.toString().slice(0, 8);
  const next = day + 6 > daysInMonth ? first.add({ days: 6 }).toString().slice(0, 8) : stem;
  return Array.from({ length: 7 }, (_, i) => ({
    stem: day + i > daysInMonth ? next : stem,
    month: day + i > daysInMonth ? (month % 12) + 1 : month,
    day: day + i > daysInMonth ? day + i - daysInMonth : day + i,
    weekday: ((dayOfWeek - 1 + i) % 7) + 1,
    daysInMonth,
    dayOfYear,
    daysInYear,
  }));
}

function matches({ freq, byMonth, byMonthDay, byDay }: Recurrence, date: Day): boolean {
  const { month, day, daysInMonth } = date;
  if (byMonth.length > 0 && !byMonth.includes(month)) return false;
  if (byMonthDay.length > 0 && !byMonthDay.some((n) => n === day || n === day - daysInMonth - 1))
    return false;
  if (byDay.length === 0) return true;
  const [place, length] =
    freq === 'YEARLY' && byMonth.length === 0 ? [date.dayOfYear, date.daysInYear] : [day, daysInMonth];
  return byDay.some(
    ({ weekday, n }) =>
      weekday === date.weekday &&
      (n === undefined || n === Math.ceil(place / 7) || n === -Math.ceil((length - place + 1) / 7)),
  );
}

function atPositions(dates: IsoDate[], positions: number[]): IsoDate[] {
  if (positions.length === 0) return dates;
  const chosen = new Set(positions.map((n) => dates.at(n > 0 ? n - 1 : n)));
  return dates.filter((date) => chosen.has(date));
}
