import { describe, expect, test } from 'vitest';
import { parseFreeText, visibleText } from '../../app/domain/free-text.ts';

const NOTE = { max: 4000 };
const message = (typed: string, limits: Parameters<typeof parseFreeText>[1] = NOTE) => {
  const read = parseFreeText(typed, limits);
  return read.ok ? undefined : read.message;
};
const value = (typed: string, limits: Parameters<typeof parseFreeText>[1] = NOTE) => {
  const read = parseFreeText(typed, limits);
  return read.ok ? read.value : undefined;
};

describe('a text field', () => {
  test.each(['', '   ', '\u200b', '\u00a0\n\t', '\u200b \u2060'])('takes %j as empty', (typed) => {
    expect(value(typed)).toBe('');
    expect(message(typed, { max: 10, required: 'Escribe el número' })).toBe('Escribe el número');
  });

  test('says how many characters there are when they are too many', () => {
    expect(value('a'.repeat(4000))).toHaveLength(4000);
    expect(message('a'.repeat(4001))).toBe('Máximo 4,000 caracteres; llevas 4,001');
    expect(message('a'.repeat(10_000_000))).toBe('Máximo 4,000 caracteres; llevas 10,000,000');
  });

  test('counts what people see, and still keeps to what the database can hold', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(message(family.repeat(11), { max: 10 })).toBe('Máximo 10 caracteres; llevas 11');
    expect(message(family.repeat(10), { max: 10 })).toBe(
      'El texto ocupa más de lo que se puede guardar; acórtalo',
    );
    expect(value('😀'.repeat(10), { max: 10 })).toBe('😀'.repeat(10));
  });

  test.each([
    ['12345678901234\0', 'Contiene un carácter no permitido (posición 15)'],
    ['😀\ud800', 'Contiene un carácter no permitido (posición 2)'],
    ['sesión\u0007', 'Contiene un carácter de control (posición 7)'],
    ['a\u009fb', 'Contiene un carácter de control (posición 2)'],
    [`Z${'\u0301'.repeat(200)}`, 'Demasiados signos combinados'],
  ])('refuses %j', (typed, expected) => {
    expect(message(typed)).toBe(expected);
  });

  test('turns every line separator into a line break', () => {
    expect(value('uno\r\ndos\rtres\u0085cuatro\u2028cinco')).toBe('uno\ndos\ntres\ncuatro\ncinco');
  });

  test('composes letters, so that one word has one spelling', () => {
    expect(value('sen\u0303al')).toBe('señal');
  });

  test('keeps markup and templates as the words they are', () => {
    const typed = '<script>alert(1)</script> "><img onerror=x> {{7*7}} ${7*7}';
    expect(value(typed)).toBe(typed);
  });

  test('takes a word of 4,000 letters', () => {
    expect(value('ñ'.repeat(4000))).toBe('ñ'.repeat(4000));
  });

  test('of one line joins its lines and refuses what would turn it around', () => {
    expect(value('IEM-SE\r\n123/2024', { max: 120, line: true })).toBe('IEM-SE 123/2024');
    expect(message('oficio\u202efdp', { max: 120, line: true })).toBe(
      'Contiene un carácter no permitido (posición 7)',
    );
  });
});

test('shown text names the characters that would turn it around', () => {
  expect(visibleText('acta\u202efdp.exe')).toBe('acta⟦U+202E⟧fdp.exe');
  expect(visibleText('año 2024 · 👍')).toBe('año 2024 · 👍');
});
