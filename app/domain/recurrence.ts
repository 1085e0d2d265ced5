// Recurrences: the part of RFC 5545 that terms need, read strictly and expanded to plain dates.
import * as rruleModule from 'rrule';
import { Temporal } from 'temporal-polyfill';
import { isWorkingDay, type OpenPeriod, type Walk, type WorkingCalendar } from './business-days.ts';
import { formatLongDate, LAST_YEAR, parseIsoDate, type IsoDate, type Parsed } from './plain-date.ts';

// rrule ships CommonJS to Node and ES modules to bundlers; only this form of import is right in both.
const { RRule } =
  (rruleModule as typeof rruleModule & { default?: typeof rruleModule }).default ?? rruleModule;

const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY'] as const;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const MAX_LENGTH = 500;
const MAX_OCCURRENCES = 500;

/** A weekday, 1 Monday to 7 Sunday, with its position in the month or year when it has one (`2WE`, `-1FR`). */
interface ByDay {
  weekday: number;
  n?: number;
}

export interface Recurrence {
  freq: (typeof FREQUENCIES)[number];
  interval: number;
  count?: number;
  until?: IsoDate;
  byMonth: number[];
  byMonthDay: number[];
  byDay: ByDay[];
  bySetPos: number[];
  /** First day of the week, 1 Monday (the default) to 7 Sunday. */
  weekStart: number;
}

/** One date of a recurrence; `skipped` are the non-working days its BYSETPOS was counted without. */
export type Occurrence = Walk;

class Refusal extends Error {}

/**
 * Reads an RRULE by our own grammar, so that nothing reaches the expansion that could run away: FREQ,
 * INTERVAL, COUNT or UNTIL (a date), BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS and WKST, on one line of at most
 * 500 characters. The message names part, value and what is allowed.
 */
export function parseRecurrence(rrule: string): Parsed<Recurrence> {
  try {
    return { ok: true, value: read(rrule) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, message: error.message };
    throw error;
  }
}

