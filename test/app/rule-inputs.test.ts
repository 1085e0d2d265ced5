// Every bad input for a rule, by its number in the list of bad inputs: the same words from the domain's parser, from
// the editor over HTTP and from `convenio compute`.
import { beforeAll, describe, expect, test } from 'vitest';
import { computeCase } from '../../app/domain/compute.ts';
import { parseDeadlineRule } from '../../app/domain/deadline-rule.ts';
import { blankRule } from '../../app/domain/rule-form.ts';
import type { TypedRule } from '../../app/domain/rule-fields.ts';
import type { Client } from '../support/client.ts';
import { factsOf } from '../support/facts.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let direction: Client;

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  await program.stopWorker();
  return () => program.close();
});

const REF = 'AT-SIJ-1';

type Case = [
  number: number,
  what: string,
  rule: Record<string, unknown>,
  /** The form's fields that say the same. */
  typed: Partial<TypedRule>,
  /** The field of the form at which the message stands. */
  field: keyof TypedRule,
  message: string,
  status?: number,
];

const written = (rrule: string, message: string, number: number, status = 400): Case => [
  number,
  rrule.slice(0, 60),
  { type: 'recurring', rrule, from: '2024-01-01', until: '2033-12-31' },
  {
    type: 'recurring',
    freq: 'CUSTOM',
    rrule,
    'from.date': '2024-01-01',
    'until.kind': 'date',
    'until.date': '2033-12-31',
  },
  'rrule',
  message,
  status,
];
const open = (rrule: string, message: string, number: number): Case => {
  const [, what, rule, typed, field] = written(rrule, message, number);
  const { until: _, ...endless } = rule;
  return [number, what, endless, { ...typed, 'until.kind': 'rrule', 'until.date': '' }, field, message];
};
const amount = (value: unknown, typed: string): Case => [
  28,
  `an offset of ${typed || 'nothing'}`,
  { type: 'offset', milestone: 'jornada', amount: value, unit: 'days', direction: 'before' },
  { type: 'offset', milestone: 'jornada', amount: typed, unit: 'days', direction: 'before' },
  'amount',
  '0 a 365 días',
];
const weekly = { type: 'recurring', rrule: 'FREQ=WEEKLY;BYDAY=MO', from: '2024-01-01', until: '2024-03-01' };
const weeklyTyped: Partial<TypedRule> = {
  type: 'recurring',
  freq: 'WEEKLY',
  interval: '1',
  'weekday.MO': 'on',
  'from.date': '2024-01-01',
  'until.kind': 'date',
  'until.date': '2024-03-01',
};

