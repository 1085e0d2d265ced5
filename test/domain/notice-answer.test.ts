import { describe, expect, test } from 'vitest';
import { OFFICE_WEEK, type Attention } from '../../app/domain/attention.ts';
import { parsePostponement } from '../../app/domain/notice-answer.ts';
import { standingCountWords } from '../../app/domain/notice-standing.ts';
import { mailFolio, parseMailFolio } from '../../app/domain/mail-folio.ts';

const attention: Attention = {
  weekdays: OFFICE_WEEK,
  on_rest_days: false,
  hour: '08:00',
  rest_days: new Set(['2024-05-22']),
  exceptions: new Map(),
};

describe('the day until which a notice is postponed', () => {
  const parse = (text: string) =>
    parsePostponement(text, { today: '2024-05-16', due_on: '2024-05-24' }, attention);

  test.each(['2024-05-17', '2024-05-24'])('may be %s', (day) => {
    expect(parse(day)).toEqual({ ok: true, value: day });
  });

  test.each([
    ['', 'Indica el día en que quieres el aviso'],
    ['2024-05-16', 'Elige un día posterior a hoy'],
    ['2024-05-27', 'El aviso no puede ser después del vencimiento (vie 24 may 2024)'],
    ['2024-05-18', 'El sábado 18 de mayo de 2024 no se envían avisos; elige otro día'],
    ['2024-05-22', 'El miércoles 22 de mayo de 2024 no se envían avisos; elige otro día'],
  ])('may not be %j', (day, message) => {
    expect(parse(day)).toEqual({ ok: false, message });
  });

  test.each(['mañana', '2024-02-30', '17/05/2024', '2024-05-17\0'])('is never guessed from %j', (day) => {
    expect(parse(day).ok).toBe(false);
  });
});

test('notices are counted by state in the order in which they go through them', () => {
  expect(
    standingCountWords(
      new Map([
        ['cancelled', 1],
        ['accepted', 8],
        ['superseded', 3],
      ]),
    ),
  ).toBe('12 avisos: 8 aceptados por el servidor, 3 sustituidos y 1 cancelado');
  expect(standingCountWords(new Map([['queued', 1]]))).toBe('1 aviso: 1 en cola');
  expect(standingCountWords(new Map())).toBe('Ningún aviso');
});

test('a folio is read back as it is written, and nothing else is one', () => {
  const folio = mailFolio({ id: 45, created_at: '2024-05-15T14:00:00.000000Z' });
  expect(folio).toBe('A-2024-000045');
  expect(parseMailFolio(folio)).toEqual({ year: 2024, id: 45 });
  for (const text of ['', 'A-2024-45', 'a-2024-000045', 'A-24-000045', 'A-2024-000045x', null]) {
    expect(parseMailFolio(text)).toBeUndefined();
  }
});
