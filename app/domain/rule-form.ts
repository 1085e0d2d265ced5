// The rule editor's form read and written: the rule its fields say, the fields that say a rule, whose an error is.
import {
  parseDeadlineRule,
  type DeadlineRule,
  type FieldError,
  type RuleOf,
  type WindowEnd,
} from './deadline-rule.ts';
import { NO_RECURRENCE, recurrenceFields, rruleOf } from './recurrence-form.ts';
import {
  CUSTOM,
  ENDS,
  RULE_FIELDS,
  STEPS,
  type EndName,
  type RuleField,
  type RuleFormErrors,
  type TypedRule,
} from './rule-fields.ts';

export const RULE_TYPES = [
  'offset',
  'on',
  'between',
  'duration',
  'recurring',
  'each',
  'chain',
  'week_of_month',
  'standing',
] as const satisfies readonly DeadlineRule['type'][];

/** The type of rule somebody chose; undefined for anything else. */
export function readRuleType(text: string | null): DeadlineRule['type'] | undefined {
  return RULE_TYPES.find((type) => type === text);
}

/** The rule the fields say, or what is wrong with them, each error at its field. */
export function readRuleForm(
  typed: TypedRule,
): { ok: true; rule: DeadlineRule } | { ok: false; errors: RuleFormErrors } {
  const type = readRuleType(typed.type);
  if (!type) return { ok: false, errors: { type: 'Elige el tipo de regla' } };
  const errors: RuleFormErrors = {};
  const raw = { type, ...shared(typed), ...said(type, typed, errors) };
  const read = parseDeadlineRule(raw);
  if (read.ok && Object.keys(errors).length === 0) return read;
  for (const error of read.ok ? [] : read.errors) {
    const field = fieldOf(error.field, typed);
    errors[field] ??= plainWords(error);
  }
  return { ok: false, errors };
}

/** The field of the form where an error of the rule (its path with dots) is shown. */
export function fieldOf(path: string, typed: TypedRule): RuleField {
  if (path === 'rrule' && typed.freq !== CUSTOM) return 'freq';
  if (path === 'steps') return 'steps.0.amount';
  if (path === 'until' && typed['until.kind'] === 'count') return 'count';
  const end = ENDS.find((name) => path === name || path === `${name}.date` || path === `${name}.milestone`);
  if (end && (typed.type === 'between' || typed.type === 'recurring')) {
    return `${end}.${typed[`${end}.kind`] === 'milestone' ? 'milestone' : 'date'}`;
  }
  // The engine says only that some anchor is at fault; of a window or a series it is an end that has one.
  if (path === 'milestone' && !('milestone' in said(readRuleType(typed.type) ?? 'standing', typed, {}))) {
    const anchored = ENDS.find((name) => typed[`${name}.kind`] === 'milestone');
    if (anchored) return `${anchored}.milestone`;
  }
  return RULE_FIELDS.find((field) => field === path) ?? 'type';
}

/** The fields that say a rule; those of other types are as in a new form. */
export function ruleFields(rule: DeadlineRule): TypedRule {
  const fields = { ...blankRule(rule.type), counting: rule.counting, roll: rule.roll };
  fields.conditional = rule.conditional ?? '';
  if ('month_overflow' in rule) fields.month_overflow = rule.month_overflow;
  switch (rule.type) {
    case 'on':
      return { ...fields, date: rule.date, time: rule.time ?? '' };
    case 'between':
      return { ...fields, ...endFields('from', rule.from), ...endFields('to', rule.to) };
    case 'offset':
      return {
        ...fields,
        milestone: rule.milestone,
        ...termFields(rule),
        clear_days: checked(rule.clear_days),
      };
    case 'duration': {
      const { milestone, amount, unit, count_first } = rule;
      return { ...fields, milestone, amount: String(amount), unit, count_first: checked(count_first) };
    }
    case 'week_of_month':
      return { ...fields, year: String(rule.year), month: String(rule.month), n: String(rule.n) };
    case 'chain': {
      const steps = rule.steps.flatMap((step, i) =>
        Object.entries(termFields(step)).map(([part, value]) => [`steps.${i}.${part}`, value]),
      );
      return {
        ...fields,
        milestone: rule.milestone,
        ...(Object.fromEntries(steps) as Partial<TypedRule>),
      };
    }
    case 'recurring': {
      // Both a last day and a number of times is more than the fields say.
      const both = rule.until !== undefined && /COUNT=/i.test(rule.rrule);
      const recurrence = both
        ? { ...NO_RECURRENCE, freq: CUSTOM, rrule: rule.rrule }
        : recurrenceFields(rule.rrule);
      const open = recurrence.freq === CUSTOM ? 'rrule' : 'count';
      return {
        ...fields,
        ...recurrence,
        ...endFields('from', rule.from),
        ...(rule.until ? endFields('until', rule.until) : { 'until.kind': open }),
      };
    }
    case 'each':
      return { ...fields, trigger: rule.trigger, ...termFields(rule) };
    case 'standing':
      return fields;
  }
}

