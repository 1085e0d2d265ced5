// The faults: what is done to the program from outside, and what it has to bear.
import { sql } from 'kysely';
import { momentOf } from '../../app/domain/moment.ts';
import { addDays } from '../../app/domain/plain-date.ts';
import { now, setDemoClock } from '../../db/clock.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { submitReport } from '../../db/submissions.ts';
import { smtpMailer } from '../../emails/mailer.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import type { Ground } from './ground.ts';
import { fullDisk } from './disk.ts';
import { poison } from './poison.ts';
import { releases } from './releases.ts';
import { pause, play, type Row, type Scene } from './scene.ts';
import { standstills, swallowing } from './stalls.ts';
import { CONNECTIONS, IN_DOUBT, redisFound, startRedis } from './workers.ts';

const KILLS = 40;
const OUTAGE_S = 20;
/** A sweep, a lease and what a machine under load takes to begin. */
const LATE_AFTER_KILL_S = 120;

const between = (least: number, most: number) => () => least + Math.random() * (most - least);
const freePort = 20_000 + (process.pid % 10_000);

/** Workers are killed −9 again and again while some 2,000 mails of a morning are leaving. */
async function kills(ground: Ground): Promise<Row[]> {
  const bounds = { fault: `kill −9 of workers`, copies: KILLS * IN_DOUBT, late_s: 600 };
  const row = await play(ground, { of: 'many', patience: between(10, 250), bounds }, async (scene) => {
    let pair = [scene.start(), scene.start()];
    for (let round = 1; round <= KILLS; round += 1) {
      await scene.arrived(round * 45);
      await pair[0]!.end('SIGKILL');
      pair = [pair[1]!, scene.start()];
    }
    await scene.settled(300);
    return { done: `${KILLS} kills among two workers, one every 45 mails` };
  });
  return [row];
}

/** The whole queue is taken away in the middle of a morning. */
async function queue(ground: Ground): Promise<Row[]> {
  const patience = between(5, 45);
  const rows: Row[] = [];
  const bounds = (fault: string) => ({ fault, copies: 0, late_s: LATE_AFTER_KILL_S });
  if (redisFound) {
    rows.push(
      await play(ground, { of: 'many', patience, bounds: bounds('FLUSHALL') }, async (scene) => {
        const redis = await startRedis(freePort, ground.folder);
        const redisUrl = `redis://127.0.0.1:${freePort}`;
        const workers = [scene.start({ redisUrl }), scene.start({ redisUrl })];
        for (const count of [500, 1000]) {
          await scene.arrived(count);
          await flushAll(redisUrl);
        }
        await scene.settled(180);
        await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
        await redis.stop();
        return { done: 'Redis emptied after 500 and 1,000 mails' };
      }),
    );
  }
  rows.push(
    await play(ground, { of: 'many', patience, bounds: bounds('drop schema bullmq') }, async (scene) => {
      scene.start();
      scene.start();
      for (const count of [500, 1000]) {
        await scene.arrived(count);
        await dropQueue(scene);
      }
      await scene.settled(180);
      return { done: 'BullMQ’s schema dropped after 500 and 1,000 mails' };
    }),
  );
  return rows;
}

async function flushAll(redisUrl: string): Promise<void> {
  const { Redis } = await import('ioredis');
  const client = new Redis(redisUrl);
  await client.flushall();
  client.disconnect();
}

async function dropQueue({ db }: Scene): Promise<void> {
  for (;;) {
    try {
      await sql`drop schema if exists bullmq cascade`.execute(db);
      return;
    } catch (error) {
      // The worker was using it, and PostgreSQL chose us.
      if ((error as { code?: string }).code !== '40P01') throw error;
    }
  }
}

