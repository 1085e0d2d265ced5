import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeCase } from '../../app/domain/compute.ts';

interface WorkedCase {
  id: string;
  title: string;
  expected: unknown;
}
interface Answer {
  id?: string;
  result?: unknown;
  steps?: { op: string; text: string }[];
  error?: { field: string; message: string };
}

const files = ['worked-cases.jsonl', 'further-cases.jsonl'].map((name) =>
  fileURLToPath(new URL(name, import.meta.url)),
);
const lines = files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
const cases = lines.map((line) => ({ line, ...(JSON.parse(line) as WorkedCase) }));

function answer(input: unknown): Answer {
  return JSON.parse(computeCase(typeof input === 'string' ? input : JSON.stringify(input))) as Answer;
}

test.each(cases)('worked case $id: $title', ({ line, expected }) => {
  const { result, steps, error, ...echoed } = answer(line);
  expect(error).toBeUndefined();
  expect(result).toEqual(expected);
  expect(steps?.length).toBeGreaterThan(0);
  expect(echoed).toEqual(JSON.parse(line));
});

test('all the worked cases come out the same whatever the zone of the machine', () => {
  const here = lines.map((line) => computeCase(line)).join('\n');
  const program = `
    import { readFileSync } from 'node:fs';
    import { computeCase } from './app/domain/compute.ts';
    const lines = process.argv.slice(1).flatMap((file) => readFileSync(file, 'utf8').trim().split('\\n'));
    process.stdout.write(lines.map((line) => computeCase(line)).join('\\n'));
  `;
  for (const TZ of ['Asia/Kolkata', 'Pacific/Kiritimati', 'America/Mexico_City', 'UTC']) {
    const there = execFileSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', program, '--', ...files],
      { cwd: new URL('../../', import.meta.url), env: { ...process.env, TZ }, encoding: 'utf8' },
    );
    expect(there, TZ).toBe(here);
  }
});

const offset = { type: 'offset', milestone: 'jornada', amount: 30, unit: 'days', direction: 'before' };
const asked = { id: 'x', rule: offset, milestones: { jornada: '2024-06-02T08:00' } };

