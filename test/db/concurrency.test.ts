import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { askDirection, decideRequest } from '../../db/area-requests.ts';
import { verifyAudit } from '../../db/audit.ts';
import { connect, type Db } from '../../db/client.ts';
import { recomputeDeadlines } from '../../db/deadline-schedule.ts';
import { applyMove, previewMove } from '../../db/milestone-moves.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { reviewSubmission } from '../../db/reviews.ts';
import { submitReport } from '../../db/submissions.ts';
import { inTransaction } from '../../db/transaction.ts';
import { closeDeadline, reopenDeadline } from '../../db/waivers.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { handIn } from '../support/handed-in.ts';
import { jornadaMove } from '../support/jornada-move.ts';
import { openOutlet } from '../support/outlet.ts';

const DAY = '2024-05-15';
const LATER = momentOf(instantOf(`${DAY}T12:00`));

test('two who take the same things in opposite order both get them, one after the other', async () => {
  const { db } = await freshDatabase('demo');
  const arrived = new Set<number>();
  const begun = new Map<number, number>();
  const take = (first: number, second: number) =>
    inTransaction(db, async (trx) => {
      begun.set(first, (begun.get(first) ?? 0) + 1);
      await sql`update area set note = ${`de ${first}`} where id = ${first}`.execute(trx);
      arrived.add(first);
      // Only the first time do both hold what the other wants.
      while (arrived.size < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      await sql`update area set note = ${`de ${first}`} where id = ${second}`.execute(trx);
      return first;
    });
  expect(await Promise.all([take(1, 2), take(2, 1)])).toEqual([1, 2]);
  expect([...begun.values()].sort()).toEqual([1, 2]);
});

test('an error of its own ends a transaction at once', async () => {
  const { db } = await freshDatabase('demo');
  let begun = 0;
  const failing = inTransaction(db, async (trx) => {
    begun += 1;
    await sql`select 1 / 0`.execute(trx);
  });
  await expect(failing).rejects.toThrow('division by zero');
  expect(begun).toBe(1);
});

/** Open deadlines without a report of that area's, nearest first. */
async function openDeadlines(db: Db) {
  const { rows } = await sql<{ id: number; area_id: number }>`
    select v.deadline_id as id, oa.area_id from deadline_version v
    join deadline d on d.id = v.deadline_id
    join obligation_area oa on oa.obligation_id = d.obligation_id and oa.role = 'responsible'
    where v.superseded_at is null and v.settled_at is null and v.due_on between ${addDays(DAY, -20)} and ${addDays(DAY, 60)}
      and not exists (select from submission s where s.deadline_id = v.deadline_id)
    order by v.due_on, d.id limit 40`.execute(db);
  return rows;
}

test('reporting, reviewing, closing, reopening, moving a milestone, planning and sending at once all come through', async () => {
  const { db } = await freshDatabase('demo');
  const [reporter, reviewer] = await db.selectFrom('person').select('id').orderBy('id').limit(2).execute();
  const { id: process_id } = await db
    .selectFrom('process')
    .where('key', '=', 'ordinario-2023-2024')
    .select('id')
    .executeTakeFirstOrThrow();
  const open = await openDeadlines(db);
  expect(open.length).toBe(40);
  const report = async (index: number) => {
    const { id, area_id } = open[index]!;
    // Each also hands in its neighbour's, so that they meet in opposite order.
    const also = [open[index % 2 === 0 ? index + 1 : index - 1]!.id];
    const received = await submitReport(
      db,
      {
        deadline_id: id,
        area_id,
        person_id: reporter!.id,
        act_on: DAY,
        act_time: '10:00',
        medium: 'letter',
        document_number: 'IEM-001/2024',
        note: '',
        form_key: crypto.randomUUID(),
        also,
        example: false,
      },
      LATER,
    );
    if (received.kind !== 'received') return received.kind;
    const { submission_id } = received;
    const decided = await reviewSubmission(
      db,
      {
        submission_id,
        decision: index % 3 === 0 ? 'returned' : 'accepted',
        words: 'Falta el anexo.',
        person_id: reviewer!.id,
      },
      LATER,
    );
    return decided.kind;
  };
  const closing = (index: number) => ({
    deadline_id: open[index]!.id,
    reason: 'no aplica',
    document: 'Oficio 1',
    person_id: reviewer!.id,
  });
  const close = async (index: number, moment: Moment) =>
    (await closeDeadline(db, { ...closing(index), kind: 'waived' }, moment)).kind;
  const reopen = async (index: number) => (await reopenDeadline(db, closing(index), LATER)).kind;
  for (let index = 30; index < 35; index += 1) await close(index, momentOf(instantOf(`${DAY}T11:00`)));
  const move = async (on_date: string) => {
    const order = {
      process_id,
      key: 'jornada',
      on_date,
      at_time: '08:00',
      firm: true,
      act: 'Acuerdo INE/CG000/2024',
      note: null,
    };
    let seen = (await previewMove(db, order, LATER))!.fingerprint;
    // What others report meanwhile changes what was seen: whoever moves looks again.
    for (;;) {
      const moved = await applyMove(
        db,
        { move: order, seen, decisions: new Map(), person_id: reviewer!.id },
        LATER,
      );
      if (moved.kind !== 'changed') return moved.kind;
      seen = moved.preview.fingerprint;
    }
  };
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 30 }, (_, index) => report(index)),
    ...Array.from({ length: 5 }, (_, index) => reopen(30 + index)),
    ...Array.from({ length: 5 }, (_, index) => close(35 + index, LATER)),
    move('2024-06-09'),
    move('2024-06-16'),
    planNotices(db, morning(DAY)).then(() => deliverDue(deliveryAt(db, LATER))),
    deliverDue(deliveryAt(db, LATER)),
    planNotices(db, LATER),
  ]);
  const failed = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [String(outcome.reason)] : [],
  );
  expect(failed).toEqual([]);
  const kinds = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : ''));
  expect(kinds).toContain('reviewed');
  expect(kinds).toContain('reopened');
  expect(kinds.filter((kind) => kind === 'applied').length).toBeGreaterThan(0);
  expect((await verifyAudit(db)).broken).toBeNull();
});

