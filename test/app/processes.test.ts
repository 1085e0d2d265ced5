// The next process on screen: prepared without anybody else seeing it, published, and then one among several.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { factsOf } from '../support/facts.ts';
import { startProgram, type Program } from '../support/web.ts';

const KEY = 'extraordinario-irimbo-2024';
const NAME = 'Elección extraordinaria de Irimbo 2024';
const ORDINARY = 'Proceso Electoral Ordinario Local 2023-2024';

let program: Program;
let direction: Client;
let area: Client;

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  area = await program.logInAs('enlace.deoe@iem.example');
  await program.stopWorker();
  return () => program.close();
});

/** The overdue, matching and total numbers of the calendar, `54 de 54 vencimientos`. */
const counted = (page: string) =>
  /(\d+)(?:<!-- -->)? de (?:<!-- -->)?(\d+)(?:<!-- -->)? vencimientos/.exec(page)?.slice(1, 3).map(Number);

describe.sequential('from preparing to publishing', () => {
  test('while one process is published nothing speaks of processes', async () => {
    for (const path of ['/calendario', '/informe/vencidas', '/instrumentos']) {
      expect(await direction.page(path)).not.toContain('name="proceso"');
    }
    expect(await area.page('/mis-obligaciones')).not.toContain(ORDINARY);
  });

  test('a form filled wrongly is named at its field and nothing is copied', async () => {
    const before = await factsOf(program.db);
    const answer = await direction.post('/procesos/nuevo', {
      from: 'ordinario-2023-2024',
      name: '',
      key: 'Año 2',
    });
    const page = await answer.text();
    expect(answer.status).toBe(400);
    expect(page).toContain('Escribe el nombre del proceso');
    expect(page).toContain('Usa sólo minúsculas sin acento');
    const taken = await direction.post('/procesos/nuevo', {
      from: 'ordinario-2023-2024',
      name: 'Otro',
      key: 'ordinario-2023-2024',
    });
    expect(await taken.text()).toContain('Esa clave ya la tiene otro proceso');
    expect(await factsOf(program.db)).toEqual(before);
  });

  test('it is copied and its milestones are filled several at once; the areas see nothing of it', async () => {
    const before = await area.page('/mis-obligaciones');
    const copied = await direction.post('/procesos/nuevo', {
      from: 'ordinario-2023-2024',
      name: NAME,
      key: KEY,
    });
    expect(copied.headers.get('location')).toBe(`/procesos/${KEY}`);
    const wrong = await direction.post(`/procesos/${KEY}`, {
      form: 'milestones',
      'date.inicio_campana': '2024-11-31',
      'time.inicio_prep': '20:00',
    });
    const page = await wrong.text();
    expect(wrong.status).toBe(400);
    expect(page).toContain('Esa fecha no existe (noviembre de 2024 tiene 30 días)');
    expect(page).toContain('Una hora necesita su fecha');
    expect(page).toContain('value="2024-11-31"');
    const saved = await direction.post(`/procesos/${KEY}`, {
      form: 'milestones',
      'date.jornada': '2024-12-08',
      'time.jornada': '08:00',
      'firm.jornada': 'sí',
      'source.jornada': 'Acuerdo del IEM',
      'date.inicio_campana': '2024-11-09',
      'source.inicio_campana': 'Calendario del IEM',
    });
    expect(saved.status).toBe(303);
    // 9 November and 32 days more; 8 December less 30 days.
    const dates = await direction.page(`/procesos/${KEY}/fechas`);
    expect(dates).toContain('mié 11 dic 2024');
    expect(dates).toContain('vie 8 nov 2024');
    const bare = (text: string) => text.replaceAll(/nonce="[^"]*"|\d{1,2}:\d{2} h/g, '');
    expect(bare(await area.page('/mis-obligaciones'))).toBe(bare(before));
  });

  test('fixed dates are shown with their old days, and decided one by one', async () => {
    const page = await direction.page(`/procesos/${KEY}/fechas-fijas`);
    expect(page).toContain('jueves 15 de febrero de 2024');
    const wrong = await direction.post(`/procesos/${KEY}/fechas-fijas`, { 'decision.AT-C-1': 'leave_out' });
    expect(await wrong.text()).toContain('Escribe por qué no se debe en este proceso');
    const decided = await direction.post(`/procesos/${KEY}/fechas-fijas`, {
      'decision.AT-C-1': 'dates',
      'date.AT-C-1': '2024-10-15',
    });
    expect(decided.headers.get('location')).toContain('decididas=1');
    expect(await direction.page(`/procesos/${KEY}/fechas`)).toContain('mar 15 oct 2024');
  });

  test('it is published only when what would be sent was seen', async () => {
    const before = await factsOf(program.db);
    const hasty = await direction.post(`/procesos/${KEY}/publicar`, {});
    expect(await hasty.text()).toContain('Marca que revisaste lo que se enviaría');
    expect(await factsOf(program.db)).toEqual(before);
    const published = await direction.post(`/procesos/${KEY}/publicar`, { confirm: 'sí' });
    expect(published.status).toBe(303);
    expect((await direction.post(`/procesos/${KEY}/descartar`, { key: KEY })).status).toBe(409);
  });

  test('then lists, files and counts are of one process, and links stay with it', async () => {
    const page = await direction.page('/calendario');
    expect(page).toContain('name="proceso"');
    // The newest publication with something open.
    expect(page).toContain(`>${NAME}</p>`);
    const [irimbo, ordinary] = await Promise.all(
      [KEY, 'ordinario-2023-2024'].map(async (key) =>
        counted(await direction.page(`/calendario?proceso=${key}`)),
      ),
    );
    expect(counted(page)).toEqual(irimbo);
    const { count } = await program.db
      .selectFrom('deadline_version')
      .where('superseded_at', 'is', null)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(irimbo![1]! + ordinary![1]!).toBe(count);
    expect(page).toMatch(new RegExp(`href="/calendario\\?proceso=${KEY}[^"]*estado=en-espera`));
    const csv = await direction.page(`/informe/vencidas.csv?proceso=${KEY}`);
    expect(csv.split('\r\n')[0]).toContain('Proceso');
    expect(csv).not.toContain(ORDINARY);
    expect((await direction.get('/calendario?proceso=nada')).status).toBe(400);
    expect((await direction.get('/informe/vencidas.csv?proceso=nada')).status).toBe(400);
  });

  test('the four-month report is of one of them, on the page as in the PDF', async () => {
    const totals = await Promise.all(
      [KEY, 'ordinario-2023-2024'].map(async (key) => {
        const report = await direction.page(`/informe/cuatrimestral?anio=2024&periodo=2&proceso=${key}`);
        expect(report).toContain(`· ${key === KEY ? NAME : ORDINARY}</p>`);
        expect(report).toContain(`/informe/cuatrimestral.pdf?anio=2024&amp;periodo=2&amp;proceso=${key}`);
        return Number(/(\d+) vencimientos del periodo/.exec(report)![1]);
      }),
    );
    const { count } = await program.db
      .selectFrom('deadline_version')
      .where('superseded_at', 'is', null)
      .where('due_on', '>=', '2024-05-01')
      .where('due_on', '<=', '2024-08-31')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(totals[0]! + totals[1]!).toBe(count);
    expect(totals[1]).toBeGreaterThan(0);
    for (const file of ['', '.pdf']) {
      expect((await direction.get(`/informe/cuatrimestral${file}?proceso=nada`)).status).toBe(400);
    }
  });

  test('an area sees all its processes, each card naming its own', async () => {
    const page = await area.page('/mis-obligaciones');
    expect(page).toContain(NAME);
    expect(page).toContain(ORDINARY);
  });

  test('an instrument is found by its key inside its process', async () => {
    const here = await direction.page(`/instrumentos/AT?proceso=${KEY}`);
    const there = await direction.page('/instrumentos/AT?proceso=ordinario-2023-2024');
    expect(here).toContain(NAME);
    expect(there).toContain(ORDINARY);
    expect(here).toContain(`proceso=${KEY}`);
  });
});