const CASES: Case[] = [
  ...['0', '-1', '.5', 'abc', '99999999999'].map((value) =>
    written(
      `FREQ=DAILY;INTERVAL=${value}`,
      `El intervalo debe ser un entero de 1 a 60 (INTERVAL=${value.toUpperCase()})`,
      16,
    ),
  ),
  ...['-5', '0', '1e8'].map((value) =>
    open(`FREQ=DAILY;COUNT=${value}`, `1 a 500 repeticiones (COUNT=${value.toUpperCase()})`, 17),
  ),
  ...['SECONDLY', 'MINUTELY', 'HOURLY'].map((freq) =>
    written(`FREQ=${freq}`, 'Sólo diario, semanal, mensual, anual', 18),
  ),
  written('FREQ=FORTNIGHTLY', 'Parte no válida: FREQ=FORTNIGHTLY', 19),
  written('FREQ=YEARLY;BYMONTH=13', 'Parte no válida: BYMONTH=13 (1 a 12)', 19),
  written('FREQ=WEEKLY;BYDAY=XX', 'Parte no válida: BYDAY=XX (MO, TU, WE', 19),
  written('FREQ=MONTHLY;BYMONTHDAY=32', 'Parte no válida: BYMONTHDAY=32 (1 a 31', 19),
  written('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=400', 'Parte no válida: BYSETPOS=400 (1 a 366', 19),
  written('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'Nunca ocurre', 20),
  written('FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=5', 'Nunca ocurre', 21),
  open('FREQ=DAILY', 'Indica fin o número', 22).with(4, 'until.date') as Case,
  written('FREQ=DAILY;UNTIL=20240230', 'La fecha final no existe', 23),
  written('FREQ=DAILY;UNTIL=20231231', 'El fin es anterior al inicio', 23),
  written('FREQ=DAILY;COUNT=3;UNTIL=20240601', 'Indica fecha final o número, no ambos', 23),
  [
    23,
    'an end before the start',
    { ...weekly, until: '2023-12-31' },
    { ...weeklyTyped, 'until.date': '2023-12-31' },
    'until.date',
    'El fin es anterior al inicio',
  ],
  [
    24,
    'no start',
    { ...weekly, from: undefined },
    { ...weeklyTyped, 'from.date': '' },
    'from.date',
    'Falta la fecha de inicio',
  ],
  written(
    `FREQ=MONTHLY;BYMONTHDAY=${'1,'.repeat(10_000)}1`,
    'Regla demasiado larga (máx. 500 caracteres)',
    25,
    413,
  ),
  ...['BYEASTER', 'BYWEEKNO', 'RSCALE', 'SKIP', 'X-COSA'].map((part) =>
    written(`FREQ=DAILY;${part}=1`, `${part} no se admite`, 26),
  ),
  written('RRULE:FREQ=DAILY\r\nEXDATE:20240101', 'La regla debe ser una sola línea', 27),
  written('RRULE:FREQ=DAILY\r\nATTENDEE:mailto:x', 'La regla debe ser una sola línea', 27),
  amount(-99_999, '-99999'),
  amount(1e9, '1e9'),
  amount('NaN', 'NaN'),
  amount(-0, '-0'),
  amount(3.5, '3.5'),
  amount('', ''),
];

/** The case of the command line; JSON.stringify would write a negative zero as 0. */
function lineOf(rule: Record<string, unknown>): string {
  const line = JSON.stringify({ rule, milestones: { jornada: '2024-06-02' } });
  return Object.is(rule['amount'], -0) ? line.replace('"amount":0', '"amount":-0') : line;
}

/** The form as a browser sends it: fields without value too, unchecked boxes not. */
function formOf(typed: Partial<TypedRule>): Record<string, string> {
  const fields = { ...blankRule('offset'), ...typed };
  const form = Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== '' || !/^(weekday|months)\./.test(name)),
  );
  return {
    ...form,
    sentence: 'Lo que dice el documento',
    act: 'Oficio 7',
    base_version: '1',
    seen: '',
    intent: 'preview',
  };
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };
const readable = (html: string) =>
  html.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => NAMED[name] ?? '');

/** What stands at a field of a page. */
function errorAt(page: string, field: string): string {
  const id = field.replaceAll('.', '\\.');
  return readable(
    new RegExp(`id="${id}-error"[^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]*)`).exec(page)?.[1] ?? '',
  );
}

describe.each(CASES)('%i: %s', (_number, _what, rule, typed, field, message, status = 400) => {
  test('is refused by the domain and by the command line in the same words', () => {
    const read = parseDeadlineRule(rule);
    const answer = JSON.parse(computeCase(lineOf(rule))) as {
      error?: { field: string; message: string };
    };
    if (!read.ok) expect(read.errors[0]?.message).toContain(message);
    expect(answer.error?.message).toContain(message);
  });

  test('is refused by the editor at its field, with what was typed, and nothing is saved', async () => {
    const before = await factsOf(program.db);
    const answer = await direction.post(`/obligaciones/${REF}/regla?tipo=${typed.type}`, formOf(typed));
    const page = await answer.text();
    expect(errorAt(page, field)).toContain(message);
    expect(answer.status).toBe(status);
    const kept = typed[field]?.replace(/[\r\n]/g, '') ?? '';
    expect(readable(page).replace(/[\r\n]/g, '')).toContain(kept);
    expect(page).toContain('Lo que dice el documento');
    expect(await factsOf(program.db)).toEqual(before);
  });
});

