// Choosing between a subscription and invitations by mail, and stopping the invitations with one click.
import { beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;

beforeAll(async () => {
  program = await startProgram();
  return () => program.close();
});

const invited = async (email: string) =>
  await program.db
    .selectFrom('person')
    .where('email', '=', email)
    .select(['id', 'invited_since', 'weekly_token'])
    .executeTakeFirstOrThrow();

const inUse = async (owner: number) =>
  (
    await program.db
      .selectFrom('feed')
      .where('owner_id', '=', owner)
      .where('revoked_at', 'is', null)
      .select('id')
      .execute()
  ).length;

const audited = async (person: number) => {
  const rows = await program.db
    .selectFrom('audit_entry')
    .where('actor', '=', `persona ${person}`)
    .where('verb', 'like', '%calendario%')
    .select('verb')
    .orderBy('seq')
    .execute();
  return rows.map(({ verb }) => verb);
};

const subscribe = (client: Client) => client.post('/suscripcion', { que: 'mis-areas', revocar: '' });
const choose = (client: Client, invitaciones: string) => client.post('/suscripcion', { invitaciones });

test('choosing invitations revokes the subscriptions, having said so, and subscribing ends the invitations', async () => {
  const email = program.somebody();
  const client = await program.logInAs(email);
  const made = await (await subscribe(client)).text();
  const path = /http:\/\/convenio\.example(\/calendarios\/[\w-]{43}\.ics)/.exec(made)![1]!;
  expect(await client.page('/suscripcion')).toContain('Al elegirlas se revoca tu suscripción');

  const chosen = await choose(client, 'si');
  expect([chosen.status, chosen.headers.get('location')]).toEqual([303, '/suscripcion']);
  const { id, invited_since } = await invited(email);
  expect(invited_since).not.toBeNull();
  expect(await inUse(id)).toBe(0);
  expect((await program.visitor().get(path)).status).toBe(410);
  const page = await client.page('/suscripcion');
  expect(page).toContain('dejan de llegarte las invitaciones por correo');
  expect(page).toContain('se queda en tu');
  expect((await choose(client, 'si')).status).toBe(303);

  expect((await subscribe(client)).status).toBe(200);
  expect((await invited(email)).invited_since).toBeNull();
  expect(await inUse(id)).toBe(1);
  expect(await audited(id)).toEqual([
    'creó una suscripción de calendario',
    'eligió recibir invitaciones de calendario',
    'revocó una suscripción de calendario',
    'dejó de recibir invitaciones de calendario',
    'creó una suscripción de calendario',
  ]);
});

test('two choices at once leave one of the two', async () => {
  const email = program.somebody();
  const client = await program.logInAs(email);
  for (let round = 0; round < 4; round += 1) {
    await Promise.all([subscribe(client), choose(client, 'si'), subscribe(client), choose(client, 'si')]);
    const { id, invited_since } = await invited(email);
    expect((invited_since !== null ? 1 : 0) + (await inUse(id))).toBe(1);
  }
});

test('who answers for no area is offered no invitations and gets none', async () => {
  const email = 'presidencia.com.vinculacion@iem.example';
  const commission = await program.logInAs(email);
  expect(await commission.page('/suscripcion')).not.toContain('Recibir invitaciones');
  expect((await choose(commission, 'si')).status).toBe(400);
  expect((await invited(email)).invited_since).toBeNull();
});

test('a mail program stops them with one click and without cookies; looking stops nothing', async () => {
  const email = program.somebody();
  const client = await program.logInAs(email);
  await choose(client, 'si');
  const { id, weekly_token } = await invited(email);
  const path = `/invitaciones/${weekly_token}`;
  expect(await program.visitor().page(path)).toContain('Dejar de recibirlas');
  await program.visitor().send(path, { method: 'HEAD' });
  expect((await invited(email)).invited_since).not.toBeNull();
  const click = () =>
    program.visitor().send(path, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
  expect((await click()).status).toBe(200);
  expect((await click()).status).toBe(200);
  expect((await invited(email)).invited_since).toBeNull();
  expect(await audited(id)).toEqual([
    'eligió recibir invitaciones de calendario',
    'dejó de recibir invitaciones de calendario',
  ]);
  expect(await program.visitor().page(path)).toContain('Elegir otra vez en Mi calendario');
  for (const wrong of ['nada', '00000000-0000-4000-8000-000000000000']) {
    expect((await program.visitor().get(`/invitaciones/${wrong}`)).status).toBe(404);
  }
});

test('from the page one stops them too', async () => {
  const email = program.somebody();
  const client = await program.logInAs(email);
  await choose(client, 'si');
  expect((await choose(client, 'no')).status).toBe(303);
  expect((await invited(email)).invited_since).toBeNull();
  expect(await client.page('/suscripcion')).toContain('Recibir invitaciones');
});
