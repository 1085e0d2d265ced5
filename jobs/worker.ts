// The worker: hears the database's bell and its own timer, and runs passes and deliveries through the queue.
import pg from 'pg';
import { connectionConfig } from '../db/client.ts';
import { passIsDue } from '../db/pass.ts';
import { WAKE_CHANNEL, type WakeName } from '../db/wake.ts';
import { deliverDue, type Delivery } from './delivery.ts';
import { runPass } from './pass.ts';
import { openQueue } from './queue.ts';

/** Seconds between two looks at the ledger when nobody rings. */
const SWEEP_SECONDS = 15;
/** Milliseconds within which the connection to the bell answers that it is there; it is asked as often. */
const BELL_MS = 15_000;

export interface Worker {
  close(): Promise<void>;
}

export interface WorkerOptions {
  delivery: Delivery;
  databaseUrl: string;
  redisUrl: string | undefined;
  /** For tests; 15 seconds otherwise. */
  sweepSeconds?: number;
}

/**
 * Starts a worker. Any number may run at once: planning takes a lock in the database and every mail is claimed
 * under a lease. When the queue cannot be reached the sweep does the work itself.
 */
export function startWorker({
  delivery,
  databaseUrl,
  redisUrl,
  sweepSeconds = SWEEP_SECONDS,
}: WorkerOptions): Worker {
  const queue = openQueue({ redisUrl, databaseUrl });
  const report = (error: Error) => delivery.log(`Incidente en el trabajador: ${error.message}`);
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  const handle = (name: WakeName): Promise<void> => {
    // One at a time in this process: a second wake-up waits for the first and finds little left.
    running = running
      .catch(() => undefined)
      .then(async () => {
        if (closed) return;
        if (name === 'pass' || (await passIsDue(delivery.db, await delivery.clock())))
          await runPass(delivery);
        else await deliverDue(delivery);
      });
    return running;
  };
  const wake = async (name: WakeName): Promise<void> => {
    if (closed) return;
    try {
      await queue.wake(name);
    } catch {
      await handle(name).catch((error: unknown) =>
        report(error instanceof Error ? error : new Error(String(error))),
      );
    }
  };
  const rung = new Set<WakeName>();
  const ring = (name: WakeName): void => {
    // A burst of commits is one wake-up.
    if (rung.has(name)) return;
    rung.add(name);
    setTimeout(() => {
      rung.delete(name);
      void wake(name);
    }, 25);
  };
  queue.listen(handle, report);

  const bell = listenToBell(databaseUrl, ring);
  const sweep = setInterval(() => ring('deliver'), sweepSeconds * 1000);

  return {
    async close() {
      clearInterval(sweep);
      bell.close();
      await queue.close();
      closed = true;
      await running.catch(() => undefined);
    },
  };
}

/** Keeps one connection that listens for the database's bell, and opens it again whenever it is lost. */
function listenToBell(databaseUrl: string, onRing: (name: WakeName) => void): { close(): void } {
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  const hangUp = () => {
    client?.removeAllListeners();
    client?.on('error', () => undefined);
    client?.connection.stream.destroy();
    client = undefined;
  };
  const again = () => {
    hangUp();
    if (!closed && !retry) retry = setTimeout(open, 1000);
  };
  // Nothing is asked of this connection that would tell whether it still is one.
  const proof = setInterval(() => {
    const asked = client;
    asked?.query('select').catch(() => asked === client && again());
  }, BELL_MS);
  const open = () => {
    retry = undefined;
    const fresh = new pg.Client({ ...connectionConfig(databaseUrl), query_timeout: BELL_MS });
    client = fresh;
    fresh.on('error', again);
    fresh.on('end', again);
    fresh.on('notification', ({ payload }) => onRing(payload === 'pass' ? 'pass' : 'deliver'));
    fresh
      .connect()
      .then(() => fresh.query(`listen ${WAKE_CHANNEL}`))
      // What was committed while nobody listened is found by looking once.
      .then(() => onRing('pass'))
      .catch(again);
  };
  open();
  return {
    close() {
      closed = true;
      clearTimeout(retry);
      clearInterval(proof);
      hangUp();
    },
  };
}
