import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDeadlineRule } from '../../app/domain/deadline-rule.ts';
import { readRuleForm, ruleFields } from '../../app/domain/rule-form.ts';
import { ruleWords, type AnchorInWords } from '../../app/domain/rule-words.ts';
import { rules } from '../support/generated-rules.ts';

const ANCHORS: Record<string, AnchorInWords> = {
  jornada: { name: 'Jornada electoral' },
  con_fecha: { name: 'Jornada electoral', date: '2024-06-02', time: '08:00', firm: true },
  incierta: { name: 'Inicio de campañas', date: '2024-04-15', firm: false },
  sin_fecha: { name: 'Firma del Anexo Técnico', date: null, firm: false },
  sesion: { name: 'Sesión del Consejo General del IEM' },
  'obligacion:AT-B-1': { name: 'AT-B-1 · Entregar la lista', date: '2024-05-02', firm: false },
  raro: { name: 'Webinar de cierre' },
};

function said(input: object): string {
  const read = parseDeadlineRule(input);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return ruleWords(read.rule, (key) => ANCHORS[key]);
}

const offset = { type: 'offset', milestone: 'jornada', amount: 15, unit: 'days', direction: 'before' };
const series = (rrule: string, more: object = {}) => ({
  type: 'recurring',
  rrule,
  from: '2024-01-01',
  until: '2024-06-30',
  ...more,
});
const FROM_TO = ', del lunes 1 de enero de 2024 al domingo 30 de junio de 2024';

describe('a rule is said in one sentence:', () => {
  test.each<[object, string]>([
    [offset, '15 días naturales antes de la Jornada electoral'],
    [{ ...offset, amount: 1, direction: 'after' }, '1 día natural después de la Jornada electoral'],
    [{ ...offset, amount: 0 }, 'El mismo día de la Jornada electoral'],
    [{ ...offset, counting: 'business' }, '15 días hábiles antes de la Jornada electoral'],
    [{ ...offset, unit: 'business_days' }, '15 días hábiles antes de la Jornada electoral'],
    [
      { ...offset, counting: 'by_process', roll: 'next', conditional: 'en su caso' },
      '15 días antes de la Jornada electoral; durante el proceso electoral cuentan todos los días; fuera de él, sólo los hábiles; si cae en día inhábil, pasa al día hábil siguiente; condición: en su caso',
    ],
    [
      { ...offset, roll: 'previous' },
      '15 días naturales antes de la Jornada electoral; si cae en día inhábil, se adelanta al día hábil anterior',
    ],
    [
      { ...offset, amount: 3, clear_days: true },
      'Con 3 días naturales completos y libres antes de la Jornada electoral',
    ],
    [
      { ...offset, milestone: 'con_fecha' },
      '15 días naturales antes de la Jornada electoral (domingo 2 de junio de 2024)',
    ],
    [
      { ...offset, milestone: 'con_fecha', unit: 'hours', amount: 24 },
      '24 horas antes de la Jornada electoral (domingo 2 de junio de 2024, 8:00 h)',
    ],
    [
      {
        ...offset,
        milestone: 'incierta',
        unit: 'months',
        amount: 1,
        month_overflow: 'first_business_next_month',
      },
      '1 mes antes del inicio de campañas (fecha provisional: lunes 15 de abril de 2024); si el mes no tiene ese día, se toma el primer día hábil del mes siguiente',
    ],
    [
      { ...offset, milestone: 'sin_fecha', unit: 'weeks', amount: 2 },
      '2 semanas antes de la firma del Anexo Técnico (aún sin fecha)',
    ],
    [
      { ...offset, milestone: 'obligacion:AT-B-1', direction: 'after' },
      '15 días naturales después de «AT-B-1 · Entregar la lista» (fecha provisional: jueves 2 de mayo de 2024)',
    ],
    [{ ...offset, milestone: 'raro' }, '15 días naturales antes de «Webinar de cierre»'],
    [{ ...offset, milestone: 'desconocida' }, '15 días naturales antes de «desconocida»'],
    [{ type: 'on', date: '2024-03-14', time: '18:00' }, 'El jueves 14 de marzo de 2024, 18:00 h'],
    [
      {
        type: 'between',
        from: '2024-04-09',
        to: { milestone: 'jornada', days: -1, time: '20:00' },
      },
      'Del martes 9 de abril de 2024 a 1 día natural antes de la Jornada electoral, 20:00 h',
    ],
    [
      { type: 'duration', milestone: 'incierta', amount: 45 },
      '45 días naturales desde el inicio de campañas (fecha provisional: lunes 15 de abril de 2024), contando ese día como el primero',
    ],
    [
      { type: 'duration', milestone: 'jornada', amount: 1, count_first: false },
      '1 día natural que empiezan el día siguiente a la Jornada electoral',
    ],
    [
      { type: 'week_of_month', year: 2023, month: 9, n: 1 },
      'La semana completa número 1 de septiembre de 2023, de lunes a domingo',
    ],
    [
      {
        type: 'chain',
        milestone: 'sesion',
        steps: [
          { amount: 72, unit: 'hours' },
          { amount: 1, unit: 'days', direction: 'before' },
        ],
      },
      '72 horas después de la sesión del Consejo General del IEM, luego 1 día natural antes',
    ],
    [
      { type: 'each', trigger: 'sesion', amount: 24, unit: 'hours', direction: 'after' },
      '24 horas después de cada sesión del Consejo General del IEM',
    ],
    [{ type: 'standing' }, 'Deber permanente, sin fecha propia'],
    [series('FREQ=MONTHLY;BYMONTHDAY=-1'), `El último día de cada mes${FROM_TO}`],
    [series('FREQ=MONTHLY;BYMONTHDAY=10'), `El día 10 de cada mes${FROM_TO}`],
    [series('FREQ=MONTHLY;BYMONTHDAY=15,-1'), `Los días 15 y último de cada mes${FROM_TO}`],
    [
      series('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', { counting: 'business' }),
      `El último día hábil de cada mes${FROM_TO}`,
    ],
    [
      series('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'),
      `El último día de lunes a viernes de cada mes${FROM_TO}`,
    ],
    [series('FREQ=MONTHLY;BYDAY=2WE'), `El segundo miércoles de cada mes${FROM_TO}`],
    [series('FREQ=WEEKLY;BYDAY=FR'), `Cada viernes${FROM_TO}`],
    [series('FREQ=WEEKLY;BYDAY=SA'), `Cada sábado${FROM_TO}`],
    [
      series('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU'),
      `Cada 2 semanas, los lunes y los viernes, con semanas que empiezan en domingo${FROM_TO}`,
    ],
    [series('FREQ=DAILY;INTERVAL=15'), `Cada 15 días${FROM_TO}`],
    [series('FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1'), `Cada 3 meses, el último día del mes${FROM_TO}`],
    [
      series('FREQ=YEARLY;BYMONTH=4,8,12;BYMONTHDAY=-1'),
      `El último día de abril, agosto y diciembre de cada año${FROM_TO}`,
    ],
    [series('FREQ=YEARLY;BYMONTHDAY=5'), `El día 5 de todos los meses de cada año${FROM_TO}`],
    [series('FREQ=MONTHLY'), `Cada mes, en el número de día de su inicio${FROM_TO}`],
    [series('FREQ=DAILY', { counting: 'business' }), `Cada día, si es hábil${FROM_TO}`],
    [
      { ...series('FREQ=WEEKLY;BYDAY=MO;COUNT=10'), until: undefined },
      'Cada lunes, 10 veces, desde el lunes 1 de enero de 2024',
    ],
    [
      { ...series('FREQ=WEEKLY;BYDAY=MO;UNTIL=20240301'), until: undefined },
      'Cada lunes, hasta el viernes 1 de marzo de 2024, desde el lunes 1 de enero de 2024',
    ],
  ])('%j', (input, sentence) => {
    expect(said(input)).toBe(sentence);
  });
});

