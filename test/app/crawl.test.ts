// Looking changes nothing: every link somebody can reach, opened and asked for its head, leaves all facts as they were.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { factsOf } from '../support/facts.ts';
import { openClient } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';

/** Addresses that differ only in an id show the same screen, and so do those that ask for the same filters. */
const ofEachShape = (path: string) => (path.includes('?') ? 1 : 2);

let program: Program;
let opened = 0;

beforeAll(async () => {
  program = await startProgram();
  return () => program.close();
});
afterAll(() => console.info(`Crawl: ${opened} addresses.`));

const shapeOf = (path: string) =>
  path
    .replace(/\/(\d+|R-\d+)(?=\/|$|\?)/g, '/N')
    .replace(/\/instrumentos\/[^/?]+/, '/instrumentos/K')
    .replace(/\/procesos\/(?!nuevo)[^/?]+/, '/procesos/K')
    .replace(/\/eventos\/(?!retirar)[^/?]+/, '/eventos/K')
    .replace(/\/avisos\/A-\d+-\d+/, '/avisos/N')
    .replace(/\/obligaciones\/[^?/]+/, '/obligaciones/K')
    .replace(/\/hitos\/[^?/]+/, '/hitos/K')
    .replace(/\/ajustes\/correos\/[^/?]+/, '/ajustes/correos/K')
    .replace(/=[^&]*/g, '=');

/** The addresses of ours that a page leads to, by links and by forms that only ask. */
function linksOf(page: string): string[] {
  const links = [...page.matchAll(/(?:href|src)="(\/[^"#]*)/g)].map(([, path]) =>
    path!.replaceAll('&amp;', '&'),
  );
  return links.filter((path) => !path.startsWith('/assets/'));
}

test.each([
  'nobody',
  'enlace.deoe@iem.example',
  'enlace.derfe@ine.example',
  'titular.devspe@iem.example',
  'presidencia.com.vinculacion@iem.example',
  'administracion@iem.example',
])('%s changes nothing by looking', async (email) => {
  const client = email === 'nobody' ? openClient(program.url) : await program.logInAs(email);
  // The log-in code's own mail is on its way out until the worker says so.
  const before = await settled();
  const waiting = [
    '/',
    '/mis-obligaciones',
    '/calendario',
    '/calendario?vista=mes',
    '/calendario?vista=semanas',
    '/calendario?vista=a%C3%B1o',
    '/buscar?q=informe',
    '/vistas?guardar=vista%3Dmes',
    '/informe/vencidas',
    '/informe/cortes',
    '/informe/cuatrimestral',
    '/revision',
    '/procesos',
    '/eventos',
    '/correos',
    '/salud',
    '/metrics',
    '/salir',
    '/demo/reloj',
  ];
  const seen = new Map<string, number>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const shape = shapeOf(path);
    const times = seen.get(shape) ?? 0;
    if (times >= ofEachShape(path) || seen.has(`=${path}`)) continue;
    seen.set(shape, times + 1).set(`=${path}`, 1);
    const answer = await client.get(path);
    const page = await answer.text();
    expect({ path, fault: answer.status >= 500 }).toEqual({ path, fault: false });
    const head = await client.send(path, { method: 'HEAD' });
    expect({ path, status: head.status }).toEqual({ path, status: answer.status });
    const place = answer.headers.get('location');
    waiting.push(...(place?.startsWith('/') ? [place] : []), ...linksOf(page));
    opened += 1;
  }
  expect(await factsOf(program.db)).toEqual(before);
});

/** The facts once the morning's pass is made and nothing waits to be sent. */
async function settled(): Promise<Record<string, string>> {
  const { db } = program;
  await vi.waitUntil(
    async () => {
      const pass = await db.selectFrom('pass').select('run_on').executeTakeFirst();
      const open = await db.selectFrom('message').where('closed_at', 'is', null).select('id').execute();
      return pass !== undefined && open.length === 0;
    },
    { timeout: 30_000, interval: 50 },
  );
  return factsOf(db);
}
