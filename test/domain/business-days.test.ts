import { describe, expect, test } from 'vitest';
import {
  countWorkingDays,
  officialNonWorkingDays,
  rollToWorkingDay,
  workingCalendar,
} from '../../app/domain/business-days.ts';

const calendar = workingCalendar(
  [...officialNonWorkingDays(2023), ...officialNonWorkingDays(2024, '2024-06-02')],
  [2023, 2024],
);

describe('the rest days of LFT art. 74', () => {
  test.each([
    [2023, '01-01 02-06 03-20 05-01 09-16 11-20 12-25'],
    [2024, '01-01 02-05 03-18 05-01 09-16 10-01 11-18 12-25'],
    [2025, '01-01 02-03 03-17 05-01 09-16 11-17 12-25'],
    [2026, '01-01 02-02 03-16 05-01 09-16 11-16 12-25'],
    [2027, '01-01 02-01 03-15 05-01 09-16 11-15 12-25'],
  ])('of %i', (year, days) => {
    expect(officialNonWorkingDays(year).map(({ day }) => day)).toEqual(
      days.split(' ').map((day) => `${year}-${day}`),
    );
  });

  test('have the handover of 1 October every six years from 2024 on', () => {
    const years = Array.from({ length: 15 }, (_, i) => 2023 + i);
    expect(
      years.filter((year) => officialNonWorkingDays(year).some(({ day }) => day === `${year}-10-01`)),
    ).toEqual([2024, 2030, 2036]);
  });

  test('have the election only when it is given, each with its fraction', () => {
    expect(officialNonWorkingDays(2024, '2024-06-02').find(({ day }) => day === '2024-06-02')).toEqual({
      day: '2024-06-02',
      name: 'Jornada electoral ordinaria',
      source: 'LFT, art. 74, fracción IX',
    });
    expect(officialNonWorkingDays(2024).map(({ source }) => source.split(' ').at(-1))).toEqual(
      'I II III IV V VII VI VIII'.split(' '),
    );
  });
});

describe('counting working days', () => {
  test('skips weekends and names the weekdays that do not work', () => {
    const walk = countWorkingDays(calendar, '2023-12-22', 10);
    expect(walk.date).toBe('2024-01-09');
    expect(walk.skipped.map(({ day, source }) => [day, source])).toEqual([
      ['2023-12-25', 'LFT, art. 74, fracción VIII'],
      ['2024-01-01', 'LFT, art. 74, fracción I'],
    ]);
  });

  test('goes backwards too, and the day it starts from never counts', () => {
    expect(countWorkingDays(calendar, '2024-06-02', -15).date).toBe('2024-05-13');
    expect(countWorkingDays(calendar, '2024-05-08', -1).date).toBe('2024-05-07');
    expect(countWorkingDays(calendar, '2024-05-05', 0).date).toBe('2024-05-05');
  });

  test('counts every day of an open process, first and last included', () => {
    const open = { start: '2024-03-16', end: '2024-03-18' };
    expect(countWorkingDays(calendar, '2024-03-15', 4, open)).toEqual({
      date: '2024-03-19',
      skipped: [],
      unconfirmed: [],
    });
  });

  test('says which years nobody confirmed, and only those it asked about', () => {
    const unknown = workingCalendar(officialNonWorkingDays(2024), [2024]);
    expect(countWorkingDays(unknown, '2024-12-30', 3).unconfirmed).toEqual([2025]);
    expect(countWorkingDays(unknown, '2024-12-26', 2).unconfirmed).toEqual([]);
    expect(rollToWorkingDay(unknown, '2025-01-04', 'previous').unconfirmed).toEqual([2025]);
    expect(countWorkingDays(workingCalendar([]), '2024-05-06', 1).unconfirmed).toEqual([2024]);
  });

  test('ends even when no day of the calendar works', () => {
    const never = { start: '2000-01-01', end: null };
    expect(() => countWorkingDays(calendar, '2100-12-31', 1, never)).toThrow(RangeError);
    expect(() => rollToWorkingDay(calendar, '2101-01-01', 'next')).toThrow(RangeError);
  });
});

describe('rolling', () => {
  test('leaves a working day where it is', () => {
    expect(rollToWorkingDay(calendar, '2024-05-17', 'next').date).toBe('2024-05-17');
  });

  test('crosses the year in both directions', () => {
    expect(rollToWorkingDay(calendar, '2023-12-30', 'next').date).toBe('2024-01-02');
    expect(rollToWorkingDay(calendar, '2024-01-01', 'previous').date).toBe('2023-12-29');
  });

  test('does not move a Sunday of an open process', () => {
    expect(rollToWorkingDay(calendar, '2024-04-14', 'next', { start: '2023-09-05', end: null }).date).toBe(
      '2024-04-14',
    );
  });
});
