import { describe, expect, test } from 'vitest';
import { milestonesOf, parseDeadlineRule } from '../../app/domain/deadline-rule.ts';

const offset = { type: 'offset', milestone: 'jornada', amount: 30, unit: 'days', direction: 'before' };
const series = {
  type: 'recurring',
  rrule: 'FREQ=MONTHLY;BYMONTHDAY=-1',
  from: '2024-01-01',
  until: '2024-06-30',
};
const days = '0 a 365 días';

function errorsOf(input: unknown): [string, string][] {
  const read = parseDeadlineRule(input);
  return read.ok ? [] : read.errors.map(({ field, message }) => [field, message]);
}

describe('a rule is refused at its field:', () => {
  test.each<[string, unknown, [field: string, message: string][]]>([
    ...[-99_999, 1e9, NaN, -0, 3.5, '', '30', null, [30], 366, -1].map(
      (amount): [string, unknown, [string, string][]] => [
        `${JSON.stringify(amount)} days`,
        { ...offset, amount },
        [['amount', days]],
      ],
    ),
    [
      '366 working days',
      { ...offset, amount: 366, unit: 'business_days' },
      [['amount', '0 a 365 días hábiles']],
    ],
    ['105 weeks', { ...offset, amount: 105, unit: 'weeks' }, [['amount', '0 a 104 semanas']]],
    ['121 months', { ...offset, amount: 121, unit: 'months' }, [['amount', '0 a 120 meses']]],
    ['8761 hours', { ...offset, amount: 8761, unit: 'hours' }, [['amount', '0 a 8760 horas']]],
    ['no amount', { ...offset, amount: undefined }, [['amount', days]]],
    [
      'an unknown unit',
      { ...offset, unit: 'years' },
      [['unit', 'Use hours, days, business_days, weeks, months']],
    ],
    ['an unknown direction', { ...offset, direction: 'around' }, [['direction', 'Use before, after']]],
    ['an unknown field', { ...offset, dirección: 'before' }, [['dirección', 'Campo desconocido']]],
    ['a field of another type of rule', { ...offset, rrule: 'x' }, [['rrule', 'Campo desconocido']]],
    [
      'a prototype',
      JSON.parse('{"type":"standing","__proto__":{"x":1}}'),
      [['__proto__', 'Campo desconocido']],
    ],
    [
      'a key that is no key',
      { ...offset, milestone: '__proto__' },
      [['milestone', 'Indica la clave de un hito']],
    ],
    ['a numeric key', { ...offset, milestone: 7 }, [['milestone', 'Indica la clave de un hito']]],
    [
      'clear weeks',
      { ...offset, amount: 3, unit: 'weeks', clear_days: true },
      [['clear_days', 'Sólo con plazos en días']],
    ],
    ['an empty condition', { ...offset, conditional: '  ' }, [['conditional', 'Escribe la condición']]],
    ['an unknown roll', { ...offset, roll: 'siguiente' }, [['roll', 'Use none, next, previous']]],
    [
      'an impossible date',
      { type: 'on', date: '2024-02-30' },
      [['date', 'Esa fecha no existe (febrero de 2024 tiene 29 días)']],
    ],
    [
      'an impossible hour',
      { type: 'on', date: '2024-02-29', time: '24:00' },
      [['time', 'Hora no válida: escribe HH:MM, de 00:00 a 23:59']],
    ],
    [
      'a window without ends',
      { type: 'between' },
      [
        ['from', 'Falta la fecha de inicio'],
        ['to', 'Falta la fecha de término'],
      ],
    ],
    [
      'an end that is a number',
      { type: 'between', from: 20240101, to: '2024-01-31' },
      [['from', 'Indica una fecha o un hito']],
    ],
    [
      'an end too far',
      { type: 'between', from: '2024-01-01', to: { milestone: 'jornada', days: 366 } },
      [['to.days', '-365 a 365 días']],
    ],
    [
      'an end with an unknown field',
      { type: 'between', from: { date: '2024-01-01', dia: 1 }, to: '2024-01-31' },
      [['from.dia', 'Campo desconocido']],
    ],
    [
      'a wrong date as text',
      { type: 'between', from: '2024-01-01', to: '31/01/2024' },
      [['to', 'Escribe la fecha como AAAA-MM-DD']],
    ],
    ['a duration of no days', { type: 'duration', milestone: 'j', amount: 0 }, [['amount', '1 a 365 días']]],
    ['a sixth week', { type: 'week_of_month', year: 2024, month: 4, n: 6 }, [['n', '1 a 5 en la semana']]],
    [
      'a year as text',
      { type: 'week_of_month', year: '2024', month: 4, n: 1 },
      [['year', '2000 a 2100 en el año']],
    ],
    [
      'a chain without terms',
      { type: 'chain', milestone: 'j', steps: [] },
      [['steps', 'Indica al menos un plazo']],
    ],
    [
      'a wrong term of a chain',
      {
        type: 'chain',
        milestone: 'j',
        steps: [
          { amount: 1, unit: 'days' },
          { amount: 999, unit: 'weeks' },
        ],
      },
      [['steps.1.amount', '0 a 104 semanas']],
    ],
    ['a series without start', { ...series, from: undefined }, [['from', 'Falta la fecha de inicio']]],
    ['a series without end', { ...series, until: undefined }, [['until', 'Indica fin o número']]],
    [
      'a series with an hour in its end',
      { ...series, until: { milestone: 'j', time: '08:00' } },
      [['until.time', 'Campo desconocido']],
    ],
    [
      'a wrong rrule',
      { ...series, rrule: 'FREQ=DAILY;INTERVAL=0' },
      [['rrule', 'El intervalo debe ser un entero de 1 a 60 (INTERVAL=0)']],
    ],
    [
      'an unknown type',
      { type: 'offsets' },
      [
        [
          'type',
          'Tipo de regla desconocido: use on, between, offset, duration, week_of_month, chain, recurring, each o standing',
        ],
      ],
    ],
    [
      'a type of the prototype',
      { type: 'constructor' },
      [
        [
          'type',
          'Tipo de regla desconocido: use on, between, offset, duration, week_of_month, chain, recurring, each o standing',
        ],
      ],
    ],
    ...[null, [], 'x', 7, undefined].map((input): [string, unknown, [string, string][]] => [
      `${JSON.stringify(input)} instead of an object`,
      input,
      [['', 'La regla debe ser un objeto']],
    ]),
  ])('%s', (_what, input, errors) => {
    expect(errorsOf(input)).toEqual(errors);
  });
});

