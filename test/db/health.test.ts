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
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';
const local = (text: string) => momentOf(instantOf(text));

describe('the heartbeat', () => {
  test('is well after a pass whose mails left, and says how long the pass took', async () => {
    const { db } = await freshDatabase('demo');
    await runPass(deliveryAt(db, morning(DAY)));
    const state = await healthAt(db, local(`${DAY}T12:00`));
    expect(state).toMatchObject({
      ok: true,
      problems: [],
      warnings: [],
      open_messages: 0,
      oldest_due_at: null,
    });
    expect(state.last_pass_ms).toBeGreaterThan(0);
  });

  test('misses the pass ten minutes after the morning’s hour, and says when there was one', async () => {
    const { db } = await freshDatabase('demo');
    await runPass(deliveryAt(db, morning(DAY)));
    expect((await healthAt(db, local('2024-05-16T08:10'))).ok).toBe(true);
    expect((await healthAt(db, local('2024-05-16T08:11'))).problems).toEqual([
      'La pasada de avisos de hoy no se ha hecho: debió empezar a las 8:00 h. La última fue el mié 15 may, 8:00 h.',
    ]);
  });

  test('notices a mail server that is out of reach although every attempt sets a later one', async () => {
    const { db } = await freshDatabase('demo');
    const down = 'smtp://127.0.0.1:1';
    await runPass(deliveryAt(db, morning(DAY), down));
    for (const time of ['08:02', '08:08', '08:25']) {
      await deliverDue(deliveryAt(db, local(`${DAY}T${time}`), down));
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
    await runPass(deliveryAt(db, morning(DAY)));
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
    const { ok, warnings } = await healthAt(db, local(`${DAY}T09:00`));
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
