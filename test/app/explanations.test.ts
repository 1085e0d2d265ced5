// Causes and commitments of what is overdue: declared by the area, asked by the Dirección, told in every report.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Client } from '../support/client.ts';
import { factsOf } from '../support/facts.ts';
import { listUnreported } from '../support/facts-of-deadlines.ts';
import { textOf } from '../support/reports.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let area: Client;
let direction: Client;
let commission: Client;
/** What the area owes and nobody has reported: overdue, and one that is not. */
let overdue: number[];
let open: number;

beforeAll(async () => {
  program = await startProgram();
  area = await program.logInAs('enlace.deoe@iem.example');
  direction = await program.logInAs('titular.devspe@iem.example');
  commission = await program.logInAs('presidencia.com.vinculacion@iem.example');
  const owed = await listUnreported(program.db, 'iem_deoe');
  const rows = owed.filter(({ obligor, due_on }) => obligor === 'IEM' && due_on !== null);
  overdue = rows.filter(({ due_on }) => due_on! < '2024-05-15').map(({ id }) => id);
  open = rows.find(({ due_on }) => due_on! > '2024-05-20')!.id;
  return () => program.close();
});

const GOOD = {
  cause: 'El proveedor entregó tarde los sellos.',
  committed_on: '2024-05-22',
  hacer: 'declarar',
};
const path = (id: number) => `/vencimientos/${id}/causa`;
const row = (page: string, id: number) =>
  new RegExp(`<tr>(?:(?!</tr>)[^])*?/vencimientos/${id}"[^]*?</tr>`).exec(page)?.[0] ?? '';

describe('a cause', () => {
  test.each([
    [{ cause: ' ' }, 'cause', 'Explica por qué no se ha cumplido'],
    [{ cause: 'x'.repeat(1001) }, 'cause', 'Máximo 1,000 caracteres; llevas 1,001'],
    [{ committed_on: '' }, 'committed_on', 'Indica para cuándo te comprometes'],
    [{ committed_on: '2024-02-30' }, 'committed_on', 'Esa fecha no existe'],
    [{ committed_on: '2024-05-14' }, 'committed_on', 'El compromiso no puede ser anterior a hoy'],
  ])('with %j is refused at its field and nothing is saved', async (changes, field, message) => {
    const before = await factsOf(program.db);
    const answer = await area.post(path(overdue[0]!), { ...GOOD, ...changes });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(new RegExp(`id="${field}-error"[^]{0,120}${message}`));
    expect(await factsOf(program.db)).toEqual(before);
  });

  test('is not declared of what is not overdue', async () => {
    const answer = await area.post(path(open), GOOD);
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('Esta obligación ya no está vencida.');
  });

  test('is told on the deadline, in the report and in its files, with the same totals', async () => {
    const id = overdue[0]!;
    const totals = async () =>
      ((await (await commission.get('/informe/vencidas.json?corte=ahora')).json()) as { totals: object })
        .totals;
    const before = await totals();
    const answer = await area.post(path(id), GOOD);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/vencimientos/${id}#causa`]);
    expect(await totals()).toEqual(before);
    expect(await commission.page(`/vencimientos/${id}`)).toContain(
      'Compromiso: miércoles 22 de mayo de 2024',
    );
    expect(await area.page('/mis-obligaciones')).toContain('Te comprometiste para el');
    const told = row(await commission.page('/informe/vencidas'), id);
    expect(told).toContain('El proveedor entregó tarde los sellos. Compromiso: mié 22 may 2024');
    for (const format of ['csv', 'xlsx', 'docx', 'pdf', 'json'] as const) {
      const file = await commission.get(`/informe/vencidas.${format}?corte=ahora`);
      const text = await textOf(format, new Uint8Array(await file.arrayBuffer()));
      expect(text.replace(/\s+/g, ' ')).toContain('entregó tarde los sellos');
    }
    const { verb, detail } = await program.db
      .selectFrom('audit_entry')
      .where('subject', '=', `vencimiento ${id}`)
      .select(['verb', 'detail'])
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow();
    expect([verb, detail]).toEqual([
      'declaró causa y compromiso',
      expect.objectContaining({ cause: GOOD.cause, committed_on: GOOD.committed_on }),
    ]);
  });

  test('names nobody in the public version, on the page as in its files', async () => {
    const person = await program.db
      .selectFrom('person')
      .where('email', '=', 'enlace.dea@iem.example')
      .select('name')
      .executeTakeFirstOrThrow();
    const id = overdue[1]!;
    await area.post(path(id), { ...GOOD, cause: `Lo tiene ${person.name}, dea@iem.example, 443 322 1400` });
    const complete = row(await commission.page('/informe/vencidas'), id);
    expect(complete).toContain('dea@iem.example');
    const page = await commission.page('/informe/vencidas?version=publica');
    expect(page).toContain('Versión pública');
    expect(row(page, id)).toContain('Lo tiene [dato personal], [dato personal], [dato personal]');
    const csv = await (await commission.get('/informe/vencidas.csv?corte=ahora&version=publica')).text();
    expect(csv).toContain('Lo tiene [dato personal]');
    expect(csv).not.toContain(person.name);
    expect((await commission.get('/informe/vencidas?version=secreta')).status).toBe(400);
  });
});

