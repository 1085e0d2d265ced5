// What people and machines are told while notices do not go out: the banner, /salud and /metrics.
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { mayReadMetrics } from '../../app/server/metrics.ts';
import type { Client } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';

const BANNER = 'Estado del envío de avisos';

let program: Program;
let people: Record<'direction' | 'administrator' | 'area' | 'commission', Client>;

beforeAll(async () => {
  program = await startProgram();
  people = {
    direction: await program.logInAs('titular.devspe@iem.example'),
    administrator: await program.logInAs('administracion@iem.example'),
    area: await program.logInAs('enlace.deoe@iem.example'),
    commission: await program.logInAs('presidencia.com.vinculacion@iem.example'),
  };
  await program.stopWorker();
  return () => program.close();
});

/** A mail that has been owed for so many minutes. */
async function oweMail(minutes: number) {
  await sql`insert into message (kind, person_id, run_on, created_at, next_attempt_at, state)
    select 'digest', min(id), app_now()::date, app_now() - ${minutes} * interval '1 minute',
      app_now() + interval '1 hour', 'retry' from person where disabled_at is null
    on conflict (person_id, run_on, kind, coalesce(rung, ''))
      where run_on is not null and coalesce(rung, '') not like '%h'
    do update set state = 'retry', closed_at = null, created_at = excluded.created_at`.execute(program.db);
}

describe('while all is well', () => {
  test('nobody sees a banner and /salud answers 200', async () => {
    expect(await people.direction.page('/ajustes')).not.toContain(BANNER);
    const answer = await program.visitor().get('/salud');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ ok: true, oldest_due_seconds: 0 });
  });

  test('/metrics tells this machine what is measured, in the form Prometheus reads', async () => {
    const answer = await program.visitor().get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(?:# HELP \w+ \S.*|# TYPE \w+ (?:gauge|counter)|\w+(?:\{state="\w+"\})? \d+(?:\.\d+)?(?:e-\d+)?)$/,
      );
    }
    expect(text).toContain('convenio_healthy 1\n');
    expect(text).toMatch(/^convenio_messages\{state="retry"\} 0$/m);
    expect(text).toMatch(/^convenio_mails_planned_total [1-9]\d*$/m);
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d+$/m);
  });
});

describe('while a mail has been owed for half an hour', () => {
  beforeAll(() => oweMail(30));

  test('the Dirección and the administration read it on every page, with since when', async () => {
    for (const client of [people.direction, people.administrator]) {
      for (const path of ['/ajustes', '/calendario', '/hitos', '/nada']) {
        const page = await client.page(path);
        expect(page).toContain(BANNER);
        expect(page).toMatch(/Hay 1 correo sin salir; el más antiguo espera desde las \d+:\d\d h\./);
      }
    }
  });

  test('areas and the Commission do not', async () => {
    expect(await people.area.page('/mis-obligaciones')).not.toContain(BANNER);
    expect(await people.commission.page('/informe/vencidas')).not.toContain(BANNER);
  });

  test('/salud answers 503 with its age', async () => {
    const answer = await program.visitor().get('/salud');
    expect(answer.status).toBe(503);
    const { oldest_due_seconds } = (await answer.json()) as { oldest_due_seconds: number };
    expect(oldest_due_seconds).toBeGreaterThanOrEqual(1800);
  });
});

describe('while sending is held after a restore', () => {
  const COLAS = '/ajustes/colas';

  test('an administrator reads why, decides what becomes of what is owed, and nobody else does', async () => {
    await sql`update installation set sender_held_since = app_now()`.execute(program.db);
    expect(await people.administrator.page(COLAS)).toContain('El envío está detenido');
    expect((await people.direction.post(COLAS, { pendiente: 'enviar' })).status).toBe(403);
    expect((await people.administrator.post(COLAS, { pendiente: 'quizá' })).status).toBe(400);
    const decided = await people.administrator.post(COLAS, { pendiente: 'descartar' });
    expect(decided.headers.get('location')).toBe(`${COLAS}?reanudado=si`);
    expect(await people.administrator.page(COLAS)).not.toContain('El envío está detenido');
    expect((await people.administrator.post(COLAS, { pendiente: 'enviar' })).status).toBe(409);
    const { held } = await program.db
      .selectFrom('installation')
      .select('sender_held_since as held')
      .executeTakeFirstOrThrow();
    expect(held).toBeNull();
  });
});

describe('the measures', () => {
  const asked = (authorization?: string) =>
    new Request('http://x/metrics', authorization ? { headers: { authorization } } : {});

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('are read from %s without a token', (ip) => {
    expect(mayReadMetrics(asked(), { ip, metricsToken: undefined })).toBe(true);
  });

  test.each(['10.0.0.7', '192.168.1.4', '1270.0.0.1', 'desconocida'])('are refused to %s', (ip) => {
    expect(mayReadMetrics(asked(), { ip, metricsToken: undefined })).toBe(false);
  });

  test('ask everybody for the token once there is one', () => {
    const metricsToken = 'una-clave-de-veinte';
    const may = (header?: string) => mayReadMetrics(asked(header), { ip: '127.0.0.1', metricsToken });
    expect(may(`Bearer ${metricsToken}`)).toBe(true);
    expect(may()).toBe(false);
    expect(may('Bearer otra-clave-de-veinte')).toBe(false);
  });
});
