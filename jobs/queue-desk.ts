// The queue as an administrator sees it: how many jobs wait, run or failed, and trying a failed one again.
import { createPostgresBackend, createRedisBackend, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { QUEUE_NAME, within } from './queue.ts';

/** Failures that are shown. */
const MOST = 20;
/** Milliseconds after which the queue counts as out of reach. */
const PATIENCE_MS = 3000;

interface Job {
  id?: string | undefined;
  name: string;
  failedReason?: string | undefined;
  attemptsMade: number;
  finishedOn?: number | undefined;
  isFailed(): Promise<boolean>;
  retry(state: 'failed'): Promise<void>;
}

/** What is used of a BullMQ queue, whatever it runs on. */
interface Inspected {
  getJobCounts(...types: ('waiting' | 'active' | 'delayed' | 'failed')[]): Promise<Record<string, number>>;
  getFailed(start: number, end: number): Promise<Job[]>;
  getJob(id: string): Promise<Job | undefined>;
  on(event: 'error', listener: () => void): unknown;
  close(): Promise<void>;
}

interface Urls {
  redisUrl: string | undefined;
  databaseUrl: string;
}

/** Opens a connection for each question and closes it: the web keeps none, and works while the queue is away. */
export function openQueueDesk(urls: Urls) {
  const backend: 'Redis' | 'PostgreSQL' = urls.redisUrl ? 'Redis' : 'PostgreSQL';
  return {
    read: () =>
      withQueue(urls, async (queue) => {
        const {
          waiting = 0,
          active = 0,
          delayed = 0,
          failed = 0,
        } = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
        const jobs = await queue.getFailed(0, MOST - 1);
        return [
          {
            name: QUEUE_NAME,
            backend,
            counts: { waiting, active, delayed, failed },
            failures: jobs.map(({ id = '', name, failedReason = '', attemptsMade, finishedOn }) => ({
              id,
              task: name,
              reason: failedReason,
              attempts: attemptsMade,
              failed_at: finishedOn === undefined ? null : new Date(finishedOn).toISOString(),
            })),
          },
        ];
      }),
    retry: (name: string, id: string) =>
      withQueue(urls, async (queue): Promise<'retried' | 'gone'> => {
        const job = name === QUEUE_NAME ? await queue.getJob(id) : undefined;
        if (!job || !(await job.isFailed())) return 'gone';
        await job.retry('failed');
        return 'retried';
      }),
  };
}

async function withQueue<Result>(urls: Urls, work: (queue: Inspected) => Promise<Result>): Promise<Result> {
  const { queue, hangUp } = connectQueue(urls);
  // Its failure is the failure of what was asked.
  queue.on('error', () => undefined);
  try {
    return await within(PATIENCE_MS, work(queue));
  } finally {
    await within(PATIENCE_MS, queue.close()).catch(() => undefined);
    hangUp();
  }
}

function connectQueue({ redisUrl, databaseUrl }: Urls): { queue: Inspected; hangUp: () => void } {
  if (redisUrl) {
    const bull = withBackend(createRedisBackend);
    const client = new Redis(redisUrl, { maxRetriesPerRequest: 1, retryStrategy: () => null });
    client.on('error', () => undefined);
    return {
      queue: new bull.Queue(QUEUE_NAME, { connection: client }),
      hangUp: () => client.disconnect(),
    };
  }
  const bull = withBackend(createPostgresBackend);
  // The worker makes the schema; looking must not.
  const connection = { connectionString: databaseUrl, schema: 'bullmq', migrate: false, max: 1 };
  return { queue: new bull.Queue(QUEUE_NAME, { connection }), hangUp: () => undefined };
}
