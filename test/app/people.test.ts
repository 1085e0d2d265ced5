// Areas and people over HTTP: appointing, ending, roles, letting go, and whose sessions end with it.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { askForCode } from '../support/login.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let administrator: Client;
let direction: Client;

beforeAll(async () => {
  program = await startProgram();
  administrator = await program.logInAs('administracion@iem.example');
  direction = await program.logInAs('titular.devspe@iem.example');
  return () => program.close();
});

const idOf = async (email: string) =>
  (await program.db.selectFrom('person').where('email', '=', email).select('id').executeTakeFirstOrThrow())
    .id;

/** The form of a person's page with everything empty but what is given. */
const form = (fields: Record<string, string>) => ({
  hacer: '',
  cargo: '',
  ultimo_dia: '',
  area: '',
  puesto: '',
  desde: '',
  papel: '',
  correo: '',
  ...fields,
});

let count = 0;
/** Adds somebody new through the form and returns the address of their page. */
async function hire(client = administrator): Promise<string> {
  count += 1;
  const answer = await client.post('/personas', {
    nombre: `Persona nueva ${count}`,
    correo: `nueva${count}@iem.example`,
  });
  expect(answer.status).toBe(303);
  return answer.headers.get('location')!;
}

test('somebody new is added, appointed where the post is vacant, and seen there', async () => {
  const vacant = await program.db
    .selectFrom('area')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('post')
            .whereRef('post.area_id', '=', 'area.id')
            .where('kind', '=', 'deputy')
            .select('id'),
        ),
      ),
    )
    .select(['key', 'name'])
    .executeTakeFirstOrThrow();
  const page = await hire(direction);
  const answer = await direction.post(
    page,
    form({ hacer: 'nombrar', area: vacant.key, puesto: 'deputy', desde: '2024-05-15' }),
  );
  expect(answer.status).toBe(303);
  expect(await direction.page(page)).toContain(`Suplente · ${vacant.name}`);
  expect(await direction.page('/personas')).toContain(`href="${page}"`);
});

test('a post that somebody holds is not given twice, and the form says whose it is', async () => {
  const page = await hire();
  const answer = await administrator.post(
    page,
    form({ hacer: 'nombrar', area: 'iem_deoe', puesto: 'head', desde: '2024-05-15' }),
  );
  expect(answer.status).toBe(409);
  expect(await answer.text()).toContain(
    'lo ocupa Titular de la Dirección Ejecutiva de Organización Electoral',
  );
});

test.each([
  [{ nombre: '', correo: 'x@iem.example' }, 'Escribe el nombre', 400],
  [{ nombre: 'Alguien', correo: 'a@x.mx, b@x.mx' }, 'Escribe una sola dirección', 400],
  [{ nombre: 'Alguien', correo: 'TITULAR.DEVSPE@iem.example' }, 'Ya existe una persona con ese correo', 409],
])('what is wrong with a new person is said at its field: %j', async (typed, message, status) => {
  const answer = await administrator.post('/personas', typed);
  expect(answer.status).toBe(status);
  const page = await answer.text();
  expect(page).toContain(message);
  expect(page).toContain(`value="${typed.correo}"`);
});

test.each([
  [{ hacer: 'nombrar', area: 'nadie', puesto: 'head', desde: '2024-05-15' }, 'Elige el área'],
  [{ hacer: 'nombrar', area: 'iem_deoe', puesto: 'rey', desde: '2024-05-15' }, 'Elige el cargo'],
  [{ hacer: 'nombrar', area: 'iem_deoe', puesto: 'head', desde: '2024-02-30' }, 'Esa fecha no existe'],
  [{ hacer: 'terminar', cargo: '1', ultimo_dia: '31/12/2024' }, 'Escribe la fecha como AAAA-MM-DD'],
])('what is wrong with an appointment is said at its field: %j', async (fields, message) => {
  const answer = await administrator.post(await hire(), form(fields));
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(message);
});

test('whoever ends an appointment hands over what the area has open', async () => {
  const id = await idOf('enlace.deoe@iem.example');
  const page = await direction.page(`/personas/${id}`);
  const [, handover] = /href="(\/personas\/\d+\/entrega\/\d+)"/.exec(page)!;
  const list = await direction.page(handover!);
  const { db } = program;
  const open = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation_area as oa', 'oa.obligation_id', 'd.obligation_id')
    .innerJoin('area', 'area.id', 'oa.area_id')
    .where('area.key', '=', 'iem_deoe')
    .where('oa.role', '=', 'responsible')
    .where('v.superseded_at', 'is', null)
    .where('v.settled_at', 'is', null)
    .select('d.id')
    .execute();
  expect(open.length).toBeGreaterThan(0);
  for (const deadline of open) expect(list).toContain(`/vencimientos/${deadline.id}"`);
  expect(list).toContain(`<dd>${open.length}</dd>`);

  const [, cargo] = /name="cargo" value="(\d+)"/.exec(page)!;
  const ended = await direction.post(
    `/personas/${id}`,
    form({ hacer: 'terminar', cargo: cargo!, ultimo_dia: '2024-05-14' }),
  );
  expect(ended.status).toBe(303);
  const again = await direction.post(
    `/personas/${id}`,
    form({ hacer: 'terminar', cargo: cargo!, ultimo_dia: '2024-05-14' }),
  );
  expect(again.status).toBe(409);
});

