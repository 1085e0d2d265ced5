// A recurrence in words: `el último día hábil de cada mes`, `cada 2 semanas, los lunes y los viernes`.
import { formatLongDate, monthName, weekdayName } from './plain-date.ts';
import type { Recurrence } from './recurrence.ts';

const PERIODS: Record<Recurrence['freq'], [one: string, many: string]> = {
  DAILY: ['día', 'días'],
  WEEKLY: ['semana', 'semanas'],
  MONTHLY: ['mes', 'meses'],
  YEARLY: ['año', 'años'],
};
const ORDINALS = ['', 'primer', 'segundo', 'tercer', 'cuarto', 'quinto'];

/** Which days a recurrence may choose: all, or only the working ones. */
type Among = 'any' | 'working';

/** What a recurrence says, in lower case; the day its start lends it, when it names none, is said to be so. */
export function recurrenceWords(rule: Recurrence, among: Among): string {
  const { freq, interval, count, until } = rule;
  return [
    daysWords(rule, among),
    ...(freq === 'WEEKLY' && interval > 1 && rule.weekStart !== 1
      ? [`con semanas que empiezan en ${weekdayName(rule.weekStart)}`]
      : []),
    ...(count === undefined ? [] : [count === 1 ? 'una sola vez' : `${count} veces`]),
    ...(until === undefined ? [] : [`hasta el ${formatLongDate(until)}`]),
  ].join(', ');
}

/** `a, b y c`. */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} y ${parts.at(-1)}`;
}

function daysWords(rule: Recurrence, among: Among): string {
  const { freq, interval, byMonth } = rule;
  const [one, many] = PERIODS[freq];
  const every = interval === 1 ? `cada ${one}` : `cada ${interval} ${many}`;
  const only = byMonth.length > 0 && freq !== 'YEARLY' ? `, sólo en ${monthsOf(rule)}` : '';
  const days = rule.bySetPos.length > 0 ? positions(rule, among) : candidates(rule, among);
  if (days === '') return `${every}${implicitDay(rule)}${only}${among === 'working' ? ', si es hábil' : ''}`;
  switch (freq) {
    case 'DAILY':
      return `${every}, sólo ${days}${only}`;
    case 'WEEKLY':
      // «Cada viernes» says more simply what «cada semana, los viernes» says.
      if (every === 'cada semana' && rule.byDay.length === 1 && rule.bySetPos.length === 0) {
        return `cada ${days.replace(/^los (sábado|domingo)s|^los /, '$1')}${only}`;
      }
      return `${every}, ${days}${only}`;
    case 'MONTHLY':
      return interval === 1 ? `${days} de cada mes${only}` : `${every}, ${days} del mes${only}`;
    case 'YEARLY': {
      const place = byMonth.length > 0 ? monthsOf(rule) : rule.byMonthDay.length > 0 ? 'todos los meses' : '';
      if (interval === 1) return `${days} de ${place ? `${place} de ` : ''}cada año`;
      return `${every}, ${days} ${place ? `de ${place}` : 'del año'}`;
    }
  }
}

function monthsOf({ byMonth }: Recurrence): string {
  return listed(byMonth.map(monthName));
}

function implicitDay(rule: Recurrence): string {
  switch (rule.freq) {
    case 'DAILY':
      return '';
    case 'WEEKLY':
      return ', en el día de la semana de su inicio';
    case 'MONTHLY':
      return ', en el número de día de su inicio';
    case 'YEARLY':
      return rule.byMonth.length > 0
        ? `, en ${monthsOf(rule)}, en el número de día de su inicio`
        : ', en el día y el mes de su inicio';
  }
}

/** The days of a period that a recurrence names, with their article; empty when it names none. */
function candidates({ byMonthDay, byDay }: Recurrence, among: Among): string {
  const numbers =
    byMonthDay.length > 1 ? `los días ${listed(byMonthDay.map(monthDay))}` : byMonthDay.map(oneDay).join('');
  const names = listed(weekdays(byDay));
  const all = numbers && names ? `${names} que sean ${numbers}` : numbers + names;
  return all && among === 'working' ? `${all}, si es día hábil` : all;
}

function oneDay(day: number): string {
  return day > 0 ? `el día ${day}` : `el ${monthDay(day)} día`;
}

function monthDay(day: number): string {
  return day > 0 ? String(day) : ordinal(day);
}

function weekdays(byDay: Recurrence['byDay']): string[] {
  const plain = plainWeekdays(byDay);
  const placed = byDay.flatMap(({ n, weekday }) =>
    n === undefined ? [] : [`el ${ordinal(n)} ${weekdayName(weekday)}`],
  );
  if (plain.length === 7) return ['todos los días', ...placed];
  if (isMondayToFriday(plain)) return ['los días de lunes a viernes', ...placed];
  return [...plain.map((day) => `los ${weekdayName(day).replace(/o$/, 'os')}`), ...placed];
}

/** The places BYSETPOS picks among the candidates of a period. */
function positions(rule: Recurrence, among: Among): string {
  const { byDay, byMonth, byMonthDay, freq } = rule;
  const places = listed(rule.bySetPos.map(ordinal));
  const plain = plainWeekdays(byDay);
  const whole =
    byMonthDay.length === 0 &&
    plain.length === byDay.length &&
    // Picked once a year among the days of several months, not once in each of them.
    (freq !== 'YEARLY' || byMonth.length < 2);
  if (whole && isMondayToFriday(plain)) {
    return `el ${places} día ${among === 'working' ? 'hábil' : 'de lunes a viernes'}`;
  }
  if (whole && plain.length === 7) return `el ${places} día${among === 'working' ? ' hábil' : ''}`;
  const days = candidates(rule, 'any') || 'los días';
  return `el ${places}${among === 'working' ? ' hábil' : ''} de entre ${days}`;
}

function ordinal(n: number): string {
  if (n === -1) return 'último';
  if (n === -2) return 'penúltimo';
  return n > 0 ? (ORDINALS[n] ?? `${n}.º`) : `${-n}.º desde el final`;
}

function plainWeekdays(byDay: Recurrence['byDay']): number[] {
  return byDay.filter(({ n }) => n === undefined).map(({ weekday }) => weekday);
}

function isMondayToFriday(days: number[]): boolean {
  return days.length === 5 && [1, 2, 3, 4, 5].every((day) => days.includes(day));
}
