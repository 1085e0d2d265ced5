// The case of `convenio compute`: one JSON line with a rule and its milestones in, its dates and derivation out.
import { z } from 'zod';
import { officialNonWorkingDays, workingCalendar, type WorkingCalendar } from './business-days.ts';
import { computeDeadline, type Anchor, type RuleContext, type RuleResult } from './deadline.ts';
import {
  fieldErrors,
  isoDate,
  milestoneKey,
  milestonesOf,
  parseDeadlineRule,
  RuleError,
  type DeadlineRule,
} from './deadline-rule.ts';
import type { Step } from './derivation.ts';
import { daysBetween, isTimeZone, parseDateAndTime, type IsoDate } from './plain-date.ts';

const MAX_LINE = 1_000_000;
const MAX_MILESTONES = 500;
const ONE_DATE = 'Un hito debe dar una sola fecha';

const caseSchema = z.looseObject({
  id: z.union([z.string(), z.number()], 'Escribe un texto').nullish(),
  rule: z.unknown().optional(),
  milestones: z.unknown().optional(),
  holidays: z.array(isoDate, 'Indica una lista de fechas').max(5000, 'Máximo 5000 fechas').nullish(),
  regime: z.enum(['natural', 'habil', 'proceso'], 'Use natural, habil o proceso').nullish(),
  process: z
    .strictObject(
      {
        start: isoDate,
        end: isoDate.nullish(),
        regime_fixed_at: z.enum(['anchor', 'each_day'], 'Use anchor o each_day').default('anchor'),
      },
      'Indica un objeto con start y end',
    )
    .refine(({ start, end }) => end == null || start <= end, {
      path: ['end'],
      message: 'El fin es anterior al inicio',
    })
    .nullish(),
  options: z
    .strictObject(
      {
        roll: z
          .enum(['none', 'next_business', 'previous_business'], 'Use none, next_business o previous_business')
          .nullish(),
        month_overflow: z
          .enum(['clamp', 'first_business_next_month'], 'Use clamp o first_business_next_month')
          .nullish(),
        tz: z.string('Zona horaria desconocida').refine(isTimeZone, 'Zona horaria desconocida').nullish(),
        /** Accepted for the cases that carry it; nothing depends on it. */
        flag: z.unknown().optional(),
      },
      'Indica un objeto',
    )
    .nullish(),
});

const reanchorSchema = z.strictObject({
  type: z.literal('reanchor'),
  base: z.unknown(),
  milestone: milestoneKey,
  new: z.string('Escribe la nueva fecha'),
});

const COUNTING = { natural: 'natural', habil: 'business', proceso: 'by_process' } as const;
const ROLL = { none: 'none', next_business: 'next', previous_business: 'previous' } as const;

/** Shapes of rule that only the worked cases use: what each is in ours, and the names of its fields there. */
const ALIASES: Record<string, { own(raw: Record<string, unknown>): unknown; names: Record<string, string> }> =
  {
    clear_days: {
      own: (raw) => ({ unit: 'days', ...raw, type: 'offset', clear_days: true }),
      names: {},
    },
    relative_window: {
      own: ({ milestone, from_days = null, to_days = null, ...rest }) => ({
        ...rest,
        type: 'between',
        from: { milestone, days: from_days },
        to: { milestone, days: to_days },
      }),
      names: {
        'from.milestone': 'milestone',
        'to.milestone': 'milestone',
        'from.days': 'from_days',
        'to.days': 'to_days',
        to: 'to_days',
      },
    },
  };

type Case = z.output<typeof caseSchema>;

/**
 * Answers a worked case. The input comes back whole with `result` and `steps` (the derivation of each date
 * after the other, each closed by its `result` step), or with `error: {field, message}` naming the field at
 * fault. `result` is a date (`YYYY-MM-DD`, with `THH:MM` when it has an hour), a pair for a window, a list
 * for recurrences, `{before, after, delta_days}` for a re-anchoring, null when there is no date to give.
 * Never throws.
 */
export function computeCase(line: string): string {
  if (line.length > MAX_LINE) {
    return JSON.stringify({
      error: { field: 'line', message: 'Línea demasiado larga (máx. 1,000,000 de caracteres)' },
    });
  }
  const input = readLine(line);
  if (input === undefined) {
    return JSON.stringify({ error: { field: 'line', message: 'La línea no es un objeto JSON válido' } });
  }
  const echoed = { ...input };
  for (const answered of ['result', 'steps', 'error']) delete echoed[answered];
  try {
    return JSON.stringify({ ...echoed, ...answer(input) });
  } catch (error) {
    const { field, message } =
      error instanceof RuleError ? error : { field: 'line', message: 'La línea no se puede procesar' };
    const reply = { error: { field, message } };
    try {
      return JSON.stringify({ ...echoed, ...reply });
    } catch {
      return JSON.stringify(reply);
    }
  }
}

function readLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function answer(input: Record<string, unknown>): { result: unknown; steps: Step[] } {
  const given = orRefuse(caseSchema.safeParse(input), '');
  if (given.rule === undefined) throw new RuleError('rule', 'Falta la regla');
  const calendar = calendarOf(given.holidays ?? []);
  const milestones = readMilestones(given.milestones);
  const anchors = resolveAll(milestones, given, calendar);
  if (!isRecord(given.rule) || given.rule.type !== 'reanchor') {
    const rule = readRule(given.rule, given, 'rule', true);
    const result = compute(rule, 'rule', anchors, given, calendar);
    return { result: shown(rule, result), steps: stepsOf(result) };
  }

  const reanchor = orRefuse(reanchorSchema.safeParse(given.rule), 'rule');
  if (!milestones.has(reanchor.milestone)) {
    throw new RuleError('rule.milestone', `No existe el hito «${reanchor.milestone}»`);
  }
  const base = readRule(reanchor.base, given, 'rule.base', true);
  const moved = new Map(milestones).set(reanchor.milestone, readDate(reanchor.new, 'rule.new'));
  const before = compute(base, 'rule.base', anchors, given, calendar);
  const after = compute(base, 'rule.base', resolveAll(moved, given, calendar), given, calendar);
  return {
    result: { before: shown(base, before), after: shown(base, after), delta_days: deltaDays(before, after) },
    steps: [...stepsOf(before), ...stepsOf(after)],
  };
}

function calendarOf(days: readonly IsoDate[]): WorkingCalendar {
  const official = new Map(
    [...new Set(days.map((day) => Number(day.slice(0, 4))))]
      .flatMap((year) => officialNonWorkingDays(year))
      .map((rest) => [rest.day, rest]),
  );
  return workingCalendar(
    days.map((day) => official.get(day) ?? { day, name: 'Día inhábil', source: 'Lista del caso' }),
  );
}

type MilestoneValue = Pick<Anchor, 'date' | 'time'> | { rule: Record<string, unknown> };

function readMilestones(all: unknown): Map<string, MilestoneValue> {
  if (all != null && !isRecord(all)) throw new RuleError('milestones', 'Indica un objeto de hitos');
  const entries = Object.entries(all ?? {});
  if (entries.length > MAX_MILESTONES) throw new RuleError('milestones', `Máximo ${MAX_MILESTONES} hitos`);
  return new Map(entries.map(([key, value]) => [key, readMilestone(key, value)]));
}

function readMilestone(key: string, value: unknown): MilestoneValue {
  const field = `milestones.${key}`;
  orRefuse(milestoneKey.safeParse(key), field);
  if (value === null) return { date: null };
  if (typeof value === 'string') return readDate(value, field);
  if (isRecord(value)) return { rule: value };
  throw new RuleError(field, 'Escribe AAAA-MM-DD, AAAA-MM-DDTHH:MM, null o una regla');
}

function readDate(text: string, field: string): Pick<Anchor, 'date' | 'time'> {
  const read = parseDateAndTime(text);
  if (!read.ok) throw new RuleError(field, read.message);
  return read.value;
}

/** Every milestone as an anchor; those that are rules are computed from the others, which may not go round. */
function resolveAll(
  milestones: ReadonlyMap<string, MilestoneValue>,
  given: Case,
  calendar: WorkingCalendar,
): Map<string, Anchor> {
  const anchors = new Map<string, Anchor>();
  const resolve = (key: string, value: MilestoneValue, path: string[]): void => {
    if (anchors.has(key)) return;
    if (!('rule' in value)) {
      anchors.set(key, { key, name: key, firm: true, source: 'Dato del caso', ...value });
      return;
    }
    if (path.includes(key)) {
      const circle = [...path.slice(path.indexOf(key)), key].join(' → ');
      throw new RuleError(`milestones.${key}`, `Dependencia circular: ${circle}`);
    }
    const field = `milestones.${key}`;
    const read = readRule(value.rule, given, field, false);
    if (read.rule.type === 'each') throw new RuleError(field, ONE_DATE);
    for (const { key: other } of milestonesOf(read.rule)) {
      const origin = milestones.get(other);
      if (origin) resolve(other, origin, [...path, key]);
    }
    anchors.set(key, derivedAnchor(key, compute(read, field, anchors, given, calendar), field));
  };
  for (const [key, value] of milestones) resolve(key, value, []);
  return anchors;
}

