// The Commission's report over HTTP: what it opens at, closing a cut, its files, and who may do what.
import { createHash } from 'node:crypto';
import { getDocumentProxy, getMeta } from 'unpdf';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';
import { factsOf } from '../support/facts.ts';
import { textOf } from '../support/reports.ts';

let program: Program;
let direction: Client;
let commission: Client;
let area: Client;

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  commission = await program.logInAs('presidencia.com.vinculacion@iem.example');
  area = await program.logInAs('enlace.deoe@iem.example');
  await program.stopWorker();
  return () => program.close();
});

const FORMATS = ['csv', 'json', 'pdf', 'xlsx', 'docx'] as const;
const hidden = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';

describe('a draft', () => {
  test('is what the page shows while no cut is closed, and says so', async () => {
    const page = await commission.page('/informe/vencidas');
    expect(page).toContain('Borrador, sin folio');
    expect(page).not.toContain('Cerrar este corte');
  });

  test('has one hash on the page and in every file of the same cut', async () => {
    const page = await direction.page('/informe/vencidas?corte=2024-05-10');
    const sha256 = /Huella SHA-256<\/dt><dd><span class="hash">([0-9a-f]{64})/.exec(page)?.[1];
    const canonical = await direction.get('/informe/vencidas.json?corte=2024-05-10');
    expect(
      createHash('sha256')
        .update(await canonical.text())
        .digest('hex'),
    ).toBe(sha256);
    for (const format of ['pdf', 'xlsx', 'docx'] as const) {
      const answer = await direction.get(`/informe/vencidas.${format}?corte=2024-05-10`);
      expect(await textOf(format, new Uint8Array(await answer.arrayBuffer()))).toContain(sha256!);
    }
  });

  test('is compared with the cut in the address', async () => {
    const page = await commission.page(
      '/informe/vencidas?corte=2024-05-13&comparar=2024-05-02&sesion=2024-05-29',
    );
    expect(page).toContain('Qué cambió desde el jue 2 may 2024');
    expect(page).toContain('hasta el día de la sesión, miércoles 29 de mayo de 2024');
    expect(page).toContain('corte=2024-05-13&amp;comparar=2024-05-02&amp;sesion=2024-05-29');
  });

  test.each([
    ['comparar=2024-05-13', 'debe ser anterior'],
    ['comparar=INF-1999-01', 'No hay un corte cerrado con ese folio'],
    ['comparar=ayer', 'AAAA-MM-DD'],
    ['sesion=2024-05-13', 'debe ser posterior al corte'],
    ['sesion=2024-02-30', 'Esa fecha no existe'],
    ['sesion=2024-06-01&sesion=2024-06-02', 'Campo repetido: sesion'],
    ['version=secreta', 'versión'],
  ])('asked with %s says what is wrong', async (query, words) => {
    const paths = query.startsWith('version') ? ['.pdf'] : ['', '.pdf', '.xlsx'];
    for (const path of paths) {
      const answer = await commission.get(`/informe/vencidas${path}?corte=2024-05-13&${query}`);
      expect({ path, status: answer.status }).toEqual({ path, status: 400 });
      if (path === '') expect(await answer.text()).toContain(words);
    }
  });
});

describe('every file', () => {
  test.each(FORMATS)(
    '%s is for the Dirección and the Commission, not for an area, and its head changes nothing',
    async (format) => {
      const path = `/informe/vencidas.${format}?corte=2024-05-10&version=publica`;
      const before = await factsOf(program.db);
      expect((await area.get(path)).status).toBe(403);
      for (const client of [direction, commission]) {
        const answer = await client.get(path);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-disposition')).toBe(
          `attachment; filename="vencidas-al-2024-05-10-publica.${format}"`,
        );
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(500);
      }
      expect((await commission.send(path, { method: 'HEAD' })).status).toBe(200);
      expect(await factsOf(program.db)).toEqual(before);
    },
  );
});

