import { describe, expect, test } from 'vitest';
import type { Attention } from '../../app/domain/attention.ts';
import { readAttentionForm, readExceptionForm } from '../../app/domain/attention-form.ts';
import { levelOf, LEVELS, readLadderForm, rowOf, sampleLadder } from '../../app/domain/ladder-form.ts';
import { DEFAULT_LADDER, startingLadder } from '../../app/domain/ladder.ts';
import { digestMail } from '../../emails/digest.tsx';
import { escalationMail } from '../../emails/escalation.tsx';
import { sampleDigest, sampleEscalation, sampleItem } from '../../emails/samples.ts';

const TODAY = '2024-05-15';
const always: Attention = {
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  on_rest_days: true,
  hour: '08:00',
  rest_days: new Set(),
  exceptions: new Map(),
};
const row = (cuanto: string, more: Partial<ReturnType<typeof rowOf>> = {}) => ({
  cuanto,
  unidad: 'dias',
  momento: 'antes',
  nivel: 'area',
  ...more,
});
const after = { momento: 'despues', nivel: 'head' };

describe('a ladder in a form', () => {
  test.each(['high', 'hours'] as const)('reads back what it shows: %s', (name) => {
    const rungs = startingLadder(name);
    const read = readLadderForm(rungs.map(rowOf), '2024-05-16', TODAY);
    expect(read).toEqual({ ok: true, value: { rungs, from_on: '2024-05-16' } });
  });

  test('leaves out empty rows and sorts the others', () => {
    const rows = [row('3', after), row(''), row('0'), row('12', { unidad: 'horas' })];
    const read = readLadderForm(rows, '2024-06-01', TODAY);
    expect(read.ok && read.value.rungs.map(({ key }) => key)).toEqual(['-12h', '0', '+3']);
  });

  test.each([
    [[row('x'), row('1', after)], 'cuanto-0', 'Escribe un número entero'],
    [[row('1'), row('-2', after)], 'cuanto-1', 'Escribe un número entero'],
    [[row('91'), row('1', after)], 'cuanto-0', 'A lo más 90 días'],
    [[row('97', { unidad: 'horas' }), row('1', after)], 'cuanto-0', 'A lo más 96 horas'],
    [[row('0', after), row('1')], 'cuanto-0', 'El mismo día se escribe'],
    [[row('1'), row('24', { unidad: 'horas' }), row('1', after)], 'cuanto-1', 'Ya hay un peldaño'],
    [[row('1', { nivel: '__proto__' }), row('1', after)], 'cuanto-0', 'Elige unidad'],
    [[row('1', { unidad: 'meses' }), row('1', after)], 'cuanto-0', 'Elige unidad'],
    [[row('1', after)], 'cuanto-0', 'al menos un recordatorio'],
    [[row('1')], 'cuanto-0', 'no puede quedar en silencio'],
    [[], 'cuanto-0', 'al menos un recordatorio'],
  ])('refuses %j', (rows, field, words) => {
    const read = readLadderForm(rows, '2024-05-16', TODAY);
    expect(read.ok ? '' : read.errors[field]).toContain(words);
  });

  test.each([
    ['', 'Indica desde qué día'],
    [TODAY, 'posterior a hoy'],
    ['2024-02-30', 'Esa fecha no existe'],
  ])('refuses to hold from %j', (from, words) => {
    const read = readLadderForm([row('1'), row('1', after)], from, TODAY);
    expect(read.ok ? '' : read.errors['desde']).toContain(words);
  });

  test('calls each level by its people', () => {
    for (const level of Object.keys(LEVELS) as (keyof typeof LEVELS)[]) {
      expect(levelOf({ audience: [...LEVELS[level].audience].reverse() })).toBe(level);
    }
  });
});

describe('what a rung would send', () => {
  test.each([false, true])('begins as the mail itself does; owed by the INE: %s', (owed_by_ine) => {
    const samples = sampleLadder(
      DEFAULT_LADDER,
      { due_on: '2024-05-18', lapses_at: null, owed_by_ine },
      always,
    );
    expect(samples).toHaveLength(7);
    for (const { rung, subject } of samples) {
      const item = sampleItem(-rung.amount, { owed_by_ine });
      // The samples of the mails stand on 15 May: the day of the week of their date is not this one's.
      const mail =
        rung.kind === 'reminder'
          ? digestMail(sampleDigest({ upcoming: [item] }))
          : escalationMail(sampleEscalation(false, 'la persona titular', [item]));
      const lead = subject.replace(/ ?\(?(lun|mar|mié|jue|vie|sáb|dom) \d+ \w+\)?$/, '');
      expect(mail.subject.startsWith(lead)).toBe(true);
    }
  });

  test('says that the day itself goes with the reminder before, and hours by their hour', () => {
    const office = { ...always, weekdays: [1, 2, 3, 4, 5] };
    const days = sampleLadder(
      DEFAULT_LADDER,
      { due_on: '2024-05-19', lapses_at: null, owed_by_ine: false },
      office,
    );
    expect(days.filter(({ said_before }) => said_before).map(({ rung }) => rung.key)).toEqual(['0']);
    const hours = sampleLadder(
      startingLadder('hours'),
      { due_on: '2024-06-02', lapses_at: '2024-06-03T02:00:00Z', owed_by_ine: false },
      office,
    );
    expect(hours.filter(({ rung }) => rung.unit === 'hours').map(({ on, subject }) => [on, subject])).toEqual(
      [
        ['2024-06-01T20:00', 'Vence en 24 horas'],
        ['2024-06-02T16:00', 'Vence en 4 horas'],
        ['2024-06-02T21:00', 'Vencida hace 1 hora'],
      ],
    );
  });
});

describe('attention in a form', () => {
  test('reads the week and the hour', () => {
    expect(readAttentionForm({ dias: ['5', '1', '1', '9', 'x'], inhabiles: 'si', hora: '07:30' })).toEqual({
      ok: true,
      value: { weekdays: [1, 5], on_rest_days: true, hour: '07:30' },
    });
  });

  test.each([
    [[], '08:00', 'dias', 'al menos un día'],
    [['1'], '8:00', 'hora', 'HH:MM'],
    [['1'], '04:59', 'hora', 'entre las 5:00 y las 12:00'],
    [['1'], '23:00', 'hora', 'entre las 5:00 y las 12:00'],
  ] as const)('refuses %j at %s', (dias, hora, field, words) => {
    const read = readAttentionForm({ dias, inhabiles: '', hora });
    expect(read.ok ? '' : read.errors[field]).toContain(words);
  });

  test('a day apart needs its day, its answer and its reason', () => {
    const read = readExceptionForm({ dia: '2024-02-30', atendido: 'quizá', motivo: ' ' });
    expect(read.ok ? [] : Object.keys(read.errors)).toEqual(['dia', 'atendido', 'motivo']);
    expect(readExceptionForm({ dia: '2024-06-01', atendido: 'si', motivo: 'Guardia' })).toEqual({
      ok: true,
      value: { day: '2024-06-01', attended: true, reason: 'Guardia' },
    });
  });
});
