// The days of the calendar that a rule names by itself, and the same rule for other days.
import type { DeadlineRule } from './deadline-rule.ts';
import { addDays, formatLongDate, formatMonth, type IsoDate } from './plain-date.ts';

export interface FixedDate {
  /** Where in the rule it stands; what `withDates` takes. */
  field: 'date' | 'from' | 'to' | 'until' | 'month';
  /** What it is, in Spanish. */
  label: string;
  /** For `month`, its first day. */
  date: IsoDate;
}

const UNTIL = /UNTIL=(\d{4})(\d{2})(\d{2})/i;

const LABELS: Record<FixedDate['field'], string> = {
  date: 'Fecha',
  from: 'Desde',
  to: 'Hasta',
  until: 'Hasta',
  month: 'Mes de la semana',
};

/**
 * The dates a rule is tied to, first to last; empty for one that only counts from milestones or triggers. Such
 * dates belong to one process: they mean nothing in another.
 */
export function fixedDatesOf(rule: DeadlineRule): FixedDate[] {
  const found: [FixedDate['field'], IsoDate | undefined][] = [];
  switch (rule.type) {
    case 'on':
      found.push(['date', rule.date]);
      break;
    case 'between':
      found.push(['from', dateOfEnd(rule.from)], ['to', dateOfEnd(rule.to)]);
      break;
    case 'week_of_month':
      found.push(['month', `${rule.year}-${String(rule.month).padStart(2, '0')}-01`]);
      break;
    case 'recurring': {
      const [, year, month, day] = UNTIL.exec(rule.rrule) ?? [];
      found.push(['from', dateOfEnd(rule.from)]);
      found.push(['until', year ? `${year}-${month}-${day}` : rule.until && dateOfEnd(rule.until)]);
      break;
    }
    default:
  }
  return found.flatMap(([field, date]) => (date ? [{ field, label: LABELS[field], date }] : []));
}

/** The same rule tied to other days. What is not in `dates` stays. */
export function withDates(
  rule: DeadlineRule,
  dates: Partial<Record<FixedDate['field'], IsoDate>>,
): DeadlineRule {
  switch (rule.type) {
    case 'on':
      return { ...rule, date: dates.date ?? rule.date };
    case 'between':
      return { ...rule, from: moved(rule.from, dates.from), to: moved(rule.to, dates.to) };
    case 'week_of_month': {
      const [year = rule.year, month = rule.month] = (dates.month ?? '')
        .split('-')
        .filter(Boolean)
        .map(Number);
      return { ...rule, year, month };
    }
    case 'recurring': {
      const until = dates.until;
      return {
        ...rule,
        rrule: until ? rule.rrule.replace(UNTIL, `UNTIL=${until.replaceAll('-', '')}`) : rule.rrule,
        from: moved(rule.from, dates.from),
        ...(rule.until && { until: moved(rule.until, dates.until) }),
      };
    }
    default:
      return rule;
  }
}

/** The days a rule is tied to, so many natural days later. */
export function shiftedDates(rule: DeadlineRule, days: number): FixedDate[] {
  return fixedDatesOf(rule).map((fixed) => ({ ...fixed, date: addDays(fixed.date, days) }));
}

/** `el martes 15 de febrero…`, `del … al …`, `desde el …`, `hasta el …`: the days a rule is tied to, in words. */
export function fixedDatesWords(fixed: readonly FixedDate[]): string {
  const on = (field: FixedDate['field']) => fixed.find((date) => date.field === field)?.date;
  const only = on('date');
  if (only) return `el ${formatLongDate(only)}`;
  const month = on('month');
  if (month) return formatMonth(month.slice(0, 7));
  const from = on('from');
  const to = on('to') ?? on('until');
  if (from && to) return `del ${formatLongDate(from)} al ${formatLongDate(to)}`;
  if (from) return `desde el ${formatLongDate(from)}`;
  return to ? `hasta el ${formatLongDate(to)}` : '';
}

function dateOfEnd(end: object): IsoDate | undefined {
  return 'date' in end && typeof end.date === 'string' ? end.date : undefined;
}

function moved<End extends object>(end: End, date: IsoDate | undefined): End {
  return date !== undefined && 'date' in end ? { ...end, date } : end;
}