/**
 * The dates of a recurrence from `from` to `until`, both included, in order. `from` is its DTSTART: it sets
 * the phase of INTERVAL and the day when no part says one, and is a date of its own only if it fits. With
 * `among` only its working days are candidates, and BYSETPOS and COUNT choose among those. At most 500
 * dates; none at all is an error too.
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
  forEachPeriod(explicit, from, last, (days) => {
    const note: Pick<Walk, 'skipped' | 'unconfirmed'> = { skipped: [], unconfirmed: [] };
    const candidates = days
      .filter((day) => matches(explicit, day))
      .filter((day) => !among || isWorkingDay(among.calendar, day, among.open, note))
      .map(String);
    if (rule.bySetPos.length === 0) note.skipped = [];
    for (const date of atPositions(candidates, rule.bySetPos)) {
      if (date >= from && date <= last && found.length < wanted) found.push({ date, ...note });
    }
    return found.length < wanted;
  });

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

function read(text: string): Recurrence {
  if (text.length > MAX_LENGTH) throw new Refusal(`Regla demasiado larga (máx. ${MAX_LENGTH} caracteres)`);
  if (/[\r\n\u0085\u2028\u2029]/.test(text)) throw new Refusal('La regla debe ser una sola línea');
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .replace(/^RRULE:/i, '')
    .toUpperCase()
    .split(';')) {
    const [, name = '', value = ''] = /^([A-Z-]+)=(.+)$/.exec(part) ?? invalid(part, 'NOMBRE=VALOR');
    if (parts.has(name)) throw new Refusal(`${name} aparece dos veces`);
    parts.set(name, value);
  }
  const rule: Recurrence = {
    freq: 'DAILY',
    interval: 1,
    byMonth: [],
    byMonthDay: [],
    byDay: [],
    bySetPos: [],
    weekStart: 1,
  };
  if (!parts.has('FREQ')) throw new Refusal(`Falta FREQ (${FREQUENCIES.join(', ')})`);
  for (const [name, value] of parts) readPart(rule, name, value);
  checkTogether(rule, parts);
  return rule;
}

function readPart(rule: Recurrence, name: string, value: string): void {
  const part = `${name}=${value}`;
  switch (name) {
    case 'FREQ':
      rule.freq =
        FREQUENCIES.find((freq) => freq === value) ??
        invalid(part, `Sólo diario, semanal, mensual, anual: ${FREQUENCIES.join(', ')}`);
      break;
    case 'INTERVAL':
      if (!isWithin(value, 1, 60)) {
        throw new Refusal(`El intervalo debe ser un entero de 1 a 60 (${shorten(part)})`);
      }
      rule.interval = Number(value);
      break;
    case 'COUNT':
      if (!isWithin(value, 1, MAX_OCCURRENCES)) {
        throw new Refusal(`1 a ${MAX_OCCURRENCES} repeticiones (${shorten(part)})`);
      }
      rule.count = Number(value);
      break;
    case 'UNTIL': {
      const [, year = '', month = '', day = ''] =
        /^(\d{4})(\d{2})(\d{2})$/.exec(value) ?? invalid(part, 'AAAAMMDD');
      const end = parseIsoDate(`${year}-${month}-${day}`);
      if (!end.ok) throw new Refusal(`La fecha final no existe (${shorten(part)}): ${end.message}`);
      rule.until = end.value;
      break;
    }
    case 'BYMONTH':
      rule.byMonth = integers(name, value, 12, false);
      break;
    case 'BYMONTHDAY':
      rule.byMonthDay = integers(name, value, 31, true);
      break;
    case 'BYSETPOS':
      rule.bySetPos = integers(name, value, 366, true);
      break;
    case 'BYDAY':
      rule.byDay = value.split(',').map(weekdayEntry);
      break;
    case 'WKST':
      if (!WEEKDAYS.includes(value)) invalid(part, WEEKDAYS.join(', '));
      rule.weekStart = WEEKDAYS.indexOf(value) + 1;
      break;
    default:
      throw new Refusal(`${shorten(name)} no se admite`);
  }
}

/** RFC 5545 §3.3.10: which parts may stand together. */
function checkTogether(rule: Recurrence, parts: ReadonlyMap<string, string>): void {
  if (rule.count !== undefined && rule.until !== undefined) {
    throw new Refusal('Indica fecha final o número, no ambos (COUNT y UNTIL)');
  }
  if (rule.freq === 'WEEKLY' && parts.has('BYMONTHDAY')) {
    invalid(`BYMONTHDAY=${parts.get('BYMONTHDAY')}`, 'no se usa con FREQ=WEEKLY');
  }
  const range = rule.freq === 'MONTHLY' ? 5 : rule.freq === 'YEARLY' ? 53 : 0;
  if (rule.byDay.some(({ n }) => n !== undefined && Math.abs(n) > range)) {
    const allowed = range === 0 ? 'sin número' : `número de 1 a ${range} o de -${range} a -1`;
    invalid(`BYDAY=${parts.get('BYDAY')}`, `con FREQ=${rule.freq}, ${allowed}`);
  }
  if (parts.has('BYSETPOS') && !['BYMONTH', 'BYMONTHDAY', 'BYDAY'].some((name) => parts.has(name))) {
    invalid(`BYSETPOS=${parts.get('BYSETPOS')}`, 'necesita BYDAY, BYMONTHDAY o BYMONTH');
  }
}

