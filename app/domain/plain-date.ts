// The plain date: reading, arithmetic, the crossing between instants and local days, and its es-MX wording.
import { Temporal } from 'temporal-polyfill';

/** A day as people mean it, `YYYY-MM-DD`: no hour, no zone. */
export type IsoDate = string;

/** A day, with its local hour `HH:MM` when it has one. */
export interface DateAndTime {
  date: IsoDate;
  time?: string;
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; message: string };

/** Zone of every term in Michoacán (Ley de los Husos Horarios, art. 3 I): UTC−6 all year since 30-Oct-2022. */
export const TIME_ZONE = 'America/Mexico_City';

export const FIRST_YEAR = 2000;
export const LAST_YEAR = 2100;

const MONTHS = [
  'enero',
  'febrero',
  'marzo',
  'abril',
  'mayo',
  'junio',
  'julio',
  'agosto',
  'septiembre',
  'octubre',
  'noviembre',
  'diciembre',
];
const WEEKDAYS = ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado', 'domingo'];

function refuse(message: string): { ok: false; message: string } {
  return { ok: false, message };
}

/** Reads a date somebody wrote. Trims spaces (NBSP too); never moves an impossible date to a possible one. */
export function parseIsoDate(text: string): Parsed<IsoDate> {
  const match = /^([+-]?\d{4,6})-(\d{2})-(\d{2})$/.exec(text.trim());
  if (!match) return refuse('Escribe la fecha como AAAA-MM-DD');
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    return refuse(`Usa un año entre ${FIRST_YEAR} y ${LAST_YEAR}`);
  }
  if (match[1]?.length !== 4) return refuse('Escribe la fecha como AAAA-MM-DD');
  if (month < 1 || month > 12) return refuse('Mes fuera de rango (1 a 12)');
  if (day < 1 || day > 31) return refuse('Día fuera de rango (1 a 31)');
  const { daysInMonth } = Temporal.PlainYearMonth.from({ year, month });
  if (day > daysInMonth) {
    return refuse(`Esa fecha no existe (${MONTHS[month - 1]} de ${year} tiene ${daysInMonth} días)`);
  }
  return { ok: true, value: match[0] };
}

/** Reads an hour of the day, `HH:MM` from 00:00 to 23:59. */
export function parseTime(text: string): Parsed<string> {
  const time = text.trim();
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(time)
    ? { ok: true, value: time }
    : refuse('Hora no válida: escribe HH:MM, de 00:00 a 23:59');
}

/** Reads `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`. */
export function parseDateAndTime(text: string): Parsed<DateAndTime> {
  const [datePart = '', ...rest] = text.trim().split('T');
  const date = parseIsoDate(datePart);
  if (!date.ok) return date;
  if (rest.length === 0) return { ok: true, value: { date: date.value } };
  const time = parseTime(rest.join('T'));
  return time.ok ? { ok: true, value: { date: date.value, time: time.value } } : time;
}

/** True when the year of a date is one the program computes with, 2000 to 2100. */
export function isInYears(date: IsoDate): boolean {
  return date >= `${FIRST_YEAR}-01-01` && date <= `${LAST_YEAR}-12-31`;
}

const DAY_MS = 86_400_000;

/** A day as its midnight in UTC, where every day is as long: days are counted by the ten thousand, and Temporal is dear. */
const midnight = (date: IsoDate) => Date.parse(date);

/** The day `days` days after (before, when negative): plain addition, the first counted day is the next one. */
export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(midnight(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day number `months` months later (earlier, when negative), or the last one that month has. */
export function addMonths(date: IsoDate, months: number): IsoDate {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

/** Moves an hour of `timeZone` by `hours` of elapsed time, whatever the clocks do in between. */
export function addHours(
  { date, time }: Required<DateAndTime>,
  hours: number,
  timeZone: string,
): Required<DateAndTime> {
  const moved = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).add({ hours });
  return splitLocal(moved.toPlainDateTime());
}

/** Days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return (midnight(to) - midnight(from)) / DAY_MS;
}

/** 1 is Monday, 7 is Sunday. */
export function weekday(date: IsoDate): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** True for a zone of the tz database (`America/Tijuana`, `UTC`); offsets such as `+05:00` are not zones. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.PlainDateTime.from('2024-01-01').toZonedDateTime(name);
    return true;
  } catch {
    return false;
  }
}