/** Takes the process until `release` is called; `waiting` resolves once so many wait for something. */
async function holdProcess(db: Db, processId: number) {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let held = () => {};
  const taken = new Promise<void>((resolve) => (held = resolve));
  const done = db.transaction().execute(async (trx) => {
    await sql`select from process where id = ${processId} for no key update`.execute(trx);
    held();
    await released;
  });
  await taken;
  const waiting = async (count: number): Promise<void> => {
    const { rows } = await sql<{ all: boolean }>`
      select count(*) >= ${count} as all from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if (rows[0]!.all) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return waiting(count);
  };
  return { waiting, release: () => (release(), done) };
}

test('who asked earlier but had to wait while the dates moved acts right after that', async () => {
  const { db } = await freshDatabase('demo');
  const live = (time: string) => momentOf(instantOf(`${DAY}T${time}`), true);
  const move = await jornadaMove(db);
  const moving = (await previewMove(db, move, live('10:00')))!.effects.flatMap((effect) =>
    effect.kind === 'moves' && effect.key === 'unica' ? [effect] : [],
  );
  const [extended, anchor, dependant] = moving;
  const request = {
    kind: 'extension' as const,
    deadline_id: extended!.deadline_id!,
    area_id: extended!.area_id,
    person_id: 1,
    reason: 'Falta un anexo',
    document: 'Oficio 1',
    due_on: '2025-06-02',
  };
  expect(await askDirection(db, request, live('10:00'))).toEqual({ kind: 'asked' });
  const rule = {
    type: 'offset',
    milestone: `obligacion:${anchor!.ref}`,
    amount: 5,
    unit: 'days',
    direction: 'after',
  };
  await sql`
    insert into deadline_rule (obligation_id, version, rule, sentence, recorded_at)
    values (${dependant!.obligation_id}, 2, ${JSON.stringify(rule)}::jsonb, 'Cinco días después', ${live('10:00').at})`.execute(
    db,
  );
  await recomputeDeadlines(db, move.process_id, live('10:00'));
  const { submission_id } = await handIn(db, anchor!.deadline_id!, live('11:00'), { example: false });
  const { fingerprint: seen } = (await previewMove(db, move, live('12:00')))!;

  const { waiting, release } = await holdProcess(db, move.process_id);
  const order = { move, seen, decisions: new Map([[anchor!.deadline_id!, 'move' as const]]), person_id: 2 };
  const moved = applyMove(db, order, live('12:00'));
  await waiting(1);
  const decision = { id: 1, decision: 'granted' as const, words: '', new_area_id: null, person_id: 2 };
  const granted = decideRequest(db, decision, live('11:59'));
  const review = { submission_id, decision: 'accepted' as const, words: '', person_id: 2 };
  const reviewed = reviewSubmission(db, review, live('11:58'));
  await waiting(3);
  await release();
  const outcomes = await Promise.all([moved, granted, reviewed]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['applied', 'decided', 'reviewed']);

  // Each date followed the one before without a gap, and was in force for a while.
  const { rows } = await sql<{ ref: string; dates: string[]; in_order: boolean }>`
    select o.ref, array_agg(v.due_on::text order by v.version) as dates,
      bool_and(v.known_from = coalesce(before.superseded_at, v.known_from)
        and coalesce(v.superseded_at > v.known_from, true)) as in_order
    from deadline_version v
    join deadline d on d.id = v.deadline_id
    join obligation o on o.id = d.obligation_id
    left join deadline_version before on before.deadline_id = v.deadline_id and before.version = v.version - 1
    where v.deadline_id = any (${[extended, dependant].map((effect) => effect!.deadline_id)}::bigint[])
    group by o.ref order by o.ref`.execute(db);
  const byRef = new Map(rows.map(({ ref, ...row }) => [ref, row]));
  expect(byRef.get(extended!.ref)).toEqual({
    in_order: true,
    dates: [extended!.current!.due_on, extended!.proposed!.due_on, '2025-06-02'],
  });
  expect(byRef.get(dependant!.ref)!.in_order).toBe(true);
  expect(byRef.get(dependant!.ref)!.dates.at(-1)).toBe(addDays(DAY, 5));
  expect((await verifyAudit(db)).broken).toBeNull();
});

test('a deadline closed while its reopening waited is reopened after that', async () => {
  const { db } = await freshDatabase('demo');
  const [open] = await openDeadlines(db);
  const closing = { deadline_id: open!.id, reason: 'no aplica', document: 'Oficio 1', person_id: 2 };
  const live = (time: string) => momentOf(instantOf(`${DAY}T${time}`), true);
  expect(await closeDeadline(db, { ...closing, kind: 'waived' }, live('12:00'))).toEqual({ kind: 'closed' });
  expect(await reopenDeadline(db, closing, live('11:59'))).toEqual({ kind: 'reopened' });
  expect(await closeDeadline(db, { ...closing, kind: 'waived' }, live('11:58'))).toEqual({ kind: 'closed' });
});

test('a connection that is lost between two statements fails its transaction and nothing else', async () => {
  const { db } = await freshDatabase('empty');
  const lost = db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
    await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(db);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await sql`select 1`.execute(trx);
  });
  await expect(lost).rejects.toThrow();
  const { rows } = await sql<{ one: number }>`select 1 as one`.execute(db);
  expect(rows).toEqual([{ one: 1 }]);
});

/** A pool of one connection through a socket that can fall silent; a fifth of a second of silence is asked after. */
async function throughOutlet() {
  const url = new URL((await freshDatabase('empty')).url);
  const outlet = await openOutlet(Number(url.port));
  url.port = String(outlet.port);
  const db = connect(url.href, 1, 200);
  onTestFinished(async () => {
    await db.destroy();
    await outlet.pull();
  });
  return { db, outlet };
}

test('a connection that swallows what it is given is given up, and another one takes its place', async () => {
  const { db, outlet } = await throughOutlet();
  await sql`select 1`.execute(db);
  // Those that come after it pass.
  outlet.swallow()();
  await expect(sql`select 1`.execute(db)).rejects.toThrow('dejó de responder');
  expect((await sql<{ one: number }>`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
});

test('a statement that takes long is waited for, and so is one who takes long between two', async () => {
  const { db } = await throughOutlet();
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ one: number }>`select 1 as one from pg_sleep(1)`.execute(trx);
    expect(rows).toEqual([{ one: 1 }]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await sql`select 1`.execute(trx);
  });
});
