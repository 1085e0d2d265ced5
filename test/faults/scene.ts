// One run of a fault: a fresh database, a history, workers, and at the end the row it adds to the table.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Db } from '../../db/client.ts';
import { judge, type Ground, type Judgement } from './ground.ts';
import { startHistory, type Arrival } from './history.ts';
import { openOutlet, type Outlet } from '../support/outlet.ts';
import { startWorkerProcess, type WorkerOptions, type WorkerProcess } from './workers.ts';

export interface Row extends Judgement {
  fault: string;
  done: string;
  /** Seconds from when the latest mail was due to its first arrival. */
  late_s: number;
  /** What else was seen, and whether everything was as promised. */
  seen: string;
  good: boolean;
}

export interface Scene {
  db: Db;
  url: string;
  arrivals: Arrival[];
  postgres: Outlet;
  smtp: Outlet;
  start(more?: Partial<WorkerOptions>): WorkerProcess;
  /** Waits until so many mails arrived. */
  arrived(count: number): Promise<void>;
  /** Waits until nothing is owed any more, at most so many seconds. */
  settled(seconds: number): Promise<void>;
  /** The demo's clock was set: what is late counts from here. */
  clockMoved(): Promise<void>;
}

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What a run promises beyond what always holds: how many copies and how late at most. */
export interface Bounds {
  fault: string;
  copies: number;
  late_s: number;
  /** Mails that the ledger calls failed are not owed. */
  some_fail?: boolean;
}

/**
 * Plays a run and judges it. `act` says what it did and what else it saw, and may find fault with it; the workers it
 * started end with it.
 */
export async function play(
  ground: Ground,
  setting: { of: 'many' | 'one'; patience: () => number; bounds: Bounds },
  act: (scene: Scene) => Promise<{ done: string; seen?: string; good?: boolean }>,
): Promise<Row> {
  const history = await startHistory(setting.patience);
  const postgres = await openOutlet(ground.postgresPort);
  const smtp = await openOutlet(history.port);
  const { db, url } = await ground.copy(setting.of, postgres.port);
  const workers: WorkerProcess[] = [];
  // Of its own: all copies are one installation, and each would be taken for an older one of another run.
  const dataDir = await mkdtemp(join(ground.folder, 'data-'));
  let ahead = await aheadOfMachine(db);
  let since = 0;
  const until = async (seconds: number, what: string, test: () => Promise<boolean> | boolean) => {
    const end = performance.now() + seconds * 1000;
    while (!(await test())) {
      if (performance.now() > end) throw new Error(`${setting.bounds.fault}: ${what} took over ${seconds} s`);
      await pause(20);
    }
  };
  const scene: Scene = {
    db,
    url,
    arrivals: history.arrivals,
    postgres,
    smtp,
    start(more = {}) {
      const worker = startWorkerProcess({
        databaseUrl: url,
        smtpPort: smtp.port,
        dataDir,
        ...more,
      });
      workers.push(worker);
      return worker;
    },
    arrived: (count) => until(120, `the mail number ${count}`, () => history.arrivals.length >= count),
    async settled(seconds) {
      await until(seconds, 'to settle', async () => {
        await pause(300);
        return (await openWork(db)) === 0;
      });
    },
    async clockMoved() {
      ahead = await aheadOfMachine(db);
      since = history.arrivals.length;
    },
  };
  try {
    const { done, seen = '', good = true } = await act(scene);
    const { copies, late_s: bound, some_fail = false } = setting.bounds;
    const judgement = await judge(db, history.arrivals, some_fail);
    const late_s = await latest(db, history.arrivals.slice(since), ahead);
    return {
      ...judgement,
      fault: setting.bounds.fault,
      done,
      late_s,
      seen,
      good:
        good &&
        judgement.lost === 0 &&
        judgement.open === 0 &&
        judgement.unrecognised === 0 &&
        judgement.owed > 0 &&
        judgement.distinct === judgement.owed &&
        judgement.copies <= copies &&
        late_s <= bound,
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    await Promise.all([postgres.pull(), smtp.pull()]);
    history.close();
  }
}

/** Milliseconds by which the program's clock is ahead of the machine's. */
async function aheadOfMachine(db: Db): Promise<number> {
  const { rows } = await sql<{ ahead: number }>`
    select 1000 * extract(epoch from app_now() - clock_timestamp())::float8 as ahead`.execute(db);
  return rows[0]!.ahead;
}

/** Messages without an end, or 1 while the morning's pass was not made. */
async function openWork(db: Db): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select case
      when exists (select from pass where first_at is not null
          and run_on = (app_now() at time zone 'America/Mexico_City')::date)
      then (select count(*) from message where state in ('queued', 'sending', 'retry', 'uncertain'))
      else 1 end as open`.execute(db);
  return rows[0]!.open;
}

/** Seconds between the making of a mail and its first arrival, at most. */
async function latest(db: Db, arrivals: readonly Arrival[], ahead: number): Promise<number> {
  const first = new Map<string, number>();
  for (const { message_id, at } of arrivals) if (!first.has(message_id)) first.set(message_id, at);
  const messages = await db
    .selectFrom('message')
    .where('message_id', 'is not', null)
    .select(['message_id', 'created_at'])
    .execute();
  const waits = messages.flatMap(({ message_id, created_at }) => {
    const at = first.get(message_id!);
    return at === undefined ? [] : [(at + ahead - Date.parse(created_at)) / 1000];
  });
  return Math.round(Math.max(0, ...waits));
}
