// The most memory the real processes take: the web under pages of a large calendar, the worker sending a morning.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { connect, type Db } from '../../db/client.ts';
import { openSession } from '../../db/sessions.ts';
import type { Databases } from './databases.ts';
import { startSink } from './mail-sink.ts';
import type { Row } from './report.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/convenio.js', import.meta.url));
const PAGES = 200;
const ADDRESSES = ['/calendario?vista=mes', '/calendario', '/calendario?estado=vencida'];
const LIMIT_MEGABYTES = 300;

/** Mails after which a morning of tens of thousands takes no more memory. */
const MANY_MAILS = 3_000;

export async function benchMemory(databases: Databases): Promise<Row[]> {
  // Only Linux tells the most a process ever had.
  if (!existsSync('/proc/self/status')) return [];
  const web = await memoryOfWeb(await databases.url('past_473'));
  const worker = await memoryOfWorker(await databases.copy('morning'), ({ open }) => open === 0);
  return [
    row('memory of the web process, against its limit', `${PAGES} pages at 100,014 deadlines`, web),
    row('memory of the worker, against its limit', 'the morning of the mails above', worker.sending),
  ];
}

/** The worker alone, on the first morning of a million open deadlines of 500 offices. */
export async function benchMemoryOfMillion(databases: Databases): Promise<Row[]> {
  if (!existsSync('/proc/self/status')) return [];
  const { planning, sending } = await memoryOfWorker(
    await databases.url('offices_500'),
    ({ accepted }) => accepted >= MANY_MAILS,
  );
  const measure = 'memory of the worker, against its limit';
  return [
    row(measure, 'planning 998,096 open deadlines of 500 offices', planning),
    row(measure, `then sending ${MANY_MAILS.toLocaleString('en')} of its mails`, sending),
  ];
}

const row = (measure: string, size: string, ours: number): Row => ({
  measure,
  size,
  ours,
  bare: LIMIT_MEGABYTES,
  unit: 'MB',
});

async function memoryOfWeb(url: string): Promise<number> {
  const db = connect(url, 1);
  const { person_id } = await db
    .selectFrom('role_grant')
    .where('role', '=', 'direction')
    .select('person_id')
    .executeTakeFirstOrThrow();
  const headers = { Cookie: `convenio=${await openSession(db, person_id)}` };
  await db.destroy();
  const program = run('web', { DATABASE_URL: url, PORT: '0' });
  try {
    const base = await addressOf(program);
    for (let page = 0; page < PAGES; page += 1) {
      const response = await fetch(`${base}${ADDRESSES[page % ADDRESSES.length]}`, {
        headers,
        redirect: 'error',
      });
      await response.text();
      if (response.status !== 200) throw new Error(`The page answered ${response.status}`);
    }
    return peakMegabytes(program);
  } finally {
    await end(program);
  }
}

/** The most it had when everything was planned, and when enough was sent. */
async function memoryOfWorker(
  url: string,
  enough: (outbox: Outbox) => boolean,
): Promise<{ planning: number; sending: number }> {
  const sink = await startSink();
  const db = connect(url, 1);
  const program = run('worker', { DATABASE_URL: url, SMTP_URL: sink.url });
  const until = async (test: (outbox: Outbox) => boolean) => {
    for (;;) {
      const outbox = await readOutbox(db);
      if (outbox.planned && test(outbox)) return peakMegabytes(program);
      if (program.exitCode !== null) throw new Error(`The worker ended with ${program.exitCode}`);
      await pause(250);
    }
  };
  try {
    const planning = await until(() => true);
    const sending = await until((outbox) => outbox.accepted > 0 && enough(outbox));
    return { planning, sending };
  } finally {
    await end(program);
    await db.destroy();
    sink.close();
  }
}

interface Outbox {
  planned: boolean;
  open: number;
  accepted: number;
}

async function readOutbox(db: Db): Promise<Outbox> {
  const { rows } = await sql<Outbox>`
    select exists (select from pass) as planned,
           count(*) filter (where state in ('queued', 'sending')) as open,
           count(*) filter (where state = 'accepted') as accepted
    from message`.execute(db);
  return rows[0]!;
}

function run(command: string, environment: Record<string, string>): ChildProcess {
  const { PATH, HOME } = process.env;
  return spawn(process.execPath, [PROGRAM, command], {
    env: { PATH, HOME, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The address the program says it listens on. */
async function addressOf(program: ChildProcess): Promise<string> {
  for (const output of [program.stderr!, program.stdout!]) output.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    program.once('exit', () => reject(new Error('The program did not start')));
    for (const output of [program.stderr!, program.stdout!]) {
      createInterface(output).on('line', (line) => {
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
        if (address !== undefined) resolve(address);
      });
    }
  });
}

/** Most physical memory the process had so far (VmHWM of proc(5)). */
function peakMegabytes({ pid }: ChildProcess): number {
  const kibibytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  program.kill('SIGTERM');
  await once(program, 'exit');
}