/** A new form for a rule of that type. */
export function blankRule(type: DeadlineRule['type']): TypedRule {
  const empty = Object.fromEntries(RULE_FIELDS.map((name) => [name, ''])) as TypedRule;
  for (const i of STEPS) {
    empty[`steps.${i}.unit`] = 'days';
    empty[`steps.${i}.direction`] = 'after';
  }
  return {
    ...empty,
    ...NO_RECURRENCE,
    type,
    'from.kind': 'date',
    'to.kind': 'date',
    'until.kind': 'date',
    'from.side': 'after',
    'to.side': 'after',
    'until.side': 'after',
    unit: 'days',
    direction: type === 'offset' ? 'before' : 'after',
    count_first: 'on',
    month_overflow: 'clamp',
    counting: 'natural',
    roll: 'none',
  };
}

const checked = (value: boolean) => (value ? 'on' : '');

function termFields({ amount, unit, direction }: Pick<RuleOf<'each'>, 'amount' | 'unit' | 'direction'>) {
  return { amount: String(amount), unit, direction };
}

function endFields(name: EndName, end: WindowEnd): Partial<TypedRule> {
  const time = end.time ?? '';
  if ('date' in end) return { [`${name}.kind`]: 'date', [`${name}.date`]: end.date, [`${name}.time`]: time };
  return {
    [`${name}.kind`]: 'milestone',
    [`${name}.milestone`]: end.milestone,
    [`${name}.days`]: end.days === 0 ? '' : String(Math.abs(end.days)),
    [`${name}.side`]: end.days < 0 ? 'before' : 'after',
    [`${name}.time`]: time,
  };
}

function shared({ counting, roll, conditional }: TypedRule): Record<string, unknown> {
  return { counting, roll, ...optional('conditional', conditional) };
}

const optional = (name: string, text: string) => (text.trim() === '' ? {} : { [name]: text });

/** The rule as its JSON would say it; what is no number, date or key is left for parseDeadlineRule to refuse. */
function said(type: DeadlineRule['type'], typed: TypedRule, errors: RuleFormErrors): Record<string, unknown> {
  const { milestone, unit, direction, month_overflow } = typed;
  const term = { amount: number(typed.amount), unit, direction };
  switch (type) {
    case 'on':
      return { date: typed.date, ...optional('time', typed.time) };
    case 'between':
      return { from: endSaid('from', typed, true), to: endSaid('to', typed, true) };
    case 'offset':
      return { milestone, ...term, clear_days: typed.clear_days !== '', month_overflow };
    case 'duration':
      return { milestone, amount: term.amount, unit, count_first: typed.count_first !== '' };
    case 'week_of_month':
      return { year: number(typed.year), month: number(typed.month), n: number(typed.n) };
    case 'chain': {
      const steps = STEPS.map((i) => ({
        typed: typed[`steps.${i}.amount`].trim() !== '',
        amount: number(typed[`steps.${i}.amount`]),
        unit: typed[`steps.${i}.unit`],
        direction: typed[`steps.${i}.direction`],
      }));
      const last = steps.findLastIndex((step) => step.typed);
      return {
        milestone,
        steps: steps.slice(0, last + 1).map(({ typed: _, ...step }) => step),
        month_overflow,
      };
    }
    case 'recurring': {
      const kind = typed['until.kind'];
      const built = rruleOf(typed, kind === 'count');
      Object.assign(errors, built.errors);
      const ends = kind === 'count' || kind === 'rrule' ? {} : { until: endSaid('until', typed, false) };
      // What is wrong with a field is said there; the rest is still read.
      const rrule = Object.keys(built.errors).length > 0 ? 'FREQ=DAILY;COUNT=1' : built.rrule;
      return { rrule, from: endSaid('from', typed, false), ...ends };
    }
    case 'each':
      return { trigger: typed.trigger, ...term, month_overflow };
    case 'standing':
      return {};
  }
}

function endSaid(name: EndName, typed: TypedRule, timed: boolean): unknown {
  const time = timed ? optional('time', typed[`${name}.time`]) : {};
  if (typed[`${name}.kind`] === 'milestone') {
    const days = typed[`${name}.days`].trim() === '' ? 0 : number(typed[`${name}.days`]);
    const signed = typed[`${name}.side`] === 'before' ? 0 - days : days;
    return { milestone: typed[`${name}.milestone`], days: signed, ...time };
  }
  const date = typed[`${name}.date`];
  // An end nobody wrote is missing, not wrong.
  return date.trim() === '' ? undefined : { date, ...time };
}

/** A whole number as people write one; anything else is NaN, which no field takes. */
function number(text: string): number {
  return /^[+-]?\d{1,9}$/.test(text.trim()) ? Number(text) : NaN;
}

/** What a form says of an error whose own words are those of the stored rule. */
function plainWords({ field, message }: FieldError): string {
  if (message === 'Indica la clave de un hito')
    return field === 'trigger' ? 'Elige el evento' : 'Elige el hito';
  // A form says before or after with a field of its own.
  if (message === '-365 a 365 días') return '0 a 365 días';
  return message.startsWith('Use ') ? 'Elige una de las opciones' : message;
}
