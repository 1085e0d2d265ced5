import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  excerpt,
  folioSearched,
  foldText,
  markFound,
  parseSearch,
  searchExpression,
} from '../../app/domain/search.ts';

test('accents, case, hyphens and dots do not matter', () => {
  expect(foldText('Cláusula VIGÉSIMA, 8.3 b)')).toBe('clausula vigesima 8 3 b');
  expect(foldText('at-c-3')).toBe(foldText('AT C 3'));
});

test('a plural finds its singular, and words that every text has are left out unless there is nothing else', () => {
  expect(searchExpression(parseSearch('las bodegas de los consejos'))).toBe('bodega:* & consejo:*');
  expect(searchExpression(parseSearch('de la'))).toBe('de & la');
});

test('numbers and short words stand only for themselves: AT-C-3 is not AT-C-30', () => {
  expect(searchExpression(parseSearch('AT-C-3'))).toBe('at & c & 3');
});

test('what has neither letters nor digits looks for nothing', () => {
  for (const typed of ['', ' ', '¿?', '%', "'--", '&|!()']) expect(parseSearch(typed).terms).toEqual([]);
});

test('a folio is understood without its zeros and its hyphen', () => {
  expect(folioSearched('r 187')).toBe('R-0187');
  expect(folioSearched('R-0187-2')).toBe('R-0187-2');
  expect(folioSearched('187')).toBeUndefined();
});

describe('the pieces of a text', () => {
  const found = (text: string, typed: string) =>
    markFound(text, parseSearch(typed))
      .filter((piece) => piece.found)
      .map(({ text: piece }) => piece);

  test('are marked where the words are, as they are written', () => {
    expect(found('La Vigésima cláusula y la vigésimo segunda', 'clausula vigesima')).toEqual([
      'Vigésima',
      'cláusula',
    ]);
    expect(found('AT-C-3 y AT-C-30', 'at-c-3')).toEqual(['AT', 'C', '3', 'AT', 'C']);
  });

  test('joined are the text again, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, typed) => {
        const pieces = markFound(text, parseSearch(typed));
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      }),
    );
  });

  test('of a long one are those around the first word found', () => {
    const text = `${'palabra '.repeat(100)}Encarte ${'otra '.repeat(100)}`;
    const shown = excerpt(text, parseSearch('encarte'))
      .map((piece) => piece.text)
      .join('');
    expect(shown).toMatch(/^… palabra .*Encarte otra .* …$/);
    expect(shown.length).toBeLessThan(240);
  });
});
