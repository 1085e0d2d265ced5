// A recurrence as the fields of a form: how often, on which days, for how long; anything else is written as an RRULE.
import { MAX_INTERVAL, MAX_OCCURRENCES, parseRecurrence, type Recurrence } from './recurrence.ts';
import {
  CUSTOM,
  MONTH_FIELDS,
  PLACES,
  RECURRENCE_FIELDS,
  WEEKDAY_FIELDS,
  WEEKDAYS,
  WORKING_DAY,
  type RecurrenceField,
  type TypedRecurrence,
} from './rule-fields.ts';

type RecurrenceErrors = Partial<Record<RecurrenceField, string>>;
const MONDAY_TO_FRIDAY = WEEKDAYS.slice(0, 5).join(',');

/**
 * The RRULE that the fields say, `counted` when it ends after a number of times; with the errors of the fields that
 * do not say anything possible. A rule written by hand is passed on as it is: parseDeadlineRule reads it.
 */
export function rruleOf(
  typed: TypedRecurrence,
  counted: boolean,
): { rrule: string; errors: RecurrenceErrors } {
  if (typed.freq === CUSTOM) return { rrule: typed.rrule, errors: {} };
  const errors: RecurrenceErrors = {};
  const interval = wholeNumber(typed.interval, 1, MAX_INTERVAL);
  if (interval === undefined) errors.interval = `El intervalo debe ser un entero de 1 a ${MAX_INTERVAL}`;
  const count = wholeNumber(typed.count, 1, MAX_OCCURRENCES);
  if (counted && count === undefined) errors.count = `1 a ${MAX_OCCURRENCES} repeticiones`;
  const parts = partsOf(typed, interval ?? 1, errors);
  const every = interval === undefined || interval === 1 ? [] : [`INTERVAL=${interval}`];
  const times = counted && count !== undefined ? [`COUNT=${count}`] : [];
  const [freq = '', ...days] = parts;
  return { rrule: [freq, ...every, ...days, ...times].join(';'), errors };
}

/** FREQ and the parts that say which days; adds to `errors` what is missing or wrong. */
function partsOf(typed: TypedRecurrence, interval: number, errors: RecurrenceErrors): string[] {
  switch (typed.freq) {
    case 'DAILY':
      return ['FREQ=DAILY'];
    case 'WEEKLY': {
      const days = WEEKDAYS.filter((day) => typed[`weekday.${day}`] !== '');
      if (days.length === 0) errors['weekday.MO'] = 'Elige al menos un día de la semana';
      return ['FREQ=WEEKLY', `BYDAY=${days.join(',')}`];
    }
    case 'MONTHLY':
      return ['FREQ=MONTHLY', ...dayParts(typed, errors)];
    case 'YEARLY': {
      const months = MONTH_FIELDS.filter((field) => typed[field] !== '').map((field) => field.slice(7));
      if (months.length === 0) errors['months.1'] = 'Elige al menos un mes';
      const days = dayParts(typed, errors);
      const inMonths = `BYMONTH=${months.join(',')}`;
      if (typed.day_kind !== 'place' || typed.place_day !== WORKING_DAY || months.length === 1) {
        return ['FREQ=YEARLY', inMonths, ...days];
      }
      // BYSETPOS of a year picks once in the year; once in each month is said by the month.
      if (interval > 1) errors.interval = 'Con días hábiles de varios meses sólo puede ser cada año';
      return ['FREQ=MONTHLY', inMonths, ...days];
    }
    default:
      errors.freq = 'Elige cada cuánto se repite';
      return ['FREQ=DAILY'];
  }
}

