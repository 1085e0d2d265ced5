import { describe, expect, test } from 'vitest';
import { evidenceName, kindOf, sizeWords } from '../../app/domain/evidence.ts';

describe('the name of a file', () => {
  test.each([
    ['Oficio 12 — Ñuñoa (sellado).pdf', 'Oficio 12 — Ñuñoa (sellado).pdf'],
    ['../../etc/passwd.pdf', 'passwd.pdf'],
    ['C:\\Users\\yo\\acta.docx', 'acta.docx'],
    ['CON.pdf', '_CON.pdf'],
    ['.htaccess', 'htaccess'],
    ['...oficio.pdf', 'oficio.pdf'],
    ['a\r\nContent-Type: x.pdf', 'a Content-Type_ x.pdf'],
    ['a%0D%0A%22b.pdf', 'a _b.pdf'],
    ['a"b;c.pdf', 'a_b;c.pdf'],
    ['factura\u202efdp.exe', 'facturafdp.exe'],
    ['con\u0000trol.pdf', 'con trol.pdf'],
    ['n\u0303.pdf', 'ñ.pdf'],
    ['📎 acuse.pdf', '📎 acuse.pdf'],
    ['', 'archivo'],
    ['\u200b', 'archivo'],
    ['///', 'archivo'],
  ])('%j is shown as %j', (sent, shown) => {
    expect(evidenceName(sent)).toBe(shown);
  });

  test('keeps its ending when it is cut', () => {
    const name = evidenceName(`${'a'.repeat(300)}.pdf`);
    expect(Array.from(name)).toHaveLength(120);
    expect(name.endsWith('….pdf')).toBe(true);
  });

  test.each([
    ['x.PDF', 'pdf'],
    ['x.jpeg', 'jpg'],
    ['x.pdf ', 'pdf'],
    ['x.docm', undefined],
    ['pdf', undefined],
    ['x.__proto__', undefined],
  ])('%j says it is %s', (name, kind) => {
    expect(kindOf(name)).toBe(kind);
  });
});

test.each([
  [1, '1 byte'],
  [900, '900 bytes'],
  [1025, '2 kB'],
  [25 * 1024 * 1024, '25 MB'],
  [1_900_000, '1.8 MB'],
])('%d bytes are said as %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});
