// The queue that wakes workers: BullMQ on Redis, or on PostgreSQL when there is no Redis. It decides nothing:
// losing all of it loses no mail, because the sweep finds what is due in the ledger.
import { createPostgresBackend, createRedisBackend, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import type { WakeName } from '../db/wake.ts';

export interface WakeQueue {
  /** Asks a worker to look; there is nothing in the job, what is due is read from the ledger. Rejects within a second when the queue is out of reach. */
  wake(name: WakeName): Promise<void>;
  /** Starts handling wake-ups in this process. */
  listen(handler: Handler, onError: (error: Error) => void): void;
  close(): Promise<void>;
}

type Handler = (name: WakeName) => Promise<void>;

export const QUEUE_NAME = 'convenio';
const RETRIES = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: true,
  removeOnFail: 100,
};
/** One at a time in a process: a second wake-up would find nothing that the first is not already doing. */
const CONCURRENCY = 1;

/** Opens the queue on Redis when there is an address for it, otherwise on PostgreSQL in a schema of its own. */
export function openQueue(urls: { redisUrl: string | undefined; databaseUrl: string }): WakeQueue {
  if (urls.redisUrl) {
    const bull = withBackend(createRedisBackend);
    // A producer must give up soon; a worker waits for a lost connection to come back.
    const producer = new Redis(urls.redisUrl, { maxRetriesPerRequest: 1 });
    const consumer = new Redis(urls.redisUrl, { maxRetriesPerRequest: null, lazyConnect: true });
    for (const client of [producer, consumer]) client.on('error', () => undefined);
    return wakeQueue(
      new bull.Queue(QUEUE_NAME, { connection: producer }),
      (process) => new bull.Worker(QUEUE_NAME, process, { connection: consumer, concurrency: CONCURRENCY }),
      () => {
        producer.disconnect();
        consumer.disconnect();
      },
    );
  }
  const bull = withBackend(createPostgresBackend);
  const connection = {
    connectionString: urls.databaseUrl,
    schema: 'bullmq',
    migrate: true,
    max: 2,
    // A connection that swallows what it is given would hold the consumer for ever.
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
  };
  return wakeQueue(
    new bull.Queue(QUEUE_NAME, { connection }),
    (process) => new bull.Worker(QUEUE_NAME, process, { connection, concurrency: CONCURRENCY }),
    () => undefined,
  );
}

/** What is used of a BullMQ queue and worker, whatever they run on. */
interface Producer {
  add(name: string, data: object, options: typeof RETRIES): Promise<unknown>;
  count(): Promise<number>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
  disconnect(): Promise<void>;
}
interface Consumer {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
  close(force?: boolean): Promise<void>;
}

function wakeQueue(
  queue: Producer,
  startConsumer: (process: (job: { name: string }) => Promise<void>) => Consumer,
  hangUp: () => void,
): WakeQueue {
  // A producer that loses its connection reconnects by itself; what it could not add, the sweep finds.
  queue.on('error', () => undefined);
  let consumer: Consumer | undefined;
  return {
    async wake(name) {
      await within(1000, queue.add(name, {}, RETRIES));
    },
    listen(handler, onError) {
      consumer = startConsumer((job) => handler(job.name === 'pass' ? 'pass' : 'deliver'));
      consumer.on('error', onError);
      consumer.on('failed', (_job, error) => onError(error));
    },
    async close() {
      const reachable = await within(1000, queue.count()).then(
        () => true,
        () => false,
      );
      if (reachable) {
        await consumer?.close();
        await queue.close();
      } else {
        // Nobody answers a polite goodbye: what the queue knew is in the ledger.
        await within(1000, Promise.all([consumer?.close(true), queue.disconnect()])).catch(() => undefined);
      }
      hangUp();
    },
  };
}

/** What the work gives, or a rejection when it takes longer than so many milliseconds. */
export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the queue did not answer in time')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