describe('a rule that reads', () => {
  test('is completed with its defaults', () => {
    expect(parseDeadlineRule(offset)).toEqual({
      ok: true,
      rule: { ...offset, counting: 'natural', roll: 'none', month_overflow: 'clamp', clear_days: false },
    });
  });

  test.each([
    offset,
    { type: 'on', date: ' 2024-06-02 ', time: '08:00' },
    { type: 'between', from: '2024-01-01', to: { milestone: 'jornada', days: -2, time: '18:00' } },
    { type: 'duration', milestone: 'jornada', amount: 45 },
    { type: 'week_of_month', year: 2024, month: 4, n: 2, counting: 'business', roll: 'next' },
    { type: 'chain', milestone: 'jornada', steps: [{ amount: 72, unit: 'hours' }] },
    series,
    { ...series, until: undefined, rrule: 'FREQ=DAILY;COUNT=3' },
    { type: 'each', trigger: 'oficio', amount: 10, unit: 'business_days', direction: 'after' },
    { type: 'standing', conditional: 'en su caso' },
  ])('reads the same the second time: %j', (input) => {
    const first = parseDeadlineRule(input);
    if (!first.ok) throw new Error(JSON.stringify(first.errors));
    expect(parseDeadlineRule(JSON.parse(JSON.stringify(first.rule)))).toEqual(first);
  });

  test('names the milestones it counts from', () => {
    const read = parseDeadlineRule({
      type: 'between',
      from: { milestone: 'inicio' },
      to: { milestone: 'fin', days: 1 },
    });
    expect(read.ok && milestonesOf(read.rule)).toEqual([
      { key: 'inicio', field: 'from.milestone' },
      { key: 'fin', field: 'to.milestone' },
    ]);
  });
});
