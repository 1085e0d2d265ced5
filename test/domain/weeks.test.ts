import { expect, test } from 'vitest';
import { mondayOf, mondaysFrom, shortWeek } from '../../app/domain/weeks.ts';

test('a week is known by its Monday, also across years', () => {
  expect(mondayOf('2024-05-13')).toBe('2024-05-13');
  expect(mondayOf('2024-05-19')).toBe('2024-05-13');
  expect(mondayOf('2025-01-01')).toBe('2024-12-30');
  expect(mondaysFrom('2024-12-23', 3)).toEqual(['2024-12-23', '2024-12-30', '2025-01-06']);
});

test('the words of a week name its month once, or both', () => {
  expect(shortWeek('2024-05-13')).toBe('13 – 19 may');
  expect(shortWeek('2024-05-27')).toBe('27 may – 2 jun');
});