test('somebody let go is out at once: the open session, the log-in and the calendar', async () => {
  const email = program.somebody();
  const leaving = await program.logInAs(email);
  const subscribed = await (await leaving.post('/suscripcion', { que: 'mis-areas', revocar: '' })).text();
  const [, feed] = /(\/calendarios\/[\w-]{43}\.ics)/.exec(subscribed)!;
  const page = `/personas/${await idOf(email)}`;
  expect((await direction.post(page, form({ hacer: 'dar-de-baja' }))).status).toBe(303);
  expect((await leaving.get('/mis-obligaciones')).status).toBe(302);
  expect((await program.visitor().get(feed!)).status).toBe(410);
  const codes = () =>
    program.db
      .selectFrom('message as m')
      .innerJoin('person', 'person.id', 'm.person_id')
      .where('person.email', '=', email)
      .where('m.kind', '=', 'login_code')
      .select('m.id')
      .execute();
  const before = await codes();
  await askForCode(program.visitor(), email);
  expect(await codes()).toEqual(before);
  expect((await direction.post(page, form({ hacer: 'reactivar' }))).status).toBe(303);
  const back = await program.logInAs(email);
  expect((await back.get('/mis-obligaciones')).status).toBe(200);
});

test('an address is corrected, is nobody else’s, and is trusted again', async () => {
  const page = await hire();
  const id = Number(page.split('/').at(-1));
  await program.db
    .updateTable('person')
    .set({ bounced_at: '2024-05-15T15:00:00Z' })
    .where('id', '=', id)
    .execute();
  expect(await direction.page('/personas')).toContain('id="rebotan"');
  const taken = await direction.post(
    page,
    form({ hacer: 'corregir-correo', correo: 'titular.devspe@iem.example' }),
  );
  expect(taken.status).toBe(409);
  expect(await taken.text()).toContain('Ya existe una persona con ese correo');
  const free = await direction.post(
    page,
    form({ hacer: 'corregir-correo', correo: 'Corregida@iem.example' }),
  );
  expect(free.status).toBe(303);
  expect(await direction.page(page)).toContain('value="corregida@iem.example"');
  expect(await direction.page('/personas')).not.toContain('id="rebotan"');
});

describe('roles', () => {
  test('are given and taken by an administrator', async () => {
    const page = await hire();
    expect((await administrator.post(page, form({ hacer: 'dar-papel', papel: 'commission' }))).status).toBe(
      303,
    );
    expect(await administrator.page(page)).toMatch(
      /Comisión de Vinculación y SPE(<!-- -->)? <span[^>]*>lo tiene/,
    );
    expect(
      (await administrator.post(page, form({ hacer: 'quitar-papel', papel: 'commission' }))).status,
    ).toBe(303);
    expect(await administrator.page(page)).not.toMatch(/<span[^>]*>lo tiene/);
  });

  test('are nobody else’s to give: the Dirección is turned away', async () => {
    const page = await hire(direction);
    const answer = await direction.post(page, form({ hacer: 'dar-papel', papel: 'administrator' }));
    expect(answer.status).toBe(403);
    expect(await direction.page(page)).not.toMatch(/<span[^>]*>lo tiene/);
  });

  test('the last administrator keeps theirs and is not let go', async () => {
    const page = `/personas/${await idOf('administracion@iem.example')}`;
    for (const fields of [{ hacer: 'quitar-papel', papel: 'administrator' }, { hacer: 'dar-de-baja' }]) {
      const answer = await administrator.post(page, form(fields));
      expect({ fields, status: answer.status }).toEqual({ fields, status: 409 });
      expect(await answer.text()).toContain('única persona con el papel de Administración');
    }
    expect((await administrator.get('/personas')).status).toBe(200);
  });
});

describe('sessions', () => {
  test('are listed to their owner, who ends one of them', async () => {
    const email = program.somebody();
    const office = await program.logInAs(email);
    const phone = await program.logInAs(email);
    const page = await office.page('/mi-cuenta');
    expect(page).toContain('Sesiones abiertas (2)');
    const ids = [...page.matchAll(/name="sesion" value="([0-9a-f]{64})"/g)].map(([, id]) => id!);
    // The newest comes first: the phone's.
    expect((await office.post('/mi-cuenta', { sesion: ids[0]! })).status).toBe(303);
    expect((await phone.get('/mi-cuenta')).status).toBe(302);
    expect((await office.get('/mi-cuenta')).status).toBe(200);
  });

  test('of others cannot be ended by knowing their name', async () => {
    const victim = await program.logInAs(program.somebody());
    const [, id] = /name="sesion" value="([0-9a-f]{64})"/.exec(await victim.page('/mi-cuenta'))!;
    const other = await program.logInAs(program.somebody());
    await other.post('/mi-cuenta', { sesion: id! });
    expect((await victim.get('/mi-cuenta')).status).toBe(200);
  });
});
