import { describe, expect, test } from 'vitest';
import { workingCalendar } from '../../app/domain/business-days.ts';
import { keyOfObligation, parseDeadlineRule, RuleError } from '../../app/domain/deadline-rule.ts';
import { replaySteps } from '../../app/domain/derivation.ts';
import { addDays, parseIsoDate, parseTime } from '../../app/domain/plain-date.ts';
import {
  computeSchedule,
  rulesByMilestone,
  type AnchorObligation,
  type ScheduledDate,
  type ScheduleInputs,
  type SharedRule,
} from '../../app/domain/schedule.ts';

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Days of all years and weekdays that are computed with. */
const DAYS = Array.from({ length: 5260 }, (_, index) => addDays('2000-01-01', index * 7 + (index % 7)));

const UNITS = ['hours', 'days', 'business_days', 'weeks', 'months'];

/** A process of `count` rules of every type, counted from milestones, triggers and earlier or later obligations. */
function randomInputs(seed: number, count: number): ScheduleInputs {
  const below = numbers(seed);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const day = () => pick(DAYS);
  const milestones = new Map(
    ['a', 'b', 'c', 'd', 'inicio_proceso_local', 'fin_proceso_local'].map((key, id) => {
      const date = below(8) === 0 ? null : day();
      const time = date !== null && below(2) === 0 ? { time: `0${below(10)}:30` } : {};
      return [key, { id, key, name: key, date, ...time, firm: below(2) === 0, source: 'acuerdo' }];
    }),
  );
  const refs = Array.from({ length: count }, (_, index) => `AT-${index}`);
  const anchor = () => (below(4) === 0 ? keyOfObligation(pick(refs)) : pick(['a', 'b', 'c', 'd']));
  const term = () => ({ amount: below(100), unit: pick(UNITS), direction: pick(['before', 'after']) });
  const end = () => (below(2) === 0 ? { date: day() } : { milestone: anchor(), days: below(60) - 30 });
  const common = () => ({
    counting: pick(['natural', 'business', 'by_process']),
    roll: pick(['none', 'next', 'previous']),
  });
  const shapes = [
    () => ({ type: 'on', date: day() }),
    () => ({ type: 'between', from: end(), to: end() }),
    () => ({ type: 'offset', milestone: anchor(), ...term() }),
    () => ({ type: 'duration', milestone: anchor(), amount: 1 + below(60) }),
    () => ({ type: 'week_of_month', year: 2000 + below(101), month: 1 + below(12), n: 1 + below(5) }),
    () => ({ type: 'chain', milestone: anchor(), steps: [term(), term()] }),
    () => ({
      type: 'recurring',
      rrule: pick(['FREQ=MONTHLY;BYMONTHDAY=-1', 'FREQ=YEARLY']),
      from: end(),
      until: end(),
    }),
    () => ({ type: 'each', trigger: 'oficio', ...term() }),
    () => ({ type: 'standing' }),
  ];
  const rules = new Map<string, SharedRule>();
  const obligations = new Map<string, AnchorObligation>();
  for (const [id, ref] of refs.entries()) {
    const read = parseDeadlineRule({ ...pick(shapes)(), ...common() });
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    rules.set(ref, { rule: read.rule, institution: pick(['INE', 'IEM']), ref });
    const act = below(5) === 0 ? { date: day(), time: null, document: 'oficio' } : null;
    obligations.set(ref, { id, ref, title: ref, rule: ref, act, stays: null });
  }
  const occurrence = { id: '7', key: 'oficio', name: 'oficio', date: day(), firm: true, source: 'oficio' };
  const holidays = Array.from({ length: 60 }, () => ({ day: day(), name: 'inhábil', source: 'acuerdo' }));
  return {
    milestones,
    occurrences: new Map([['oficio', [occurrence]]]),
    calendars: new Map([['IEM', workingCalendar(holidays, [2024])]]),
    rules,
    obligations,
  };
}

/** What the computing gives, or the words with which it refuses. */
function outcome(inputs: ScheduleInputs) {
  try {
    return [...computeSchedule(inputs)];
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return error.message;
  }
}

