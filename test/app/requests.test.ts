// The envelope of a request, before any page sees it: who sends it, to whom, how, and how much.
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { factsOf } from '../support/facts.ts';
import { listUnreported } from '../support/facts-of-deadlines.ts';
import { GOOD_REPORT } from '../support/report.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let area: Client;
let direction: Client;

beforeAll(async () => {
  program = await startProgram();
  area = await program.logInAs('enlace.deoe@iem.example');
  direction = await program.logInAs('titular.devspe@iem.example');
  await program.stopWorker();
  return () => program.close();
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request as fetch would not send it: any Host, any method, a path left as it is. */
function ask(options: {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}): Promise<Answer> {
  const { hostname, port } = new URL(program.url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, agent: false, ...options }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** The first line of the answer to bytes written on the wire. */
function wire(bytes: string): Promise<string> {
  const { hostname, port } = new URL(program.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(said));
  });
}

/** Every form of the program, in each of the two ways Remix takes it, filled so that it would be saved. */
async function everyForm(): Promise<{ client: Client; path: string; form: Record<string, string> }[]> {
  const { db } = program;
  const [open] = await listUnreported(db, 'iem_deoe');
  const pending = await db
    .selectFrom('submission')
    .leftJoin('review', 'review.submission_id', 'submission.id')
    .where('review.submission_id', 'is', null)
    .select('submission.id')
    .executeTakeFirstOrThrow();
  const report = { ...GOOD_REPORT, act_time: '10:00' };
  const forms = [
    { client: area, path: `/vencimientos/${open!.id}/reportar`, form: report },
    { client: direction, path: `/revision/${pending.id}`, form: { decision: 'accepted', words: '' } },
    { client: area, path: '/salir', form: {} },
    { client: program.visitor(), path: '/entrar', form: { correo: 'enlace.deoe@iem.example', ir: '/' } },
    { client: program.visitor(), path: '/demo/reloj', form: { volver: '/' } },
  ];
  return forms.flatMap((form) => [form, { ...form, path: `${form.path}.data` }]);
}

describe('a form sent from another site', () => {
  test.each([
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: '' },
    { Origin: 'http://convenio.example.evil.example' },
    { Origin: 'https://convenio.example' },
    { Origin: 'http://127.0.0.1:1' },
    { Origin: 'http://evil.example', 'X-Forwarded-Host': 'evil.example' },
    { Origin: 'http://evil.example', Forwarded: 'host=evil.example' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'http://convenio.example', 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'http://convenio.example', 'Sec-Fetch-Site': 'same-site' },
  ])('with %j saves nothing, whichever it is', async (headers) => {
    const before = await factsOf(program.db);
    for (const { client, path, form } of await everyForm()) {
      const answer = await client.send(path, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: Object.fromEntries(Object.entries(headers)),
      });
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
      expect(await answer.text()).toContain('El formulario llegó desde otro sitio y no se guardó nada.');
    }
    expect(await factsOf(program.db)).toEqual(before);
  });

  test('is told from one of ours', async () => {
    const [form] = await everyForm();
    for (const headers of [
      { Origin: 'http://convenio.example' },
      { Origin: program.url, 'Sec-Fetch-Site': 'same-origin' },
      { 'Sec-Fetch-Site': 'none' },
    ]) {
      const answer = await area.send(form!.path, {
        method: 'POST',
        body: new URLSearchParams(),
        headers: Object.fromEntries(Object.entries(headers)),
      });
      expect(answer.status).toBe(400);
    }
  });
});

describe('the name in Host', () => {
  test.each([
    'evil.example',
    'convenio.example.evil.example',
    'convenio.example:8080',
    'convenio.example@evil.example',
    'evil.example#convenio.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example:3000',
    'a b',
    '[::1].evil.example',
    '0.0.0.0',
  ])('%s is nobody we know', async (host) => {
    for (const method of ['GET', 'POST']) {
      const answer = await ask({ method, path: '/entrar', headers: { Host: host, 'Content-Length': '0' } });
      expect(answer.status).toBe(421);
      expect(answer.body).toBe('Dirección desconocida.\n');
    }
  });

  test('is the only one that counts: forwarded names reach no link', async () => {
    for (const headers of [
      { Host: 'convenio.example', 'X-Forwarded-Host': 'evil.example' },
      { Host: 'convenio.example', 'X-Forwarded-Host': 'evil.example:81', 'X-Forwarded-Proto': 'https' },
      { Host: 'convenio.example', Forwarded: 'host=evil.example;proto=https' },
      { Host: 'convenio.example', 'X-Original-URL': '/calendario', 'X-Rewrite-URL': 'https://evil.example/' },
    ]) {
      for (const path of ['/entrar', '/calendario', '/']) {
        const {
          status,
          headers: told,
          body,
        } = await ask({ path, headers: Object.fromEntries(Object.entries(headers)) });
        expect([200, 302]).toContain(status);
        expect(`${JSON.stringify(told)}${body}`.includes('evil')).toBe(false);
      }
    }
  });

  test('given twice, or in the address itself, is refused or is ours', async () => {
    const said = await Promise.all([
      wire(
        'GET /entrar HTTP/1.1\r\nHost: evil.example\r\nHost: convenio.example\r\nConnection: close\r\n\r\n',
      ),
      wire(
        'GET http://evil.example/calendario HTTP/1.1\r\nHost: convenio.example\r\nConnection: close\r\n\r\n',
      ),
      wire('GET //evil.example/calendario HTTP/1.1\r\nHost: convenio.example\r\nConnection: close\r\n\r\n'),
      wire('GET /entrar HTTP/1.1\r\nConnection: close\r\n\r\n'),
      wire('GET /entrar HTTP/1.0\r\n\r\n'),
    ]);
    for (const answer of said) {
      expect(answer.slice(0, 12)).toMatch(/^HTTP\/1\.1 4\d\d/);
      expect(/node_modules|(?:href|src|action)="[^"]*evil|^location:.*evil/im.test(answer)).toBe(false);
    }
  });
});