function dayParts(typed: TypedRecurrence, errors: RecurrenceErrors): string[] {
  if (typed.day_kind === 'place') {
    if (!PLACES.some((place) => place === typed.place)) errors.place = 'Elige cuál';
    if (typed.place_day === WORKING_DAY) return [`BYDAY=${MONDAY_TO_FRIDAY}`, `BYSETPOS=${typed.place}`];
    if (!WEEKDAYS.some((day) => day === typed.place_day)) errors.place_day = 'Elige qué día';
    return [`BYDAY=${typed.place}${typed.place_day}`];
  }
  const written = typed.month_day.trim() === '' ? [] : typed.month_day.trim().split(/\s*(?:[,;]|\sy\s)\s*/);
  const wrong = written.find((day) => wholeNumber(day, 1, 31) === undefined);
  if (wrong !== undefined) {
    const shown = wrong.length > 20 ? `${wrong.slice(0, 20)}…` : wrong;
    errors.month_day = `Día no válido: ${shown || 'vacío'} (1 a 31, separados por comas)`;
  } else if (written.length > 31) errors.month_day = 'Demasiados días (máx. 31)';
  else if (written.length === 0 && typed.last_day === '') {
    errors.month_day = 'Escribe el día, o marca «Último día del mes»';
  }
  const days =
    errors.month_day === undefined ? [...written, ...(typed.last_day === '' ? [] : ['-1'])] : ['1'];
  return [`BYMONTHDAY=${days.map(Number).join(',')}`];
}

/** The fields that say an RRULE; when no others do, those of one written by hand. */
export function recurrenceFields(rrule: string): TypedRecurrence {
  const read = parseRecurrence(rrule);
  const custom: TypedRecurrence = { ...NO_RECURRENCE, freq: CUSTOM, rrule };
  if (!read.ok || read.value.until !== undefined) return custom;
  const recurrence = read.value;
  return (
    candidates(recurrence).find((typed) => {
      const { rrule: again, errors } = rruleOf(typed, recurrence.count !== undefined);
      const reread = parseRecurrence(again);
      const same = reread.ok && JSON.stringify(reread.value) === JSON.stringify(recurrence);
      return same && Object.keys(errors).length === 0;
    }) ?? custom
  );
}

/** Ways in which the fields might say a recurrence; the caller keeps the one that does. */
function candidates({
  freq,
  interval,
  count,
  byMonth,
  byMonthDay,
  byDay,
  bySetPos,
}: Recurrence): TypedRecurrence[] {
  const [day] = byDay;
  const weekday = day && WEEKDAYS[day.weekday - 1];
  const typed: TypedRecurrence = {
    ...NO_RECURRENCE,
    freq,
    interval: String(interval),
    count: String(count ?? ''),
    month_day: byMonthDay.filter((n) => n > 0).join(', '),
    last_day: byMonthDay.includes(-1) ? 'on' : '',
    ...(day?.n !== undefined && weekday
      ? { day_kind: 'place', place: String(day.n), place_day: weekday }
      : {}),
    ...(bySetPos.length > 0 ? { day_kind: 'place', place: String(bySetPos[0]), place_day: WORKING_DAY } : {}),
  };
  for (const month of byMonth) {
    const field = MONTH_FIELDS[month - 1];
    if (field) typed[field] = 'on';
  }
  for (const { weekday: n } of freq === 'WEEKLY' ? byDay : []) {
    const field = WEEKDAY_FIELDS[n - 1];
    if (field) typed[field] = 'on';
  }
  return [typed, { ...typed, freq: 'YEARLY' }];
}

/** The fields before anything was chosen. */
export const NO_RECURRENCE: TypedRecurrence = {
  ...(Object.fromEntries(RECURRENCE_FIELDS.map((name) => [name, ''])) as TypedRecurrence),
  freq: 'MONTHLY',
  interval: '1',
  day_kind: 'number',
  place: '-1',
  place_day: WORKING_DAY,
};

function wholeNumber(text: string, min: number, max: number): number | undefined {
  const digits = text.trim();
  return /^\d{1,4}$/.test(digits) && Number(digits) >= min && Number(digits) <= max
    ? Number(digits)
    : undefined;
}