describe('an addendum on screen', () => {
  const PATH = '/instrumentos/AF/adenda?proceso=ordinario-2023-2024';
  const GOOD = {
    title: 'Primera adenda',
    signed_on: '2024-05-14',
    in_force_from: '2024-05-16',
    source: 'Oficio 12/2024',
  };

  test('a wrong table is told row by row, kept, and not saved', async () => {
    const before = await factsOf(program.db);
    const table = 'numeral,ref,áreas\nFIN.5,AF-FIN-5,Juridca\n,AF-FIN-1,';
    const answer = await direction.post(PATH, { ...GOOD, signed_on: '2024-05-16', table });
    const page = await answer.text();
    expect(answer.status).toBe(400);
    expect(page).toContain('No puede haberse firmado después de hoy');
    expect(page).toContain('Fila 3, columna «numeral»: escribe el numeral');
    expect(page).toContain('FIN.5,AF-FIN-5,Juridca');
    expect(await factsOf(program.db)).toEqual(before);
  });

  test('a file is compared, shown with the words that differ, and applied', async () => {
    const { number } = await program.db
      .selectFrom('obligation')
      .innerJoin('clause', 'clause.id', 'obligation.clause_id')
      .innerJoin('process', 'process.id', 'obligation.process_id')
      .where('ref', '=', 'AF-FIN-5')
      .where('process.key', '=', 'ordinario-2023-2024')
      .select('clause.number')
      .executeTakeFirstOrThrow();
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...GOOD, table: '' })) form.set(name, value);
    const csv = `numeral;texto\r\n${number};Se pagará en una sola ministración.`;
    form.set('file', new Blob([Buffer.from(csv, 'latin1')], { type: 'text/csv' }), 'adenda.csv');
    const loaded = await direction.send(PATH, {
      method: 'POST',
      body: form,
      headers: { Origin: program.url },
    });
    const preview = loaded.headers.get('location') ?? '';
    expect(loaded.status).toBe(303);
    expect(await direction.page(preview)).toContain('<ins>Se pagará en una sola ministración.</ins>');
    const applied = await direction.post(preview, { what: 'apply' });
    expect(applied.status).toBe(303);
    const page = await direction.page('/instrumentos/AF?proceso=ordinario-2023-2024');
    expect(page).toContain('Se pagará en una sola ministración.');
    expect(page).toContain('vigente hasta el mié 15 may 2024');
    expect(await direction.page('/instrumentos/AF?proceso=ordinario-2023-2024&version=1')).toContain(
      'Este texto ya no rige',
    );
    expect((await direction.get(preview)).status).toBe(404);
  });
});