function derivedAnchor(key: string, result: RuleResult, field: string): Anchor {
  const anchor = { key, name: key, source: 'Calculado a partir de otros hitos' };
  if (result.kind === 'waiting') return { ...anchor, date: null, firm: false };
  const [instance, ...others] = result.kind === 'dated' ? result.instances : [];
  if (!instance || others.length > 0) throw new RuleError(field, ONE_DATE);
  const time = instance.due_time === undefined ? {} : { time: instance.due_time };
  return { ...anchor, date: instance.due_on, ...time, firm: instance.provisional.length === 0 };
}

interface ReadRule {
  rule: DeadlineRule;
  /** From the names of the fields of the rule to those the case uses. */
  names: Record<string, string>;
}

/**
 * Reads a rule of the case. What it does not say itself comes from the case: the regime and the month
 * overflow for every rule, the roll only for the one that is asked.
 */
function readRule(raw: unknown, { regime, options }: Case, field: string, asked: boolean): ReadRule {
  const alias =
    isRecord(raw) && typeof raw.type === 'string' && Object.hasOwn(ALIASES, raw.type)
      ? ALIASES[raw.type]
      : undefined;
  const own = alias && isRecord(raw) ? alias.own(raw) : raw;
  const names = alias?.names ?? {};
  const overflows = isRecord(own) && ['offset', 'chain', 'each'].includes(String(own.type));
  const defaults = {
    ...(regime && { counting: COUNTING[regime] }),
    ...(asked && options?.roll && { roll: ROLL[options.roll] }),
    ...(overflows && options?.month_overflow && { month_overflow: options.month_overflow }),
  };
  const read = parseDeadlineRule(isRecord(own) ? { ...defaults, ...own } : own);
  if (read.ok) return { rule: read.rule, names };
  const [first] = read.errors;
  throw new RuleError(join(field, names[first?.field ?? ''] ?? first?.field ?? ''), first?.message ?? '');
}

function compute(
  { rule, names }: ReadRule,
  field: string,
  anchors: ReadonlyMap<string, Anchor>,
  { process, options }: Case,
  calendar: WorkingCalendar,
): RuleResult {
  const context: RuleContext = {
    anchor: (key) => anchors.get(key),
    calendar,
    occurrences: (trigger) =>
      [anchors.get(trigger)].flatMap((anchor) => (anchor ? [{ ...anchor, id: trigger }] : [])),
    ...(process && {
      process: { start: process.start, end: process.end ?? null, fixed_at: process.regime_fixed_at },
    }),
    ...(options?.tz && { time_zone: options.tz }),
  };
  if (rule.counting === 'by_process' && !process)
    throw new RuleError('process', 'Falta el proceso electoral');
  try {
    return computeDeadline(rule, context);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw new RuleError(join(field, names[error.field] ?? error.field), error.message);
  }
}

/** One date, a pair for a window, a list for the rules that may give several; null when there is none. */
function shown({ rule }: ReadRule, result: RuleResult): string | string[] | null {
  if (result.kind !== 'dated') return null;
  const dates = result.instances.map((instance) => {
    const due = moment(instance.due_on, instance.due_time);
    return instance.opens_on === undefined ? due : [moment(instance.opens_on, instance.opens_time), due];
  });
  const isList = rule.type === 'recurring' || rule.type === 'each';
  return isList ? dates.flat() : (dates[0] ?? null);
}

function moment(date: IsoDate, time: string | undefined): string {
  return time === undefined ? date : `${date}T${time}`;
}

function stepsOf(result: RuleResult): Step[] {
  return result.kind === 'dated' ? result.instances.flatMap(({ steps }) => steps) : result.steps;
}

/** Days from one due date to the other; null unless both rules give exactly one. */
function deltaDays(before: RuleResult, after: RuleResult): number | null {
  const [from, to] = [before, after].map((result) =>
    result.kind === 'dated' && result.instances.length === 1 ? result.instances[0] : undefined,
  );
  return from && to ? daysBetween(from.due_on, to.due_on) : null;
}

function orRefuse<T>(read: z.ZodSafeParseResult<T>, field: string): T {
  if (read.success) return read.data;
  const [first] = read.error.issues.flatMap(fieldErrors);
  throw new RuleError(join(field, first?.field ?? ''), first?.message ?? '');
}

function join(prefix: string, field: string): string {
  return [prefix, field].filter((part) => part !== '').join('.');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
