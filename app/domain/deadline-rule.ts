// The deadline rule: the shapes in which a clause may say when something is due, and how they are read.
import { z } from 'zod';
import { FIRST_YEAR, LAST_YEAR, parseIsoDate, parseTime, type Parsed } from './plain-date.ts';
import { parseRecurrence } from './recurrence.ts';

const UNITS = ['hours', 'days', 'business_days', 'weeks', 'months'] as const;
export type Unit = (typeof UNITS)[number];

/** Longest term of each unit; a longer one is a slip of the keyboard. */
const LONGEST: Record<Unit, { amount: number; name: string }> = {
  hours: { amount: 8760, name: 'horas' },
  days: { amount: 365, name: 'días' },
  business_days: { amount: 365, name: 'días hábiles' },
  weeks: { amount: 104, name: 'semanas' },
  months: { amount: 120, name: 'meses' },
};

const UNKNOWN_TYPE =
  'Tipo de regla desconocido: use on, between, offset, duration, week_of_month, chain, recurring, each o standing';

/** A date in a field of a form, a file or a stored JSON. */
export const isoDate = textOf('Escribe la fecha como AAAA-MM-DD', parseIsoDate);
const time = textOf('Hora no válida: escribe HH:MM, de 00:00 a 23:59', parseTime);
const OBLIGATION = 'obligacion:';

/** The key under which an obligation serves as a milestone: `obligacion:AT-B-1`. */
export const keyOfObligation = (ref: string) => `${OBLIGATION}${ref}`;

/** The ref of the obligation a key names; undefined for the key of a milestone. */
export function obligationOfKey(key: string): string | undefined {
  return key.startsWith(OBLIGATION) ? key.slice(OBLIGATION.length) : undefined;
}

/** The key of a milestone, or of another obligation that serves as one. */
export const milestoneKey = z
  .string('Indica la clave de un hito')
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_.:-]{0,119}$/u, 'Indica la clave de un hito');
const direction = oneOf(['before', 'after']);

// checkAmount, which knows the unit, says what is wrong with an amount, be it no number at all.
const amount = z.unknown().transform((value) => (typeof value === 'number' ? value : NaN));
const term = { amount, unit: oneOf(UNITS) };

const common = {
  /** How days are counted: all of them, only working ones, or as the state of the electoral process says. */
  counting: oneOf(['natural', 'business', 'by_process']).default('natural'),
  /** What happens when the last day does not work. */
  roll: oneOf(['none', 'next', 'previous']).default('none'),
  /** The condition under which the obligation exists («en su caso»), as the clause words it. */
  conditional: z
    .string('Escribe la condición')
    .trim()
    .min(1, 'Escribe la condición')
    .max(500, 'Máximo 500 caracteres')
    .optional(),
};
const monthOverflow = {
  /** When the month has no such day: its last one, or the next month's first working day (LFPA 29). */
  month_overflow: oneOf(['clamp', 'first_business_next_month']).default('clamp'),
};

const fixedEnd = z.strictObject({ date: isoDate }, 'Indica una fecha o un hito');
const anchoredEnd = z.strictObject({ milestone: milestoneKey, days: integer(-365, 365, 'días').default(0) });
const optionalTime = { time: time.optional() };
const windowEnd = (missing: string) =>
  endOf(missing, fixedEnd.extend(optionalTime), anchoredEnd.extend(optionalTime));
const recurrenceEnd = (missing: string) => endOf(missing, fixedEnd, anchoredEnd);

const ruleSchema = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('on'), date: isoDate, ...optionalTime, ...common }),
    z.strictObject({
      type: z.literal('between'),
      from: windowEnd('Falta la fecha de inicio'),
      to: windowEnd('Falta la fecha de término'),
      ...common,
    }),
    z
      .strictObject({
        type: z.literal('offset'),
        milestone: milestoneKey,
        ...term,
        direction,
        /** The amount are whole days left free between the anchor and the date (LGIPE 251.3). */
        clear_days: z.boolean('Indica true o false').default(false),
        ...common,
        ...monthOverflow,
      })
      .superRefine((rule, ctx) => {
        checkAmount(rule, ctx);
        if (rule.clear_days && rule.unit !== 'days' && rule.unit !== 'business_days') {
          ctx.addIssue({ code: 'custom', path: ['clear_days'], message: 'Sólo con plazos en días' });
        }
      }),
    z.strictObject({
      type: z.literal('duration'),
      milestone: milestoneKey,
      amount: integer(1, 365, 'días'),
      unit: oneOf(['days', 'business_days']).default('days'),
      /** Whether the day of the milestone is the first of the duration. */
      count_first: z.boolean('Indica true o false').default(true),
      ...common,
    }),
    z.strictObject({
      type: z.literal('week_of_month'),
      year: integer(FIRST_YEAR, LAST_YEAR, 'en el año'),
      month: integer(1, 12, 'en el mes'),
      n: integer(1, 5, 'en la semana'),
      ...common,
    }),
    z.strictObject({
      type: z.literal('chain'),
      milestone: milestoneKey,
      steps: z
        .array(
          z.strictObject({ ...term, direction: direction.default('after') }).superRefine(checkAmount),
          'Indica los plazos que corren uno tras otro',
        )
        .min(1, 'Indica al menos un plazo')
        .max(12, 'Máximo 12 plazos'),
      ...common,
      ...monthOverflow,
    }),
    z
      .strictObject({
        type: z.literal('recurring'),
        rrule: z.string('Escribe la regla de repetición').superRefine((rrule, ctx) => {
          const read = parseRecurrence(rrule);
          if (!read.ok) ctx.addIssue({ code: 'custom', message: read.message });
        }),
        from: recurrenceEnd('Falta la fecha de inicio'),
        /** May be absent only when the rrule itself says COUNT or UNTIL. */
        until: recurrenceEnd('Indica fin o número').optional(),
        ...common,
      })
      .superRefine((rule, ctx) => {
        if (rule.until === undefined && !/(COUNT|UNTIL)=/i.test(rule.rrule)) {
          ctx.addIssue({ code: 'custom', path: ['until'], message: 'Indica fin o número' });
        }
      }),
    z
      .strictObject({
        type: z.literal('each'),
        trigger: milestoneKey,
        ...term,
        direction,
        ...common,
        ...monthOverflow,
      })
      .superRefine(checkAmount),
    z.strictObject({ type: z.literal('standing'), ...common }),
  ],
  {
    error: ({ code }: { code?: string }) =>
      code === 'invalid_type' ? 'La regla debe ser un objeto' : UNKNOWN_TYPE,
  },
);