/** Day in Mexico City of an ISO instant (`2024-05-15T05:59:00Z` is still 14 May). */
export function localDate(instant: string): IsoDate {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(TIME_ZONE).toPlainDate().toString();
}

/** Day and hour in Mexico City of an ISO instant, `YYYY-MM-DDTHH:MM`. */
export function localDateTime(instant: string): string {
  const { date, time } = splitLocal(
    Temporal.Instant.from(instant).toZonedDateTimeISO(TIME_ZONE).toPlainDateTime(),
  );
  return `${date}T${time}`;
}

/** ISO instant (UTC) of a local `YYYY-MM-DDTHH:MM` in Mexico City. */
export function instantOf(local: string): string {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(TIME_ZONE).toInstant().toString();
}

/** The ends of days that were asked for: a process has thousands of deadlines on a few hundred days. */
const ENDED = new Map<IsoDate, string>();

/** ISO instant (UTC) at which the day is over in Mexico City: the first moment of the next one. */
export function endOfDay(date: IsoDate): string {
  const known = ENDED.get(date);
  if (known) return known;
  const next = Temporal.PlainDate.from(date).add({ days: 1 });
  const end = next.toZonedDateTime(TIME_ZONE).toInstant().toString();
  remember(ENDED, date, end);
  return end;
}

/** `lunes 20 de mayo de 2024`. */
export function formatLongDate(date: IsoDate): string {
  const { day, monthName, weekdayName, year } = wording(date);
  return `${weekdayName} ${day} de ${monthName} de ${year}`;
}

/** `lun 20 may 2024`. */
export function formatShortDate(date: IsoDate): string {
  return `${formatDayMonth(date)} ${wording(date).year}`;
}

/** `lun 20 may`. */
export function formatDayMonth(date: IsoDate): string {
  const { day, monthName, weekdayName } = wording(date);
  return `${weekdayName.slice(0, 3)} ${day} ${monthName.slice(0, 3)}`;
}

/** `mayo de 2024` for `2024-05`. */
export function formatMonth(month: string): string {
  const { monthName, year } = wording(`${month}-01`);
  return `${monthName} de ${year}`;
}

/** `enero` for 1. */
export function monthName(month: number): string {
  return MONTHS[month - 1] ?? '';
}

/** `lunes` for 1. */
export function weekdayName(day: number): string {
  return WEEKDAYS[day - 1] ?? '';
}

/** `9:00 h` for `09:00`. */
export function formatHour(time: string): string {
  return `${time.replace(/^0/, '')} h`;
}

function splitLocal(local: Temporal.PlainDateTime): Required<DateAndTime> {
  return {
    date: local.toPlainDate().toString(),
    time: local.toPlainTime().toString({ smallestUnit: 'minute' }),
  };
}

interface Wording {
  year: number;
  day: number;
  monthName: string;
  weekdayName: string;
}

/** The few dates a process has are worded thousands of times, on every page and in every mail. */
const WORDED = new Map<IsoDate, Wording>();

function wording(date: IsoDate): Wording {
  const known = WORDED.get(date);
  if (known) return known;
  const { year, month, day, dayOfWeek } = Temporal.PlainDate.from(date);
  const words = {
    year,
    day,
    monthName: monthName(month),
    weekdayName: weekdayName(dayOfWeek),
  };
  remember(WORDED, date, words);
  return words;
}

/** Keeps what was found for a date of the years the program computes with, so that the number kept is bounded. */
function remember<Found>(known: Map<IsoDate, Found>, date: IsoDate, found: Found): void {
  if (isInYears(date)) known.set(date, found);
}
