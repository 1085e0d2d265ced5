// The faults in which nothing ends and nothing answers: a worker that stands still, a connection that swallows.
import { sql } from 'kysely';
import type { Ground } from './ground.ts';
import { pause, play, type Row, type Scene } from './scene.ts';
import { IN_DOUBT, type WorkerProcess } from './workers.ts';

/** Longer than a lease, which is a minute. */
const STANDSTILL_S = 90;
const SILENCE_S = 90;

const patience = () => 10 + Math.random() * 240;

/** One of two workers stands still for longer than its lease, and then goes on as if nothing had been. */
export async function standstills(ground: Ground): Promise<Row[]> {
  return [
    await standstill(
      ground,
      'a worker frozen',
      `SIGSTOP, SIGCONT ${STANDSTILL_S} s later`,
      async (worker) => {
        worker.signal('SIGSTOP');
        await pause(STANDSTILL_S * 1000);
        worker.signal('SIGCONT');
      },
    ),
    await standstill(ground, 'an event loop blocked', `for ${STANDSTILL_S} s`, async (worker) => {
      worker.signal('SIGUSR2');
      await pause(STANDSTILL_S * 1000);
    }),
  ];
}

function standstill(
  ground: Ground,
  fault: string,
  what: string,
  stand: (worker: WorkerProcess) => Promise<void>,
): Promise<Row> {
  const bounds = { fault, copies: IN_DOUBT, late_s: STANDSTILL_S + 120 };
  return play(ground, { of: 'many', patience, bounds }, async (scene) => {
    const worker = scene.start({ blockLoopMs: STANDSTILL_S * 1000 });
    scene.start();
    await scene.arrived(300);
    await watchEndings(scene);
    await stand(worker);
    await scene.settled(240);
    // What it was about to write when it stood still, it has written or given up by now.
    await pause(5000);
    const rewritten = await countRewritten(scene);
    return {
      done: `${what}, one of two workers, after 300 mails`,
      seen: `written over what the other one wrote: ${rewritten}`,
      good: rewritten === 0,
    };
  });
}

/** Writes down each time a mail that had its end is changed. */
async function watchEndings({ db }: Scene): Promise<void> {
  await sql`create table rewritten (message_id bigint)`.execute(db);
  await sql`create function note_rewriting() returns trigger language plpgsql as
    $$ begin insert into rewritten values (new.id); return new; end $$`.execute(db);
  await sql`create trigger note_rewriting after update on message for each row
    when (old.state = 'accepted' and new is distinct from old) execute function note_rewriting()`.execute(db);
}

async function countRewritten({ db }: Scene): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from rewritten`.execute(db);
  return rows[0]!.count;
}

/** The connections to PostgreSQL swallow what they are given, and nobody closes them. */
export async function swallowing(ground: Ground): Promise<Row[]> {
  const done = 'after 400 mails, two workers';
  const swallowed = (fault: string, what: string, late_s: number, swallow: (scene: Scene) => Promise<void>) =>
    play(ground, { of: 'many', patience, bounds: { fault, copies: 2 * IN_DOUBT, late_s } }, async (scene) => {
      scene.start();
      scene.start();
      await scene.arrived(400);
      await swallow(scene);
      const from = scene.arrivals.length;
      const began = performance.now();
      await scene.arrived(from + 20);
      const seen = `mails went on ${Math.round((performance.now() - began) / 1000)} s later`;
      await scene.settled(240);
      return { done: `${what} ${done}`, seen };
    });
  return [
    await swallowed('half-open connections', 'all that were open, new ones pass,', 180, ({ postgres }) => {
      postgres.swallow()();
      return Promise.resolve();
    }),
    await swallowed(
      'half-open network',
      `all, and new ones for ${SILENCE_S} s,`,
      300,
      async ({ postgres }) => {
        const answer = postgres.swallow();
        await pause(SILENCE_S * 1000);
        answer();
      },
    ),
  ];
}
