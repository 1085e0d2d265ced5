import { expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
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
  expect((await runPass(over(lived))).accepted.length).toBeGreaterThan(10);
  const told = sink.received.length;
  // Two copies of one template: the same installation, a morning earlier.
  const { db } = await freshDatabase('demo');
  return { db, delivery: over(db), sink, told, folder };
}

test('a restored database sends nothing again until an administrator says so, codes apart', async () => {
  const { db, delivery, sink, told } = await restored();
  await runPass(delivery);
  expect(sink.received).toHaveLength(told);
  const { problems } = await healthAt(db, momentOf(instantOf(`${DAY}T08:01`)));
  expect(problems).toEqual([expect.stringContaining('la base de datos se restauró de una copia')]);

  const person = await db.selectFrom('person').select(['id', 'email']).limit(1).executeTakeFirstOrThrow();
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

test('a copy on a machine without a mark sends nothing when nobody has worked on it lately', async () => {
  const { db } = await freshDatabase('catalogue');
  const sink = await smtpSink();
  await planNotices(db, morning(DAY));
  await db.updateTable('installation').set({ sender_claims: 7 }).execute();
  const elsewhere = { ...deliveryAt(db, morning(DAY), sink.url), mark: openSenderMark(await dataFolder()) };
  await deliverDue(elsewhere);
  expect((await getInstallation(db)).sender_held_since).not.toBeNull();
});

test('a second machine on a database that others work on sends, and one whose mark is as old as it is', async () => {
  const { db } = await freshDatabase('catalogue');
  const sink = await smtpSink();
  const { at } = await db
    .selectFrom('installation')
    .select((eb) => eb.fn<string>('app_now', []).as('at'))
    .executeTakeFirstOrThrow();
  await planNotices(db, momentOf(at));
  await db.updateTable('installation').set({ sender_claims: 7 }).execute();
  const folder = await dataFolder();
  for (let times = 0; times < 2; times += 1) {
    const delivery = { ...deliveryAt(db, momentOf(at), sink.url), mark: openSenderMark(folder) };
    await deliverDue(delivery);
    expect((await getInstallation(db)).sender_held_since).toBeNull();
  }
});