describe('a case that cannot be answered names its field:', () => {
  test.each<[string, unknown, string, string]>([
    ['no JSON', '{', 'line', 'La línea no es un objeto JSON válido'],
    ['an empty line', '', 'line', 'La línea no es un objeto JSON válido'],
    ['a list', [asked], 'line', 'La línea no es un objeto JSON válido'],
    ['null', null, 'line', 'La línea no es un objeto JSON válido'],
    [
      'a line of 2 MB',
      { ...asked, note: 'x'.repeat(2_000_000) },
      'line',
      'Línea demasiado larga (máx. 1,000,000 de caracteres)',
    ],
    ['no rule', { id: 'x' }, 'rule', 'Falta la regla'],
    ['a rule that is text', { ...asked, rule: 'ayer' }, 'rule', 'La regla debe ser un objeto'],
    ['an id that is a list', { ...asked, id: [] }, 'id', 'Escribe un texto'],
    ['an unknown milestone', { ...asked, milestones: {} }, 'rule.milestone', 'No existe el hito «jornada»'],
    ['no milestones', { ...asked, milestones: null }, 'rule.milestone', 'No existe el hito «jornada»'],
    [
      'a milestone of the prototype',
      { ...asked, rule: { ...offset, milestone: 'constructor' } },
      'rule.milestone',
      'No existe el hito «constructor»',
    ],
    [
      'a prototype as milestone',
      '{"rule":{"type":"standing"},"milestones":{"__proto__":"2024-01-01"}}',
      'milestones.__proto__',
      'Indica la clave de un hito',
    ],
    [
      'milestones in a list',
      { ...asked, milestones: ['2024-06-02'] },
      'milestones',
      'Indica un objeto de hitos',
    ],
    [
      'a numeric milestone',
      { ...asked, milestones: { jornada: 20240602 } },
      'milestones.jornada',
      'Escribe AAAA-MM-DD, AAAA-MM-DDTHH:MM, null o una regla',
    ],
    [
      'a list as milestone',
      { ...asked, milestones: { jornada: ['2024-06-02'] } },
      'milestones.jornada',
      'Escribe AAAA-MM-DD, AAAA-MM-DDTHH:MM, null o una regla',
    ],
    [
      'an impossible milestone',
      { ...asked, milestones: { jornada: '2023-02-29' } },
      'milestones.jornada',
      'Esa fecha no existe (febrero de 2023 tiene 28 días)',
    ],
    [
      'an impossible hour',
      { ...asked, milestones: { jornada: '2024-06-02T24:00' } },
      'milestones.jornada',
      'Hora no válida: escribe HH:MM, de 00:00 a 23:59',
    ],
    ['too many days', { ...asked, rule: { ...offset, amount: 366 } }, 'rule.amount', '0 a 365 días'],
    ['an amount as text', { ...asked, rule: { ...offset, amount: '30' } }, 'rule.amount', '0 a 365 días'],
    ['an unknown field', { ...asked, rule: { ...offset, amonut: 3 } }, 'rule.amonut', 'Campo desconocido'],
    [
      'a deeply nested rule',
      `{"rule":{"type":"on","date":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
      'rule.date',
      'Escribe la fecha como AAAA-MM-DD',
    ],
    [
      'hours from a day',
      { ...asked, rule: { ...offset, unit: 'hours' }, milestones: { jornada: '2024-06-02' } },
      'rule.milestone',
      'El plazo se cuenta en horas y su inicio (domingo 2 de junio de 2024) no tiene hora',
    ],
    [
      'an impossible holiday',
      { ...asked, holidays: ['2024-01-01', '2024-02-30'] },
      'holidays.1',
      'Esa fecha no existe (febrero de 2024 tiene 29 días)',
    ],
    [
      'holidays that are no list',
      { ...asked, holidays: '2024-01-01' },
      'holidays',
      'Indica una lista de fechas',
    ],
    ['an unknown regime', { ...asked, regime: 'hábil' }, 'regime', 'Use natural, habil o proceso'],
    [
      'a regime by process without process',
      { ...asked, regime: 'proceso' },
      'process',
      'Falta el proceso electoral',
    ],
    [
      'a process that ends before it starts',
      { ...asked, process: { start: '2024-01-02', end: '2024-01-01' } },
      'process.end',
      'El fin es anterior al inicio',
    ],
    [
      'a process without start',
      { ...asked, process: {} },
      'process.start',
      'Escribe la fecha como AAAA-MM-DD',
    ],
    [
      'an unknown moment to fix the regime',
      { ...asked, process: { start: '2024-01-02', regime_fixed_at: 'hoy' } },
      'process.regime_fixed_at',
      'Use anchor o each_day',
    ],
    [
      'an unknown option',
      { ...asked, options: { rol: 'next_business' } },
      'options.rol',
      'Campo desconocido',
    ],
    [
      'an unknown roll',
      { ...asked, options: { roll: 'next' } },
      'options.roll',
      'Use none, next_business o previous_business',
    ],
    ...['Mars/Base', 'GMT+25', 5].map((tz): [string, unknown, string, string] => [
      `the zone ${tz}`,
      { ...asked, options: { tz } },
      'options.tz',
      'Zona horaria desconocida',
    ]),
    [
      'a window without its first day',
      { ...asked, rule: { type: 'relative_window', milestone: 'jornada', to_days: 2 } },
      'rule.from_days',
      '-365 a 365 días',
    ],
    [
      'a window that ends before it opens',
      { ...asked, rule: { type: 'relative_window', milestone: 'jornada', from_days: 2, to_days: 1 } },
      'rule.to_days',
      'La fecha límite (lunes 3 de junio de 2024) es anterior al inicio (martes 4 de junio de 2024)',
    ],
    [
      'a window from an unknown milestone',
      { ...asked, rule: { type: 'relative_window', milestone: 'veda', from_days: 1, to_days: 2 } },
      'rule.milestone',
      'No existe el hito «veda»',
    ],
    [
      'a re-anchoring to an impossible date',
      { ...asked, rule: { type: 'reanchor', base: offset, milestone: 'jornada', new: '2024-02-30' } },
      'rule.new',
      'Esa fecha no existe (febrero de 2024 tiene 29 días)',
    ],
    [
      'a re-anchoring of an unknown milestone',
      { ...asked, rule: { type: 'reanchor', base: offset, milestone: 'veda', new: '2024-02-28' } },
      'rule.milestone',
      'No existe el hito «veda»',
    ],
    [
      'a re-anchoring with a wrong base',
      {
        ...asked,
        rule: { type: 'reanchor', base: { ...offset, amount: -1 }, milestone: 'jornada', new: '2024-02-28' },
      },
      'rule.base.amount',
      '0 a 365 días',
    ],
    [
      'a re-anchoring of a re-anchoring',
      {
        ...asked,
        rule: { type: 'reanchor', base: { type: 'reanchor' }, milestone: 'jornada', new: '2024-02-28' },
      },
      'rule.base.type',
      'Tipo de regla desconocido: use on, between, offset, duration, week_of_month, chain, recurring, each o standing',
    ],
    [
      'a derived milestone with a wrong rule',
      { ...asked, milestones: { jornada: '2024-06-02', fin: { ...offset, amount: 999 } } },
      'milestones.fin.amount',
      '0 a 365 días',
    ],
    [
      'a derived milestone of an unknown one',
      { ...asked, milestones: { jornada: '2024-06-02', fin: { ...offset, milestone: 'veda' } } },
      'milestones.fin.milestone',
      'No existe el hito «veda»',
    ],
    [
      'a derived milestone with many dates',
      {
        ...asked,
        milestones: {
          jornada: { type: 'recurring', rrule: 'FREQ=DAILY', from: '2024-01-01', until: '2024-01-02' },
        },
      },
      'milestones.jornada',
      'Un hito debe dar una sola fecha',
    ],
    [
      'a milestone that happens many times',
      {
        ...asked,
        milestones: { jornada: { ...offset, type: 'each', milestone: undefined, trigger: 'oficio' } },
      },
      'milestones.jornada',
      'Un hito debe dar una sola fecha',
    ],
    [
      'milestones that go round',
      { ...asked, milestones: { a: { ...offset, milestone: 'b' }, b: { ...offset, milestone: 'a' } } },
      'milestones.a',
      'Dependencia circular: a → b → a',
    ],
    [
      'a milestone counted from itself',
      { ...asked, milestones: { jornada: offset } },
      'milestones.jornada',
      'Dependencia circular: jornada → jornada',
    ],
    [
      'a circle entered from outside',
      {
        ...asked,
        milestones: {
          z: { ...offset, milestone: 'a' },
          a: { ...offset, milestone: 'b' },
          b: { ...offset, milestone: 'c' },
          c: { ...offset, milestone: 'a' },
        },
      },
      'milestones.a',
      'Dependencia circular: a → b → c → a',
    ],
  ])('%s', (_what, input, field, message) => {
    const { error, result } = answer(input);
    expect(error).toEqual({ field, message });
    expect(result).toBeUndefined();
  });
});

describe('an answer', () => {
  test('drops what the line brought as an answer', () => {
    expect(answer({ ...asked, result: '1999-01-01', steps: [], error: 'x' })).toMatchObject({
      id: 'x',
      result: '2024-05-03',
    });
    expect(answer({ ...asked, milestones: {}, result: '1999-01-01' })).not.toHaveProperty('result');
  });

  test('takes what the rule says itself before what the case says', () => {
    const own = { ...asked, rule: { ...offset, counting: 'natural', roll: 'none' } };
    expect(answer({ ...own, regime: 'habil', options: { roll: 'next_business' } }).result).toBe('2024-05-03');
  });

  test('counts a derived milestone by the regime of the case, and rolls only what is asked', () => {
    const milestones = { jornada: '2024-06-02', previo: { ...offset, amount: 15 } };
    const rule = { ...offset, milestone: 'previo', amount: 0 };
    expect(answer({ rule, milestones, options: { roll: 'previous_business' } }).result).toBe('2024-05-17');
    expect(
      answer({ rule: { ...rule, amount: 1 }, milestones, options: { roll: 'next_business' } }).result,
    ).toBe('2024-05-17');
    expect(answer({ rule, milestones, regime: 'habil' }).result).toBe('2024-05-13');
  });

  test('waits for a milestone derived from one without date', () => {
    const milestones = { jornada: null, previo: { ...offset, amount: 15 } };
    expect(answer({ rule: { ...offset, milestone: 'previo' }, milestones }).result).toBeNull();
  });

  test('is JSON for any line, with a result or an error but not both', () => {
    const scrap = fc.oneof(
      fc.jsonValue(),
      fc.string(),
      fc.constantFrom('2024-06-02', '2024-06-02T08:00', -0, 1e9),
    );
    const input = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record(
          {
            id: scrap,
            rule: fc.oneof(
              scrap,
              fc.dictionary(fc.constantFrom('type', 'milestone', 'amount', 'unit', 'direction', 'x'), scrap),
              fc.record({
                type: fc.constantFrom(
                  'on',
                  'between',
                  'offset',
                  'duration',
                  'chain',
                  'recurring',
                  'each',
                  'reanchor',
                  'clear_days',
                ),
                milestone: fc.constantFrom<unknown>('a', '__proto__', 7),
                amount: scrap,
                unit: fc.constantFrom<unknown>('days', 'hours', null),
                direction: fc.constantFrom<unknown>('before', []),
              }),
            ),
            milestones: fc.oneof(scrap, fc.dictionary(fc.constantFrom('a', '__proto__', 'b'), scrap)),
            holidays: scrap,
            regime: scrap,
            process: scrap,
            options: scrap,
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(input, (line) => {
        const { error, ...rest } = answer(line);
        return (error === undefined) === 'result' in rest && (error === undefined || error.field !== '');
      }),
      { numRuns: 3000 },
    );
  });
});
