import { describe, expect, test } from 'vitest';
import { isDueWithin, sectionOf, type Work } from '../../app/domain/workload.ts';

// A Wednesday: its week ends on Sunday the 19th.
const today = '2024-05-15';
const open = (due_on: string | null): Work => ({ status: 'on_track', due_on, decision: null });

describe('the section of an area’s work', () => {
  test.each([
    ['2024-05-15', 'today'],
    ['2024-05-16', 'this_week'],
    ['2024-05-19', 'this_week'],
    ['2024-05-20', 'next'],
    ['2024-06-14', 'next'],
    ['2024-06-15', 'later'],
    [null, 'waiting'],
  ])('of an open deadline due on %s is %s', (due_on, section) => {
    expect(sectionOf(open(due_on), today)).toBe(section);
  });

  test('on a Sunday has no rest of the week: Monday is already the next one', () => {
    expect(sectionOf(open('2024-05-20'), '2024-05-19')).toBe('next');
  });

  test('of something the Dirección returned is to correct it, overdue or not', () => {
    expect(sectionOf({ status: 'overdue', due_on: '2024-05-01', decision: 'returned' }, today)).toBe(
      'returned',
    );
    expect(sectionOf({ ...open('2024-05-30'), decision: 'returned' }, today)).toBe('returned');
  });

  test.each([
    ['overdue', 'overdue'],
    ['in_review', 'in_review'],
    ['concluded_on_time', 'concluded'],
    ['concluded_late', 'concluded'],
    ['waived', 'concluded'],
  ] as const)('of a deadline that is %s is %s', (status, section) => {
    expect(sectionOf({ status, due_on: '2024-05-10', decision: null }, today)).toBe(section);
  });
});

test('work due within ten days is open and not past', () => {
  expect(isDueWithin(open('2024-05-15'), today, 10)).toBe(true);
  expect(isDueWithin(open('2024-05-25'), today, 10)).toBe(true);
  expect(isDueWithin(open('2024-05-26'), today, 10)).toBe(false);
  expect(isDueWithin(open(null), today, 10)).toBe(false);
  expect(isDueWithin({ status: 'overdue', due_on: '2024-05-10', decision: null }, today, 10)).toBe(false);
  expect(isDueWithin({ status: 'in_review', due_on: '2024-05-16', decision: null }, today, 10)).toBe(false);
});
