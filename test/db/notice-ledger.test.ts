import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { NOTICE_STANDINGS, STANDING_WORDS } from '../../app/domain/notice-standing.ts';
import { addDays, weekday } from '../../app/domain/plain-date.ts';
import { recordBounce } from '../../db/bounces.ts';
import type { Db } from '../../db/client.ts';
import { mailFolio } from '../../app/domain/mail-folio.ts';
import { answerNotice } from '../../db/notice-answers.ts';
import { countLedger, listLedger, type LedgerFilter } from '../../db/notice-ledger.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { simulateNotices } from '../../db/notice-simulation.ts';
import { closeDeadline } from '../../db/waivers.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const FROM = '2024-05-15';
const TO = '2024-06-14';

/** The mornings on which the office reads mail. */
const MORNINGS = Array.from({ length: 31 }, (_, index) => addDays(FROM, index)).filter(
  (day) => weekday(day) <= 5,
);

const total = (counts: ReadonlyMap<unknown, number>) =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/** What a person was sent that day about something that is due after it. */
async function answerable(db: Db, day: string) {
  return db
    .selectFrom('notice')
    .innerJoin('person', 'person.id', 'notice.person_id')
    .innerJoin('deadline_version as v', (join) =>
      join
        .onRef('v.deadline_id', '=', 'notice.deadline_id')
        .onRef('v.version', '=', 'notice.deadline_version'),
    )
    .where('notice.state', '=', 'accepted')
    .where('notice.kind', '=', 'reminder')
    .where(sql<boolean>`v.due_on > ${day}::date + 3`)
    .select(['notice.deadline_id', 'person.id', 'person.name', 'v.due_on'])
    .orderBy('notice.id')
    .execute();
}

test('through a month with every kind of trouble each notice ends in exactly one state, and the counts are the rows', async () => {
  const { db } = await freshDatabase('demo');
  let busy = true;
  const sink = await smtpSink({
    refuse: (recipient) =>
      recipient.startsWith('enlace.deoe')
        ? { code: 550, text: '5.7.1 Rejected by policy' }
        : busy && recipient.startsWith('titular.')
          ? { code: 451, text: '4.3.0 Try again later' }
          : undefined,
  });
  const { id: director } = await db
    .selectFrom('person')
    .where('email', '=', 'titular.devspe@iem.example')
    .select('id')
    .executeTakeFirstOrThrow();

  // Planned, and not sent yet.
  await planNotices(db, morning(FROM));
  expect((await countLedger(db, {})).get('queued')).toBeGreaterThan(0);
  await runPass(deliveryAt(db, morning(FROM), sink.url));
  expect((await countLedger(db, {})).get('retry')).toBeGreaterThan(0);
  busy = false;

  const told = await answerable(db, FROM);
  const [first, second, third] = told.filter(
    ({ deadline_id }, index) => told.findIndex((other) => other.deadline_id === deadline_id) === index,
  );
  const at = morning(FROM);
  await answerNotice(db, { deadline_id: first!.deadline_id, person: first!, until_on: null }, at);
  await answerNotice(db, { deadline_id: second!.deadline_id, person: second!, until_on: second!.due_on }, at);
  const mail = await db
    .selectFrom('message')
    .where('state', '=', 'accepted')
    .where('kind', '=', 'digest')
    .select(['id', 'created_at', 'to_address'])
    .executeTakeFirstOrThrow();
  const bounce = {
    recipient: mail.to_address,
    action: 'failed' as const,
    status: '5.1.1',
    diagnostic: 'User unknown',
  };
  await recordBounce(db, { folio: mailFolio(mail), ...bounce }, at);

  for (const day of MORNINGS.slice(1)) {
    if (day === '2024-05-20') {
      await planNotices(db, morning(day));
      const closing = { kind: 'waived', reason: 'Se dejó sin efecto', document: 'IEM-1/2024' } as const;
      await closeDeadline(
        db,
        { deadline_id: third!.deadline_id, person_id: director, ...closing },
        morning(day),
      );
    }
    await runPass(deliveryAt(db, morning(day), sink.url));
  }
  await runPass(
    deliveryAt(db, { at: new Date(Date.parse(morning(TO).at) + 7_200_000).toISOString() }, sink.url),
  );

  const rows = await listLedger(db, {});
  const { notices } = await db
    .selectFrom('notice')
    .select(sql<number>`count(*)`.as('notices'))
    .executeTakeFirstOrThrow();
  expect(rows).toHaveLength(notices);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(notices);
  expect(rows.filter(({ standing }) => !STANDING_WORDS[standing].final)).toEqual([]);
  const counts = await countLedger(db, {});
  expect(total(counts)).toBe(notices);
  expect([...counts.keys()].sort()).toEqual(['accepted', 'bounced', 'cancelled', 'failed', 'superseded']);
  for (const standing of NOTICE_STANDINGS) {
    expect(await listLedger(db, { standing })).toHaveLength(counts.get(standing) ?? 0);
  }
  // Every mail the server took is in the outbox as sent, under the Message-ID it arrived with, and no other; those
  // that tell notices are in the ledger.
  const arrived = new Set(sink.received.map(({ message_id }) => message_id));
  const outbox = await db
    .selectFrom('message')
    .where('state', 'in', ['accepted', 'bounced'])
    .select(['message_id', 'kind'])
    .execute();
  expect(new Set(outbox.map(({ message_id }) => message_id))).toEqual(arrived);
  const sent = rows.filter(({ standing }) => standing === 'accepted' || standing === 'bounced');
  const telling = outbox.filter(({ kind }) => ['digest', 'escalation', 'hour_reminder'].includes(kind));
  expect(new Set(sent.map(({ message_id }) => message_id))).toEqual(
    new Set(telling.map(({ message_id }) => message_id)),
  );
  for (const { standing, reason, reply } of rows) {
    if (standing === 'accepted') expect(reply).toMatch(/^250/);
    else expect(reason).not.toBeNull();
  }
}, 240_000);