describe('the Dirección', () => {
  test('asks the area once a day: one mail that leads to the form, one entry, and the area sees it first', async () => {
    const id = overdue[2]!;
    expect(await direction.page(path(id))).toContain('Solicitar informe al área');
    const answer = await direction.post(path(id), {
      hacer: 'solicitar',
      words: 'La Comisión sesiona el viernes.',
    });
    expect(answer.status).toBe(303);
    expect((await direction.post(path(id), { hacer: 'solicitar' })).status).toBe(409);
    const mail = await vi.waitUntil(
      () =>
        program.db
          .selectFrom('message')
          .innerJoin('person', 'person.id', 'message.person_id')
          .where('kind', '=', 'explanation_request')
          .where('state', '=', 'accepted')
          .select(['text', 'person.email', 'subject'])
          .executeTakeFirst(),
      { timeout: 30_000, interval: 50 },
    );
    expect(mail.email).toMatch(/deoe@iem\.example$/);
    expect(mail.subject).toMatch(/^Causa y compromiso: /);
    expect(mail.text).toContain(`/vencimientos/${id}/causa`);
    expect(mail.text).toContain('La Comisión sesiona el viernes.');
    expect(await area.page('/mis-obligaciones')).toContain('La Dirección pidió la causa y el compromiso');
    expect(row(await commission.page('/informe/vencidas'), id)).toContain(
      'Sin declarar; se solicitó el mié 15 may',
    );
    await area.post(path(id), GOOD);
    expect(row(await commission.page('/informe/vencidas'), id)).toContain('Compromiso: mié 22 may 2024');
  });

  test('is the only one that asks', async () => {
    const answer = await area.post(path(overdue[1]!), { hacer: 'solicitar', words: '' });
    expect(answer.status).toBe(400);
    expect((await commission.post(path(overdue[1]!), { hacer: 'solicitar', words: '' })).status).toBe(403);
    const asked = program.db.selectFrom('explanation_request').where('deadline_id', '=', overdue[1]!);
    expect(await asked.select('id').execute()).toEqual([]);
  });
});

test('the PDF explains every overdue date after the signatures when it is asked to, and is the same otherwise', async () => {
  const read = async (more: string) => {
    const answer = await commission.get(`/informe/vencidas.pdf?corte=2024-05-10${more}`);
    return textOf('pdf', new Uint8Array(await answer.arrayBuffer()));
  };
  const plain = await read('');
  const explained = await read('&anexo=1');
  expect(plain).not.toContain('Anexo: por qué estas fechas');
  const annex = explained.slice(explained.indexOf('Anexo: por qué estas fechas'));
  const report = (await (await commission.get('/informe/vencidas.json?corte=2024-05-10')).json()) as {
    overdue: { ref: string }[];
  };
  for (const { ref } of report.overdue) expect(annex).toContain(ref);
  expect(annex).toContain('Venció el');
});