const UNIT_WORDS = {
  hours: /\bhoras?\b/,
  days: /\bdías?\b/,
  business_days: /\bdías? hábil/,
  weeks: /\bsemanas?\b/,
  months: /\bmes(es)?\b/,
};

test('2,000 random rules are said with unit, direction, anchor, counting and roll, and by the fields of a form', () => {
  fc.assert(
    fc.property(rules, (input) => {
      const read = parseDeadlineRule(input);
      if (!read.ok) throw new Error(JSON.stringify(read.errors));
      const { rule } = read;
      const words = ruleWords(rule, (key) => ({ name: `Firma ${key}` }));
      expect(words).toMatch(/^[\p{Lu}\d]/u);
      expect(words).not.toMatch(/undefined|NaN|null|\bde el\b|\ba el\b|[,;]$/);
      if (JSON.stringify(input).includes('"milestone"')) expect(words).toMatch(/la firma [ab]/);
      if ('unit' in rule && rule.amount > 0) expect(words).toMatch(UNIT_WORDS[rule.unit]);
      if ('direction' in rule && rule.amount > 0) {
        expect(words).toContain(rule.direction === 'before' ? 'antes' : 'después');
      }
      const counted = 'unit' in rule && rule.unit === 'days' && (rule.amount > 0 || rule.type === 'duration');
      if (counted && rule.counting === 'natural') expect(words).toMatch(/días? natural/);
      if (counted && rule.counting === 'business') expect(words).toMatch(/días? hábil/);
      expect(words.includes('durante el proceso electoral')).toBe(rule.counting === 'by_process');
      expect(words.includes('pasa al día hábil siguiente')).toBe(rule.roll === 'next');
      expect(words.includes('se adelanta al día hábil anterior')).toBe(rule.roll === 'previous');
      expect(readRuleForm(ruleFields(rule))).toEqual(read);
    }),
    { numRuns: 2000 },
  );
});
