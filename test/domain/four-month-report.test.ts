import { describe, expect, test } from 'vitest';
import { fourMonthOutline, periodWords } from '../../app/domain/four-month-outline.ts';
import {
  fourMonthPeriod,
  fourMonthReport,
  ineState,
  INE_STATES,
  parsePeriod,
  type CountedDeadline,
} from '../../app/domain/four-month-report.ts';
import type { DeadlineStatus } from '../../app/domain/deadline-status.ts';
import { wordsOf } from '../../app/domain/report-outline.ts';

describe('a four-month period', () => {
  test('ends on the last day of its fourth month', () => {
    expect([1, 2, 3].map((number) => fourMonthPeriod(2024, number as 1 | 2 | 3))).toMatchObject([
      { from: '2024-01-01', to: '2024-04-30' },
      { from: '2024-05-01', to: '2024-08-31' },
      { from: '2024-09-01', to: '2024-12-31', months: ['2024-09', '2024-10', '2024-11', '2024-12'] },
    ]);
    expect(periodWords(fourMonthPeriod(2024, 1))).toBe('enero–abril de 2024');
  });

  test.each([
    ['', '', '2024-05-15', { year: 2024, number: 2 }],
    ['', '', '2024-12-31', { year: 2024, number: 3 }],
    ['2023', '3', '2024-05-15', { year: 2023, number: 3 }],
  ])('asked as %j %j on another day is the one meant', (year, number, today, value) => {
    expect(parsePeriod(year, number, today)).toMatchObject({ ok: true, value });
  });

  test.each([
    ['2024', '3', 'aún no empieza'],
    ['2024', '4', '1, 2 o 3'],
    ['24', '1', 'cuatro cifras'],
    ['2024', '', '1, 2 o 3'],
    ['', '1', 'cuatro cifras'],
  ])('asked as %j %j says what is wrong', (year, number, words) => {
    const period = parsePeriod(year, number, '2024-05-15');
    expect(period.ok ? '' : period.message).toContain(words);
  });
});

test.each<[DeadlineStatus, string | null, ReturnType<typeof ineState>]>([
  ['on_track', null, 'to_start'],
  ['on_track', '2024-05-16', 'to_start'],
  ['on_track', '2024-05-15', 'in_progress'],
  ['due_soon', null, 'in_progress'],
  ['in_review', null, 'in_progress'],
  ['overdue', '2024-05-01', 'overdue'],
  ['concluded_on_time', null, 'concluded'],
  ['concluded_late', null, 'concluded'],
  ['waived', null, null],
  ['waiting', null, null],
])('what is %s with its window from %s is, for the INE, %s', (status, opens_on, state) => {
  expect(ineState({ status, opens_on }, '2024-05-15')).toBe(state);
});

test('months, areas and parties sum up to the whole, and the words say the same', () => {
  const statuses: DeadlineStatus[] = [
    'concluded_on_time',
    'concluded_late',
    'in_review',
    'overdue',
    'on_track',
    'waived',
    'concluded_on_time',
  ];
  const rows = Array.from({ length: 70 }, (_, index): CountedDeadline => {
    const area = `Área ${index % 5} (IEM)`;
    return {
      status: statuses[index % statuses.length]!,
      opens_on: null,
      due_on: `2024-0${1 + (index % 4)}-15`,
      obligor: (['IEM', 'INE', 'both'] as const)[index % 3]!,
      area,
      area_short: area,
    };
  });
  const cut = { at: '2024-05-01T05:59:59.999999Z', day: '2024-04-30' };
  const report = fourMonthReport(fourMonthPeriod(2024, 1), cut, rows, []);
  expect(report.all).toEqual({
    total: 60,
    to_start: 10,
    in_progress: 10,
    overdue: 10,
    concluded: 30,
    concluded_on_time: 20,
  });
  expect(report.waived).toBe(10);
  for (const parts of [report.by_month, report.by_area, report.by_party]) {
    for (const name of [...INE_STATES, 'total', 'concluded_on_time'] as const)
      expect(parts.reduce((sum, { counts }) => sum + counts[name], 0)).toBe(report.all[name]);
  }
  const outline = fourMonthOutline(report, 'ab'.repeat(32), { seq: 1, hash: 'cd'.repeat(32) });
  expect(wordsOf(outline.verdict[1]!)).toBe('Concluidos en plazo: 20 de 30 (66.7 %).');
  expect(outline.draft).toBe(false);
  const { chart, tables } = outline.sections[0]!;
  expect(chart?.bars.map(({ values }) => values)).toEqual(tables[0]?.rows.map((cells) => cells.slice(1, 5)));
});
