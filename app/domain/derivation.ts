// The derivation of a date: its steps, what each one does, the sentence that tells it, and how it is run again.
import {
  countWorkingDays,
  rollToWorkingDay,
  workingCalendar,
  type OpenPeriod,
  type Walk,
  type WorkingCalendar,
} from './business-days.ts';
import type { Unit } from './deadline-rule.ts';
import {
  addDays,
  addHours,
  addMonths,
  formatHour,
  formatLongDate,
  formatMonth,
  isInYears,
  weekday,
  type DateAndTime,
  type IsoDate,
} from './plain-date.ts';

/** A step that moves the date on, with everything it needs to be run again. */
export type Operation =
  | { op: 'anchor'; key: string; name: string; date: IsoDate; time?: string; firm: boolean }
  /** `end` says of which end of a series the date is. */
  | { op: 'date'; date: IsoDate; end?: 'from' | 'until' }
  /** `words` say the rrule as the derivation tells it. */
  | { op: 'occurrence'; rrule: string; words: string; date: IsoDate }
  /** The n-th Monday-to-Sunday week wholly inside a month: opens on its Monday, stands on its Sunday. */
  | { op: 'week'; year: number; month: number; n: number }
  | Count
  | { op: 'hour'; time: string }
  /** The window opens on the day reached so far. */
  | { op: 'open' }
  | { op: 'roll'; direction: 'next' | 'previous'; open?: OpenPeriod };

interface Count {
  op: 'count';
  unit: Unit;
  /** Negative counts backwards. */
  amount: number;
  /** The day the count starts from is its first day. */
  includes_first?: true;
  /** The amount is this many whole days left free, plus the day itself. */
  clear_days?: number;
  month_overflow?: 'first_business_next_month';
  /** Process whose days all count, among working days. */
  open?: OpenPeriod;
  time_zone?: string;
}

/** A step that only states: the clause, the regime, a day left out, a milestone still without date, the result. */
export type Statement =
  | { op: 'clause' | 'regime' | 'standing' }
  | { op: 'waiting'; key: string; name: string }
  | { op: 'exclude'; day: IsoDate; name: string }
  | ({ op: 'result' } & Derived);

/** One step as it is kept with the date: `text` is a Spanish sentence, `source` the document behind it. */
export type Step = (Operation | Statement) & { text: string; source?: string };

/** What a derivation ends in; hours are local, `HH:MM`. */
export interface Derived {
  opens_on?: IsoDate;
  opens_time?: string;
  due_on: IsoDate;
  due_time?: string;
}

/** How far a derivation has come. */
export interface Progress {
  at: DateAndTime;
  opens?: DateAndTime;
}

/**
 * Runs one operation. Throws RangeError when the date leaves the years 2000-2100 or the month has no such
 * week, and TypeError when hours are counted from a day without hour.
 */
export function execute(
  before: Progress | undefined,
  operation: Operation,
  calendar: WorkingCalendar,
): Progress & Pick<Walk, 'skipped' | 'unconfirmed'> {
  const quiet = { skipped: [], unconfirmed: [] };
  const opens = before?.opens ? { opens: before.opens } : {};
  switch (operation.op) {
    case 'anchor':
    case 'date':
    case 'occurrence':
      return { at: dateAndTime(operation), ...opens, ...quiet };
    case 'week': {
      const monday = mondayOfWeek(operation);
      return { at: { date: addDays(monday, 6) }, opens: { date: monday }, ...quiet };
    }
    case 'open':
      return { at: reached(before), opens: reached(before), ...quiet };
    case 'hour':
      return { at: { date: reached(before).date, time: operation.time }, ...opens, ...quiet };
    case 'roll': {
      const { date: from, time } = reached(before);
      const { direction, open } = operation;
      const { date, skipped, unconfirmed } = rollToWorkingDay(calendar, from, direction, open);
      return { at: dateAndTime({ date, time }), ...opens, skipped, unconfirmed };
    }
    case 'count': {
      const { date, time, skipped, unconfirmed } = count(reached(before), operation, calendar);
      if (!isInYears(date)) throw new RangeError('outside 2000-2100');
      return { at: dateAndTime({ date, time }), ...opens, skipped, unconfirmed };
    }
  }
}

/**
 * Runs stored steps again, without the rule nor the calendar, and says where they lead. The `result` step is
 * not read: comparing it with what this returns is how a stored derivation is checked.
 */
export function replaySteps(steps: readonly Step[]): Derived {
  const calendar = workingCalendar(
    steps.flatMap((step) => (step.op === 'exclude' ? [{ day: step.day, name: step.name, source: '' }] : [])),
  );
  const operations = steps.filter((step) => isOperation(step));
  return derivedOf(
    operations.reduce<Progress | undefined>((progress, step) => execute(progress, step, calendar), undefined),
  );
}

/** The dates and hours a derivation has reached. */
export function derivedOf(progress: Progress | undefined): Derived {
  const due = reached(progress);
  const opens = progress?.opens;
  return {
    ...(opens && { opens_on: opens.date }),
    ...(opens?.time && { opens_time: opens.time }),
    due_on: due.date,
    ...(due.time && { due_time: due.time }),
  };
}

/** `lunes 3 de junio de 2024, 8:00 h`. */
export function formatDateAndTime({ date, time }: DateAndTime): string {
  return time ? `${formatLongDate(date)}, ${formatHour(time)}` : formatLongDate(date);
}

