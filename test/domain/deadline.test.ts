import { describe, expect, test } from 'vitest';
import { officialNonWorkingDays, workingCalendar } from '../../app/domain/business-days.ts';
import { computeDeadline, type Anchor, type RuleContext } from '../../app/domain/deadline.ts';
import { parseDeadlineRule, RuleError, type DeadlineRule } from '../../app/domain/deadline-rule.ts';

const calendar = workingCalendar(
  [...officialNonWorkingDays(2023), ...officialNonWorkingDays(2024, '2024-06-02')],
  [2023, 2024],
);
const anchors: Record<string, Anchor> = {
  jornada: {
    key: 'jornada',
    name: 'Jornada electoral',
    date: '2024-06-02',
    time: '08:00',
    firm: true,
    source: 'LGIPE 225.4',
  },
  campana: {
    key: 'campana',
    name: 'Inicio de campañas',
    date: '2024-04-15',
    firm: false,
    source: 'Calendario',
  },
  firma: { key: 'firma', name: 'Firma del convenio', date: null, firm: false, source: 'No encontrado' },
};
const context: RuleContext = { anchor: (key) => anchors[key], calendar };

function rule(input: object): DeadlineRule {
  const read = parseDeadlineRule(input);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.rule;
}

function instances(input: object, more: Partial<RuleContext> = {}) {
  const result = computeDeadline(rule(input), { ...context, ...more });
  if (result.kind !== 'dated') throw new Error(result.kind);
  return result.instances;
}

function failure(input: object, more: Partial<RuleContext> = {}): [string, string] {
  try {
    computeDeadline(rule(input), { ...context, ...more });
  } catch (error) {
    if (error instanceof RuleError) return [error.field, error.message];
    throw error;
  }
  throw new Error('it was computed');
}

const before = (amount: number, unit: string) => ({
  type: 'offset',
  milestone: 'jornada',
  amount,
  unit,
  direction: 'before',
});

describe('the derivation of a date', () => {
  test('tells the clause, the anchor, the count, what was left out, the roll and the result, with sources', () => {
    const [instance] = instances(
      {
        type: 'offset',
        milestone: 'jornada',
        amount: 10,
        unit: 'business_days',
        direction: 'after',
        roll: 'next',
      },
      {
        anchor: () => ({ ...anchors.jornada!, date: '2023-12-22', time: '08:00' }),
        sentence: { text: 'dentro de los diez días hábiles siguientes', source: 'Cláusula Quinta' },
      },
    );
    expect(instance?.steps.map(({ text, source }) => [text, source])).toEqual([
      ['«dentro de los diez días hábiles siguientes»', 'Cláusula Quinta'],
      ['Jornada electoral: viernes 22 de diciembre de 2023, 8:00 h.', 'LGIPE 225.4'],
      [
        'Se cuentan 10 días hábiles después, desde el día siguiente, sin sábados ni domingos: martes 9 de enero de 2024.',
        undefined,
      ],
      ['No cuenta el lunes 25 de diciembre de 2023: Navidad.', 'LFT, art. 74, fracción VIII'],
      ['No cuenta el lunes 1 de enero de 2024: Año Nuevo.', 'LFT, art. 74, fracción I'],
      ['El martes 9 de enero de 2024 es día hábil: no se recorre.', 'LFPA, art. 29 (por analogía)'],
      ['Vence el martes 9 de enero de 2024.', undefined],
    ]);
  });

  test.each<[object, Partial<RuleContext>, string]>([
    [before(1, 'days'), {}, 'Se cuenta 1 día natural antes: sábado 1 de junio de 2024.'],
    [before(6, 'weeks'), {}, 'Se cuentan 6 semanas antes: domingo 21 de abril de 2024.'],
    [
      before(24, 'hours'),
      {},
      'Se cuentan 24 horas antes, de momento a momento: sábado 1 de junio de 2024, 8:00 h.',
    ],
    [
      { ...before(3, 'days'), clear_days: true },
      {},
      'Deben quedar libres 3 días naturales; el plazo es el día anterior: miércoles 29 de mayo de 2024.',
    ],
    [
      { type: 'offset', milestone: 'jornada', amount: 1, unit: 'months', direction: 'after' },
      { anchor: () => ({ ...anchors.jornada!, date: '2024-01-31' }) },
      'Se cuenta 1 mes después; ese mes no tiene día 31 y se toma el último: jueves 29 de febrero de 2024.',
    ],
    [
      { ...before(5, 'days'), counting: 'by_process' },
      { process: { start: '2023-09-05', end: null, fixed_at: 'anchor' } },
      'El domingo 2 de junio de 2024 el proceso electoral está abierto: cuentan todos los días.',
    ],
    [
      { ...before(5, 'days'), counting: 'by_process' },
      { process: { start: '2023-09-05', end: '2024-05-31', fixed_at: 'anchor' } },
      'El domingo 2 de junio de 2024 no hay proceso electoral abierto: sólo cuentan los días hábiles.',
    ],
  ])('words %j', (input, more, sentence) => {
    expect(instances(input, more)[0]?.steps.map(({ text }) => text)).toContain(sentence);
  });
});

