// The layout of text parts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bullet,
  indented,
  labelTable,
  paragraph,
  textDocument,
  TEXT_WIDTH,
  toFlowed,
} from '../../emails/plain-text.ts';

const columns = (line: string) => Array.from(line).length;

/** What a reader of format=flowed shows: soft-broken lines joined, stuffing removed (RFC 3676 §4). */
function readFlowed(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^ /, ''))
    .reduce((shown, line) => (shown.endsWith(' ') ? shown + line : `${shown}\n${line}`), '')
    .slice(1);
}

describe('a paragraph', () => {
  test('fits in 76 columns, and a reader of flowed text sees it whole again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zñáé>-]{1,20}$/), { minLength: 1, maxLength: 60 }),
        (words) => {
          const laidOut = paragraph(words.join('  '));
          for (const line of laidOut.split('\n')) expect(columns(line)).toBeLessThanOrEqual(TEXT_WIDTH);
          expect(readFlowed(toFlowed(laidOut))).toBe(words.join(' '));
        },
      ),
    );
  });

  test('keeps the line breaks a person typed', () => {
    expect(readFlowed(toFlowed(paragraph('Uno.\nFrom dos.\n> tres')))).toBe('Uno.\nFrom dos.\n> tres');
  });

  test('leaves an address longer than the line on a line of its own, unbroken', () => {
    const url = `https://convenio.example/${'a'.repeat(90)}`;
    expect(paragraph(`Ver el expediente en ${url} hoy`).split('\n')).toContain(`${url} `);
  });
});

describe('aligned text', () => {
  test('a table wraps each value under itself', () => {
    const table = labelTable([
      ['Vence', 'sábado 18 de mayo de 2024'],
      ['Fundamento', 'Anexo Técnico, numeral C.b, y una explicación que no cabe en el renglón que queda'],
    ]);
    expect(table).toBe(
      [
        '  Vence       sábado 18 de mayo de 2024',
        '  Fundamento  Anexo Técnico, numeral C.b, y una explicación que no cabe en',
        '              el renglón que queda',
      ].join('\n'),
    );
  });

  test('tables, lists and quoted words have no soft breaks, so that nobody joins their lines', () => {
    const long = 'palabra '.repeat(40);
    for (const block of [labelTable([['Nota', long]]), bullet(long, long), indented(long)]) {
      for (const line of block.split('\n')) expect(line).toMatch(/^ {0,8}\S.*\S$/);
    }
  });

  test('survives the wire: stuffing is taken away and the columns stay', () => {
    const table = labelTable([['Vence', 'sábado']]);
    expect(readFlowed(toFlowed(table))).toBe(table);
  });
});

test('a document separates its blocks with one blank line and leaves out the empty ones', () => {
  expect(textDocument('a', '', undefined, false, 'b')).toBe('a\n\nb\n');
});
