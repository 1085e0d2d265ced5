import { describe, expect, test } from 'vitest';
import type { Attention } from '../../app/domain/attention.ts';
import {
  DEFAULT_LADDER,
  ladderClass,
  ladderDays,
  nextRung,
  parseRungKey,
  rungAddressee,
  rungDays,
  rungKey,
  rungWords,
  startingLadder,
  type Ladder,
} from '../../app/domain/ladder.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { addDays } from '../../app/domain/plain-date.ts';

const office: Attention = {
  weekdays: [1, 2, 3, 4, 5],
  on_rest_days: false,
  hour: '08:00',
  rest_days: new Set(['2024-05-01']),
  exceptions: new Map(),
};
const always: Attention = { ...office, weekdays: [1, 2, 3, 4, 5, 6, 7], on_rest_days: true };
const general: Ladder = [{ from_on: '2000-01-01', rungs: DEFAULT_LADDER }];

const mornings = (due_on: string, attention: Attention) =>
  Object.fromEntries(rungDays(DEFAULT_LADDER, due_on, attention).map(({ rung, on }) => [rung.key, on]));

test('the general ladder has seven rungs and each level adds people', () => {
  expect(DEFAULT_LADDER.map(({ key }) => key)).toEqual(['-10', '-5', '-1', '0', '+1', '+3', '+5']);
  expect(DEFAULT_LADDER.map(({ audience }) => audience.length)).toEqual([2, 2, 2, 2, 3, 4, 5]);
  expect(DEFAULT_LADDER.filter(({ kind }) => kind === 'escalation').map(rungAddressee)).toEqual([
    'la persona titular del área',
    'la Dirección de Vinculación',
    'la Secretaría Técnica de la Comisión',
  ]);
});

test('a distance is written one way and read back', () => {
  for (const [amount, unit, key, words] of [
    [-10, 'days', '-10', '10 días antes'],
    [-1, 'days', '-1', '1 día antes'],
    [0, 'days', '0', 'el día del vencimiento'],
    [3, 'days', '+3', '3 días después'],
    [-24, 'hours', '-24h', '24 horas antes'],
    [1, 'hours', '+1h', '1 hora después'],
  ] as const) {
    expect(rungKey(amount, unit)).toBe(key);
    expect(parseRungKey(key)).toEqual({ amount, unit });
    expect(rungWords({ amount, unit })).toBe(words);
  }
  expect(parseRungKey('pronto')).toBeUndefined();
});

test('what the INE owes climbs its own ladder, then what is counted in hours, the rest by priority', () => {
  const iem = { obligor: 'IEM', priority: 'low', due_time: '20:00', in_hours: true } as const;
  expect(ladderClass({ ...iem, obligor: 'INE' })).toBe('ine');
  expect(ladderClass(iem)).toBe('hours');
  expect(ladderClass({ ...iem, obligor: 'both' })).toBe('hours');
  expect(ladderClass({ ...iem, in_hours: false })).toBe('low');
  expect(ladderClass({ ...iem, due_time: null })).toBe('low');
});

describe('the morning of a rung', () => {
  test('is its own day while every day is attended', () => {
    expect(mornings('2024-05-19', always)).toEqual(
      Object.fromEntries(DEFAULT_LADDER.map(({ key, amount }) => [key, addDays('2024-05-19', amount)])),
    );
  });

  test('of a Sunday deadline is the Friday before and the Monday after', () => {
    expect(mornings('2024-05-19', office)).toMatchObject({
      '-1': '2024-05-17',
      '0': '2024-05-17',
      '+1': '2024-05-20',
      '+3': '2024-05-22',
    });
  });

  test('of each escalation is its own: a weekend uses up no step of the ladder', () => {
    expect(mornings('2024-05-17', office)).toMatchObject({
      '0': '2024-05-17',
      '+1': '2024-05-20',
      '+3': '2024-05-21',
      '+5': '2024-05-22',
    });
  });

  test('steps over non-working days, and over exceptions in either direction', () => {
    expect(mornings('2024-05-02', office)['-1']).toBe('2024-04-30');
    const guard = {
      ...office,
      exceptions: new Map([
        ['2024-05-01', true],
        ['2024-05-03', false],
      ] as const),
    };
    expect(mornings('2024-05-02', guard)).toMatchObject({ '-1': '2024-05-01', '+1': '2024-05-06' });
    expect(mornings('2024-05-02', { ...office, on_rest_days: true })['-1']).toBe('2024-05-01');
  });

  test('exists even when nobody ever reads mail', () => {
    const never = { ...office, weekdays: [] };
    expect(mornings('2024-05-19', never)['-1']).toBe('2024-05-18');
  });
});

describe('a new version of a ladder', () => {
  const [first] = general;
  const short = DEFAULT_LADDER.filter(({ key }) => key !== '-5' && key !== '+3');

  test('says what goes out from its day on, and nothing before', () => {
    const ladder = [first!, { from_on: '2024-05-18', rungs: short }];
    expect(ladderDays(ladder, '2024-05-20', always).map(({ rung }) => rung.key)).toEqual([
      '-10',
      '-5',
      '-1',
      '0',
      '+1',
      '+5',
    ]);
  });

  test('that comes into force earlier takes the place of one that has not yet', () => {
    const ladder = [first!, { from_on: '2024-06-01', rungs: [] }, { from_on: '2024-05-18', rungs: short }];
    expect(ladderDays(ladder, '2024-06-10', always).map(({ rung }) => rung.key)).toEqual(
      short.map(({ key }) => key),
    );
  });
});

describe('the next rung', () => {
  const on = (due_on: string) => ({ due_on, lapses_at: null });
  const next = (ladder: Ladder, due: Parameters<typeof nextRung>[1], at: string, attention = always) =>
    nextRung(ladder, due, momentOf(at), attention);

  test('is the first whose morning has not come', () => {
    expect(next(general, on('2024-05-18'), '2024-05-13T15:00:00Z')).toMatchObject({
      rung: { key: '-1' },
      on: '2024-05-17',
    });
    expect(next(general, on('2024-05-18'), '2024-05-18T15:00:00Z')).toMatchObject({
      rung: { key: '+1' },
      on: '2024-05-19',
    });
    expect(next(general, on('2024-05-18'), '2024-05-18T15:00:00Z', office)).toMatchObject({
      rung: { key: '+1' },
      on: '2024-05-20',
    });
    expect(next(general, on('2024-05-18'), '2024-05-23T15:00:00Z')).toBeUndefined();
  });

  test('of what is counted in hours has its instant, on whatever day', () => {
    const hours: Ladder = [{ from_on: '2000-01-01', rungs: startingLadder('hours') }];
    const due = { due_on: '2024-06-02', lapses_at: '2024-06-03T02:00:00Z' };
    expect(next(hours, due, '2024-06-02T21:00:00Z', office)).toMatchObject({
      rung: { key: '-4h' },
      at: '2024-06-02T22:00:00.000Z',
    });
    expect(next(hours, due, '2024-06-02T22:00:01Z', office)).toMatchObject({ rung: { key: '+1h' } });
  });
});
