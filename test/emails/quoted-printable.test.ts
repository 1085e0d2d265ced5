// What travels as quoted-printable is read back as it was written, in lines that every server takes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quotedPrintable } from '../../emails/quoted-printable.ts';

/** What a reader makes of it (RFC 2045 §6.7). */
function read(encoded: string): string {
  const bytes = encoded
    .replace(/[ \t]+(?=\r\n|$)/g, '')
    .replace(/=\r\n/g, '')
    .replace(/=([\dA-F]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

const letters = fc.constantFrom('a', '=', '.', ' ', '\t', '\n', '\r\n', 'ñ', '■', '😀', '\u0000', 'palabras');
const texts = fc.array(letters, { maxLength: 300 }).map((parts) => parts.join(''));

describe('quoted-printable', () => {
  test('is read back as it was written, every line break as CRLF', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(read(quotedPrintable(text).toString())).toBe(text.replace(/\r?\n/g, '\r\n'));
      }),
    );
  });

  test('is ASCII in lines of at most 76 characters', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const line of quotedPrintable(text).toString('latin1').split('\r\n')) {
          expect(line).toMatch(/^[\t -~]{0,76}$/);
        }
      }),
    );
  });

  test('breaks a line before an escape that would not fit, and has room for nothing but escapes', () => {
    expect(quotedPrintable(`${'a'.repeat(73)}ñ`).toString()).toBe(`${'a'.repeat(73)}=\r\n=C3=B1`);
    const text = 'ñ'.repeat(1000);
    expect(read(quotedPrintable(text).toString())).toBe(text);
  });

  test('keeps white space at the end of a line, which servers take away, as an escape', () => {
    expect(quotedPrintable('a \nb\t').toString()).toBe('a=20\r\nb=09');
  });

  test('a lone carriage return ends a line', () => {
    expect(quotedPrintable('a\rb').toString()).toBe('a\r\nb');
  });
});
