// What somebody may type into the address bar: filters, cuts, ids, and where to go after logging in.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { askForCode, readCode } from '../support/login.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let direction: Client;

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  return () => program.close();
});

/** The status of a page and whether it says something; what it says is too long to print when it does not. */
async function look(client: Client, path: string, words: string) {
  const answer = await client.get(path);
  const page = await answer.text();
  return {
    path,
    status: answer.status,
    says: page.includes(words),
    trace: /node_modules|at \w+ \(/.test(page),
  };
}

const query = (name: string, value: string) => `${name}=${encodeURIComponent(value)}`;

describe('the calendar', () => {
  test.each([
    ['dia', '2024-02-30', 'Esa fecha no existe (febrero de 2024 tiene 29 días)'],
    ['dia', '9999-12-31', 'Usa un año entre 2000 y 2100'],
    ['dia', 'today', 'Escribe la fecha como AAAA-MM-DD'],
    ['dia', '٢٠٢٤-٠١-٠٥', 'Escribe la fecha como AAAA-MM-DD'],
    ['corte', '2024-05-16', 'El corte no puede ser posterior a hoy'],
    ['corte', '2024-13-01', 'Mes fuera de rango'],
    ['corte', 'infinity', 'Escribe la fecha como AAAA-MM-DD'],
    ['estado', ';drop', 'No existe ese estado'],
    ['estado', '__proto__', 'No existe ese estado'],
    ['estado', 'constructor', 'No existe ese estado'],
    ['area', '__proto__', 'No existe esa área'],
    ['area', "iem_deoe'--", 'No existe esa área'],
    ['instrumento', 'toString', 'No existe ese instrumento'],
    ['obligado', 'todos', 'Elige IEM, INE o ambos'],
    ['duda', 'mucha', 'No existe ese filtro'],
    ['vista', 'semana', 'No existe esa vista'],
    ['semana', '2024-W20', 'Escribe la fecha como AAAA-MM-DD'],
    ['desde', '2024-02-30', 'Esa fecha no existe'],
    ['hasta', '10000-01-01', 'Usa un año entre 2000 y 2100'],
    ['prepara', 'hoy', 'Escribe la fecha como AAAA-MM-DD'],
    ['anio', '1e9', 'Escribe un año entre 2000 y 2100'],
    ['ver', "1'--", 'No existe ese vencimiento'],
    ['elegir', 'nada', 'Elige algunos o todos'],
    ['texto', 'x'.repeat(121), 'Máximo 120 caracteres; llevas 121'],
    ['texto', 'AT\0', 'Contiene un carácter no permitido (posición 3)'],
    ['texto', 'AT\u202e', 'Contiene un carácter no permitido (posición 3)'],
  ])('asked for %s=%j says what is wrong', async (name, value, words) => {
    const path = `/calendario?${query(name, value)}`;
    expect(await look(direction, path, words)).toEqual({ path, status: 400, says: true, trace: false });
  });

  test.each([
    '2024-13',
    '2024-00',
    'abc',
    '1e9',
    '1999-12',
    '2101-01',
    '2024-5',
    '2024-05-01',
    '-2024-05',
    '٢٠٢٤-٠٥',
    '__proto__',
  ])('asked for the month %s says that there is none', async (month) => {
    const path = `/calendario?vista=mes&${query('mes', month)}`;
    expect(await look(direction, path, 'Ese mes no existe')).toEqual({
      path,
      status: 404,
      says: true,
      trace: false,
    });
    const agenda = `/calendario?${query('mes', month)}`;
    expect(await look(direction, agenda, 'Ir al mes de hoy')).toMatchObject({ status: 404, says: true });
  });

  test.each([
    '%',
    '_',
    '\\',
    "'",
    '"',
    '(a+)+$',
    '¿',
    'ÑANDÚ',
    '𝕬𝕿',
    'AT-C-4',
    '<script>alert(1)</script>',
    '{{7*7}}',
    ' ',
  ])('searches for %j as it stands', async (text) => {
    const path = `/calendario?${query('texto', text)}`;
    expect(await look(direction, path, '<script>alert')).toEqual({
      path,
      status: 200,
      says: false,
      trace: false,
    });
  });

  test('at the ends of time it still has its months', async () => {
    for (const month of ['2000-01', '2100-12']) {
      const path = `/calendario?vista=mes&mes=${month}`;
      expect(await look(direction, path, `de ${month.slice(0, 4)}`)).toEqual({
        path,
        status: 200,
        says: true,
        trace: false,
      });
    }
  });

  test('asked twice for the same thing refuses to choose', async () => {
    const path = '/calendario?area=iem_deoe&area=iem_depp';
    expect(await look(direction, path, 'Campo repetido: area')).toEqual({
      path,
      status: 400,
      says: true,
      trace: false,
    });
  });

  test('a percent sign finds what has one, not everything', async () => {
    const found = async (text: string) =>
      /<output>([\d,]+)/.exec(await direction.page(`/calendario?${query('texto', text)}`))?.[1];
    expect(await found('%')).toBe('0');
    expect(await found('AT-')).not.toBe('0');
  });
});

test.each([
  ['%', 400, 'Escribe al menos una letra o un número'],
  ["'\\", 400, 'Escribe al menos una letra o un número'],
  ['AT\0', 400, 'Contiene un carácter no permitido (posición 3)'],
  ['x'.repeat(121), 400, 'Máximo 120 caracteres; llevas 121'],
  ['(zz+)+$', 200, 'Nada de lo que puedes ver dice'],
  ['zz & | ! :* <-> qq', 200, 'Nada de lo que puedes ver dice'],
  ['<script>zz', 200, '&lt;script&gt;zz'],
])('a search for %j is answered with %s and words', async (typed, status, words) => {
  const path = `/buscar?${query('q', typed)}`;
  expect(await look(direction, path, words)).toEqual({ path, status, says: true, trace: false });
});

test('a search asked twice, or a choice of things that are none, is refused', async () => {
  for (const [path, status] of [
    ['/buscar?q=a&q=b', 400],
    ['/calendario?ver=999999', 404],
    ['/calendario/reasignar?id=999999', 404],
    ['/calendario/reasignar?id=abc', 404],
    ['/calendario/escalera?id=999999', 404],
    ['/calendario/escalera?id=abc', 404],
    ['/calendario/seleccion.csv?id=999999', 404],
    ['/calendario/seleccion.csv', 400],
    [`/calendario/seleccion.csv?${Array.from({ length: 301 }, (_, id) => `id=${id + 1}`).join('&')}`, 400],
  ] as const) {
    expect({ path, status: (await direction.get(path)).status }).toEqual({ path, status });
  }
});

test.each([
  '/informe/vencidas',
  '/informe/vencidas.csv',
  '/informe/vencidas.pdf',
  '/informe/exigibles',
  '/informe/cerrar',
])('%s at a cut that is none says why', async (page) => {
  for (const [cut, words] of [
    ['2024-05-16', 'El corte no puede ser posterior a hoy'],
    ['2024-02-30', 'Esa fecha no existe'],
    ['1999-12-31', 'Usa un año entre 2000 y 2100'],
    ['now', 'Escribe la fecha como AAAA-MM-DD'],
    ["2024-05-01' or 1=1", 'Escribe la fecha como AAAA-MM-DD'],
  ] as const) {
    const path = `${page}?${query('corte', cut)}`;
    expect(await look(direction, path, words)).toEqual({ path, status: 400, says: true, trace: false });
  }
  expect((await direction.get(`${page}?corte=2000-01-01`)).status).toBe(200);
});

test.each([
  ['2024-02-30', 'Esa fecha no existe (febrero de 2024 tiene 29 días)'],
  ['infinity', 'Escribe la fecha como AAAA-MM-DD'],
  ['1899-12-31', 'Usa un año entre 2000 y 2100'],
])('the mailbox asked for the day %j says what is wrong', async (day, words) => {
  const path = `/correos?${query('dia', day)}`;
  expect(await look(direction, path, words)).toEqual({ path, status: 400, says: true, trace: false });
});

const NUMBERS = [
  '0',
  '-1',
  '+1',
  '01',
  '1.5',
  '1e3',
  '0x1',
  '999999999999999',
  '9007199254740993',
  '99999999999999999999',
  "1'--",
  '1%20',
  '%31%00',
  '%00',
  '..%2f..%2fetc',
  '٣',
  '１',
  'NaN',
  'null',
  '__proto__',
];

test.each([
  ['/vencimientos/:id', NUMBERS],
  ['/vencimientos/:id/reportar', NUMBERS],
  ['/vencimientos/:id/reportar/enviar', NUMBERS],
  ['/evidencias/:id', NUMBERS],
  ['/solicitudes/:id', NUMBERS],
  ['/vencimientos/:id/cerrar', NUMBERS],
  ['/vencimientos/:id/reabrir', NUMBERS],
  ['/vencimientos/:id/fecha', NUMBERS],
  ['/eventos/retirar/:id', NUMBERS],
  ['/eventos/:id', ['__proto__', 'constructor', 'jornada', 'x'.repeat(121), 'x%00', '%C3%91', 'a-b']],
  ['/eventos/:id/registrar', ['__proto__', 'jornada', "recepcion_oficio'--"]],
  ['/revision/:id', NUMBERS],
  ['/correos/:id', NUMBERS],
  ['/correos/:id/html', NUMBERS],
  [
    '/acuses/:id',
    ['R-1', 'r-0001', 'R-9999', 'R-0001%00', 'R-99999999999999', '%52-0000', '__proto__', "R-0001'--"],
  ],
  ['/instrumentos/:id', ['__proto__', 'constructor', 'x', 'x'.repeat(41), 'x%00', '%C3%91', '..%2f']],
])('%s with an id that is none answers like one that does not exist', async (pattern, ids) => {
  for (const id of ids) {
    for (const end of ['', '.data']) {
      const path = pattern.replace(':id', id) + end;
      expect(await look(direction, path, 'No encontramos esa página')).toEqual({
        path,
        status: 404,
        says: true,
        trace: false,
      });
    }
  }
});

test('an address that is not even an address is refused without a trace', async () => {
  for (const path of ['/%E0%A4%A', '/vencimientos/%', '/%', '/calendario/%c0%ae']) {
    expect(await look(direction, path, 'No encontramos esa página')).toEqual({
      path,
      status: 404,
      says: true,
      trace: false,
    });
  }
  expect((await direction.get(`/calendario?texto=${'x'.repeat(20_000)}`)).status).toBe(431);
});

const ELSEWHERE = [
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  'https:evil.example',
  'https://evil.example',
  'HTTPS://evil.example',
  '/%09/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/%0d%0aSet-Cookie:x=1',
  '/\r\nSet-Cookie: x=1',
  '/%5cevil.example',
  '/%5C%5Cevil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  ' //evil.example',
  '\u0000//evil.example',
  'evil.example',
  '@evil.example',
  '/@evil.example',
  '/entrar?ir=/entrar',
  '/entrar/codigo',
  '?x',
  '#x',
  '',
  '/ /evil.example',
  '//\u3002evil',
  '/;//evil.example',
];

describe('where to go after logging in', () => {
  test.each(ELSEWHERE)('is never %j', async (ir) => {
    const page = await program.visitor().page(`/entrar?${query('ir', ir)}`);
    expect(/name="ir" value="([^"]*)"/.exec(page)?.[1]).toBe('/');
    const asked = await program.visitor().post('/entrar', { correo: 'nadie@iem.example', ir });
    expect(new URL(asked.headers.get('location')!, program.url).searchParams.get('ir')).toBe('/');
  });

  test('is where they were going, with what they asked there', async () => {
    const path = '/calendario?area=iem_deoe&texto=%C3%B1';
    const turned = await program.visitor().get(path);
    expect(turned.headers.get('location')).toBe(`/entrar?ir=${encodeURIComponent(path)}`);
    const asked = await program.visitor().post('/entrar', { correo: 'nadie@iem.example', ir: path });
    expect(new URL(asked.headers.get('location')!, program.url).searchParams.get('ir')).toBe(path);
  });

  test('is not what a forged form of the second step says either', async () => {
    for (const ir of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      const email = program.somebody();
      const asked = await askForCode(program.visitor(), email);
      const codigo = await readCode(program.visitor(), email, asked);
      const entered = await program.visitor().post(asked.form, { codigo, d: asked.challenge, ir });
      expect([entered.status, entered.headers.get('location')]).toEqual([303, '/']);
    }
  });

  test('moving the demo’s clock leads back to this site only', async () => {
    const moved = await program.visitor().post('/demo/reloj', { volver: '//evil.example' });
    expect([moved.status, moved.headers.get('location')]).toEqual([303, '/']);
  });
});
