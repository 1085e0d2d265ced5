// The Commission's mail of the week can be stopped: by a person on its page, by a mail program with one POST.
import { beforeAll, expect, test } from 'vitest';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let path: string;

beforeAll(async () => {
  program = await startProgram();
  const { weekly_token } = await program.db
    .selectFrom('person')
    .where('email', '=', 'presidencia.com.vinculacion@iem.example')
    .select('weekly_token')
    .executeTakeFirstOrThrow();
  path = `/resumen-semanal/${weekly_token}`;
  return () => program.close();
});

const stopped = async () => {
  const rows = await program.db
    .selectFrom('person')
    .where('weekly_off_at', 'is not', null)
    .select('email')
    .execute();
  return rows.map(({ email }) => email);
};

test('opening its address stops nothing', async () => {
  const page = await program.visitor().page(path);
  expect(page).toContain('Dejar de recibirlo');
  await program.visitor().send(path, { method: 'HEAD' });
  expect(await stopped()).toEqual([]);
});

test('a mail program stops it with one click, without cookies and without a redirect, and twice changes nothing', async () => {
  const click = () =>
    program.visitor().send(path, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
  expect((await click()).status).toBe(200);
  expect((await click()).status).toBe(200);
  expect(await stopped()).toEqual(['presidencia.com.vinculacion@iem.example']);
  const entries = await program.db
    .selectFrom('audit_entry')
    .where('verb', '=', 'dejó de recibir el resumen semanal')
    .select('seq')
    .execute();
  expect(entries).toHaveLength(1);
});

test('the person has it again from the same page', async () => {
  const answer = await program.visitor().post(path, { otra_vez: 'si' });
  expect(await answer.text()).toContain('Dejar de recibirlo');
  expect(await stopped()).toEqual([]);
});
