import { expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { healthAt } from '../../db/health.ts';
import { getInstallation } from '../../db/installation.ts';
import { DEMO_LOGIN_LIMITS, requestLogin } from '../../db/login-challenges.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { releaseSender } from '../../db/sender.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { openSenderMark } from '../../jobs/sender-mark.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { dataFolder } from '../support/program.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';

/** A morning was sent, and then the database went back to a copy from before it. */
async function restored() {
  const folder = await dataFolder();
  const sink = await smtpSink();
  const over = (db: Parameters<typeof deliveryAt>[0]) => ({
    ...deliveryAt(db, morning(DAY), sink.url),
    mark: openSenderMark(folder),
  });
  const { db: lived } = await freshDatabase('demo');
  await hasSent(lived);
  expect((await runPass(over(lived))).accepted.length).toBeGreaterThan(10);
  const told = sink.received.length;
  // Two copies of one template: the same installation, a morning earlier.
  const { db } = await freshDatabase('demo');
  await hasSent(db);
  return { db, delivery: over(db), sink, told };
}

/** As when a mail has left some day: one that never sent any has nothing to repeat. */
const hasSent = (db: Db) => db.updateTable('installation').set({ sender_claims: 1 }).execute();

test('a restored database sends nothing again until an administrator says so, codes apart', async () => {
  const { db, delivery, sink, told } = await restored();
  await runPass(delivery);
  expect(sink.received).toHaveLength(told);
  const { problems } = await healthAt(db, momentOf(instantOf(`${DAY}T08:01`)));
  expect(problems).toEqual([expect.stringContaining('la base de datos se restauró de una copia')]);

  const person = await db
    .selectFrom('person')
    .select(['id', 'email'])
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow();
  await requestLogin(db, { email: person.email, ip: '127.0.0.1' }, DEMO_LOGIN_LIMITS, morning(DAY));
  await deliverDue(delivery);
  expect(sink.received.slice(told).map(({ to }) => to)).toEqual([person.email]);

  expect(await releaseSender(db, { person_id: person.id, discard: false }, morning(DAY))).toBe(0);
  expect(await releaseSender(db, { person_id: person.id, discard: false }, morning(DAY))).toBeUndefined();
  await deliverDue(delivery);
  expect(sink.received.length).toBeGreaterThan(told + 10);
  expect((await getInstallation(db)).sender_held_since).toBeNull();
});

test('what was owed in a restored database can be taken as sent', async () => {
  const { db, delivery, sink, told } = await restored();
  await runPass(delivery);
  const discarded = await releaseSender(db, { person_id: 1, discard: true }, morning(DAY));
  expect(discarded).toBeGreaterThan(10);
  await runPass(delivery);
  expect(sink.received).toHaveLength(told);
  const planned = await db.selectFrom('notice').where('state', '=', 'planned').select('id').execute();
  expect(planned).toEqual([]);
  const { actor, verb } = await db
    .selectFrom('audit_entry')
    .select(['actor', 'verb'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  expect(`${actor} ${verb}`).toBe('persona 1 reanudó el envío de correos');
});

test('a copy read into another database sends nothing, whatever the machine knows', async () => {
  const { db } = await freshDatabase('catalogue');
  const sink = await smtpSink();
  await planNotices(db, morning(DAY));
  await db.updateTable('installation').set({ sender_claims: 7, sender_place: 'elsewhere/1' }).execute();
  const delivery = { ...deliveryAt(db, morning(DAY), sink.url), mark: openSenderMark(await dataFolder()) };
  await deliverDue(delivery);
  expect((await getInstallation(db)).sender_held_since).not.toBeNull();
});

test('any machine sends from the database where it is, after any pause, and so does a copy that never sent', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink();
  const folder = await dataFolder();
  for (const [day, machine] of [
    [DAY, folder],
    ['2024-05-27', await dataFolder()],
    ['2024-05-28', folder],
  ] as const) {
    const before = sink.received.length;
    await runPass({ ...deliveryAt(db, morning(day), sink.url), mark: openSenderMark(machine) });
    expect(sink.received.length).toBeGreaterThan(before);
  }
  const { db: copy } = await freshDatabase('demo');
  const told = sink.received.length;
  await runPass({ ...deliveryAt(copy, morning(DAY), sink.url), mark: openSenderMark(folder) });
  expect(sink.received.length).toBeGreaterThan(told);
});
