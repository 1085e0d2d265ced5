import { describe, expect, onTestFinished, test } from 'vitest';
import { openQueueDesk } from '../../jobs/queue-desk.ts';
import { openQueue } from '../../jobs/queue.ts';
import { freshDatabase } from '../support/database.ts';
import { redisFound, startRedis } from '../support/redis.ts';

describe.each([
  { backend: 'PostgreSQL', usable: true },
  { backend: 'Redis', usable: redisFound },
])('the queue on $backend', ({ backend, usable }) => {
  test.runIf(usable)('shows its failures with their words, and one can be tried again', async () => {
    const { url } = await freshDatabase('empty');
    const urls = {
      databaseUrl: url,
      redisUrl: backend === 'Redis' ? (await startRedis()).url : undefined,
    };
    const queue = openQueue(urls);
    onTestFinished(() => queue.close());
    let broken = true;
    let tries = 0;
    let handled: () => void = () => undefined;
    const well = new Promise<void>((resolve) => (handled = resolve));
    let gaveUp: () => void = () => undefined;
    const failed = new Promise<void>((resolve) => (gaveUp = resolve));
    queue.listen(
      () => {
        if (broken) return Promise.reject(new Error('la base de datos no respondió'));
        handled();
        return Promise.resolve();
      },
      () => {
        tries += 1;
        if (tries === 3) gaveUp();
      },
    );
    const desk = openQueueDesk(urls);
    await queue.wake('deliver');
    await failed;
    const [state, ...others] = await desk.read();
    expect(others).toEqual([]);
    expect(state).toMatchObject({
      name: 'convenio',
      backend,
      counts: { waiting: 0, active: 0, delayed: 0, failed: 1 },
      failures: [{ task: 'deliver', reason: 'la base de datos no respondió', attempts: 3 }],
    });
    const { id } = state!.failures[0]!;
    expect(await desk.retry('otra', id)).toBe('gone');
    expect(await desk.retry('convenio', 'nadie')).toBe('gone');
    broken = false;
    expect(await desk.retry('convenio', id)).toBe('retried');
    await well;
    expect(await desk.retry('convenio', id)).toBe('gone');
  });
});

test('a queue nobody ever opened is out of reach, and asking makes nothing', async () => {
  const { db, url } = await freshDatabase('empty');
  await expect(openQueueDesk({ databaseUrl: url, redisUrl: undefined }).read()).rejects.toThrow();
  const { sql } = await import('kysely');
  const { rows } = await sql`select from information_schema.schemata where schema_name = 'bullmq'`.execute(
    db,
  );
  expect(rows).toEqual([]);
});

test.runIf(redisFound)('a Redis that is gone is out of reach within seconds', async () => {
  const { url } = await freshDatabase('empty');
  const redis = await startRedis();
  const desk = openQueueDesk({ databaseUrl: url, redisUrl: redis.url });
  redis.stop();
  await expect(desk.read()).rejects.toThrow();
});
