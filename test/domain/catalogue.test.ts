import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { officialNonWorkingDays, workingCalendar } from '../../app/domain/business-days.ts';
import { computeDeadline, type Anchor, type RuleResult } from '../../app/domain/deadline.ts';
import { parseDeadlineRule } from '../../app/domain/deadline-rule.ts';
import { replaySteps } from '../../app/domain/derivation.ts';
import { ruleFields, readRuleForm } from '../../app/domain/rule-form.ts';
import { ruleWords } from '../../app/domain/rule-words.ts';

interface CatalogueMilestone {
  key: string;
  name: string;
  date: string | null;
  time: string | null;
  status: string;
  process: string | null;
  source: string;
}
interface CatalogueObligation {
  ref: string;
  deadline: unknown;
  expected_2023_2024: string[] | null;
}

const folder = new URL('../../db/catalogue/', import.meta.url);
const milestones = (
  JSON.parse(readFileSync(new URL('milestones.json', folder), 'utf8')) as CatalogueMilestone[]
).filter(({ process }) => process !== 'extraordinario-irimbo-2024');
const obligations = readFileSync(new URL('obligations.jsonl', folder), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as CatalogueObligation);

const anchors = new Map(
  milestones.map(({ key, name, date, time, status, source }): [string, Anchor] => [
    key,
    { key, name, date, ...(time && { time }), firm: status === 'firme', source },
  ]),
);
const calendar = workingCalendar(
  [...officialNonWorkingDays(2023), ...officialNonWorkingDays(2024, '2024-06-02')],
  [2023, 2024],
);

function datesOf(result: RuleResult): string[] | null {
  if (result.kind !== 'dated') return null;
  return result.instances.flatMap(({ opens_on, due_on, due_time }) => [
    ...(opens_on ? [opens_on] : []),
    due_time ? `${due_on}T${due_time}` : due_on,
  ]);
}

test('the catalogue has its 150 obligations', () => {
  expect(obligations).toHaveLength(150);
});

test.each(obligations)('$ref is due when its catalogue says', ({ deadline, expected_2023_2024 }) => {
  const read = parseDeadlineRule(deadline);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const result = computeDeadline(read.rule, { anchor: (key) => anchors.get(key), calendar });
  expect(datesOf(result)).toEqual(expected_2023_2024);
});

test.each(obligations)("$ref's stored steps lead to its dates again", ({ deadline }) => {
  const read = parseDeadlineRule(deadline);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const result = computeDeadline(read.rule, {
    anchor: (key) => anchors.get(key),
    occurrences: (trigger) => [
      { key: trigger, name: trigger, date: '2024-05-16', time: '11:30', firm: true, source: '', id: '1' },
    ],
    calendar,
  });
  for (const instance of result.kind === 'dated' ? result.instances : []) {
    const { key: _key, provisional: _provisional, steps, ...derived } = instance;
    expect(replaySteps(JSON.parse(JSON.stringify(steps)) as typeof steps)).toEqual(derived);
  }
});

test.each(obligations)("$ref's rule is said in words and by the fields of the editor", ({ deadline }) => {
  const read = parseDeadlineRule(deadline);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const words = ruleWords(read.rule, (key) => anchors.get(key));
  expect(words).toMatch(/^[\p{Lu}\d].{8,}/u);
  expect(words).not.toMatch(/undefined|NaN|«[a-z_]+»|FREQ|\bde el\b|\ba el\b/);
  expect(readRuleForm(ruleFields(read.rule))).toEqual(read);
});
