// Rules of every type drawn at random, with milestones, calendars and processes to compute them in.
import fc from 'fast-check';
import { officialNonWorkingDays, workingCalendar } from '../../app/domain/business-days.ts';
import {
  computeDeadline,
  type Anchor,
  type RuleContext,
  type RuleResult,
} from '../../app/domain/deadline.ts';
import { parseDeadlineRule, RuleError } from '../../app/domain/deadline-rule.ts';
import { addDays } from '../../app/domain/plain-date.ts';

const years = Array.from({ length: 10 }, (_, i) => 2020 + i);
export const calendar = workingCalendar(
  [
    ...years.flatMap((year) => officialNonWorkingDays(year)),
    { day: '2024-03-28', name: 'Jueves Santo', source: 'Acuerdo supuesto' },
    { day: '2024-03-29', name: 'Viernes Santo', source: 'Acuerdo supuesto' },
  ],
  years,
);

/** A day of the nine years from June 2020. */
export const date = fc.integer({ min: 0, max: 3200 }).map((days) => addDays('2020-06-01', days));
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const direction = fc.constantFrom('before', 'after');
const term = fc.oneof(
  fc.record({ amount: fc.integer({ min: 0, max: 365 }), unit: fc.constant('days'), direction }),
  fc.record({ amount: fc.integer({ min: 0, max: 120 }), unit: fc.constant('business_days'), direction }),
  fc.record({ amount: fc.integer({ min: 0, max: 104 }), unit: fc.constant('weeks'), direction }),
  fc.record({ amount: fc.integer({ min: 0, max: 120 }), unit: fc.constant('months'), direction }),
  fc.record({ amount: fc.integer({ min: 0, max: 8760 }), unit: fc.constant('hours'), direction }),
);
const end = fc.oneof(
  date,
  fc.record({ milestone: fc.constantFrom('a', 'b'), days: fc.integer({ min: -90, max: 90 }) }),
  fc.record({ milestone: fc.constantFrom('a', 'b'), time }),
);
const dayEnd = fc.oneof(date, fc.record({ milestone: fc.constantFrom('a', 'b') }));
const common = fc.record({
  counting: fc.constantFrom('natural', 'business', 'by_process'),
  roll: fc.constantFrom('none', 'next', 'previous'),
});
const overflow = fc.record({ month_overflow: fc.constantFrom('clamp', 'first_business_next_month') });
const rrule = fc.constantFrom(
  'FREQ=MONTHLY;BYMONTHDAY=-1',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
  'FREQ=MONTHLY;BYMONTHDAY=15,31',
  'FREQ=WEEKLY;INTERVAL=3',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
  'FREQ=DAILY;COUNT=10',
);
const merged = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => all.reduce((sum, part) => ({ ...sum, ...part })));
const of = (type: string) => fc.constant({ type, milestone: 'a' });
/** The JSON of a rule that counts from the milestones `a` and `b`. */
export const rules = fc.oneof(
  { arbitrary: merged(of('offset'), term, common, overflow), weight: 4 },
  merged(
    of('offset'),
    fc.record({ amount: fc.integer({ min: 0, max: 90 }) }),
    fc.constant({ unit: 'days', direction: 'before', clear_days: true }),
    common,
  ),
  merged(
    of('duration'),
    fc.record({
      amount: fc.integer({ min: 1, max: 365 }),
      unit: fc.constantFrom('days', 'business_days'),
      count_first: fc.boolean(),
    }),
    common,
  ),
  merged(of('chain'), fc.record({ steps: fc.array(term, { minLength: 1, maxLength: 3 }) }), common, overflow),
  merged(fc.record({ type: fc.constant('between'), from: end, to: end }), common),
  merged(fc.record({ type: fc.constant('recurring'), rrule, from: dayEnd, until: dayEnd }), common),
  merged(fc.constant({ type: 'each', trigger: 'a' }), term, common, overflow),
  merged(fc.record({ type: fc.constant('on'), date }), common),
  merged(
    fc.record({
      type: fc.constant('week_of_month'),
      year: fc.integer({ min: 2020, max: 2029 }),
      month: fc.integer({ min: 1, max: 12 }),
      n: fc.integer({ min: 1, max: 5 }),
    }),
    common,
  ),
);
const milestone = (key: string) =>
  fc.record({ date, time: fc.option(time, { nil: null }) }).map(({ date, time }): Anchor => ({
    key,
    name: key,
    date,
    ...(time && { time }),
    firm: true,
    source: 'Oficio',
  }));
/** What such a rule is computed in; the trigger happens twice. */
export const contexts = fc
  .tuple(
    milestone('a'),
    milestone('b'),
    date,
    fc.option(fc.integer({ min: 0, max: 400 })),
    fc.constantFrom('anchor', 'each_day'),
  )
  .map(([a, b, start, length, fixed_at]): RuleContext => ({
    anchor: (key) => (key === 'a' ? a : b),
    occurrences: () => [
      { ...a, id: '1' },
      { ...b, id: '2' },
    ],
    calendar,
    process: {
      start,
      end: length === null ? null : addDays(start, length),
      fixed_at: fixed_at === 'anchor' ? 'anchor' : 'each_day',
    },
  }));

/** The dates of a rule, or why it has none. Throws when the rule itself is not read. */
export function compute(input: object, context: RuleContext): RuleResult | RuleError {
  const read = parseDeadlineRule(input);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  try {
    return computeDeadline(read.rule, context);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
}
