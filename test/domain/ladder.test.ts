import { expect, test } from 'vitest';
import { DEFAULT_LADDER, nextRung, rungAddressee } from '../../app/domain/ladder.ts';

test('the ladder tells before, on the day and after, and each step after the date reaches one level higher', () => {
  expect(DEFAULT_LADDER.map(({ offset_days }) => offset_days)).toEqual([-10, -5, -1, 0, 1, 3, 5]);
  expect(DEFAULT_LADDER.map(({ key }) => key)).toEqual(['-10', '-5', '-1', '0', '+1', '+3', '+5']);
  expect(DEFAULT_LADDER.map(({ audience }) => audience.length)).toEqual([2, 2, 2, 2, 3, 4, 5]);
});

test('what happens next is the first rung after today', () => {
  expect(nextRung(DEFAULT_LADDER, '2024-05-18', '2024-05-13')).toMatchObject({
    on: '2024-05-17',
    rung: { key: '-1' },
  });
  expect(nextRung(DEFAULT_LADDER, '2024-05-18', '2024-05-18')).toMatchObject({
    on: '2024-05-19',
    rung: { key: '+1' },
  });
  expect(nextRung(DEFAULT_LADDER, '2024-05-18', '2024-05-23')).toBeUndefined();
});

test('each rung after the date names the level it adds', () => {
  expect(DEFAULT_LADDER.filter(({ kind }) => kind === 'escalation').map(rungAddressee)).toEqual([
    'la persona titular del área',
    'la Dirección de Vinculación',
    'la Secretaría Técnica de la Comisión',
  ]);
});
