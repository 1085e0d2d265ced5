import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../app/domain/email-address.ts';

describe('an e-mail address', () => {
  test.each([
    ['enlace@iem.example', 'enlace@iem.example'],
    ['  enlace@iem.example\u00a0', 'enlace@iem.example'],
    ['ADMIN@IEM.ORG.MX', 'admin@iem.org.mx'],
    ['nombre.apellido+aviso@iem.org.mx', 'nombre.apellido+aviso@iem.org.mx'],
    ["o'neil@iem.org.mx", "o'neil@iem.org.mx"],
    ['a＠iem.org.mx', 'a@iem.org.mx'],
    ['ａｂｃ@iem.org.mx', 'abc@iem.org.mx'],
    ['a@ñandú.mx', 'a@xn--and-6ma2c.mx'],
    [`${'a'.repeat(64)}@iem.org.mx`, `${'a'.repeat(64)}@iem.org.mx`],
  ])('reads %j', (typed, address) => {
    expect(parseEmailAddress(typed)).toEqual({ ok: true, value: address });
  });

  test.each([
    ['', 'Escribe tu correo'],
    ['   ', 'Escribe tu correo'],
    ['a@x.mx, evil@x.com', 'Escribe una sola dirección'],
    ['a@x.mx;evil@x.com', 'Escribe una sola dirección'],
    ['team: a@x.mx;', 'Escribe una sola dirección'],
    ['"Ana" <evil@x.com>, <a@x.mx>', 'Escribe una sola dirección'],
    ['<a@x.mx>evil@x.com', 'Escribe una sola dirección'],
    ['a@x.mx (evil@x.com)', 'Escribe una sola dirección'],
    ['"evil@x.com x"@area.mx', 'No se admiten comillas en la dirección'],
    ['"e@a.com"@v.mx', 'No se admiten comillas en la dirección'],
    ['victim@area.mx＠evil.com', 'La dirección tiene más de una @'],
    ['a@b@c.mx', 'La dirección tiene más de una @'],
    ['a@x.mx\r\nBcc: e@x.com', 'La dirección contiene caracteres no permitidos'],
    ['a@x.mx\0', 'La dirección contiene caracteres no permitidos'],
    ['a@x.mx%0d%0aBcc', 'La dirección contiene caracteres no permitidos'],
    ['evil%x.com@area.mx', 'La dirección contiene caracteres no permitidos'],
    ['a b@x.mx', 'La dirección contiene caracteres no permitidos'],
    ['nadie', 'Dirección no válida: falta la @'],
    ['x@[127.0.0.1]', 'Dirección no válida'],
    ['x@127.0.0.1', 'Dirección no válida'],
    ['x@0x7f.1', 'Dirección no válida'],
    ['x@localhost', 'Dirección no válida'],
    ['a@b..mx', 'Dirección no válida'],
    ['a@-x.mx', 'Dirección no válida'],
    ['a@x.mx.', 'Dirección no válida'],
    ['.a@x.mx', 'Dirección no válida'],
    ['a.@x.mx', 'Dirección no válida'],
    ['@x.mx', 'Dirección no válida'],
    ['a@x/../y.mx', 'Dirección no válida'],
    ['josé@área.mx', 'El servidor de correo no admite acentos antes de la @'],
    [`${'a'.repeat(65)}@iem.org.mx`, 'Dirección demasiado larga'],
    [
      `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(12)}.mx`,
      'Dirección demasiado larga',
    ],
    ['a'.repeat(10_000), 'Dirección demasiado larga'],
  ])('refuses %j', (typed, message) => {
    expect(parseEmailAddress(typed)).toEqual({ ok: false, message });
  });

  test('is the same whatever the case and the width it was typed in', () => {
    const once = parseEmailAddress('Enlace.SE＠IEM.Example');
    expect(once).toEqual({ ok: true, value: 'enlace.se@iem.example' });
    expect(once.ok && parseEmailAddress(once.value)).toEqual(once);
  });
});
