import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { verifyAudit } from '../../db/audit.ts';
import { connect, type Db } from '../../db/client.ts';
import { applyMove, previewMove } from '../../db/milestone-moves.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { reviewSubmission, submitReport } from '../../db/submissions.ts';
import { inTransaction } from '../../db/transaction.ts';
import { closeDeadline, reopenDeadline } from '../../db/waivers.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
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