/** What the program needs is out of reach for a while, one after the other. */
async function outages(ground: Ground): Promise<Row[]> {
  const patience = between(20, 200);
  const bounds = (fault: string, copies: number) => ({
    fault,
    copies,
    late_s: OUTAGE_S + LATE_AFTER_KILL_S,
  });
  const outage = (fault: string, copies: number, away: (scene: Scene) => Promise<void>) =>
    play(ground, { of: 'many', patience, bounds: bounds(fault, copies) }, async (scene) => {
      scene.start();
      scene.start();
      await scene.arrived(400);
      await away(scene);
      await scene.settled(240);
      return { done: `${OUTAGE_S} s after 400 mails, two workers` };
    });
  const rows = [
    await outage('PostgreSQL out of reach', 2 * IN_DOUBT, async ({ postgres }) => {
      await postgres.pull();
      await pause(OUTAGE_S * 1000);
      await postgres.restore();
    }),
    await outage('mail server out of reach', 2 * CONNECTIONS, async ({ db, smtp }) => {
      await smtp.pull();
      await pause(OUTAGE_S * 1000);
      await smtp.restore();
      // A mail in doubt waits a quarter of an hour, one that was refused some minutes: they are not waited for here.
      await pause(2000);
      await sql`update message set next_attempt_at = created_at where state in ('retry', 'uncertain')`.execute(
        db,
      );
    }),
  ];
  if (redisFound) {
    rows.push(
      await play(ground, { of: 'many', patience, bounds: bounds('Redis killed', 0) }, async (scene) => {
        const redisUrl = `redis://127.0.0.1:${freePort}`;
        let redis = await startRedis(freePort, ground.folder);
        scene.start({ redisUrl });
        scene.start({ redisUrl });
        await scene.arrived(400);
        await redis.stop();
        await pause(OUTAGE_S * 1000);
        redis = await startRedis(freePort, ground.folder);
        await scene.settled(240);
        await redis.stop();
        return { done: `kill −9 and back, empty, ${OUTAGE_S} s later` };
      }),
    );
  }
  return rows;
}

/** Clocks of the machines that do not agree with the database's, nor with each other. */
async function clocks(ground: Ground): Promise<Row[]> {
  const HOUR = 3_600_000;
  const rows: Row[] = [];
  for (const [fault, shifts] of [
    ['clocks an hour ahead', [HOUR, HOUR]],
    ['clocks an hour behind', [-HOUR, -HOUR]],
    ['two hosts that disagree by two hours', [HOUR, -HOUR]],
  ] as const) {
    const bounds = { fault, copies: 0, late_s: LATE_AFTER_KILL_S };
    rows.push(
      await play(ground, { of: 'many', patience: between(5, 45), bounds }, async (scene) => {
        for (const clockShiftMs of shifts) scene.start({ clockShiftMs });
        await scene.settled(180);
        const { early } = await scene.db
          .selectFrom('message')
          .where(sql<boolean>`created_at > app_now() or run_on <> '2024-05-15'`)
          .select(sql<number>`count(*)`.as('early'))
          .executeTakeFirstOrThrow();
        return { done: 'two workers through the morning', seen: `early: ${early}`, good: early === 0 };
      }),
    );
  }
  return rows;
}

/** Nothing runs for ten days. */
async function silence(ground: Ground): Promise<Row[]> {
  const bounds = { fault: 'ten days off, then on', copies: 0, late_s: LATE_AFTER_KILL_S };
  const row = await play(ground, { of: 'one', patience: between(5, 45), bounds }, async (scene) => {
    const first = scene.start();
    await scene.settled(60);
    await first.end('SIGTERM');
    const before = scene.arrivals.length;
    const { today } = await now(scene.db);
    await setDemoClock(scene.db, `${addDays(today, 10)}T15:00:00Z`);
    await scene.clockMoved();
    scene.start();
    await scene.settled(60);
    const people = scene.arrivals.slice(before).map(({ to }) => to);
    const most = Math.max(...people.map((to) => people.filter((other) => other === to).length));
    return {
      done: 'the worker ended, the clock ten days on, the worker started',
      seen: `${people.length} mails to ${new Set(people).size} people, at most ${most} each`,
      good: most === 1,
    };
  });
  return [row];
}

const RACES = 500;

