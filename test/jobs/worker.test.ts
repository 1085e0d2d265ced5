import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { now, setDemoClock } from '../../db/clock.ts';
import { DEMO_LOGIN_LIMITS, requestLogin } from '../../db/login-challenges.ts';
import type { Db } from '../../db/client.ts';
import { DEMO_START } from '../../jobs/demo.ts';
import { startWorker } from '../../jobs/worker.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt } from '../support/delivery.ts';
import { redisFound, startRedis } from '../support/redis.ts';
import { smtpSink } from '../support/smtp-sink.ts';

/** A worker on the installation's own clock. */
function workerOn(db: Db, url: string, smtpUrl: string, redisUrl?: string, sweepSeconds = 3600) {
  const delivery = { ...deliveryAt(db, { at: DEMO_START }, smtpUrl), clock: () => now(db) };
  const worker = startWorker({ delivery, databaseUrl: url, redisUrl, sweepSeconds });
  onTestFinished(() => worker.close());
  return worker;
}

/** Waits until something holds, looking every 20 ms; gives up with the test. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const everythingSent = async (db: Db) =>
  (await db.selectFrom('message').where('state', '!=', 'accepted').select('id').execute()).length === 0;

/**
 * Drops the queue's schema under a worker that uses it. Its own queries take the same tables in another
 * order, so PostgreSQL may call one of the two a deadlock: then it is dropped at the next try.
 */
async function dropQueue(db: Db): Promise<void> {
  await until(async () => {
    try {
      await sql`drop schema bullmq cascade`.execute(db);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === '40P01') return false;
      throw error;
    }
  });
}

async function askForCode(db: Db) {
  const email = 'titular.deoe@iem.example';
  const outcome = await requestLogin(db, { email, ip: '127.0.0.1' }, DEMO_LOGIN_LIMITS, await now(db));
  expect(outcome.kind).toBe('sent');
  return email;
}

describe.each([
  { queue: 'PostgreSQL', redis: false },
  { queue: 'Redis', redis: true },
])('a worker woken through $queue', ({ redis }) => {
  const usable = redis ? redisFound : true;

  test.runIf(usable)('makes the pass of the day when it starts', async () => {
    const { db, url } = await freshDatabase('demo');
    const sink = await smtpSink();
    workerOn(db, url, sink.url, redis ? (await startRedis()).url : undefined);
    await until(async () => sink.received.length > 10 && (await everythingSent(db)));
    const sent = await db.selectFrom('message').where('state', '=', 'accepted').select('id').execute();
    expect(sink.received).toHaveLength(sent.length);
  });

  test.runIf(usable)('sends a log-in code as soon as it is asked for', async () => {
    const { db, url } = await freshDatabase('demo');
    const sink = await smtpSink();
    workerOn(db, url, sink.url, redis ? (await startRedis()).url : undefined);
    await until(async () => sink.received.length > 10 && (await everythingSent(db)));
    const email = await askForCode(db);
    await until(() =>
      sink.received.some(({ to, subject }) => to === email && /c=C3=B3digo|código|Tu/i.test(subject)),
    );
  });

  test.runIf(usable)('makes the next day’s pass when the demo’s clock moves on', async () => {
    const { db, url } = await freshDatabase('demo');
    const sink = await smtpSink();
    workerOn(db, url, sink.url, redis ? (await startRedis()).url : undefined);
    await until(async () => sink.received.length > 10 && (await everythingSent(db)));
    const before = sink.received.length;
    await setDemoClock(db, '2024-05-16T14:00:00Z');
    await until(() => sink.received.length > before);
    const passes = await db.selectFrom('pass').select('run_on').orderBy('run_on').execute();
    expect(passes.map(({ run_on }) => run_on)).toEqual(['2024-05-15', '2024-05-16']);
  });
});

test('two workers started at once make one pass', async () => {
  const { db, url } = await freshDatabase('demo');
  const sink = await smtpSink();
  workerOn(db, url, sink.url);
  workerOn(db, url, sink.url);
  await until(async () => sink.received.length > 10 && (await everythingSent(db)));
  expect(new Set(sink.received.map(({ message_id }) => message_id)).size).toBe(sink.received.length);
});

test('a worker told to stop ends what is under way and leaves the rest to the next, which repeats nothing', async () => {
  const { db, url } = await freshDatabase('demo');
  let answer = () => {};
  const sink = await smtpSink({ answersAfter: new Promise((resolve) => (answer = resolve)) });
  const worker = workerOn(db, url, sink.url);
  // As many as it has connections; the rest waits for them.
  await until(() => sink.received.length === 5);
  const stopped = worker.close();
  answer();
  await stopped;
  const left = await db.selectFrom('message').where('state', '=', 'queued').select('id').execute();
  const under_way = await db.selectFrom('message').where('state', '=', 'sending').select('id').execute();
  expect(sink.received).toHaveLength(5);
  expect(left.length).toBeGreaterThan(0);
  expect(under_way).toEqual([]);
  workerOn(db, url, sink.url);
  await until(() => everythingSent(db));
  expect(new Set(sink.received.map(({ message_id }) => message_id)).size).toBe(sink.received.length);
});

test('losing the whole queue loses nothing: the sweep finds what is due', async () => {
  const { db, url } = await freshDatabase('demo');
  const sink = await smtpSink();
  workerOn(db, url, sink.url, undefined, 0.2);
  await until(async () => sink.received.length > 10 && (await everythingSent(db)));
  await dropQueue(db);
  const email = await askForCode(db);
  await until(() => sink.received.at(-1)!.to === email);
});

test.runIf(redisFound)('with Redis gone the worker sends by itself', async () => {
  const { db, url } = await freshDatabase('demo');
  const sink = await smtpSink();
  const redis = await startRedis();
  workerOn(db, url, sink.url, redis.url, 0.2);
  await until(async () => sink.received.length > 10 && (await everythingSent(db)));
  redis.stop();
  const email = await askForCode(db);
  await until(() => sink.received.at(-1)!.to === email);
});
