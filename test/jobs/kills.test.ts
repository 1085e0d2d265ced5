import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { setDemoClock } from '../../db/clock.ts';
import { addDays } from '../../app/domain/plain-date.ts';
import { freshDatabase } from '../support/database.ts';
import { cleanEnvironment } from '../support/program.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/convenio.js', import.meta.url));
const KILLS = 8;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('workers killed in the middle of their mornings lose no mail and repeat only what a kill left in doubt', async () => {
  const { db, url } = await freshDatabase('demo');
  const sink = await smtpSink();
  const startWorker = (): ChildProcess => {
    const child = spawn(process.execPath, [PROGRAM, 'worker'], {
      env: cleanEnvironment({ DATABASE_URL: url, SMTP_URL: sink.url }),
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const kill = async (child: ChildProcess) => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  // The lease is on the real clock, a quarter of an hour: it is let run out instead of waited for.
  const leasesRunOut = () =>
    sql`update message set lease_until = clock_timestamp() - interval '1 second' where state = 'sending'`.execute(
      db,
    );
  let day = '2024-05-15';
  for (let round = 0; round < KILLS; round += 1) {
    const before = sink.received.length;
    const child = startWorker();
    // Each time at another point of the morning.
    while (sink.received.length <= before + round) await pause(1);
    await kill(child);
    await leasesRunOut();
    day = addDays(day, 1);
    await setDemoClock(db, `${day}T15:00:00Z`);
  }
  const last = startWorker();
  const open = async () => {
    const { rows } = await sql<{ open: number }>`
      select count(*) as open from message where state in ('queued', 'sending', 'retry', 'uncertain')`.execute(
      db,
    );
    return rows[0]!.open;
  };
  const passed = async () =>
    (await db.selectFrom('pass').where('run_on', '=', day).select('first_at').executeTakeFirst())?.first_at;
  while (!(await passed()) || (await open()) > 0) await pause(200);
  await kill(last);

  const messages = await db
    .selectFrom('message')
    .select(['message_id', 'state', 'possible_duplicate', 'reason'])
    .execute();
  const ended = ({ state, reason }: (typeof messages)[number]) =>
    state === 'accepted' || (state === 'cancelled' && reason !== null);
  expect(messages.filter((message) => !ended(message))).toEqual([]);
  const accepted = messages.filter(({ state }) => state === 'accepted');
  const received = new Set(sink.received.map(({ message_id }) => message_id));
  expect(accepted.filter(({ message_id }) => !received.has(message_id!))).toEqual([]);
  expect(received.size).toBeGreaterThan(100);

  const inDoubt = new Set(
    messages.filter(({ possible_duplicate }) => possible_duplicate).map(({ message_id }) => message_id),
  );
  const copies = sink.received.filter(
    ({ message_id }, index) => sink.received.findIndex((mail) => mail.message_id === message_id) < index,
  );
  for (const copy of copies) {
    expect(inDoubt).toContain(copy.message_id);
    expect(copy.raw).toBe(sink.received.find(({ message_id }) => message_id === copy.message_id)!.raw);
  }
  const open_notices = await db.selectFrom('notice').where('state', '=', 'planned').select('id').execute();
  expect(open_notices).toEqual([]);
});
