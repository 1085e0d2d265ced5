import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import { healthAt } from '../../db/health.ts';
import { readMeasures } from '../../db/measures.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { pauseSender, resumeSender } from '../../db/sender.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { onlyDeadline, told } from '../support/one-deadline.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';
const local = (text: string) => momentOf(instantOf(text));

/** The example office with a clock that nobody moves. */
async function inProduction() {
  const database = await freshDatabase('demo');
  await sql`update installation set kind = 'production', clock_offset = interval '0'`.execute(database.db);
  return database;
}

describe('the heartbeat', () => {
  test('is well after a pass whose mails left, and says how long the pass took', async () => {
    const { db } = await freshDatabase('demo');
    await runPass(deliveryAt(db, morning(DAY)));
    const state = await healthAt(db, local(`${DAY}T08:10`));
    expect(state).toMatchObject({
      ok: true,
      problems: [],
      warnings: [],
      open_messages: 0,
      oldest_due_at: null,
    });
    expect(state.last_pass_ms).toBeGreaterThan(0);
  });

  test('misses the passes ten minutes after the last one, by day and by night, and knows then of nothing that is due', async () => {
    const { db } = await inProduction();
    const id = await onlyDeadline(db, 'hours', DAY, '18:00');
    await runPass(deliveryAt(db, morning(DAY)));
    // At 14:00 and at 19:00 somebody was to be told.
    expect(await told(db, id)).not.toContain('-4h accepted 2024-05-15 hour_reminder');
    expect((await healthAt(db, local(`${DAY}T08:10`))).ok).toBe(true);
    expect(await healthAt(db, local(`${DAY}T19:30`))).toMatchObject({
      ok: false,
      problems: ['No hay pasada de avisos desde las 8:00 h; debe haber una cada 5 minutos.'],
      last_pass_at: '2024-05-15T14:00:00.000000Z',
      oldest_due_at: '2024-05-15T14:00:00.000000Z',
      oldest_due_seconds: 11.5 * 3600,
    });
    await runPass(deliveryAt(db, local('2024-05-16T03:00')));
    expect(await healthAt(db, local('2024-05-16T03:10'))).toMatchObject({ ok: true, oldest_due_seconds: 0 });
    expect((await healthAt(db, local('2024-05-16T08:10'))).problems).toEqual([
      'No hay pasada de avisos desde las 3:00 h; debe haber una cada 5 minutos.',
    ]);
    expect((await healthAt(db, local('2024-05-16T08:11'))).problems).toEqual([
      'La pasada de avisos de hoy no se ha hecho: debió empezar a las 8:00 h. La última fue el jue 16 may, 3:00 h.',
    ]);
  });

  test('says the age of a mail that is owed for longer than nobody looks', async () => {
    const { db } = await inProduction();
    await planNotices(db, morning(DAY));
    await planNotices(db, local(`${DAY}T08:30`));
    const { oldest_due_at, problems } = await healthAt(db, local(`${DAY}T09:00`));
    expect(oldest_due_at).toBe('2024-05-15T14:00:00.000000Z');
    expect(problems).toHaveLength(2);
  });

  test('does not take a pass by hand for a later day for a look of today’s', async () => {
    const { db } = await inProduction();
    await planNotices(db, morning(DAY));
    await planNotices(db, morning('2024-06-15'));
    const { problems, last_pass_at } = await healthAt(db, local('2024-05-16T09:00'));
    expect(last_pass_at).toBe('2024-05-15T14:00:00.000000Z');
    expect(problems[0]).toMatch(/^La pasada de avisos de hoy no se ha hecho/);
  });

  test('gives a new installation ten minutes for its first pass, and no longer', async () => {
    const { db } = await inProduction();
    await sql`update process set published_at = ${local(`${DAY}T12:00`).at} where published_at is not null`.execute(
      db,
    );
    expect(await healthAt(db, local(`${DAY}T12:10`))).toMatchObject({ ok: true, last_pass_at: null });
    const { problems, oldest_due_seconds } = await healthAt(db, local(`${DAY}T12:11`));
    expect(problems).toEqual(['La pasada de avisos de hoy no se ha hecho: debió empezar a las 8:00 h.']);
    expect(oldest_due_seconds).toBe(11 * 60);
    // Between the morning's hour and the patience with it the words differ.
    expect((await healthAt(db, local('2024-05-16T08:05'))).problems).toEqual([
      'No hay pasada de avisos desde el mié 15 may, 12:00 h; debe haber una cada 5 minutos.',
    ]);
  });

  test('gives a demo whose clock was moved to the next morning ten minutes, and says then when the last pass was', async () => {
    const { db } = await freshDatabase('demo');
    await runPass(deliveryAt(db, morning(DAY)));
    expect(await healthAt(db, local('2024-05-16T08:10'))).toMatchObject({ ok: true, oldest_due_seconds: 0 });
    expect((await healthAt(db, local('2024-05-16T08:11'))).problems).toEqual([
      'La pasada de avisos de hoy no se ha hecho: debió empezar a las 8:00 h. La última fue el mié 15 may, 8:00 h.',
    ]);
  });

  test('notices a mail server that is out of reach although every attempt sets a later one', async () => {
    const { db } = await freshDatabase('demo');
    const down = 'smtp://127.0.0.1:1';
    await runPass(deliveryAt(db, morning(DAY), down));
    for (const time of ['08:02', '08:08', '08:25']) {
      await runPass(deliveryAt(db, local(`${DAY}T${time}`), down));
    }
    const { due } = await db
      .selectFrom('message')
      .select(sql<number>`count(*) filter (where next_attempt_at <= ${local(`${DAY}T08:26`).at})`.as('due'))
      .executeTakeFirstOrThrow();
    expect(due).toBe(0);
    const { ok, problems, oldest_due_seconds, in_trouble } = await healthAt(db, local(`${DAY}T08:26`));
    expect({ ok, oldest_due_seconds }).toEqual({ ok: false, oldest_due_seconds: 26 * 60 });
    expect(in_trouble).toBeGreaterThan(10);
    expect(problems).toEqual([
      expect.stringMatching(/^Hay \d+ correos sin salir; el más antiguo espera desde las 8:00 h\.$/),
    ]);
  });

  test('says since when the server refuses the log-in, the first time and not the last', async () => {
    const { db } = await freshDatabase('demo');
    await runPass(deliveryAt(db, local(`${DAY}T10:55`)));
    await pauseSender(db, '535 no');
    await sql`update installation set sender_paused_since = ${local(`${DAY}T09:05`).at}`.execute(db);
    await pauseSender(db, '535 no');
    expect((await healthAt(db, local(`${DAY}T11:00`))).problems).toEqual([
      'El servidor de correo rechaza el acceso desde las 9:05 h; el envío está detenido.',
    ]);
    await resumeSender(db);
    expect((await healthAt(db, local(`${DAY}T11:00`))).ok).toBe(true);
  });

  test('warns of a mail that no server took without calling the service ill', async () => {
    const { db } = await freshDatabase('demo');
    const sink = await smtpSink({
      refuse: (recipient) =>
        recipient.startsWith('enlace.deoe') ? { code: 550, text: '5.1.1 no such user' } : undefined,
    });
    await runPass(deliveryAt(db, morning(DAY), sink.url));
    const { ok, warnings } = await healthAt(db, local(`${DAY}T08:09`));
    expect(ok).toBe(true);
    expect(warnings).toEqual([
      expect.stringMatching(/^\d+ correos? de hoy no se pud.* el primero, desde las 8:00 h\.$/),
    ]);
    expect((await healthAt(db, local('2024-05-16T07:00'))).warnings).toEqual([]);
  });
});

test('the measures count what waits, what was planned and how old the newest pass is', async () => {
  const { db } = await freshDatabase('demo');
  const { planned, messages } = await planNotices(db, morning(DAY));
  const before = await readMeasures(db, local(`${DAY}T08:05`));
  expect(before).toMatchObject({
    messages: { queued: messages, retry: 0, failed: 0 },
    planned_notices: planned,
    planned_total: { notices: planned, mails: messages },
    last_pass_age_seconds: 300,
  });
  await deliverDue(deliveryAt(db, local(`${DAY}T08:05`)));
  expect((await readMeasures(db, local(`${DAY}T08:06`))).planned_notices).toBe(0);
});
