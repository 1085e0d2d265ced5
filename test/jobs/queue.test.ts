import { describe, expect, onTestFinished, test } from 'vitest';
import { openQueue } from '../../jobs/queue.ts';
import { freshDatabase } from '../support/database.ts';
import { redisFound, startRedis } from '../support/redis.ts';

describe.each([
  { backend: 'PostgreSQL', usable: true },
  { backend: 'Redis', usable: redisFound },
])('the queue on $backend', ({ backend, usable }) => {
  const redisUrl = async () => (backend === 'Redis' ? (await startRedis()).url : undefined);

  test.runIf(usable)('hands every wake-up to one listener of another process', async () => {
    const { url } = await freshDatabase('empty');
    const urls = { databaseUrl: url, redisUrl: await redisUrl() };
    const heard: string[] = [];
    const [producer, ...listeners] = [openQueue(urls), openQueue(urls), openQueue(urls)];
    onTestFinished(async () => {
      for (const queue of [producer, ...listeners]) await queue?.close();
    });
    const all = new Promise<void>((resolve) => {
      for (const listener of listeners) {
        listener.listen(
          (name) => {
            heard.push(name);
            if (heard.length === 20) resolve();
            return Promise.resolve();
          },
          (error) => expect.fail(error.message),
        );
      }
    });
    for (let turn = 0; turn < 10; turn += 1) {
      await producer.wake('pass');
      await producer.wake('deliver');
    }
    await all;
    expect(heard.filter((name) => name === 'pass')).toHaveLength(10);
    expect(heard.filter((name) => name === 'deliver')).toHaveLength(10);
  });

  test.runIf(usable)('tries again what failed', async () => {
    const { url } = await freshDatabase('empty');
    const queue = openQueue({ databaseUrl: url, redisUrl: await redisUrl() });
    onTestFinished(() => queue.close());
    let tries = 0;
    const failures: string[] = [];
    const done = new Promise<void>((resolve) => {
      queue.listen(
        () => {
          tries += 1;
          if (tries === 1) return Promise.reject(new Error('la base de datos no respondió'));
          resolve();
          return Promise.resolve();
        },
        (error) => failures.push(error.message),
      );
    });
    await queue.wake('deliver');
    await done;
    expect(failures).toEqual(['la base de datos no respondió']);
  });
});

test.runIf(redisFound)(
  'a wake-up is refused soon when Redis is gone, and closing does not wait for it',
  async () => {
    const { url } = await freshDatabase('empty');
    const redis = await startRedis();
    const queue = openQueue({ databaseUrl: url, redisUrl: redis.url });
    await queue.wake('deliver');
    redis.stop();
    await expect(queue.wake('deliver')).rejects.toThrow();
    await queue.close();
  },
);