describe('the fields in plain words are refused too:', () => {
  test.each<[number, Partial<TypedRule>, keyof TypedRule, string]>([
    [16, { ...weeklyTyped, interval: '0' }, 'interval', 'El intervalo debe ser un entero de 1 a 60'],
    [
      16,
      { ...weeklyTyped, interval: '1;BYEASTER=1' },
      'interval',
      'El intervalo debe ser un entero de 1 a 60',
    ],
    [17, { ...weeklyTyped, 'until.kind': 'count', count: '501' }, 'count', '1 a 500 repeticiones'],
    [18, { ...weeklyTyped, freq: 'HOURLY' }, 'freq', 'Elige cada cuánto se repite'],
    [19, { ...weeklyTyped, 'weekday.MO': '' }, 'weekday.MO', 'Elige al menos un día de la semana'],
    [19, { ...weeklyTyped, freq: 'MONTHLY', month_day: '10, 32' }, 'month_day', 'Día no válido: 32 (1 a 31'],
    [19, { ...weeklyTyped, freq: 'YEARLY', month_day: '10' }, 'months.1', 'Elige al menos un mes'],
    [
      20,
      { ...weeklyTyped, freq: 'YEARLY', 'months.2': 'on', month_day: '30' },
      'freq',
      'Nunca ocurre entre el lunes 1 de enero de 2024 y el viernes 1 de marzo de 2024',
    ],
    [22, { ...weeklyTyped, 'until.date': '' }, 'until.date', 'Indica fin o número'],
    [1, { type: 'on', date: '2024-02-30' }, 'date', 'Esa fecha no existe (febrero de 2024 tiene 29 días)'],
    [
      12,
      { type: 'between', 'from.date': '2024-05-20', 'to.date': '2024-05-01' },
      'to.date',
      'La fecha límite (miércoles 1 de mayo de 2024) es anterior al inicio',
    ],
    [28, { type: 'chain', milestone: 'jornada' }, 'steps.0.amount', 'Indica al menos un plazo'],
    [28, { type: 'duration', milestone: '', amount: '5' }, 'milestone', 'Elige el hito'],
    [28, { type: 'each', trigger: '', amount: '5' }, 'trigger', 'Elige el evento'],
    [
      30,
      { type: 'offset', milestone: `obligacion:${REF}`, amount: '5' },
      'milestone',
      `Dependencia circular: ${REF} → ${REF}`,
    ],
    [30, { type: 'offset', milestone: 'nadie', amount: '5' }, 'milestone', 'No existe el hito «nadie»'],
  ])('%i: %j', async (_number, typed, field, message) => {
    const before = await factsOf(program.db);
    const answer = await direction.post(`/obligaciones/${REF}/regla?tipo=${typed.type}`, formOf(typed));
    const page = await answer.text();
    expect(errorAt(page, field)).toContain(message);
    expect(answer.status).toBe(400);
    expect(await factsOf(program.db)).toEqual(before);
  });

  test('25: a form of a megabyte is not even read', async () => {
    const answer = await direction.post(
      `/obligaciones/${REF}/regla?tipo=recurring`,
      formOf({ ...weeklyTyped, freq: 'CUSTOM', rrule: 'x'.repeat(1_000_000) }),
    );
    expect(answer.status).toBe(413);
  });

  test('29: a reminder whose day has passed is said not to be sent', async () => {
    const soon = formOf({ type: 'on', date: '2024-05-20' });
    const page = await (await direction.post(`/obligaciones/${REF}/regla?tipo=on`, soon)).text();
    expect(page).toContain('10 días antes (vie 10 may): ese aviso ya pasó; no se enviará.');
    expect(page).not.toContain('1 día antes (dom 19 may)');
  });
});

test('30: milestones that count from each other are refused on the command line with their circle', () => {
  const counted = (milestone: string) => ({
    type: 'offset',
    milestone,
    amount: 1,
    unit: 'days',
    direction: 'after',
  });
  const answer = JSON.parse(
    computeCase(JSON.stringify({ rule: counted('A'), milestones: { A: counted('B'), B: counted('A') } })),
  ) as { error?: { message: string } };
  expect(answer.error?.message).toBe('Dependencia circular: A → B → A');
});

test('every number from 16 to 30 is here', () => {
  const numbers = new Set(CASES.map(([number]) => number));
  expect([...numbers].sort((a, b) => a - b)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28]);
});
