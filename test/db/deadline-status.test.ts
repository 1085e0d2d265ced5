import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { deadlineStatus } from '../../app/domain/deadline-status.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { complianceTotals } from '../../app/domain/overdue-report.ts';
import type { Db } from '../../db/client.ts';
import { countByStatus, listDeadlines, listOpenDeadlines } from '../../db/deadlines.ts';
import { overdueReport } from '../../db/overdue-report.ts';
import { closeDeadline, reopenDeadline } from '../../db/waivers.ts';
import { freshDatabase } from '../support/database.ts';

const instants = fc
  .date({ min: new Date('2023-08-01'), max: new Date('2024-08-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Facts the example office does not have: waivers, some withdrawn and some of those closed again, hours. */
async function addRareFacts(db: Db): Promise<void> {
  await sql`
    insert into waiver (deadline_id, kind, reason, document, recorded_by, recorded_at)
    select v.deadline_id, 'condition_not_met', 'no hubo conteo rápido', 'IEM-1/2024', (select min(id) from person),
      v.lapses_at - interval '3 days'
    from deadline_version v
    where v.settled_at is null and v.due_on between '2024-05-16' and '2024-06-30' and v.deadline_id % 5 = 0`.execute(
    db,
  );
  const closed = await db
    .selectFrom('waiver')
    .select(['deadline_id', 'recorded_at'])
    .orderBy('deadline_id')
    .execute();
  for (const [index, { deadline_id, recorded_at }] of closed.entries()) {
    if (index % 3 === 0) continue;
    const after = (days: number) =>
      momentOf(new Date(Date.parse(recorded_at) + days * 86_400_000).toISOString());
    const facts = { deadline_id, reason: 'sí hubo conteo rápido', document: 'IEM-2/2024', person_id: 1 };
    expect((await reopenDeadline(db, facts, after(10))).kind).toBe('reopened');
    if (index % 3 === 1) continue;
    expect((await closeDeadline(db, { ...facts, kind: 'waived' }, after(20))).kind).toBe('closed');
  }
  await sql`
    insert into submission (deadline_id, attempt, area_id, submitted_by, act_on, act_time, medium, document_number, recorded_at, form_key)
    select v.deadline_id, 1, (select min(id) from area), (select min(id) from person), v.due_on,
      v.due_time + (case when v.deadline_id % 2 = 0 then -1 else 1 end) * interval '1 hour', 'letter', 'X',
      v.lapses_at + interval '2 days', gen_random_uuid()
    from deadline_version v where v.due_time is not null and v.settled_at is null and v.superseded_at is null`.execute(
    db,
  );
  await sql`
    insert into review (submission_id, decision, reviewed_by, recorded_at)
    select s.id, 'accepted', s.submitted_by, s.recorded_at + interval '1 day'
    from submission s where not exists (select from review r where r.submission_id = s.id)`.execute(db);
}

test('the state decided in SQL is the state decided in code, at any moment', async () => {
  const { db } = await freshDatabase('demo');
  await addRareFacts(db);
  const waivers = await db
    .selectFrom('waiver')
    .select(['deadline_id', 'recorded_at', 'withdrawn_at'])
    .execute();
  expect(waivers.some(({ withdrawn_at }) => withdrawn_at !== null)).toBe(true);
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(instants, async (at) => {
      const moment = momentOf(at);
      const rows = await listDeadlines(db, moment);
      const open = new Set((await listOpenDeadlines(db, moment, {}, '2100-12-31')).map(({ id }) => id));
      for (const row of rows) {
        seen.add(row.status);
        const waived = waivers.some(
          (w) =>
            w.deadline_id === row.id &&
            Date.parse(w.recorded_at) <= Date.parse(at) &&
            (w.withdrawn_at === null || Date.parse(w.withdrawn_at) > Date.parse(at)),
        );
        const submission =
          row.act_on === null ? null : { act_on: row.act_on, act_time: row.act_time, decision: row.decision };
        expect({ ref: row.ref, status: row.status }).toEqual({
          ref: row.ref,
          status: deadlineStatus({ ...row, waived, submission }, at, moment.today),
        });
        // What the triggers settled is exactly what is concluded or waived.
        const settled = ['concluded_on_time', 'concluded_late', 'waived'].includes(row.status);
        expect({ ref: row.ref, open: open.has(row.id) }).toEqual({ ref: row.ref, open: !settled });
      }
    }),
    { numRuns: 40 },
  );
  expect([...seen].sort()).toEqual([
    'concluded_late',
    'concluded_on_time',
    'due_soon',
    'in_review',
    'on_track',
    'overdue',
    'waiting',
    'waived',
  ]);
});

test('at any cut the deadlines that came due are the concluded, those in review and the overdue, and the rows say the same', async () => {
  const { db } = await freshDatabase('demo');
  await addRareFacts(db);
  await fc.assert(
    fc.asyncProperty(instants, async (at) => {
      const moment = momentOf(at);
      const report = await overdueReport(db, moment);
      const { due, concluded_on_time, concluded_late, in_review, overdue } = report.totals;
      expect(due).toBe(concluded_on_time + concluded_late + in_review + overdue);
      expect(report.totals).toEqual(complianceTotals(await countByStatus(db, moment)));
      expect(report.overdue).toHaveLength(overdue);
      expect(report.in_review).toHaveLength(in_review);
      expect(report.concluded_late.length).toBeLessThanOrEqual(concluded_late);
      const perArea = report.by_area.reduce((sum, area) => sum + area.totals.due, 0);
      expect(perArea).toBe(due);
      for (const theirs of [false, true]) {
        const days = report.overdue
          .filter(({ obligor }) => (obligor === 'INE') === theirs)
          .map(({ due_on }) => due_on);
        expect(days).toEqual([...days].sort());
      }
    }),
    { numRuns: 25 },
  );
});

test('a cut asked again later shows the same rows, whatever was reported since', async () => {
  const { db } = await freshDatabase('demo');
  const cut = momentOf('2024-05-10T05:59:59.999999Z');
  const before = await overdueReport(db, cut);
  await sql`
    insert into review (submission_id, decision, reviewed_by, recorded_at)
    select s.id, 'accepted', s.submitted_by, '2024-05-16T15:00:00Z'
    from submission s where not exists (select from review r where r.submission_id = s.id)`.execute(db);
  expect(await overdueReport(db, cut)).toEqual(before);
});