/** A real date that its steps lead to, after its opening; or none, and a milestone it waits for. */
function isSound({ due_on, opens_on, due_time, waiting_for_id, lapses_at, steps }: ScheduledDate): boolean {
  if (due_on === null) return waiting_for_id !== null && lapses_at === null;
  return (
    waiting_for_id === null &&
    lapses_at !== null &&
    parseIsoDate(due_on).ok &&
    (opens_on === null || (parseIsoDate(opens_on).ok && opens_on <= due_on)) &&
    (due_time === null || parseTime(due_time).ok) &&
    replaySteps(steps).due_on === due_on
  );
}

describe('5,000 random rules, two to a process', () => {
  test(
    'end, with real dates that their steps lead to, or with words that name what is wrong',
    { timeout: 120_000 },
    () => {
      let computed = 0;
      let refused = 0;
      for (let seed = 1; seed <= 2500; seed += 1) {
        const result = outcome(randomInputs(seed, 2));
        if (typeof result === 'string') {
          refused += 1;
          expect(result).toMatch(/^(AT-\d+: |Dependencia circular: AT-\d+( → AT-\d+)+$)/);
          continue;
        }
        for (const [ref, dates] of result) {
          computed += dates.length;
          expect(new Set(dates.map(({ key }) => key)).size).toBe(dates.length);
          expect({ seed, ref, wrong: dates.filter((date) => !isSound(date)) }).toEqual({
            seed,
            ref,
            wrong: [],
          });
        }
      }
      expect(computed).toBeGreaterThan(1500);
      expect(refused).toBeGreaterThan(150);
    },
  );

  test('are the same computed twice, in another order and in another time zone', () => {
    const zone = process.env['TZ'];
    for (let seed = 1; seed <= 100; seed += 1) {
      const inputs = randomInputs(seed, 6);
      const first = outcome(inputs);
      const turned = { ...inputs, rules: new Map([...inputs.rules].reverse()) };
      process.env['TZ'] = 'Pacific/Kiritimati';
      const second = outcome(turned);
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
      if (typeof first === 'string') expect(typeof second).toBe('string');
      else expect(new Map(second as typeof first)).toEqual(new Map(first));
    }
  });
});

describe('obligations as anchors', () => {
  const rule = (input: unknown) => {
    const read = parseDeadlineRule(input);
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    return read.rule;
  };
  const after = (ref: string, counting = 'natural') =>
    rule({
      type: 'offset',
      milestone: keyOfObligation(ref),
      amount: 1,
      unit: 'days',
      direction: 'after',
      counting,
    });
  const inputsOf = (rules: Record<string, SharedRule['rule']>): ScheduleInputs => ({
    milestones: new Map([
      ['jornada', { id: 1, key: 'jornada', name: 'Jornada', date: '2024-06-02', firm: true, source: 'ley' }],
    ]),
    occurrences: new Map(),
    calendars: new Map(),
    rules: new Map(Object.entries(rules).map(([ref, rule]) => [ref, { rule, institution: 'IEM', ref }])),
    obligations: new Map(
      Object.keys(rules).map((ref, id) => [ref, { id, ref, title: ref, rule: ref, act: null, stays: null }]),
    ),
  });

  test('a circle is spelt out from where it closes, however it is reached', () => {
    const circle = inputsOf({
      'AT-A-0': after('AT-B-1'),
      'AT-B-1': after('AT-C-2'),
      'AT-C-2': after('AT-B-1'),
    });
    expect(() => computeSchedule(circle)).toThrow('Dependencia circular: AT-B-1 → AT-C-2 → AT-B-1');
    expect(() => computeSchedule(inputsOf({ 'AT-A-0': after('AT-A-0') }))).toThrow(
      'Dependencia circular: AT-A-0 → AT-A-0',
    );
  });

  test('what hangs from a milestone hangs also through obligations, and the regime from both ends of the process', () => {
    const jornada = rule({ type: 'duration', milestone: 'jornada', amount: 3 });
    const hanging = rulesByMilestone(
      inputsOf({ 'AT-A': jornada, 'AT-B': after('AT-A'), 'AT-C': after('AT-B', 'by_process') }),
    );
    expect(hanging.get('jornada')).toEqual(['AT-A', 'AT-B', 'AT-C']);
    expect(hanging.get('fin_proceso_local')).toEqual(['AT-C']);
  });
});