/** Concluding what is being mailed about: nothing that was claimed afterwards may speak of it. */
async function races(ground: Ground): Promise<Row[]> {
  const bounds = { fault: 'concluding against sending', copies: 0, late_s: LATE_AFTER_KILL_S };
  const row = await play(ground, { of: 'many', patience: between(0, 10), bounds }, async (scene) => {
    const { db } = scene;
    await sql`create table claim_seen (message_id bigint, at timestamptz)`.execute(db);
    await sql`create function note_claim() returns trigger language plpgsql as
      $$ begin insert into claim_seen values (new.id, clock_timestamp()); return new; end $$`.execute(db);
    await sql`create trigger note_claim after update of lease_token on message for each row
      when (new.state = 'sending' and new.lease_token is distinct from old.lease_token)
      execute function note_claim()`.execute(db);
    const start = await now(db);
    await planNotices(db, start);
    const { rows: targets } = await sql<{ id: number; area_id: number }>`
      select distinct n.deadline_id as id, oa.area_id from notice n join deadline d on d.id = n.deadline_id
      join obligation_area oa on oa.obligation_id = d.obligation_id and oa.role = 'responsible'
      where n.state = 'planned' order by 1 limit ${RACES}`.execute(db);
    const concluded = new Map<number, string>();
    const mailer = smtpMailer(`smtp://127.0.0.1:${scene.smtp.port}`);
    const delivery = {
      db,
      mailer,
      clock: () => now(db),
      appUrl: 'https://convenio.example',
      mailFrom: 'avisos@convenio.example',
      scrubSecrets: false,
      log: () => undefined,
    };
    const sending = Promise.all([deliverDue(delivery), deliverDue(delivery)]);
    const sent = () => scene.arrivals.length;
    await Promise.all(
      targets.map(async ({ id, area_id }, index) => {
        // At some point of the morning, most of them before their mail has left.
        const point = Math.random() * targets.length * 2;
        while (sent() < point) await pause(1);
        const moment = await now(db);
        const outcome = await submitReport(
          db,
          {
            deadline_id: id,
            area_id,
            person_id: 1,
            act_on: moment.today,
            act_time: '08:00',
            medium: 'letter',
            document_number: `Oficio ${index}`,
            note: '',
            form_key: crypto.randomUUID(),
            example: true,
          },
          momentOf(moment.at, true),
        );
        const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(db);
        if (outcome.kind === 'received') concluded.set(id, rows[0]!.at);
      }),
    );
    await sending;
    await deliverDue(delivery);
    mailer.close();
    const { rows: claims } = await sql<{ message_id: string; at: string }>`
      select m.message_id, max(c.at)::text as at from claim_seen c join message m on m.id = c.message_id
      where m.message_id is not null group by 1`.execute(db);
    const claimedAt = new Map(claims.map(({ message_id, at }) => [message_id, Date.parse(at)]));
    const stale = scene.arrivals.filter(({ message_id, deadlines }) =>
      deadlines.some((id) => {
        const at = concluded.get(id);
        return at !== undefined && (claimedAt.get(message_id) ?? 0) > Date.parse(at);
      }),
    );
    const { cancelled } = await db
      .selectFrom('notice')
      .where('state', '=', 'cancelled')
      .select(sql<number>`count(*)`.as('cancelled'))
      .executeTakeFirstOrThrow();
    return {
      done: `${concluded.size} deadlines reported while two senders sent their morning`,
      seen: `${cancelled} notices withdrawn, ${stale.length} mails claimed after the report speak of it`,
      good: stale.length === 0 && concluded.size >= RACES * 0.9,
    };
  });
  return [row];
}

const BOOTS = 20;
const AT_ONCE = 4;

/** Many processes begin in the same instant on one database, again and again. */
async function boots(ground: Ground): Promise<Row[]> {
  const bounds = { fault: 'four processes start at once', copies: 0, late_s: 600 };
  const row = await play(ground, { of: 'one', patience: between(5, 45), bounds }, async (scene) => {
    const before = await ground.countInLog('deadlock detected');
    let unclean = 0;
    for (let round = 0; round < BOOTS; round += 1) {
      const workers = Array.from({ length: AT_ONCE }, () => scene.start());
      await Promise.all(workers.map((worker) => worker.ready));
      const codes = await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
      unclean += codes.filter((code) => code !== 0).length;
    }
    scene.start();
    await scene.settled(120);
    const deadlocks = (await ground.countInLog('deadlock detected')) - before;
    const { passes } = await scene.db
      .selectFrom('pass')
      .select(sql<number>`count(*)`.as('passes'))
      .executeTakeFirstOrThrow();
    return {
      done: `${BOOTS} times, each ended with SIGTERM`,
      seen: `unclean ends: ${unclean}; deadlocks: ${deadlocks}; rows of the day’s pass: ${passes}`,
      good: unclean === 0 && deadlocks === 0 && passes === 1,
    };
  });
  return [row];
}

/** The runs, in their order. */
export const RUNS: Record<string, (ground: Ground) => Promise<Row[]>> = {
  kills,
  queue,
  outages,
  clocks,
  silence,
  races,
  boots,
  standstills,
  swallowing,
  poison,
  disk: fullDisk,
  releases,
};