describe('a date is provisional', () => {
  test('when its anchor is not firm', () => {
    const counted = { type: 'offset', milestone: 'campana', amount: 5, unit: 'days', direction: 'after' };
    expect(instances(counted)[0]?.provisional).toEqual(['La fecha de «Inicio de campañas» es provisional']);
  });

  test('when working days of a year nobody confirmed were counted, rolled or chosen', () => {
    const unknown = { calendar: workingCalendar(officialNonWorkingDays(2024), []) };
    const reason = ['Los días inhábiles de 2024 no están confirmados'];
    expect(instances(before(3, 'business_days'), unknown)[0]?.provisional).toEqual(reason);
    expect(instances({ ...before(3, 'days'), roll: 'previous' }, unknown)[0]?.provisional).toEqual(reason);
    const series = {
      type: 'recurring',
      rrule: 'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1',
      from: '2024-03-01',
      until: '2024-03-31',
      counting: 'business',
    };
    expect(instances(series, unknown)[0]?.provisional).toEqual(reason);
  });

  test('and firm when only calendar days were counted from a firm anchor', () => {
    expect(instances(before(15, 'days'), { calendar: workingCalendar([]) })[0]?.provisional).toEqual([]);
  });

  test('and firm while the open process makes every day count', () => {
    const more: Partial<RuleContext> = {
      calendar: workingCalendar([]),
      process: { start: '2023-09-05', end: null, fixed_at: 'each_day' },
    };
    expect(instances({ ...before(5, 'days'), counting: 'by_process', roll: 'next' }, more)[0]).toMatchObject({
      due_on: '2024-05-28',
      provisional: [],
    });
  });
});

describe('what has no date yet', () => {
  test('waits for its milestone', () => {
    const waiting = computeDeadline(
      rule({ type: 'between', from: { milestone: 'jornada' }, to: { milestone: 'firma', days: 5 } }),
      context,
    );
    expect(waiting).toMatchObject({ kind: 'waiting', for: 'firma' });
    expect(waiting.kind === 'waiting' && waiting.steps.map(({ text }) => text)).toEqual([
      'Jornada electoral: domingo 2 de junio de 2024.',
      'Firma del convenio: aún sin fecha; el plazo queda en espera.',
    ]);
  });

  test('waits for its trigger, and is then counted anew each time it happens', () => {
    const each = rule({
      type: 'each',
      trigger: 'oficio',
      amount: 3,
      unit: 'business_days',
      direction: 'after',
    });
    expect(computeDeadline(each, context)).toMatchObject({ kind: 'waiting', for: 'oficio' });
    const received = (id: string, date: string | null) => ({ ...anchors.campana!, id, date, firm: true });
    const occurrences = () => [received('a', '2024-03-15'), received('b', null), received('c', '2024-05-06')];
    expect(instances(each, { occurrences }).map(({ key, due_on }) => [key, due_on])).toEqual([
      ['a', '2024-03-21'],
      ['c', '2024-05-09'],
    ]);
  });

  test('or never has one', () => {
    expect(computeDeadline(rule({ type: 'standing' }), context)).toMatchObject({ kind: 'undated' });
  });
});

test('a recurrence gives one instance per date, known by its date before the roll', () => {
  const series = {
    type: 'recurring',
    rrule: 'FREQ=MONTHLY;BYMONTHDAY=-1',
    from: '2024-03-01',
    until: { milestone: 'jornada', days: -2 },
    roll: 'next',
  };
  expect(instances(series).map(({ key, due_on }) => [key, due_on])).toEqual([
    ['2024-03-31', '2024-04-01'],
    ['2024-04-30', '2024-04-30'],
    ['2024-05-31', '2024-05-31'],
  ]);
});

test('a window keeps the hours its ends say and no others', () => {
  const window = (from: object, to: object) => instances({ type: 'between', from, to })[0];
  expect(
    window({ milestone: 'jornada', time: '20:00' }, { milestone: 'jornada', days: 1, time: '20:00' }),
  ).toMatchObject({ opens_on: '2024-06-02', opens_time: '20:00', due_on: '2024-06-03', due_time: '20:00' });
  const plain = window({ milestone: 'jornada', days: -1 }, { milestone: 'jornada' });
  expect(plain).toMatchObject({ opens_on: '2024-06-01', due_on: '2024-06-02' });
  expect(plain).not.toHaveProperty('due_time');
});

