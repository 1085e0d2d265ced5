import fc from 'fast-check';
import * as rruleModule from 'rrule';
import { describe, expect, test } from 'vitest';
import { officialNonWorkingDays, workingCalendar } from '../../app/domain/business-days.ts';
import { addDays } from '../../app/domain/plain-date.ts';
import { parseRecurrence } from '../../app/domain/recurrence.ts';
import { expandRecurrence } from '../../app/domain/recurrence-dates.ts';

const { rrulestr } =
  (rruleModule as typeof rruleModule & { default?: typeof rruleModule }).default ?? rruleModule;

const calendar = workingCalendar(officialNonWorkingDays(2024), [2024]);

function dates(rrule: string, from: string, until?: string, business = false): string[] | string {
  const rule = parseRecurrence(rrule);
  if (!rule.ok) return rule.message;
  const found = expandRecurrence(rule.value, { from, until }, business ? { calendar } : undefined);
  return found.ok ? found.value.map(({ date }) => date) : found.message;
}

describe('a recurrence rule is refused, naming part, value and what is allowed:', () => {
  test.each([
    ...['0', '-1', '.5', 'abc', '99999999999', '61', '1e1'].map((value) => [
      `FREQ=DAILY;INTERVAL=${value}`,
      `El intervalo debe ser un entero de 1 a 60 (INTERVAL=${value.toUpperCase()})`,
    ]),
    ...['-5', '0', '1e8', '501'].map((value) => [
      `FREQ=DAILY;COUNT=${value}`,
      `1 a 500 repeticiones (COUNT=${value.toUpperCase()})`,
    ]),
    ...['SECONDLY', 'MINUTELY', 'HOURLY', 'FORTNIGHTLY'].map((value) => [
      `FREQ=${value}`,
      `Parte no válida: FREQ=${value} (Sólo diario, semanal, mensual, anual: YEARLY, MONTHLY, WEEKLY, DAILY)`,
    ]),
    ['FREQ=YEARLY;BYMONTH=13', 'Parte no válida: BYMONTH=13 (1 a 12)'],
    ['FREQ=YEARLY;BYMONTH=1,-1', 'Parte no válida: BYMONTH=-1 (1 a 12)'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'Parte no válida: BYMONTHDAY=32 (1 a 31 o -31 a -1)'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'Parte no válida: BYMONTHDAY=0 (1 a 31 o -31 a -1)'],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=400', 'Parte no válida: BYSETPOS=400 (1 a 366 o -366 a -1)'],
    [
      'FREQ=MONTHLY;BYDAY=XX',
      'Parte no válida: BYDAY=XX (MO, TU, WE, TH, FR, SA, SU, con número de -53 a 53)',
    ],
    ['FREQ=MONTHLY;BYDAY=6MO', 'Parte no válida: BYDAY=6MO (con FREQ=MONTHLY, número de 1 a 5 o de -5 a -1)'],
    ['FREQ=WEEKLY;BYDAY=2MO', 'Parte no válida: BYDAY=2MO (con FREQ=WEEKLY, sin número)'],
    ['FREQ=WEEKLY;BYMONTHDAY=5', 'Parte no válida: BYMONTHDAY=5 (no se usa con FREQ=WEEKLY)'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'Parte no válida: BYSETPOS=1 (necesita BYDAY, BYMONTHDAY o BYMONTH)'],
    ['FREQ=DAILY;WKST=XX', 'Parte no válida: WKST=XX (MO, TU, WE, TH, FR, SA, SU)'],
    [
      'FREQ=DAILY;UNTIL=20240230',
      'La fecha final no existe (UNTIL=20240230): Esa fecha no existe (febrero de 2024 tiene 29 días)',
    ],
    ['FREQ=DAILY;UNTIL=99991231', 'La fecha final no existe (UNTIL=99991231): Usa un año entre 2000 y 2100'],
    ['FREQ=DAILY;UNTIL=20240101T000000Z', 'Parte no válida: UNTIL=20240101T000000Z (AAAAMMDD)'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20240601', 'Indica fecha final o número, no ambos (COUNT y UNTIL)'],
    ['FREQ=DAILY;BYEASTER=0', 'BYEASTER no se admite'],
    ['FREQ=DAILY;BYWEEKNO=1', 'BYWEEKNO no se admite'],
    ['FREQ=DAILY;BYYEARDAY=1', 'BYYEARDAY no se admite'],
    ['FREQ=DAILY;BYHOUR=1', 'BYHOUR no se admite'],
    ['FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD', 'RSCALE no se admite'],
    ['FREQ=DAILY;X-FOO=1', 'X-FOO no se admite'],
    ['FREQ=DAILY;DTSTART=20240101', 'DTSTART no se admite'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ aparece dos veces'],
    ['INTERVAL=2', 'Falta FREQ (YEARLY, MONTHLY, WEEKLY, DAILY)'],
    ['', 'Parte no válida:  (NOMBRE=VALOR)'],
    ['FREQ=DAILY;;', 'Parte no válida:  (NOMBRE=VALOR)'],
    ['RRULE:FREQ=DAILY\r\nEXDATE:20240101', 'La regla debe ser una sola línea'],
    ['FREQ=DAILY\u2028ATTENDEE:x', 'La regla debe ser una sola línea'],
    [`FREQ=MONTHLY;BYMONTHDAY=${'1,'.repeat(300_000)}1`, 'Regla demasiado larga (máx. 500 caracteres)'],
  ])('%.60s', (rrule = '', message = '') => {
    expect(parseRecurrence(rrule)).toEqual({ ok: false, message });
  });
});

describe('the window of a recurrence', () => {
  test('must have an end', () => {
    expect(dates('FREQ=DAILY', '2024-01-01')).toBe('Indica fin o número');
    expect(dates('FREQ=DAILY;COUNT=2', '2024-01-01')).toEqual(['2024-01-01', '2024-01-02']);
    expect(dates('FREQ=DAILY;UNTIL=20240102', '2024-01-01')).toEqual(['2024-01-01', '2024-01-02']);
  });

  test('ends at the earlier of UNTIL and its last day, both included', () => {
    expect(dates('FREQ=DAILY;UNTIL=20240103', '2024-01-01', '2024-01-02')).toHaveLength(2);
    expect(dates('FREQ=DAILY;UNTIL=20240102', '2024-01-01', '2024-01-31')).toHaveLength(2);
  });

  test('does not end before it begins', () => {
    expect(dates('FREQ=DAILY;UNTIL=20231231', '2024-01-01')).toBe('El fin es anterior al inicio');
    expect(dates('FREQ=DAILY', '2024-01-02', '2024-01-01')).toBe('El fin es anterior al inicio');
  });

  test.each([
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'],
    ['FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=5'],
    ['FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=8'],
    ['FREQ=DAILY;INTERVAL=7;BYDAY=SA'],
    ['FREQ=MONTHLY;INTERVAL=12;BYMONTH=2'],
  ])('in which nothing can occur says so: %s', (rrule) => {
    expect(dates(rrule, '2024-01-01', '2034-01-01')).toBe(
      'Nunca ocurre entre el lunes 1 de enero de 2024 y el domingo 1 de enero de 2034',
    );
  });

  test('may be a century, but not weigh every day of it', () => {
    const century = (rrule: string) => dates(rrule, '2000-01-01', '2100-12-31');
    expect(century('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30')).toMatch(/^Nunca ocurre/);
    expect(century('FREQ=DAILY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=29')).toEqual([
      '2020-02-29',
      '2048-02-29',
      '2076-02-29',
    ]);
    expect(century('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=8')).toBe(
      'La repetición recorre demasiados días: acorte el periodo',
    );
  });

  test('holds at most 500 dates', () => {
    expect(dates('FREQ=DAILY', '2024-01-01', addDays('2024-01-01', 499))).toHaveLength(500);
    expect(dates('FREQ=DAILY', '2024-01-01', addDays('2024-01-01', 500))).toMatch(/^Son más de 500 fechas/);
    expect(dates('FREQ=YEARLY;COUNT=100', '2024-01-01')).toBe('La repetición número 100 pasa del año 2100');
  });
});

describe('a recurrence', () => {
  test('of the 31st skips the months without it; of the last day does not drift', () => {
    expect(dates('FREQ=MONTHLY;BYMONTHDAY=31', '2024-01-31', '2024-08-31')).toEqual([
      '2024-01-31',
      '2024-03-31',
      '2024-05-31',
      '2024-07-31',
      '2024-08-31',
    ]);
    const lastDays = dates('FREQ=MONTHLY;BYMONTHDAY=-1', '2024-01-31', '2032-12-31');
    expect(lastDays).toHaveLength(108);
    expect(lastDays.slice(0, 4)).toEqual(['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30']);
    expect(lastDays).toContain('2028-02-29');
  });

  test('takes from its first day what its parts do not say', () => {
    expect(dates('FREQ=MONTHLY', '2024-01-30', '2024-04-30')).toEqual([
      '2024-01-30',
      '2024-03-30',
      '2024-04-30',
    ]);
    expect(dates('FREQ=WEEKLY', '2024-01-03', '2024-01-17')).toEqual([
      '2024-01-03',
      '2024-01-10',
      '2024-01-17',
    ]);
    expect(dates('FREQ=YEARLY', '2024-02-29', '2032-12-31')).toEqual([
      '2024-02-29',
      '2028-02-29',
      '2032-02-29',
    ]);
  });

  test('joins numbered and plain weekdays', () => {
    expect(dates('FREQ=MONTHLY;BYDAY=FR,2WE', '2024-05-01', '2024-05-31')).toEqual([
      '2024-05-03',
      '2024-05-08',
      '2024-05-10',
      '2024-05-17',
      '2024-05-24',
      '2024-05-31',
    ]);
  });

  test('reads lower case and the prefix of an iCalendar line', () => {
    expect(dates(' RRULE:freq=weekly;byday=mo ', '2024-05-01', '2024-05-13')).toEqual([
      '2024-05-06',
      '2024-05-13',
    ]);
  });

  test('among working days chooses positions and counts without the non-working ones', () => {
    expect(dates('FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=3', '2024-03-01', '2024-03-31', true)).toEqual([
      '2024-03-11',
    ]);
    expect(
      dates('FREQ=MONTHLY;BYMONTHDAY=15,16,17,18;BYSETPOS=-1', '2024-03-01', '2024-03-31', true),
    ).toEqual(['2024-03-15']);
    expect(dates('FREQ=DAILY;COUNT=3', '2024-03-15', undefined, true)).toEqual([
      '2024-03-15',
      '2024-03-19',
      '2024-03-20',
    ]);
  });

  test('says which holidays a position was counted without', () => {
    const rule = parseRecurrence('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1');
    const found =
      rule.ok && expandRecurrence(rule.value, { from: '2024-03-01', until: '2024-03-31' }, { calendar });
    expect(found && found.ok && found.value[0]?.skipped.map(({ day }) => day)).toEqual(['2024-03-18']);
  });
});

test('the expansion agrees with an independent one on rules that are not among working days', () => {
  const weekdays = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
  const some = <T>(values: fc.Arbitrary<T>) => fc.uniqueArray(values, { minLength: 1, maxLength: 3 });
  const part = <T>(name: string, values: fc.Arbitrary<T[]>) =>
    fc.option(
      values.map((list) => `${name}=${list.join(',')}`),
      { nil: '' },
    );
  const numbered = fc.tuple(fc.constantFrom(-2, -1, 1, 2, 3, 4), weekdays).map(([n, day]) => `${n}${day}`);
  const monthDays = fc.oneof(fc.integer({ min: 1, max: 28 }), fc.integer({ min: -28, max: -1 }));
  const rules = fc.oneof(
    fc.tuple(fc.constant('FREQ=DAILY'), part('BYDAY', some(weekdays))),
    fc.tuple(
      fc.constant('FREQ=WEEKLY'),
      part('BYDAY', some(weekdays)),
      part(
        'WKST',
        weekdays.map((day) => [day]),
      ),
    ),
    fc.tuple(fc.constant('FREQ=MONTHLY'), part('BYDAY', fc.oneof(some(weekdays), some(numbered)))),
    fc.tuple(fc.constant('FREQ=MONTHLY'), part('BYMONTHDAY', some(monthDays))),
    fc.tuple(
      fc.constant('FREQ=YEARLY'),
      part('BYMONTH', some(fc.integer({ min: 1, max: 12 }))),
      part('BYMONTHDAY', some(monthDays)),
    ),
    fc.tuple(fc.constant('FREQ=YEARLY'), part('BYDAY', some(numbered))),
  );
  const starts = fc.integer({ min: 0, max: 3000 }).map((days) => addDays('2020-01-01', days));
  fc.assert(
    fc.property(rules, fc.integer({ min: 1, max: 6 }), starts, (parts, interval, from) => {
      const rrule = [...parts.filter((text) => text !== ''), `INTERVAL=${interval}`].join(';');
      const until = addDays(from, 450);
      const start = `DTSTART:${from.replaceAll('-', '')}T000000Z`;
      const other = rrulestr(`${start}\nRRULE:${rrule};UNTIL=${until.replaceAll('-', '')}T000000Z`).between(
        new Date(`${from}T00:00:00Z`),
        new Date(`${until}T00:00:00Z`),
        true,
      );
      const expected = other.map((day) => day.toISOString().slice(0, 10));
      const ours = dates(rrule, from, until);
      expect(Array.isArray(ours) ? ours : []).toEqual(expected);
    }),
    { numRuns: 1500 },
  );
});

test('5,000 rules out of pieces of grammar end, with at most 500 dates of the window or a message', () => {
  const number = fc.oneof(
    fc.integer({ min: -400, max: 400 }).map(String),
    fc.constantFrom('', '1e9', 'abc', '.5', '99999999999'),
  );
  const list = fc.array(number, { minLength: 1, maxLength: 3 }).map((all) => all.join(','));
  const byDay = fc
    .array(
      fc
        .tuple(fc.constantFrom('', '1', '-1', '5', '54', '0'), fc.constantFrom('MO', 'SU', 'XX'))
        .map((all) => all.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => `BYDAY=${all.join(',')}`);
  const part = fc.oneof(
    fc
      .tuple(fc.constantFrom('INTERVAL', 'COUNT', 'BYMONTH', 'BYMONTHDAY', 'BYSETPOS', 'BYHOUR'), list)
      .map((all) => all.join('=')),
    fc
      .tuple(fc.constantFrom('BYMONTH', 'BYMONTHDAY'), fc.integer({ min: 1, max: 12 }))
      .map((all) => all.join('=')),
    byDay,
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      'UNTIL=20240230',
      'UNTIL=20301231',
      'WKST=SU',
      'BYEASTER=1',
      'BYMONTH=2',
      'BYMONTHDAY=30',
    ),
  );
  const rule = fc
    .tuple(
      fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY', 'HOURLY'),
      fc.array(part, { maxLength: 4 }),
    )
    .map(([freq, parts]) => [`FREQ=${freq}`, ...parts].join(';'));
  fc.assert(
    fc.property(rule, fc.boolean(), (rrule, business) => {
      const found = dates(rrule, '2024-01-31', '2025-12-31', business);
      if (typeof found === 'string') return found.length > 0;
      const inOrder = found.every((date, i) => i === 0 || date > (found[i - 1] ?? ''));
      return (
        found.length <= 500 && inOrder && found.every((date) => date >= '2024-01-31' && date <= '2025-12-31')
      );
    }),
    { numRuns: 5000 },
  );
});
