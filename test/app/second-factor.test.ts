// The second proof at the log-in, over HTTP: enrolling it, being asked for it, losing it, losing the telephone.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { HOTP, Secret } from 'otpauth';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { STEP_SECONDS } from '../../app/domain/one-time-code.ts';
import { secretSeal } from '../../db/secret-seal.ts';
import type { Client } from '../support/client.ts';
import { askForCode, readCode, typeCode } from '../support/login.ts';
import { startProgram, type Program } from '../support/web.ts';

const PERSON = 'titular.devspe@iem.example';
const PAGE = '/mi-cuenta/segundo-paso';
const STEP = '/entrar/segundo-paso';

let program: Program;
let administration: Client;

beforeAll(async () => {
  program = await startProgram();
  administration = await program.logInAs('administracion@iem.example');
  return () => program.close();
});
beforeEach(async () => {
  // The worker may be composing a mail about the second proof of the test before: nothing goes away under its hands.
  await vi.waitUntil(async () => (await openMails()) === 0, { timeout: 60_000 });
  await sql`
    delete from message where second_factor_id is not null;
    delete from recovery_code; delete from second_factor; delete from second_factor_miss; delete from half_login`.execute(
    program.db,
  );
});

/** How many mails about a second proof are still on their way. */
async function openMails(): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open from message where second_factor_id is not null and closed_at is null`.execute(
    program.db,
  );
  return rows[0]!.open;
}

/** What the telephone shows, `away` steps from now: the tests need more codes than half a minute brings. */
async function codeOf(secret: string, away = 0): Promise<string> {
  const { rows } = await sql<{ seconds: number }>`
    select extract(epoch from clock_timestamp())::float8 as seconds`.execute(program.db);
  const counter = Math.floor(rows[0]!.seconds / STEP_SECONDS) + away;
  return HOTP.generate({ secret: Secret.fromBase32(secret), counter });
}

/** The secrets as the database has them. */
const stored = async () =>
  (await program.db.selectFrom('second_factor').select('secret').execute()).map(({ secret }) => secret);

/** The used codes are forgotten: as if half a minute had passed. */
const waitForNext = () => sql`update second_factor set last_step = 0`.execute(program.db);

async function enrol(client: Client): Promise<{ secret: string; codes: string[] }> {
  await client.post(PAGE, { hacer: 'empezar' });
  const secret = /<code class="secret">([^<]+)/.exec(await client.page(PAGE))![1]!.replaceAll(' ', '');
  const answer = await client.post(PAGE, { hacer: 'confirmar', codigo: await codeOf(secret) });
  const codes = [...(await answer.text()).matchAll(/<code>([A-Z2-7]{5}-[A-Z2-7]{5})</g)].map(
    ([, code]) => code!,
  );
  await waitForNext();
  return { secret, codes };
}

/** Somebody who has answered the code of the mail. */
async function halfIn(): Promise<{ client: Client; answer: Response }> {
  const client = program.visitor();
  const asked = await askForCode(client, PERSON);
  const answer = await typeCode(client, asked, await readCode(program.visitor(), PERSON, asked));
  return { client, answer };
}
const second = (client: Client, codigo: string) => client.post(STEP, { codigo, ir: '/calendario' });
const isIn = async (client: Client) => (await client.get('/calendario')).status === 200;
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

async function personId(): Promise<number> {
  const person = program.db.selectFrom('person').where('email', '=', PERSON).select('id');
  return (await person.executeTakeFirstOrThrow()).id;
}
const audited = async (verb: string) =>
  (
    await program.db
      .selectFrom('audit_entry')
      .where('verb', '=', verb)
      .where('subject', '=', `persona ${await personId()}`)
      .select('actor')
      .orderBy('seq')
      .execute()
  ).map(({ actor }) => actor);

test('counts only once a code has confirmed it, and then every log-in asks for it', async () => {
  const client = await program.logInAs(PERSON);
  expect(await client.page('/mi-cuenta')).toContain('no está activa');
  await client.post(PAGE, { hacer: 'empezar' });
  const page = await client.page(PAGE);
  expect(page).toMatch(/<svg class="qr"[^]*<path d="M/);
  const secret = /<code class="secret">([^<]+)/.exec(page)![1]!.replaceAll(' ', '');
  expect((await halfIn()).answer.headers.get('location')).toBe('/');
  const refused = await client.post(PAGE, { hacer: 'confirmar', codigo: wrong(await codeOf(secret)) });
  expect(refused.status).toBe(400);
  expect((await halfIn()).answer.headers.get('location')).toBe('/');

  const { codes } = await enrol(client);
  expect(codes).toHaveLength(10);
  expect(await audited('activó la verificación en dos pasos de')).toEqual([`persona ${await personId()}`]);
  const after = await client.page(PAGE);
  expect(after).toContain('Te quedan <!-- -->10 códigos'.replace('<!-- -->', ''));
  expect(after).not.toContain('class="secret"');
  const { client: other, answer } = await halfIn();
  expect(answer.headers.get('location')).toBe(`${STEP}?ir=%2F`);
  expect(await isIn(other)).toBe(false);
});

describe('the second code', () => {
  let secret: string;
  let codes: string[];
  let owner: Client;
  beforeEach(async () => {
    owner = await program.logInAs(PERSON);
    ({ secret, codes } = await enrol(owner));
  });

  test('opens the session, and the same code opens no other', async () => {
    const first = await halfIn();
    const other = await halfIn();
    const code = await codeOf(secret);
    const answer = await second(first.client, code);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/calendario']);
    expect(await isIn(first.client)).toBe(true);
    const refused = await second(other.client, code);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Código incorrecto o ya usado');
    expect(await isIn(other.client)).toBe(false);
  });

  test('typed twenty times at once opens one session', async () => {
    const { client } = await halfIn();
    const code = await codeOf(secret);
    const answers = await Promise.all(Array.from({ length: 20 }, () => second(client, code)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  test('is good while the telephone is half a minute ahead, not a whole one', async () => {
    const { client } = await halfIn();
    expect((await second(client, await codeOf(secret, 3))).status).toBe(400);
    expect((await second(client, await codeOf(secret, 1))).status).toBe(303);
  });

  test('is not asked of who has not answered the first', async () => {
    const stranger = program.visitor();
    const answer = await second(stranger, await codeOf(secret));
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/entrar']);
  });

  test('may be missed ten times in an hour, whoever asks, and then not even the right one is taken', async () => {
    const code = wrong(wrong(wrong(await codeOf(secret))));
    for (let round = 0; round < 2; round += 1) {
      const { client } = await halfIn();
      for (let time = 0; time < 5; time += 1) expect((await second(client, code)).status).toBe(400);
    }
    const { client } = await halfIn();
    const refused = await second(client, await codeOf(secret));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3600']);
    await sql`update second_factor_miss set missed_at = missed_at - interval '1 hour'`.execute(program.db);
    expect((await second(client, await codeOf(secret))).status).toBe(303);
  });

  test('is no use ten minutes later, nor to a person who was let go', async () => {
    const late = await halfIn();
    await sql`update half_login set expires_at = clock_timestamp()`.execute(program.db);
    expect(await (await second(late.client, await codeOf(secret))).text()).toContain('venció');
    const gone = await halfIn();
    await sql`update person set disabled_at = clock_timestamp() where email = ${PERSON}`.execute(program.db);
    expect((await second(gone.client, await codeOf(secret))).status).toBe(400);
    await sql`update person set disabled_at = null where email = ${PERSON}`.execute(program.db);
  });

  test('may be a recovery code, each once, until they are renewed', async () => {
    const [first = '', other = ''] = codes;
    const { client } = await halfIn();
    expect((await second(client, first.toLowerCase())).status).toBe(303);
    const again = await halfIn();
    expect((await second(again.client, first)).status).toBe(400);
    const stored = await program.db.selectFrom('recovery_code').select('code_hash').execute();
    expect(JSON.stringify(stored)).not.toContain(other.replace('-', ''));
    const renewed = await owner.post(PAGE, { hacer: 'renovar', codigo: await codeOf(secret) });
    expect(await renewed.text()).toContain('Guarda tus códigos');
    expect((await second(again.client, other)).status).toBe(400);
  });

  test('is given up by its owner with a code, and not without', async () => {
    expect((await owner.post(PAGE, { hacer: 'quitar', codigo: '' })).status).toBe(400);
    expect((await halfIn()).answer.headers.get('location')).toContain(STEP);
    expect((await owner.post(PAGE, { hacer: 'quitar', codigo: await codeOf(secret) })).status).toBe(303);
    expect((await halfIn()).answer.headers.get('location')).toBe('/');
  });

  test('a secret in use is not replaced by beginning again', async () => {
    const before = await stored();
    await owner.post(PAGE, { hacer: 'empezar' });
    expect(await stored()).toEqual(before);
  });

  test('lies encrypted, each time otherwise, and opens for nobody else', async () => {
    const [sealed] = await stored();
    expect(sealed).toMatch(/^v1\.[\w-]{80}$/);
    const seal = secretSeal({ file: join(program.folder, 'secret-key') });
    const of = `segundo factor de ${await personId()}`;
    expect(await seal.unseal(sealed!, of)).toBe(secret);
    expect(await seal.seal(secret, of)).not.toBe(sealed);
    expect(await seal.unseal(sealed!, 'segundo factor de 0')).toBeUndefined();
    expect((await stat(join(program.folder, 'secret-key'))).mode & 0o777).toBe(0o600);
  });

  test('that lay in clear from before opens the door and is sealed with it', async () => {
    await program.db.updateTable('second_factor').set({ secret }).execute();
    const { client } = await halfIn();
    expect((await second(client, await codeOf(secret))).status).toBe(303);
    expect((await stored())[0]).toMatch(/^v1\./);
    await waitForNext();
    const again = await halfIn();
    expect((await second(again.client, await codeOf(secret))).status).toBe(303);
  });

  test('whose key is lost takes recovery codes only', async () => {
    const other = secretSeal({ key: Buffer.alloc(32, 7), file: '' });
    const sealed = await other.seal(secret, `segundo factor de ${await personId()}`);
    await program.db.updateTable('second_factor').set({ secret: sealed }).execute();
    const { client } = await halfIn();
    expect((await second(client, await codeOf(secret))).status).toBe(400);
    expect((await second(client, codes[0]!)).status).toBe(303);
  });

  test('is taken away by an administrator, who is noted, and by nobody else', async () => {
    const path = `/personas/${await personId()}`;
    expect((await owner.post(path, { hacer: 'quitar-segundo-paso' })).status).toBe(403);
    expect(await administration.page(path)).toContain('Quitar la verificación');
    expect((await administration.post(path, { hacer: 'quitar-segundo-paso' })).status).toBe(303);
    const [actor] = (await audited('quitó la verificación en dos pasos de')).slice(-1);
    const admin = program.db.selectFrom('person').where('email', '=', 'administracion@iem.example');
    expect(actor).toBe(`persona ${(await admin.select('id').executeTakeFirstOrThrow()).id}`);
    expect((await halfIn()).answer.headers.get('location')).toBe('/');
  });
});
