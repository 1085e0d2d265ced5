// What areas ask about a deadline, and what the Dirección decides: more time, or another area.
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { factsOf } from '../support/facts.ts';
import { listUnreported } from '../support/facts-of-deadlines.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let area: Client;
let direction: Client;
let taker: Client;
let dated: { id: number; due_on: string; obligation_id: number }[];

beforeAll(async () => {
  program = await startProgram();
  area = await program.logInAs('enlace.deoe@iem.example');
  direction = await program.logInAs('titular.devspe@iem.example');
  taker = await program.logInAs('enlace.dea@iem.example');
  await program.stopWorker();
  dated = (await listUnreported(program.db, 'iem_deoe')).flatMap(({ id, obligation_id, due_on, due_time }) =>
    due_on !== null && due_on > '2024-05-15' && due_time === null ? [{ id, obligation_id, due_on }] : [],
  );
  return () => program.close();
});

const GOOD = {
  due_on: '2024-07-30',
  reason: 'El INE entregó tarde los formatos.',
  document: 'IEM-DEOE-9/2024',
};
const ask = (id: number, form: Record<string, string>, what = '') =>
  area.post(`/vencimientos/${id}/solicitar${what}`, form);
const requestOn = (id: number) =>
  program.db
    .selectFrom('area_request')
    .where('deadline_id', '=', id)
    .select(['id', 'decision'])
    .orderBy('id', 'desc')
    .executeTakeFirst();

describe('an extension', () => {
  test.each([
    [{ due_on: '' }, 'due_on', 'Indica la fecha que pides'],
    [{ due_on: '2024-02-30' }, 'due_on', 'Esa fecha no existe'],
    [{ due_on: '2024-05-15' }, 'due_on', 'La fecha que pides debe ser posterior a la fecha límite'],
    [{ reason: ' ' }, 'reason', 'Explica por qué se necesita más tiempo'],
    [{ document: '' }, 'document', 'Escribe el oficio con el que se pide'],
  ])('asked with %j is refused at its field, and nothing is saved', async (changes, field, message) => {
    const before = await factsOf(program.db);
    const answer = await ask(dated[0]!.id, { ...GOOD, ...changes });
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(
      new RegExp(`id="${field}-error"[^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]*)`).exec(page)?.[1],
    ).toContain(message);
    expect(await factsOf(program.db)).toEqual(before);
  });

  test('granted is a new date and a firm one, and the earlier one is still told', async () => {
    const { id, due_on } = dated[0]!;
    await sql`update deadline_version set provisional = '{"algo sin confirmar"}' where deadline_id = ${id}`.execute(
      program.db,
    );
    expect((await ask(id, GOOD)).status).toBe(303);
    expect((await ask(id, GOOD)).status).toBe(303);
    expect((await ask(id, { ...GOOD, reason: 'Otra vez' })).status).toBe(409);
    const request = (await requestOn(id))!;
    expect((await direction.page('/solicitudes')).includes('Prórroga al martes 30 de julio de 2024')).toBe(
      true,
    );
    const path = `/solicitudes/${request.id}`;
    const decide = () => direction.post(path, { decision: 'granted', words: '' });
    const answers = await Promise.all([decide(), decide(), decide()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
    const versions = await program.db
      .selectFrom('deadline_version')
      .where('deadline_id', '=', id)
      .select(['version', 'due_on', 'lapses_at', 'provisional', 'superseded_at'])
      .orderBy('version')
      .execute();
    expect(versions.map((version) => version.due_on)).toEqual([due_on, '2024-07-30']);
    expect(versions.map(({ provisional }) => provisional.length)).toEqual([1, 0]);
    expect(versions[0]!.superseded_at).not.toBeNull();
    expect(versions[1]!.lapses_at).toBe('2024-07-31T06:00:00.000000Z');
    const mails = await program.db
      .selectFrom('message')
      .innerJoin('schedule_change as c', 'c.id', 'message.schedule_change_id')
      .select(['message.kind', 'c.act'])
      .execute();
    expect(mails).toEqual([{ kind: 'date_change', act: GOOD.document }]);
    const page = await area.page(`/vencimientos/${id}`);
    expect(page).toContain('martes 30 de julio de 2024');
    expect(page).toContain('La fecha original era el');
  });

  test('denied says why and moves nothing', async () => {
    const { id, due_on } = dated[1]!;
    await ask(id, GOOD);
    const path = `/solicitudes/${(await requestOn(id))!.id}`;
    expect((await direction.post(path, { decision: 'denied', words: '' })).status).toBe(400);
    expect((await direction.post(path, { decision: 'denied', words: 'La ley no lo permite.' })).status).toBe(
      303,
    );
    const page = await area.page(`/vencimientos/${id}`);
    expect(page).toContain('La ley no lo permite.');
    const current = await program.db
      .selectFrom('deadline_version')
      .where('deadline_id', '=', id)
      .where('superseded_at', 'is', null)
      .select('due_on')
      .executeTakeFirstOrThrow();
    expect(current.due_on).toBe(due_on);
    // What was denied can be asked again.
    expect((await ask(id, GOOD)).status).toBe(303);
  });

  test('is nobody’s to grant who asked for it', async () => {
    const { id } = dated[2]!;
    await ask(id, GOOD);
    const request = (await requestOn(id))!;
    await sql`update area_request set asked_by = (select id from person where email = 'titular.devspe@iem.example')
      where id = ${request.id}`.execute(program.db);
    const answer = await direction.post(`/solicitudes/${request.id}`, { decision: 'granted', words: '' });
    expect(answer.status).toBe(409);
    expect(await requestOn(id)).toMatchObject({ decision: null });
  });
});

test('an obligation that is another area’s passes to it, and can come back', async () => {
  const { id, obligation_id } = dated[2]!;
  const what = '?que=no-corresponde';
  expect((await ask(id, { due_on: '', reason: '', document: '' }, what)).status).toBe(400);
  expect((await ask(id, { due_on: '', reason: 'Es de Administración.', document: '' }, what)).status).toBe(
    303,
  );
  const path = `/solicitudes/${(await requestOn(id))!.id}`;
  const grant = (to: string, where = path) =>
    direction.post(where, { decision: 'granted', words: '', area: to });
  expect((await grant('')).status).toBe(400);
  expect((await grant('iem_deoe')).status).toBe(400);
  expect((await grant('iem_dea')).status).toBe(303);
  const responsible = async () =>
    (
      await program.db
        .selectFrom('obligation_area')
        .innerJoin('area', 'area.id', 'obligation_area.area_id')
        .where('obligation_id', '=', obligation_id)
        .where('role', '=', 'responsible')
        .select('area.key')
        .executeTakeFirstOrThrow()
    ).key;
  expect(await responsible()).toBe('iem_dea');
  expect((await area.get(`/vencimientos/${id}/reportar`)).status).toBe(404);
  const back = await taker.post(`/vencimientos/${id}/solicitar${what}`, {
    due_on: '',
    reason: 'Tampoco es nuestra.',
    document: '',
  });
  expect(back.status).toBe(303);
  expect((await grant('iem_deoe', `/solicitudes/${(await requestOn(id))!.id}`)).status).toBe(303);
  expect(await responsible()).toBe('iem_deoe');
  expect((await area.get(`/vencimientos/${id}/reportar`)).status).toBe(200);
});