/** The sentence of an operation that has just been run. */
export function tell(operation: Operation, before: Progress | undefined, after: Progress): string {
  const there = formatDateAndTime(after.at);
  switch (operation.op) {
    case 'anchor':
      return `${operation.name}: ${there}${operation.firm ? '' : ' (fecha provisional)'}.`;
    case 'date':
      if (operation.end === 'from') return `La repetición empieza el ${there}.`;
      if (operation.end === 'until') return `La repetición termina el ${there}.`;
      return `La regla fija el ${there}.`;
    case 'occurrence':
      return `${operation.words}: ${there}.`;
    case 'week': {
      const month = `${operation.year}-${String(operation.month).padStart(2, '0')}`;
      const monday = after.opens ? formatLongDate(after.opens.date) : '';
      return `Semana completa número ${operation.n} de ${formatMonth(month)}: del ${monday} al ${there}.`;
    }
    case 'hour':
      return `La hora fijada son las ${formatHour(operation.time)}.`;
    case 'open':
      return `Se abre el ${there}.`;
    case 'roll':
      return tellRoll(operation.direction, reached(before), after.at);
    case 'count':
      return tellCount(operation, reached(before), after.at);
  }
}

function tellRoll(direction: 'next' | 'previous', before: DateAndTime, after: DateAndTime): string {
  const from = formatLongDate(before.date);
  if (before.date === after.date) return `El ${from} es día hábil: no se recorre.`;
  const verb = direction === 'next' ? 'pasa al día hábil siguiente' : 'se adelanta al día hábil anterior';
  return `El ${from} es inhábil: ${verb}, ${formatDateAndTime(after)}.`;
}

function tellCount(step: Count, before: DateAndTime, after: DateAndTime): string {
  const { unit, clear_days: clear } = step;
  const there = formatDateAndTime(after);
  if (clear !== undefined) {
    const left = clear === 1 ? 'Debe quedar libre' : 'Deben quedar libres';
    const day = step.amount < 0 ? 'anterior' : 'siguiente';
    return `${left} ${quantity(clear, unit)}; el plazo es el día ${day}: ${there}.`;
  }
  const amount = Math.abs(step.amount);
  if (amount === 0) return `El plazo es ${unit === 'hours' ? 'la misma hora' : 'el mismo día'}: ${there}.`;
  const counted = `${amount === 1 ? 'Se cuenta' : 'Se cuentan'} ${quantity(amount, unit)}`;
  if (step.includes_first) return `${counted}, incluido el primero${weekends(step)}: ${there}.`;
  const side = step.amount < 0 ? 'antes' : 'después';
  if (unit === 'hours') return `${counted} ${side}, de momento a momento: ${there}.`;
  if (unit === 'months' && before.date.slice(8) !== after.date.slice(8)) {
    const day = Number(before.date.slice(8));
    const instead = step.month_overflow ? 'el primer día hábil del siguiente' : 'el último';
    return `${counted} ${side}; ese mes no tiene día ${day} y se toma ${instead}: ${there}.`;
  }
  const fromNextDay = step.amount > 0 && (unit === 'days' || unit === 'business_days');
  return `${counted} ${side}${fromNextDay ? ', desde el día siguiente' : ''}${weekends(step)}: ${there}.`;
}

/** Saturdays and Sundays have no entry in the calendar: leaving them out is said once. */
function weekends({ unit, open }: Count): string {
  return unit === 'business_days' && open === undefined ? ', sin sábados ni domingos' : '';
}

const UNIT_NAMES: Record<Unit, [one: string, many: string]> = {
  hours: ['hora', 'horas'],
  days: ['día natural', 'días naturales'],
  business_days: ['día hábil', 'días hábiles'],
  weeks: ['semana', 'semanas'],
  months: ['mes', 'meses'],
};

function quantity(amount: number, unit: Unit): string {
  return `${amount} ${UNIT_NAMES[unit][amount === 1 ? 0 : 1]}`;
}

function count(
  { date, time }: DateAndTime,
  { unit, amount, includes_first, month_overflow, open, time_zone }: Count,
  calendar: WorkingCalendar,
): Walk & { time?: string } {
  const quiet = { skipped: [], unconfirmed: [] };
  const from = includes_first ? addDays(date, -1) : date;
  switch (unit) {
    case 'hours':
      if (time === undefined || time_zone === undefined) throw new TypeError('hours need an hour and a zone');
      return { ...addHours({ date, time }, amount, time_zone), ...quiet };
    case 'days':
      return { date: addDays(from, amount), ...quiet };
    case 'business_days':
      return countWorkingDays(calendar, from, amount, open);
    case 'weeks':
      return { date: addDays(from, amount * 7), ...quiet };
    case 'months': {
      const sameDay = addMonths(date, amount);
      if (month_overflow === undefined || sameDay.slice(8) === date.slice(8))
        return { date: sameDay, ...quiet };
      return rollToWorkingDay(calendar, addDays(sameDay, 1), 'next', open);
    }
  }
}

function mondayOfWeek({ year, month, n }: { year: number; month: number; n: number }): IsoDate {
  const first = `${year}-${String(month).padStart(2, '0')}-01`;
  const monday = addDays(first, ((8 - weekday(first)) % 7) + 7 * (n - 1));
  if (addDays(monday, 6).slice(0, 7) !== first.slice(0, 7)) throw new RangeError('no such week');
  return monday;
}

function isOperation(step: Step): step is Step & Operation {
  return !['clause', 'regime', 'standing', 'waiting', 'exclude', 'result'].includes(step.op);
}

function reached(progress: Progress | undefined): DateAndTime {
  if (!progress) throw new TypeError('the derivation has no start');
  return progress.at;
}

function dateAndTime({ date, time }: { date: IsoDate; time?: string | undefined }): DateAndTime {
  return time === undefined ? { date } : { date, time };
}
