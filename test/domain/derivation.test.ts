import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NonWorkingDay } from '../../app/domain/business-days.ts';
import type { Anchor } from '../../app/domain/deadline.ts';
import { RuleError } from '../../app/domain/deadline-rule.ts';
import { replaySteps, type Step } from '../../app/domain/derivation.ts';
import { parseIsoDate, parseTime } from '../../app/domain/plain-date.ts';
import { calendar, compute, contexts, date, rules } from '../support/generated-rules.ts';

/** The days of a calendar, counting how often one is asked for. */
class CountedDays extends Map<string, NonWorkingDay> {
  asked = 0;
  override get(day: string): NonWorkingDay | undefined {
    this.asked += 1;
    return super.get(day);
  }
}

test('5,000 random rules give possible dates in order, whose stored steps lead to them again', () => {
  let dated = 0;
  fc.assert(
    fc.property(rules, contexts, (input, context) => {
      const days = new CountedDays(context.calendar.days);
      const result = compute(input, { ...context, calendar: { ...context.calendar, days } });
      // Asked of the calendar, not timed: no rule may walk through more than some decades.
      expect(days.asked).toBeLessThan(20_000);
      if (result instanceof RuleError) return result.message.length > 0 && result.field.length > 0;
      if (result.kind !== 'dated') return false;
      for (const { key: _key, provisional: _provisional, steps, ...derived } of result.instances) {
        dated += 1;
        expect(parseIsoDate(derived.due_on).ok).toBe(true);
        expect(derived.due_time === undefined || parseTime(derived.due_time).ok).toBe(true);
        expect(derived.opens_on === undefined || derived.opens_on <= derived.due_on).toBe(true);
        const stored = JSON.parse(JSON.stringify(steps)) as Step[];
        expect(replaySteps(stored)).toEqual(derived);
      }
      return result.instances.length > 0;
    }),
    { numRuns: 5000 },
  );
  expect(dated).toBeGreaterThan(4000);
}, 180_000);

test('days before and days after undo each other', () => {
  fc.assert(
    fc.property(date, fc.integer({ min: 0, max: 365 }), (start, amount) => {
      const anchor: Anchor = { key: 'a', name: 'a', date: start, firm: true, source: '' };
      const go = (from: Anchor, direction: string) => {
        const rule = { type: 'offset', milestone: 'a', amount, unit: 'days', direction };
        const result = compute(rule, { anchor: () => from, calendar });
        return result instanceof RuleError || result.kind !== 'dated'
          ? undefined
          : result.instances[0]?.due_on;
      };
      const there = go(anchor, 'after');
      expect(there && go({ ...anchor, date: there }, 'before')).toBe(start);
    }),
    { numRuns: 500 },
  );
});

describe('a stored derivation', () => {
  const counted = compute(
    { type: 'offset', milestone: 'a', amount: 10, unit: 'business_days', direction: 'after' },
    { anchor: () => ({ key: 'a', name: 'a', date: '2023-12-22', firm: true, source: '' }), calendar },
  );
  const steps =
    counted instanceof RuleError || counted.kind !== 'dated' ? [] : (counted.instances[0]?.steps ?? []);

  test('that was tampered with leads elsewhere than its result says', () => {
    expect(replaySteps(steps)).toEqual({ due_on: '2024-01-09' });
    const moved = steps.map((step): Step => (step.op === 'anchor' ? { ...step, date: '2023-12-21' } : step));
    expect(replaySteps(moved)).toEqual({ due_on: '2024-01-08' });
    const withoutHoliday = steps.filter((step) => step.op !== 'exclude' || step.day !== '2024-01-01');
    expect(replaySteps(withoutHoliday)).toEqual({ due_on: '2024-01-08' });
  });

  test('does not take the date from its result', () => {
    const lying = steps.map((step): Step =>
      step.op === 'result' ? { ...step, due_on: '2030-01-01' } : step,
    );
    expect(replaySteps(lying)).toEqual({ due_on: '2024-01-09' });
  });
});

test('1,000 random rules give the same steps whatever the zone of the machine', () => {
  const program = `
    import fc from 'fast-check';
    import { compute, contexts, rules } from './test/support/generated-rules.ts';
    const cases = fc.sample(fc.tuple(rules, contexts), { seed: 2024, numRuns: 1000 });
    process.stdout.write(JSON.stringify(cases.map(([rule, context]) => compute(rule, context))));
  `;
  const there = (TZ: string) =>
    execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
      cwd: new URL('../../', import.meta.url),
      env: { ...process.env, TZ },
      encoding: 'utf8',
      maxBuffer: 100_000_000,
    });
  const inMexico = there('America/Mexico_City');
  expect(inMexico.length).toBeGreaterThan(100_000);
  expect(there('Pacific/Kiritimati')).toBe(inMexico);
}, 180_000);
