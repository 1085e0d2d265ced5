import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { addDays, daysBetween } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { DEMO_LOGIN_LIMITS, requestLogin } from '../../db/login-challenges.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';

const pace = async (db: Db) =>
  (await db.selectFrom('installation').select('sender_pace').executeTakeFirstOrThrow()).sender_pace;
/** The minute is on the real clock: it is let pass instead of waited for. */
const minutePasses = (db: Db) =>
  sql`update installation set sender_rests_until = clock_timestamp() - interval '1 second'`.execute(db);

/** Days between today and the nearest deadline of each mail that arrived, in the order of arrival. */
async function distances(db: Db, messageIds: string[]): Promise<number[]> {
  const rows = await db
    .selectFrom('message')
    .innerJoin('notice', 'notice.message_id', 'message.id')
    .innerJoin('deadline_version as v', (join) =>
      join
        .onRef('v.deadline_id', '=', 'notice.deadline_id')
        .onRef('v.version', '=', 'notice.deadline_version'),
    )
    .where('message.message_id', 'in', messageIds)
    .select(['message.message_id', 'v.due_on'])
    .execute();
  return messageIds.map((id) =>
    Math.min(
      ...rows
        .filter(({ message_id }) => message_id === id)
        .map(({ due_on }) => Math.abs(daysBetween(DAY, due_on!))),
    ),
  );
}

test('a server that wants fewer mails gets them minute by minute, the nearest deadline first, and then all', async () => {
  const { db } = await freshDatabase('demo');
  // Enough mornings at once that one minute's mails are a part of all.
  const { messages } = await planNotices(db, morning(DAY));
  expect(messages).toBeGreaterThan(20);
  let patience = 5;
  const sink = await smtpSink({
    refuse: () => (patience-- > 0 ? undefined : { code: 451, text: '4.7.28 rate limit exceeded' }),
  });
  const delivery = deliveryAt(db, morning(DAY), sink.url);
  await deliverDue(delivery);
  expect(sink.received.length).toBe(5);
  expect(await pace(db)).toBe(20);
  const untried = await db
    .selectFrom('message')
    .where('state', '=', 'queued')
    .select(['attempts', 'reply'])
    .execute();
  expect(untried.length).toBeGreaterThan(messages - 5 - 12);
  expect(new Set(untried.map(({ attempts }) => attempts))).toEqual(new Set([0]));

  // The minute is not over: nothing is even tried.
  const tried = patience;
  await deliverDue(delivery);
  expect(patience).toBe(tried);

  patience = 10;
  await minutePasses(db);
  const before = sink.received.length;
  await deliverDue(delivery);
  expect(sink.received.length - before).toBe(10);
  expect(await pace(db)).toBe(10);
  const arrived = await distances(
    db,
    sink.received.slice(before).map(({ message_id }) => message_id),
  );
  const waiting = await db
    .selectFrom('message')
    .where('state', '=', 'queued')
    .where('attempts', '=', 0)
    .where('run_on', '=', DAY)
    .select(sql<string>`id::text`.as('id'))
    .execute();
  expect(waiting.length).toBeGreaterThan(0);
  expect(Math.max(...arrived)).toBeLessThanOrEqual(
    (
      await db
        .selectFrom('notice')
        .innerJoin('deadline_version as v', (join) =>
          join
            .onRef('v.deadline_id', '=', 'notice.deadline_id')
            .onRef('v.version', '=', 'notice.deadline_version'),
        )
        .where(
          'notice.message_id',
          'in',
          waiting.map(({ id }) => Number(id)),
        )
        .select(sql<number>`min(abs(v.due_on - ${DAY}::date))`.as('days'))
        .executeTakeFirstOrThrow()
    ).days,
  );

  patience = Infinity;
  for (let minute = 1; (await pace(db)) !== null; minute += 1) {
    expect(minute).toBeLessThan(12);
    await minutePasses(db);
    await sql`update message set next_attempt_at = ${morning(DAY).at} where state = 'retry'`.execute(db);
    const sent = sink.received.length;
    const allowed = (await pace(db))!;
    await deliverDue(delivery);
    expect(sink.received.length - sent).toBeLessThanOrEqual(allowed);
    if (sink.received.length === sent) break;
  }
  const open = await db.selectFrom('message').where('state', '<>', 'accepted').select('id').execute();
  expect(open).toEqual([]);
  expect(new Set(sink.received.map(({ message_id }) => message_id)).size).toBe(messages);
});

test('a log-in code does not wait for its minute', async () => {
  const { db } = await freshDatabase('demo');
  await planNotices(db, morning(DAY));
  const sink = await smtpSink();
  await sql`update installation set sender_pace = 1,
    sender_rests_until = clock_timestamp() + interval '1 minute'`.execute(db);
  const person = await db
    .selectFrom('person')
    .select('email')
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow();
  await requestLogin(db, { email: person.email, ip: '127.0.0.1' }, DEMO_LOGIN_LIMITS, morning(DAY));
  await deliverDue(deliveryAt(db, morning(DAY), sink.url));
  expect(sink.received.map(({ to }) => to)).toEqual([person.email]);
});

test('what one attempt left in doubt is repeated with the same bytes after a later attempt was put off', async () => {
  const { db } = await freshDatabase('demo');
  await planNotices(db, morning(DAY));
  const replies = ['450 4.2.1 later'];
  const sink = await smtpSink({
    refuse: () => {
      const reply = replies.shift();
      return reply === undefined ? undefined : { code: 450, text: '4.2.1 later' };
    },
  });
  await deliverDue(deliveryAt(db, morning(DAY), sink.url));
  const [doubtful] = await db.selectFrom('message').where('state', '=', 'retry').select('id').execute();
  await sql`update message set state = 'uncertain' where id = ${doubtful!.id}`.execute(db);
  replies.push('450 4.2.1 later');
  await deliverDue(deliveryAt(db, { at: '2024-05-15T16:00:00Z' }, sink.url));
  const { state } = await db
    .selectFrom('message')
    .where('id', '=', doubtful!.id)
    .select('state')
    .executeTakeFirstOrThrow();
  expect(state).toBe('uncertain');
  await sql`update obligation set title = title || ' (corregida)'`.execute(db);
  await deliverDue(deliveryAt(db, { at: `${addDays(DAY, 0)}T20:00:00Z` }, sink.url));
  expect(sink.received.at(-1)!.raw).not.toContain('corregida');
});