test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
  '%s is not spoken here',
  async (method) => {
    for (const path of ['/entrar', '/salir', '/calendario.data', '/assets/x.js']) {
      const answer = await ask({ method, path });
      expect([answer.status, answer.headers['allow'], answer.body]).toEqual([
        405,
        'GET, HEAD, POST',
        'Método no admitido.\n',
      ]);
    }
  },
);

describe('the body of a form', () => {
  test.each([
    'text/plain',
    'application/json',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'application/xml',
    '',
  ])('of type %j is not read', async (type) => {
    const headers = { ...(type && { 'Content-Type': type }), 'Content-Length': '2' };
    const answer = await ask({ method: 'POST', path: '/entrar', headers, body: '{}' });
    expect([answer.status, answer.body]).toEqual([415, 'Formato no admitido.\n']);
  });

  test('of more than a form can weigh is refused before it is read, and one of unknown length too', async () => {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const flood = await ask({
      method: 'POST',
      path: '/entrar',
      headers: { ...type, 'Content-Length': '300000000' },
      body: 'a=1',
    });
    expect(flood.status).toBe(413);
    const heavy = await program.visitor().post('/entrar', { correo: 'x'.repeat(10_000_000) });
    expect(heavy.status).toBe(413);
    const chunked = await ask({
      method: 'POST',
      path: '/entrar',
      headers: { ...type, 'Transfer-Encoding': 'chunked' },
      body: 'correo=a',
    });
    expect(chunked.status).toBe(411);
  });
});

test.each([
  '/.env',
  '/.git/config',
  '/package.json',
  '/build/server/index.js',
  '/assets/../../package.json',
  '/..%2fpackage.json',
  '/assets/..%2f..%2fpackage.json',
  '/%2e%2e/package.json',
  '/assets',
  '/assets/nada.js',
])('%s is no file of ours to give', async (path) => {
  const answer = await ask({ path });
  expect([403, 404]).toContain(answer.status);
  expect(answer.body.includes('"dependencies"')).toBe(false);
});

test('every answer, good or bad, says what a browser may do with it', async () => {
  const styles = /href="(\/assets\/[^"]+\.css)"/.exec(await area.page('/entrar'))![1]!;
  const answers = [
    await ask({ path: '/entrar' }),
    await ask({ path: '/calendario' }),
    await ask({ path: '/calendario.data' }),
    await ask({ path: '/nada' }),
    await ask({ path: '/%' }),
    await ask({ path: '/salud' }),
    await ask({ path: styles }),
    await ask({ path: '/assets/nada.js' }),
    await ask({ path: '/favicon.svg' }),
    await ask({ method: 'TRACE' }),
    await ask({ method: 'POST', path: '/entrar' }),
    await ask({ path: '/', headers: { Host: 'evil.example' } }),
    await ask({ method: 'POST', path: '/salir', headers: { Origin: 'https://evil.example' } }),
  ];
  expect(new Set(answers.map(({ status }) => status))).toEqual(
    new Set([200, 202, 302, 403, 404, 405, 415, 421]),
  );
  const policies = answers.map(({ headers }) => String(headers['content-security-policy']));
  for (const policy of policies) {
    expect(policy).toMatch(/^default-src 'self'; script-src 'self' 'nonce-[\w+/]{22}=='; style-src 'self'; /);
    expect(policy).toMatch(/object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'$/);
  }
  expect(new Set(policies).size).toBe(answers.length);
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  }
});

test('the HTML of a mail has a policy of its own, and only that one', async () => {
  const { id } = await program.db
    .selectFrom('message')
    .where('state', '=', 'accepted')
    .select('id')
    .executeTakeFirstOrThrow();
  const { status, headers } = await ask({ path: `/correos/${id}/html` });
  expect([status, headers['content-security-policy']]).toEqual([
    200,
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
  ]);
});
