// Working days: which days do not work and why, counting by them and rolling to them.
import { Temporal } from 'temporal-polyfill';
import { addDays, isInYears, weekday, type IsoDate } from './plain-date.ts';

export interface NonWorkingDay {
  day: IsoDate;
  name: string;
  /** The law or acuerdo that makes it so, as it is shown. */
  source: string;
}

/** The non-working days of one institution; Saturdays and Sundays never work and need no entry. */
export interface WorkingCalendar {
  readonly days: ReadonlyMap<IsoDate, NonWorkingDay>;
  readonly confirmedYears: ReadonlySet<number>;
}

/** Days on which all days work because an electoral process is open (LGSMIME 7.1); both ends are inside. */
export interface OpenPeriod {
  start: IsoDate;
  end: IsoDate | null;
}

/** A walk over the calendar: where it ended, the Monday-to-Friday days it passed over, the years nobody confirmed. */
export interface Walk {
  date: IsoDate;
  skipped: NonWorkingDay[];
  unconfirmed: number[];
}

/**
 * A calendar of non-working days. `confirmedYears` are those whose list somebody verified; a year that is
 * not named there is taken as unconfirmed, so that a forgotten list never yields a firm date.
 */
export function workingCalendar(
  days: Iterable<NonWorkingDay>,
  confirmedYears: Iterable<number> = [],
): WorkingCalendar {
  const byDay = new Map<IsoDate, NonWorkingDay>();
  for (const day of days) if (!byDay.has(day.day)) byDay.set(day.day, day);
  return { days: byDay, confirmedYears: new Set(confirmedYears) };
}

/** True when `open` holds on that day: then every day counts. */
export function isOpen(open: OpenPeriod, day: IsoDate): boolean {
  return open.start <= day && (open.end === null || day <= open.end);
}

/**
 * True when the day works: it is inside `open`, or it is Monday to Friday and not in the calendar. What the
 * answer rested on (the entry of the calendar, a year not confirmed) is added to `noted`.
 */
export function isWorkingDay(
  calendar: WorkingCalendar,
  day: Temporal.PlainDate,
  open: OpenPeriod | undefined,
  noted: Pick<Walk, 'skipped' | 'unconfirmed'>,
): boolean {
  const date = day.toString();
  if (open && isOpen(open, date)) return true;
  if (day.dayOfWeek > 5) return false;
  const rest = calendar.days.get(date);
  if (rest) noted.skipped.push(rest);
  if (!calendar.confirmedYears.has(day.year) && !noted.unconfirmed.includes(day.year)) {
    noted.unconfirmed.push(day.year);
  }
  return !rest;
}

/**
 * Counts `amount` working days from `from`, which never counts itself: forwards, or backwards when
 * negative. Days inside `open` all count. Throws RangeError on leaving the years 2000-2100.
 */
export function countWorkingDays(
  calendar: WorkingCalendar,
  from: IsoDate,
  amount: number,
  open?: OpenPeriod,
): Walk {
  const noted = { skipped: [], unconfirmed: [] };
  let day = Temporal.PlainDate.from(from);
  for (let left = Math.abs(amount); left > 0;) {
    day = nextDay(day, Math.sign(amount));
    if (isWorkingDay(calendar, day, open, noted)) left -= 1;
  }
  return { date: day.toString(), ...noted };
}

/**
 * The day itself when it works (or `open` holds on it), otherwise the nearest working day after or before
 * it. Throws RangeError on leaving the years 2000-2100.
 */
export function rollToWorkingDay(
  calendar: WorkingCalendar,
  date: IsoDate,
  direction: 'next' | 'previous',
  open?: OpenPeriod,
): Walk {
  const noted = { skipped: [], unconfirmed: [] };
  let day = Temporal.PlainDate.from(date);
  while (!isWorkingDay(calendar, day, open, noted)) day = nextDay(day, direction === 'next' ? 1 : -1);
  return { date: day.toString(), ...noted };
}

/**
 * Mandatory rest days of a year under LFT art. 74 (text of DOF 21-02-2025); the day of an ordinary election
 * (fraction IX) only when given. The 1 October of the handover exists since the reform in force on
 * 1-Oct-2024, so years before 2023 are outside what this knows.
 */
export function officialNonWorkingDays(year: number, electionDay?: IsoDate): NonWorkingDay[] {
  const rest = (day: IsoDate, name: string, fraction: string): NonWorkingDay => ({
    day,
    name,
    source: `LFT, art. 74, fracción ${fraction}`,
  });
  return [
    rest(`${year}-01-01`, 'Año Nuevo', 'I'),
    rest(nthMonday(year, 2, 1), 'Conmemoración del 5 de febrero', 'II'),
    rest(nthMonday(year, 3, 3), 'Conmemoración del 21 de marzo', 'III'),
    rest(`${year}-05-01`, 'Día del Trabajo', 'IV'),
    rest(`${year}-09-16`, 'Independencia', 'V'),
    rest(nthMonday(year, 11, 3), 'Conmemoración del 20 de noviembre', 'VI'),
    ...(year >= 2024 && (year - 2024) % 6 === 0
      ? [rest(`${year}-10-01`, 'Transmisión del Poder Ejecutivo Federal', 'VII')]
      : []),
    rest(`${year}-12-25`, 'Navidad', 'VIII'),
    ...(electionDay ? [rest(electionDay, 'Jornada electoral ordinaria', 'IX')] : []),
  ].sort((a, b) => (a.day < b.day ? -1 : 1));
}

function nextDay(day: Temporal.PlainDate, step: number): Temporal.PlainDate {
  const next = day.add({ days: step });
  if (!isInYears(next.toString())) throw new RangeError('outside 2000-2100');
  return next;
}

function nthMonday(year: number, month: number, n: number): IsoDate {
  const first = `${year}-${String(month).padStart(2, '0')}-01`;
  return addDays(first, ((8 - weekday(first)) % 7) + 7 * (n - 1));
}
