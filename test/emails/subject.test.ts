// Subject lines.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitSubject, shorten, SUBJECT_WIDTH } from '../../emails/subject.ts';

const title = 'Entregar la lista nominal definitiva con fotografía al Consejo Local';

describe('a subject', () => {
  test('is cut between words and without a dangling preposition', () => {
    expect(shorten(title, 42)).toBe('Entregar la lista nominal definitiva…');
    expect(shorten('Lista nominal', 13)).toBe('Lista nominal');
    expect(shorten('Anticonstitucionalmente', 10)).toBe('Anticonst…');
  });

  test('keeps the state whole and the citation, and shortens the title', () => {
    expect(fitSubject('Vence en 5 días (sáb 18 may): ', title, ' — AT-C-4')).toBe(
      'Vence en 5 días (sáb 18 may): Entregar la lista nominal definitiva… — AT-C-4',
    );
  });

  test('takes the shorter ending when the longer one would leave no room for the title', () => {
    const longer = ' — se informa a la Dirección de Vinculación';
    expect(fitSubject('Vencida hace 3 días: ', title, longer, ' — AT-C-4')).toMatch(/… — AT-C-4$/);
    expect(fitSubject('Vencida hace 3 días: ', 'Bodegas', longer, ' — AT-C-4')).toBe(
      `Vencida hace 3 días: Bodegas${longer}`,
    );
  });

  test('is one line of at most 78 characters, whatever people wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (text) => {
        const subject = fitSubject('Vence HOY: ', `${text}\r\nBcc: nadie@example.com`, ' — AT-C-4');
        expect(Array.from(subject).length).toBeLessThanOrEqual(SUBJECT_WIDTH);
        expect(subject).not.toMatch(/[\p{Cc}]/u);
        expect(subject.startsWith('Vence HOY:')).toBe(true);
        expect(subject.endsWith('— AT-C-4')).toBe(true);
      }),
    );
  });
});
