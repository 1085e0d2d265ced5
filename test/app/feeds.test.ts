// Subscribing a calendar over HTTP: its address is secret, its content follows the owner, taking it back ends it.
import ICAL from 'ical.js';
import { beforeAll, expect, test } from 'vitest';
import { now } from '../../db/clock.ts';
import type { Client } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let area: Client;
let direction: Client;

beforeAll(async () => {
  program = await startProgram();
  area = await program.logInAs('enlace.deoe@iem.example');
  direction = await program.logInAs('titular.devspe@iem.example');
  return () => program.close();
});

/** Makes a subscription as a person does and returns its path. */
async function subscribe(client: Client, que: string): Promise<string> {
  const answer = await client.post('/suscripcion', { que, revocar: '' });
  expect(answer.status).toBe(200);
  return /http:\/\/convenio\.example(\/calendarios\/[\w-]{43}\.ics)/.exec(await answer.text())![1]!;
}

const events = (text: string) =>
  new ICAL.Component(ICAL.parse(text) as unknown[])
    .getAllSubcomponents('vevent')
    .map((event) => new ICAL.Event(event));

/** Deadlines that area answers for, from two months back. */
function dueOf(key: string) {
  return program.db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation_area as oa', 'oa.obligation_id', 'd.obligation_id')
    .innerJoin('area', 'area.id', 'oa.area_id')
    .where('area.key', '=', key)
    .where('oa.role', 'in', ['responsible', 'co_responsible'])
    .where('v.superseded_at', 'is', null)
    .where('v.due_on', '>=', '2024-03-16')
    .select(['d.id', 'v.due_on', 'v.version'])
    .distinct()
    .execute();
}

test('an area’s calendar holds just what it answers for, each on its day', async () => {
  const path = await subscribe(area, 'mis-areas');
  const answer = await program.visitor().get(path);
  expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  const held = events(await answer.text()).map(({ uid, startDate }) => [
    uid,
    startDate.toString().slice(0, 10),
  ]);
  const due = await dueOf('iem_deoe');
  expect(due.length).toBeGreaterThan(3);
  expect(new Map(held as [string, string][])).toEqual(
    new Map(due.map(({ id, due_on }) => [`vencimiento-${id}@convenio.example`, due_on])),
  );
});

test('a second reading of the same facts is answered 304 without a body', async () => {
  const path = await subscribe(direction, 'convenio');
  const first = await program.visitor().get(path);
  const etag = first.headers.get('etag')!;
  const second = await program.visitor().send(path, { headers: { 'If-None-Match': `"x", ${etag}` } });
  expect(second.status).toBe(304);
  expect(await second.text()).toBe('');
});

test('a waived deadline is called off under the same name, with one change more', async () => {
  const path = await subscribe(direction, 'convenio');
  const [before] = (await dueOf('iem_deoe')).slice(-1);
  const { id: direction_id } = await program.db
    .selectFrom('person')
    .where('email', '=', 'titular.devspe@iem.example')
    .select('id')
    .executeTakeFirstOrThrow();
  await program.db
    .insertInto('waiver')
    .values({
      deadline_id: before!.id,
      kind: 'condition_not_met',
      reason: 'No se presentó el supuesto',
      document: 'IEM-1/2024',
      recorded_by: direction_id,
      recorded_at: (await now(program.db)).at,
    })
    .execute();
  const after = events(await (await program.visitor().get(path)).text()).find(
    ({ uid }) => uid === `vencimiento-${before!.id}@convenio.example`,
  )!;
  expect(after.component.getFirstPropertyValue('status')).toBe('CANCELLED');
  expect(after.sequence).toBe(before!.version);
});

test('a revoked address is gone, a wrong one was never there, and both say nothing of what they held', async () => {
  const path = await subscribe(area, 'mis-areas');
  const page = await area.page('/suscripcion');
  const [, id] = /name="revocar" value="(\d+)"/.exec(page)!;
  expect((await direction.post('/suscripcion', { que: '', revocar: id! })).status).toBe(303);
  expect((await program.visitor().get(path)).status, 'only its owner takes it back').toBe(200);
  expect((await area.post('/suscripcion', { que: '', revocar: id! })).status).toBe(303);
  expect((await program.visitor().get(path)).status).toBe(410);
  for (const wrong of [
    path.replace(/.\.ics$/, (end) => (end === 'A.ics' ? 'B.ics' : 'A.ics')),
    path.toUpperCase().replace('/CALENDARIOS', '/calendarios').replace('.ICS', '.ics'),
    path.slice(0, -8) + '.ics',
    `${path}.ics`,
    `/calendarios/${'a'.repeat(5000)}.ics`,
  ]) {
    const answer = await program.visitor().get(wrong);
    expect({ wrong, status: answer.status }).toEqual({ wrong, status: 404 });
    expect(await answer.text()).not.toContain('VCALENDAR');
  }
});

test('making it again leaves one address in use', async () => {
  const old = await subscribe(area, 'mis-areas');
  const fresh = await subscribe(area, 'mis-areas');
  expect((await program.visitor().get(old)).status).toBe(410);
  expect((await program.visitor().get(fresh)).status).toBe(200);
});

test('the calendar of somebody who holds no post any more is gone', async () => {
  const email = program.somebody();
  const leaving = await program.logInAs(email);
  const path = await subscribe(leaving, 'mis-areas');
  await program.db
    .updateTable('appointment')
    .set({ until_on: '2024-05-14', from_on: '2023-01-01' })
    .where('person_id', 'in', program.db.selectFrom('person').where('email', '=', email).select('id'))
    .execute();
  expect((await program.visitor().get(path)).status).toBe(410);
});

test('nobody makes a calendar of what is not theirs', async () => {
  for (const que of ['convenio', 'area-1', '', '__proto__']) {
    const answer = await area.post('/suscripcion', { que, revocar: '' });
    expect({ que, status: answer.status }).toEqual({ que, status: 400 });
    expect(await answer.text()).toContain('Elige qué vencimientos');
  }
});

test('a program that reads without end is told to come back later', async () => {
  const path = await subscribe(area, 'mis-areas');
  await program.db.updateTable('feed').set({ hour_reads: 240 }).execute();
  await program.visitor().get(path);
  await program.db.updateTable('feed').set({ hour_reads: 240 }).execute();
  const answer = await program.visitor().get(path);
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('3600');
});