describe('a rule that cannot be computed names its field:', () => {
  test.each<[string, object, Partial<RuleContext>, string, string]>([
    [
      'an unknown milestone',
      { ...before(1, 'days'), milestone: 'veda' },
      {},
      'milestone',
      'No existe el hito «veda»',
    ],
    [
      'an unknown end',
      { type: 'between', from: '2024-01-01', to: { milestone: 'veda' } },
      {},
      'to.milestone',
      'No existe el hito «veda»',
    ],
    [
      'hours from a day without hour',
      { ...before(24, 'hours'), milestone: 'campana' },
      {},
      'milestone',
      'El plazo se cuenta en horas y su inicio (lunes 15 de abril de 2024) no tiene hora',
    ],
    [
      'hours after days in a chain',
      {
        type: 'chain',
        milestone: 'jornada',
        steps: [
          { amount: 1, unit: 'days' },
          { amount: 24, unit: 'hours' },
        ],
      },
      {},
      'steps.1.unit',
      'El plazo se cuenta en horas y su inicio (lunes 3 de junio de 2024) no tiene hora',
    ],
    [
      'hours since an occurrence without hour',
      { type: 'each', trigger: 'oficio', amount: 24, unit: 'hours', direction: 'after' },
      { occurrences: () => [{ ...anchors.campana!, id: 'a' }] },
      'trigger',
      'El plazo se cuenta en horas y su inicio (lunes 15 de abril de 2024) no tiene hora',
    ],
    [
      'a date before 2000',
      before(1, 'days'),
      { anchor: () => ({ ...anchors.jornada!, date: '2000-01-01' }) },
      'amount',
      'El resultado sale de los años 2000 a 2100',
    ],
    [
      'working days after 2100',
      { ...before(1, 'business_days'), direction: 'after' },
      { anchor: () => ({ ...anchors.jornada!, date: '2100-12-31' }) },
      'amount',
      'El resultado sale de los años 2000 a 2100',
    ],
    [
      'a roll after 2100',
      { type: 'on', date: '2100-12-31', roll: 'next' },
      { calendar: workingCalendar([{ day: '2100-12-31', name: 'Inhábil', source: 'x' }]) },
      'roll',
      'El resultado sale de los años 2000 a 2100',
    ],
    [
      'a fourth full week that spills over',
      { type: 'week_of_month', year: 2024, month: 2, n: 4 },
      {},
      'n',
      'Ese mes no tiene tantas semanas completas de lunes a domingo',
    ],
    [
      'an end before its start',
      { type: 'between', from: '2024-06-02', to: '2024-06-01' },
      {},
      'to',
      'La fecha límite (sábado 1 de junio de 2024) es anterior al inicio (domingo 2 de junio de 2024)',
    ],
    [
      'an end earlier the same day',
      {
        type: 'between',
        from: { date: '2024-06-02', time: '20:00' },
        to: { milestone: 'jornada', time: '08:00' },
      },
      {},
      'to',
      'La fecha límite (domingo 2 de junio de 2024, 8:00 h) es anterior al inicio (domingo 2 de junio de 2024, 20:00 h)',
    ],
    [
      'a roll to before the window opens',
      { type: 'between', from: '2024-06-01', to: '2024-06-02', roll: 'previous' },
      {},
      'roll',
      'La fecha límite (viernes 31 de mayo de 2024) es anterior al inicio (sábado 1 de junio de 2024)',
    ],
    [
      'a series that ends before it begins',
      { type: 'recurring', rrule: 'FREQ=DAILY', from: { milestone: 'jornada' }, until: '2024-06-01' },
      {},
      'until',
      'El fin es anterior al inicio',
    ],
    [
      'more than 500 dates',
      { type: 'recurring', rrule: 'FREQ=DAILY', from: '2024-01-01', until: '2026-01-01' },
      {},
      'rrule',
      'Son más de 500 fechas: acorte el periodo o espacie la repetición',
    ],
    [
      'a series that never happens',
      {
        type: 'recurring',
        rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
        from: '2024-01-01',
        until: '2026-01-01',
      },
      {},
      'rrule',
      'Nunca ocurre entre el lunes 1 de enero de 2024 y el jueves 1 de enero de 2026',
    ],
    [
      'a count by process without process',
      { ...before(1, 'days'), counting: 'by_process' },
      {},
      'counting',
      'Falta el proceso electoral del que depende el cómputo',
    ],
  ])('%s', (_what, input, more, field, message) => {
    expect(failure(input, more)).toEqual([field, message]);
  });
});
