// Asking for a code and typing it: what a code is worth, for how long, and how often one may ask.
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { openClient, type Client } from '../support/client.ts';
import { askForCode, readCode, typeCode } from '../support/login.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;

beforeAll(async () => {
  program = await startProgram();
  return () => program.close();
});

/** Somebody who asked for a code and has it before their eyes. */
async function withCode(client = program.visitor()) {
  const email = program.somebody();
  const asked = await askForCode(client, email);
  return { email, asked, code: await readCode(program.visitor(), email, asked) };
}

const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

const isIn = async (client: Client) => (await client.get('/instrumentos')).status === 200;

const countSessions = async (email: string) => {
  const person = program.db.selectFrom('person').where('email', '=', email).select('id');
  return (
    await program.db.selectFrom('session').where('person_id', '=', person).select('token_hash').execute()
  ).length;
};

describe('a code', () => {
  test('opens one session, once', async () => {
    const { asked, code } = await withCode();
    const client = program.visitor();
    expect((await typeCode(client, asked, code)).status).toBe(303);
    expect(await isIn(client)).toBe(true);
    const again = program.visitor();
    const refused = await typeCode(again, asked, code);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('El código venció o ya se usó. Pide otro.');
    expect(await isIn(again)).toBe(false);
  });

  test('typed fifty times at once opens one session', async () => {
    const { email, asked, code } = await withCode();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => typeCode(program.visitor(), asked, code)),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(49);
    expect(await countSessions(email)).toBe(1);
  });

  test.each([
    { spelling: 'with spaces', write: (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)} ` },
    {
      spelling: 'in fullwidth digits',
      write: (code: string) => code.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    },
  ])('is read $spelling', async ({ write }) => {
    const { asked, code } = await withCode();
    expect((await typeCode(program.visitor(), asked, write(code))).status).toBe(303);
  });

  test('dies with the fifth wrong try, and each says how many are left', async () => {
    const client = program.visitor();
    const { email, asked, code } = await withCode(client);
    const words = [
      'quedan 4 intentos',
      'quedan 3 intentos',
      'quedan 2 intentos',
      'queda 1 intento',
      'Pide un código nuevo',
    ];
    for (const left of words) {
      const answer = await typeCode(client, asked, wrong(code));
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain(left);
    }
    const answer = await typeCode(client, asked, code);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Pide otro');
    expect(await countSessions(email)).toBe(0);
  });

  test('is no use after its ten minutes', async () => {
    const { email, asked, code } = await withCode();
    await sql`update login_challenge set expires_at = clock_timestamp() where id = ${asked.challenge}`.execute(
      program.db,
    );
    expect((await typeCode(program.visitor(), asked, code)).status).toBe(400);
    expect(await countSessions(email)).toBe(0);
  });

  test('does not answer somebody else’s request', async () => {
    const { code } = await withCode();
    const theirs = await askForCode(program.visitor(), program.somebody());
    expect((await typeCode(program.visitor(), theirs, code)).status).toBe(400);
  });
});

test('an address with an account and one without are answered alike, down to the dead challenge', async () => {
  /** Everything the caller is told, without what is theirs alone. */
  const conversation = async (email: string) => {
    const client = program.visitor();
    const first = await client.post('/entrar', { correo: email, ir: '/' });
    const form = first.headers.get('location') ?? '';
    const challenge = new URL(form, program.url).searchParams.get('d') ?? '';
    const told = async (answer: Response) => ({
      status: answer.status,
      headers: [...answer.headers.keys()].sort(),
      text: `${answer.headers.get('location')} ${await answer.text()}`
        .replaceAll(/nonce="[^"]*"|\d{1,2}:\d{2} h/g, '')
        .replaceAll(challenge, 'ID')
        .replaceAll(encodeURIComponent(email), 'WHO')
        .replaceAll(email, 'WHO'),
    });
    const answers = [await told(first), await told(await client.get(form))];
    for (const codigo of ['12345', '000000', '000000', '000000', '000000', '000000', '000000']) {
      answers.push(await told(await typeCode(client, { form, challenge }, codigo)));
    }
    return answers;
  };
  expect(await conversation('quien.sabe@iem.example')).toEqual(await conversation(program.somebody()));
});

describe('requests for codes', () => {
  const ask = (client: Client, correo: string, from: string) =>
    client.post('/entrar', { correo, ir: '/' }, { 'X-Forwarded-For': from });
  const count = (answers: Response[], status: number) =>
    answers.filter((answer) => answer.status === status).length;

  test('are limited by address, at once or one by one, and an earlier code stays good', async () => {
    const client = openClient(await program.openWeb({ demo: false }));
    const email = program.somebody();
    const asked = await askForCode(client, email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(client, email, '203.0.113.1')));
    expect([count(answers, 303), count(answers, 429)]).toEqual([4, 16]);
    const refused = await ask(client, email.toUpperCase(), '203.0.113.2');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('3600');
    expect(await refused.text()).toContain('Demasiadas solicitudes; espera una hora');
    const code = await readCode(program.visitor(), email, asked);
    expect((await typeCode(client, asked, code)).status).toBe(303);
  });

  test('are limited by where they come from, whatever address they name', async () => {
    const client = openClient(await program.openWeb({ demo: false }));
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, name) => ask(client, `persona${name}@iem.example`, '203.0.113.7')),
    );
    expect([count(answers, 303), count(answers, 429)]).toEqual([40, 20]);
    expect((await ask(client, 'otra@iem.example', '203.0.113.8')).status).toBe(303);
    // What a caller writes in front of the proxy's own entry is not believed.
    expect((await ask(client, 'otra@iem.example', '198.51.100.1, 203.0.113.7')).status).toBe(429);
  });
});

test('scanners that open the link of the mail use up nothing', async () => {
  const { asked, code } = await withCode();
  const challenge = () =>
    program.db.selectFrom('login_challenge').where('id', '=', asked.challenge).selectAll().execute();
  const before = await challenge();
  const link = `/entrar/codigo?d=${asked.challenge}`;
  const scanner = program.visitor();
  for (const method of ['HEAD', 'GET', 'GET', 'GET']) {
    const answer = await scanner.send(link, { method, headers: { 'Sec-Purpose': 'prefetch' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
  // A form that a scanner sends by itself carries no code.
  expect((await scanner.post(link, { d: asked.challenge, ir: '/', codigo: '' })).status).toBe(400);
  expect(await challenge()).toEqual(before);
  expect((await typeCode(program.visitor(), asked, code)).status).toBe(303);
});

describe('a disabled person', () => {
  const disable = (email: string) =>
    sql`update person set disabled_at = clock_timestamp() where email = ${email}`.execute(program.db);

  test('is out with the next request', async () => {
    const email = program.somebody();
    const client = await program.logInAs(email);
    expect(await isIn(client)).toBe(true);
    await disable(email);
    expect(await isIn(client)).toBe(false);
    expect((await client.post('/vencimientos/1/reportar', {})).status).toBe(401);
  });

  test('gets no code, and one asked for before opens nothing', async () => {
    const { email, asked, code } = await withCode();
    await disable(email);
    const { challenge } = await askForCode(program.visitor(), email);
    const mails = program.db.selectFrom('message').where('login_challenge_id', '=', challenge).select('id');
    expect(await mails.execute()).toEqual([]);
    expect((await typeCode(program.visitor(), asked, code)).status).toBe(400);
    expect(await countSessions(email)).toBe(0);
  });
});