function weekdayEntry(entry: string): ByDay {
  const allowed = `${WEEKDAYS.join(', ')}, con número de -53 a 53`;
  const [, n, name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(entry) ?? invalid(`BYDAY=${entry}`, allowed);
  const weekday = WEEKDAYS.indexOf(name) + 1;
  if (weekday === 0 || (n !== undefined && !isWithin(n.replace(/^[+-]/, ''), 1, 53))) {
    invalid(`BYDAY=${entry}`, allowed);
  }
  return n === undefined ? { weekday } : { weekday, n: Number(n) };
}

function integers(name: string, list: string, max: number, negative: boolean): number[] {
  const numbers = list.split(',').map((text) => {
    const digits = negative ? text.replace(/^[+-]/, '') : text;
    if (!isWithin(digits, 1, max)) {
      invalid(`${name}=${text}`, negative ? `1 a ${max} o -${max} a -1` : `1 a ${max}`);
    }
    return Number(text);
  });
  return [...new Set(numbers)];
}

function isWithin(digits: string, min: number, max: number): boolean {
  return /^\d{1,4}$/.test(digits) && Number(digits) >= min && Number(digits) <= max;
}

function invalid(part: string, allowed: string): never {
  throw new Refusal(`Parte no válida: ${shorten(part)} (${allowed})`);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** The day that `from` lends to a rule whose parts say none, written out (RFC 5545: "taken from DTSTART"). */
function withImplicitDay(rule: Recurrence, from: IsoDate): Recurrence {
  const { month, day, dayOfWeek } = Temporal.PlainDate.from(from);
  if (rule.byDay.length > 0 || rule.byMonthDay.length > 0 || rule.freq === 'DAILY') return rule;
  if (rule.freq === 'WEEKLY') return { ...rule, byDay: [{ weekday: dayOfWeek }] };
  const byMonth = rule.freq === 'YEARLY' && rule.byMonth.length === 0 ? [month] : rule.byMonth;
  return { ...rule, byMonth, byMonthDay: [day] };
}

/**
 * Visits the days of each whole day, week, month or year of the rule that touches the window, while `visit`
 * returns true. rrule steps from period to period, on UTC midnights without zone; the days inside are
 * chosen here, because with a filter that never matches rrule looks for a date until the year 9999, and
 * because BYSETPOS must see the days that are left once the non-working ones are out.
 */
function forEachPeriod(
  rule: Recurrence,
  from: IsoDate,
  last: IsoDate,
  visit: (days: Temporal.PlainDate[]) => boolean,
): void {
  const { freq, interval, weekStart } = rule;
  const first = Temporal.PlainDate.from(from);
  const start = {
    DAILY: first,
    WEEKLY: first.subtract({ days: (first.dayOfWeek - weekStart + 7) % 7 }),
    MONTHLY: first.with({ day: 1 }),
    YEARLY: first.with({ month: 1, day: 1 }),
  }[freq];
  const periods = new RRule({
    freq: RRule[freq],
    interval,
    wkst: weekStart - 1,
    dtstart: new Date(`${start.toString()}T00:00:00Z`),
    until: new Date(`${last}T00:00:00Z`),
  });
  periods.all((midnight) => {
    const day = Temporal.PlainDate.from(midnight.toISOString().slice(0, 10));
    const length = { DAILY: 1, WEEKLY: 7, MONTHLY: day.daysInMonth, YEARLY: day.daysInYear }[freq];
    return visit(Array.from({ length }, (_, days) => day.add({ days })));
  });
}

function matches({ freq, byMonth, byMonthDay, byDay }: Recurrence, date: Temporal.PlainDate): boolean {
  const { month, day, daysInMonth, dayOfWeek } = date;
  if (byMonth.length > 0 && !byMonth.includes(month)) return false;
  if (byMonthDay.length > 0 && !byMonthDay.some((n) => n === day || n === day - daysInMonth - 1))
    return false;
  if (byDay.length === 0) return true;
  const [place, length] =
    freq === 'YEARLY' && byMonth.length === 0 ? [date.dayOfYear, date.daysInYear] : [day, daysInMonth];
  return byDay.some(
    ({ weekday, n }) =>
      weekday === dayOfWeek &&
      (n === undefined || n === Math.ceil(place / 7) || n === -Math.ceil((length - place + 1) / 7)),
  );
}

function atPositions(dates: IsoDate[], positions: number[]): IsoDate[] {
  if (positions.length === 0) return dates;
  const chosen = new Set(positions.map((n) => dates.at(n > 0 ? n - 1 : n)));
  return dates.filter((date) => chosen.has(date));
}
