// Long lists a page at a time: every row on exactly one page, filters kept, and no page that is not there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listPage } from '../../app/domain/list-page.ts';
import { now } from '../../db/clock.ts';
import { listDeadlines } from '../../db/deadlines.ts';
import { searchObligations } from '../../db/search.ts';
import { parseSearch } from '../../app/domain/search.ts';
import { findActor } from '../../db/people.ts';
import type { Client } from '../support/client.ts';
import { personId } from '../support/facts-of-deadlines.ts';
import { pagesFrom } from '../support/paging.ts';
import { startProgram, type Program } from '../support/web.ts';

const DIRECTION = 'titular.devspe@iem.example';

let program: Program;
let direction: Client;
beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs(DIRECTION);
});
afterAll(() => program.close());

/** What the lines of a page lead to, each once, in their order. */
const idsOf = (page: string, link: RegExp) => [...page.matchAll(link)].map(([, id]) => id!);
const LINE = /<a class="line-title"[^>]*href="[^"]*[?;]ver=(\d+)"/g;

describe('a list of the calendar', () => {
  test.each(['desde=2000-01-01', 'desde=2000-01-01&obligado=iem', 'desde=2024-05-01&area=iem_deoe'])(
    'asked for %s shows every deadline on exactly one page, in one order',
    async (query) => {
      const { db } = program;
      const asked = new URLSearchParams(query);
      const rows = await listDeadlines(db, await now(db), {
        due: { from: asked.get('desde')!, to: '2100-12-31' },
        ...(asked.has('obligado') && { obligor: 'IEM' as const }),
        ...(asked.has('area') && { area: asked.get('area')! }),
      });
      const pages = await pagesFrom(direction, `/calendario?${query}`);
      expect(pages.flatMap((page) => idsOf(page, LINE))).toEqual(rows.map(({ id }) => String(id)));
      expect(pages).toHaveLength(Math.ceil(rows.length / 75));
    },
  );

  test('says where one is, and leads back', async () => {
    const second = await direction.page('/calendario?desde=2000-01-01&pagina=2');
    expect(second).toMatch(/76 a 150 de \d+/);
    expect(second).toMatch(/<a [^>]*rel="prev"[^>]*>← Anteriores<\/a>/);
    expect(second).toMatch(/href="\/calendario\?desde=2000-01-01&amp;[^"]*pagina=1"/);
  });

  test.each(['0', '-1', '1e9', 'abc', '999999999'])(
    'has no page %s and shows the nearest one',
    async (pagina) => {
      const answer = await direction.get(`/calendario?desde=2000-01-01&pagina=${pagina}`);
      expect(answer.status).toBe(200);
      const page = await answer.text();
      expect(page).toContain('No existe la página que pediste');
      expect(idsOf(page, LINE).length).toBeGreaterThan(0);
    },
  );

  test('keeps the page beside an opened deadline and forgets it in a saved view', async () => {
    const page = await direction.page('/calendario?desde=2000-01-01&pagina=2');
    const [id] = idsOf(page, LINE);
    expect(page).toMatch(new RegExp(`pagina=2&amp;ver=${id}"`));
    expect(page).toContain('href="/vistas?guardar=desde%3D2000-01-01"');
  });
});

test('a kind of search result shows every result on exactly one page', async () => {
  const { db } = program;
  const actor = (await findActor(db, await personId(db, DIRECTION), (await now(db)).today))!;
  const all = await searchObligations(db, parseSearch('at'), actor, { offset: 0, size: 1000 });
  expect(all.count).toBeGreaterThan(50);
  const together = await direction.page('/buscar?q=at');
  expect(together).toContain('href="/buscar?q=at&amp;tipo=obligaciones"');
  const pages = await pagesFrom(direction, '/buscar?q=at&tipo=obligaciones');
  const shown = pages.flatMap((page) => idsOf(page, /<a class="line-title"[^>]*href="([^"]*)"/g));
  expect(shown).toHaveLength(all.count);
  expect(new Set(shown).size).toBe(all.count);
  const beyond = await direction.page('/buscar?q=at&tipo=obligaciones&pagina=99');
  expect(beyond).toContain('No existe la página que pediste');
  expect((await direction.get('/buscar?q=at&tipo=otro')).status).toBe(400);
});

test('the rows behind a number of the report are each on exactly one page', async () => {
  const pages = await pagesFrom(direction, '/informe/exigibles');
  const shown = pages.flatMap((page) => idsOf(page, /href="\/vencimientos\/(\d+)"/g));
  const counted = Number(/Exigibles \((\d+)\)/.exec(pages[0]!)?.[1]);
  expect(shown).toHaveLength(counted);
  expect(new Set(shown).size).toBe(counted);
});

test('an empty list has one page, and a full last page no other after it', () => {
  expect(listPage('', 0, 75)).toMatchObject({ number: 1, pages: 1, found: true });
  expect(listPage('2', 150, 75)).toMatchObject({ number: 2, pages: 2, offset: 75, found: true });
  expect(listPage('3', 150, 75)).toMatchObject({ number: 2, found: false });
});