export type DeadlineRule = z.output<typeof ruleSchema>;

/** Whether the term a rule states, or the last of a chain, is counted in hours; its twin is `deadline_rule.in_hours`. */
export function countsHours(rule: DeadlineRule): boolean {
  if (rule.type === 'chain') return rule.steps.at(-1)?.unit === 'hours';
  return (rule.type === 'offset' || rule.type === 'each') && rule.unit === 'hours';
}
export type RuleOf<T extends DeadlineRule['type']> = Extract<DeadlineRule, { type: T }>;
export type WindowEnd = RuleOf<'between'>['from'];

export interface FieldError {
  /** Path of the field with dots, `steps.0.amount`; empty when the whole rule is not an object. */
  field: string;
  message: string;
}

/** Thrown when a rule that reads well cannot be computed: `field` is the field of the rule at fault, `message` says why in Spanish. */
export class RuleError extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.name = 'RuleError';
    this.field = field;
  }
}

/**
 * Reads a rule from outside (form, import, stored JSON, command line), completed with its defaults; reading
 * the result again gives the same rule. Every error names its field. Unknown fields are errors: a
 * misspelt option must not be ignored in silence.
 */
export function parseDeadlineRule(
  input: unknown,
): { ok: true; rule: DeadlineRule } | { ok: false; errors: FieldError[] } {
  const read = ruleSchema.safeParse(input);
  if (read.success) return { ok: true, rule: read.data };
  const errors = read.error.issues.flatMap(fieldErrors);
  return {
    ok: false,
    errors: errors.filter(({ field }, i) => errors.findIndex((e) => e.field === field) === i),
  };
}

/** The milestones a rule counts from, with the field that names each; the trigger of `each` is not an anchor. */
export function milestonesOf(rule: DeadlineRule): { key: string; field: string }[] {
  switch (rule.type) {
    case 'offset':
    case 'duration':
    case 'chain':
      return [{ key: rule.milestone, field: 'milestone' }];
    case 'between':
      return [...milestoneOfEnd(rule.from, 'from'), ...milestoneOfEnd(rule.to, 'to')];
    case 'recurring':
      return [...milestoneOfEnd(rule.from, 'from'), ...milestoneOfEnd(rule.until, 'until')];
    default:
      return [];
  }
}

function milestoneOfEnd(end: WindowEnd | undefined, name: string): { key: string; field: string }[] {
  return end && 'milestone' in end ? [{ key: end.milestone, field: `${name}.milestone` }] : [];
}

/** The errors of a failed reading, each with the dotted path of its field. */
export function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const field = issue.path.join('.');
  if (issue.code === 'invalid_type' && issue.expected === 'nonoptional') {
    return [{ field, message: 'Falta este dato' }];
  }
  if (issue.code !== 'unrecognized_keys') return [{ field, message: issue.message }];
  return issue.keys.map((key) => ({
    field: field ? `${field}.${key}` : key,
    message: 'Campo desconocido',
  }));
}

function checkAmount({ amount, unit }: { amount: number; unit: Unit }, ctx: z.RefinementCtx): void {
  const longest = LONGEST[unit];
  if (!Number.isInteger(amount) || Object.is(amount, -0) || amount < 0 || amount > longest.amount) {
    ctx.addIssue({ code: 'custom', path: ['amount'], message: `0 a ${longest.amount} ${longest.name}` });
  }
}

function textOf(wrongType: string, parse: (text: string) => Parsed<string>) {
  return z.string(wrongType).transform((text, ctx) => {
    const read = parse(text);
    if (read.ok) return read.value;
    ctx.addIssue({ code: 'custom', message: read.message });
    return z.NEVER;
  });
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `Use ${values.join(', ')}`);
}

/** Whole numbers of a range; adding zero keeps JSON's `-0` from living on as a negative zero. */
function integer(min: number, max: number, what: string) {
  const message = `${min} a ${max} ${what}`;
  return z
    .number(message)
    .int(message)
    .min(min, message)
    .max(max, message)
    .transform((n) => n + 0);
}

/** One end of a window: a date as text, `{date}` or `{milestone, days}`; the text is stored as `{date}`. */
function endOf<Fixed extends z.ZodType, Anchored extends z.ZodType>(
  missing: string,
  fixed: Fixed,
  anchored: Anchored,
) {
  return z.unknown().transform((value, ctx): z.output<Fixed> | z.output<Anchored> => {
    if (value === undefined) {
      ctx.addIssue({ code: 'custom', message: missing });
      return z.NEVER;
    }
    const end = typeof value === 'string' ? { date: value } : value;
    const schema = typeof end === 'object' && end !== null && 'milestone' in end ? anchored : fixed;
    const read = schema.safeParse(end);
    if (read.success) return read.data;
    for (const { field, message } of read.error.issues.flatMap(fieldErrors)) {
      ctx.addIssue({ code: 'custom', path: field && end === value ? field.split('.') : [], message });
    }
    return z.NEVER;
  });
}