test('the parts of every division of the ledger add up to the whole, and pages to the list', async () => {
  const { db } = await freshDatabase('demo');
  for (const day of MORNINGS.slice(0, 4)) await runPass(deliveryAt(db, morning(day)));
  const all = await listLedger(db, {});
  expect(all.length).toBeGreaterThan(100);
  const sumOver = async <Value>(values: Value[], filterOf: (value: Value) => LedgerFilter) => {
    let sum = 0;
    for (const value of new Set(values)) sum += total(await countLedger(db, filterOf(value)));
    return sum;
  };
  const areas = await db.selectFrom('area').select('key').execute();
  expect(await sumOver(['reminder', 'escalation'] as const, (kind) => ({ kind }))).toBe(all.length);
  expect(await sumOver(areas, ({ key }) => ({ area: key }))).toBe(all.length);
  expect(
    await sumOver(
      all.map(({ person_id }) => person_id),
      (person) => ({ person }),
    ),
  ).toBe(all.length);
  expect(
    await sumOver(
      all.map(({ ref }) => ref),
      (obligation) => ({ obligation }),
    ),
  ).toBe(all.length);
  expect(
    await sumOver(
      all.map(({ planned_on }) => planned_on),
      (day) => ({ from: day, to: day }),
    ),
  ).toBe(all.length);
  expect(
    await sumOver(
      all.map(({ deadline_id }) => deadline_id),
      (deadline) => ({ deadline }),
    ),
  ).toBe(all.length);
  const pages = [];
  for (let offset = 0; offset < all.length; offset += 50) {
    pages.push(...(await listLedger(db, {}, { offset, size: 50 })));
  }
  expect(pages).toEqual(all);
});

test('what people answered is the same in the simulator and in what the worker then does', async () => {
  const { db } = await freshDatabase('demo');
  await runPass(deliveryAt(db, morning(FROM)));
  const told = await answerable(db, FROM);
  for (const [index, { deadline_id, due_on, ...person }] of told.entries()) {
    if (index % 3 === 2) continue;
    const attended = MORNINGS.filter((day) => day > FROM && day <= due_on!);
    const until_on = index % 3 === 0 ? null : attended[index % attended.length]!;
    await answerNotice(db, { deadline_id, person, until_on }, morning(FROM));
  }
  const present = morning('2024-05-16');
  const scope = { from: '2024-05-16', to: '2024-05-28' };
  const simulated = await simulateNotices(db, present, scope);
  for (const day of MORNINGS.filter((one) => one >= scope.from && one <= scope.to)) {
    await runPass(deliveryAt(db, morning(day)));
  }
  const sent = (await listLedger(db, { standing: 'accepted' })).filter(
    ({ planned_on }) => planned_on >= scope.from,
  );
  const line = (deadline: number, rung: string, person: number) => [deadline, rung, person].join(' ');
  expect(sent.length).toBeGreaterThan(50);
  expect(sent.map((row) => line(row.deadline_id, row.rung, row.person_id)).sort()).toEqual(
    simulated.map((row) => line(row.deadline_id, row.rung, row.person_id)).sort(),
  );
  const held = (await listLedger(db, { standing: 'cancelled' })).map(({ reason }) => reason?.split(' ')[0]);
  expect(new Set(held)).toEqual(new Set(['acuse', 'pospuesto']));
}, 120_000);
