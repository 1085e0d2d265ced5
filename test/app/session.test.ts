// A session: when it ends, what its cookie is worth, and what it opens to somebody whose post or role has ended.
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { openClient, type Client } from '../support/client.ts';
import { askForCode, readCode, typeCode } from '../support/login.ts';
import { APP_URL, startProgram, type Program } from '../support/web.ts';

/** The demo's yesterday and tomorrow. */
const YESTERDAY = '2024-05-14';
const TOMORROW = '2024-05-16';

let program: Program;

beforeAll(async () => {
  program = await startProgram();
  return () => program.close();
});

const isIn = async (client: Client) => (await client.get('/instrumentos')).status === 200;

/** Logs somebody in through a given client; returns the answer that opened the session. */
async function enter(client: Client, email: string): Promise<Response> {
  const asked = await askForCode(client, email);
  return typeCode(client, asked, await readCode(program.visitor(), email, asked));
}

describe('a session', () => {
  const works = async (cookie: string) =>
    (await program.visitor().get('/instrumentos', { Cookie: cookie })).status === 200;

  test('ends on the server with logging out', async () => {
    const client = await program.logInAs(program.somebody());
    const cookie = client.cookie();
    const left = await client.post('/salir', {});
    expect(left.status).toBe(303);
    expect(left.headers.getSetCookie()).toEqual([expect.stringMatching(/^convenio=; .*Max-Age=0/)]);
    expect(await works(cookie)).toBe(false);
  });

  test('is a new one at each log-in, and the one before it ends', async () => {
    const client = await program.logInAs(program.somebody());
    const first = client.cookie();
    await enter(client, program.somebody());
    expect(client.cookie()).not.toBe(first);
    expect(await isIn(client)).toBe(true);
    expect(await works(first)).toBe(false);
  });

  test('ends after its hours, and after three idle ones', async () => {
    const email = program.somebody();
    const client = await program.logInAs(email);
    const set = (change: ReturnType<typeof sql>) =>
      sql`update session set ${change} where person_id = (select id from person where email = ${email})`.execute(
        program.db,
      );
    await set(sql`last_seen_at = clock_timestamp() - interval '3 hours'`);
    expect(await isIn(client)).toBe(false);
    await set(sql`last_seen_at = clock_timestamp()`);
    expect(await isIn(client)).toBe(true);
    await set(sql`expires_at = clock_timestamp()`);
    expect(await isIn(client)).toBe(false);
  });

  test('is nobody’s when its cookie was touched', async () => {
    const good = (await program.logInAs(program.somebody())).cookie();
    const token = good.split('=')[1]!;
    const touched = [
      `convenio=${token.slice(0, -1)}`,
      `convenio=${token}A`,
      `convenio=${token.toUpperCase()}`,
      `convenio="${token}"`,
      `convenio=${'A'.repeat(8000)}`,
      `${good}; convenio=${token}`,
      `__Host-convenio=${token}`,
      `convenio=; x=${token}`,
    ];
    for (const cookie of touched)
      expect({ cookie, works: await works(cookie) }).toEqual({ cookie, works: false });
    expect(await works(good)).toBe(true);
  });

  test.each([
    { appUrl: APP_URL, cookie: /^convenio=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/ },
    {
      appUrl: 'https://convenio.example',
      cookie: /^__Host-convenio=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    },
  ])('at $appUrl travels in a cookie that scripts and other sites cannot use', async ({ appUrl, cookie }) => {
    const client = openClient(await program.openWeb({ appUrl }));
    const entered = await enter(client, program.somebody());
    expect(entered.headers.getSetCookie()).toEqual([expect.stringMatching(cookie)]);
    expect(await isIn(client)).toBe(true);
    const stored = await program.db.selectFrom('session').select('token_hash').execute();
    expect(stored.filter(({ token_hash }) => client.cookie().includes(token_hash))).toEqual([]);
  });
});

describe('nobody has today what ended yesterday or begins tomorrow', () => {
  test('a post', async () => {
    const email = 'enlace.deoe@iem.example';
    const client = await program.logInAs(email);
    const { id } = await program.db
      .selectFrom('deadline as d')
      .innerJoin('obligation_area as oa', 'oa.obligation_id', 'd.obligation_id')
      .innerJoin('post', 'post.area_id', 'oa.area_id')
      .innerJoin('appointment', 'appointment.post_id', 'post.id')
      .innerJoin('person', 'person.id', 'appointment.person_id')
      .where('person.email', '=', email)
      .where('oa.role', '=', 'responsible')
      .select('d.id')
      .executeTakeFirstOrThrow();
    const answers = async () => [
      (await client.get('/mis-obligaciones')).status,
      (await client.get(`/vencimientos/${id}`)).status,
      (await client.post(`/vencimientos/${id}/reportar`, {})).status,
    ];
    expect(await answers()).toEqual([200, 200, 400]);
    await sql`update appointment set until_on = ${YESTERDAY}
      where person_id = (select id from person where email = ${email})`.execute(program.db);
    expect(await answers()).toEqual([403, 404, 403]);
  });

  test.each([
    { column: 'until_on', day: YESTERDAY, email: 'presidencia.com.vinculacion@iem.example' },
    { column: 'from_on', day: TOMORROW, email: 'administracion@iem.example' },
  ])('a role whose $column is $day', async ({ column, day, email }) => {
    const client = await program.logInAs(email);
    const answers = async () => [
      (await client.get('/calendario')).status,
      (await client.get('/informe/vencidas.csv')).status,
    ];
    expect(await answers()).toEqual([200, 200]);
    await sql`update role_grant set ${sql.ref(column)} = ${day}
      where person_id = (select id from person where email = ${email})`.execute(program.db);
    expect(await answers()).toEqual([403, 403]);
  });
});