describe('closing a cut', () => {
  test('freezes what was shown; later evidence is a note; the page opens there', async () => {
    const shown = await direction.page('/informe/cerrar?corte=2024-05-10');
    const form = {
      corte: hidden(shown, 'corte'),
      comparar: hidden(shown, 'comparar'),
      sesion: hidden(shown, 'sesion'),
      huella: hidden(shown, 'huella'),
    };
    expect((await commission.post('/informe/cerrar', form)).status).toBe(403);
    expect((await area.post('/informe/cerrar', form)).status).toBe(403);
    const other = await direction.post('/informe/cerrar', { ...form, huella: '0'.repeat(64) });
    expect(other.status).toBe(409);
    expect(await other.text()).toContain('ya no es el que se mostró');
    expect(await program.db.selectFrom('report_cut').selectAll().execute()).toEqual([]);

    const frozen = await (await direction.get('/informe/vencidas.json?corte=2024-05-10')).text();
    for (const turn of ['first', 'again']) {
      const closed = await direction.post('/informe/cerrar', form);
      expect({ turn, to: closed.headers.get('location') }).toEqual({
        turn,
        to: '/informe/cortes?nuevo=INF-2024-01',
      });
    }
    expect(await direction.page('/informe/cortes?nuevo=INF-2024-01')).toContain(form.huella);

    const { overdue } = JSON.parse(frozen) as { overdue: { id: number }[] };
    await program.db
      .insertInto('submission')
      .values({
        deadline_id: overdue[0]!.id,
        attempt: 1,
        area_id: 1,
        submitted_by: 1,
        act_on: '2024-05-14',
        medium: 'letter',
        document_number: 'IEM-1/2024',
        recorded_at: '2024-05-15T02:00:00Z',
        form_key: crypto.randomUUID(),
      })
      .execute();
    expect((await commission.get('/informe/vencidas')).headers.get('location')).toBe(
      '/informe/vencidas?folio=INF-2024-01',
    );
    const page = await commission.page('/informe/vencidas');
    expect(page).toContain('Atendida después del corte (mar 14 may)');
    expect(page).toContain('Ver el estado de ahora');
    expect(page).not.toContain('Borrador, sin folio');
    expect(await (await commission.get('/informe/vencidas.json?folio=INF-2024-01')).text()).toBe(frozen);
    const pdf = await commission.get('/informe/vencidas.pdf?folio=INF-2024-01');
    const text = await textOf('pdf', new Uint8Array(await pdf.arrayBuffer()));
    expect(text).toContain('INF-2024-01');
    expect(text).not.toContain('BORRADOR');
    expect(text).not.toContain('Atendida después');
    expect((await direction.get('/informe/vencidas?folio=INF-2024-99')).status).toBe(404);
    expect((await direction.post('/informe/cerrar', { ...form, corte: '2024-05-09' })).status).toBe(409);
  });
});

test('the rows behind each number are as many as it says, also of one area', async () => {
  const page = await direction.page('/informe/vencidas?corte=2024-05-10');
  const links = [...page.matchAll(/href="(\/informe\/exigibles[^"]+)">(?:<strong>)?(\d+)/g)];
  expect(links.length).toBeGreaterThan(10);
  for (const [, path, count] of links.slice(0, 12)) {
    const list = await direction.page(path!.replaceAll('&amp;', '&'));
    expect({ path, count: /<h1>[^(]+\((\d+)\)/.exec(list)?.[1] }).toEqual({ path, count });
    expect(list.split('<tr>').length - 2).toBe(Math.min(100, Number(count)));
  }
});

test('the four-month report has plots that also read as tables, without a script, and a PDF', async () => {
  const page = await commission.page('/informe/cuatrimestral?anio=2024&periodo=1');
  expect(page).toContain('Informe cuatrimestral de seguimiento, enero–abril de 2024');
  expect(page.match(/<svg[^>]*role="img"[^>]*aria-label=/g)).toHaveLength(2);
  expect(page).not.toContain('style="');
  const answer = await commission.get('/informe/cuatrimestral.pdf?anio=2024&periodo=1');
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  const pdf = await getDocumentProxy(new Uint8Array(await answer.arrayBuffer()));
  expect((await getMeta(pdf)).info).toMatchObject({ Language: 'es-MX' });
  for (const path of ['/informe/cuatrimestral', '/informe/cuatrimestral.pdf']) {
    expect((await commission.get(`${path}?anio=2025&periodo=1`)).status).toBe(400);
    expect((await area.get(path)).status).toBe(403);
  }
});
