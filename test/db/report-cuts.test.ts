import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { endOfDayCut } from '../../app/domain/cut.ts';
import { momentOf } from '../../app/domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { recomputeDeadlines } from '../../db/deadline-schedule.ts';
import { askForExplanation, recordExplanation } from '../../db/explanations.ts';
import { overdueReport } from '../../db/overdue-report.ts';
import { closeCut, findCut, hashReport, listCuts } from '../../db/report-cuts.ts';
import { reviewSubmission } from '../../db/reviews.ts';
import { freshDatabase } from '../support/database.ts';
import { handIn, responsibleArea } from '../support/handed-in.ts';

const CUT = endOfDayCut('2024-05-10');
const LATER = momentOf('2024-05-16T16:00:00.000000Z');

let db: Db;
let person: number;
beforeEach(async () => {
  ({ db } = await freshDatabase('demo'));
  ({ person_id: person } = await db
    .selectFrom('role_grant')
    .where('role', '=', 'direction')
    .select('person_id')
    .orderBy('id')
    .executeTakeFirstOrThrow());
});

/** Everything that may happen after a cut, on what the cut shows. */
async function happenAfterwards(): Promise<void> {
  const { overdue, in_review } = await overdueReport(db, CUT);
  const [reported, waived, explained] = overdue;
  const other = await db
    .selectFrom('person')
    .where('id', '<>', person)
    .select('id')
    .executeTakeFirstOrThrow();
  const area_id = await responsibleArea(db, reported!.id);
  await recordExplanation(
    db,
    { deadline_id: explained!.id, area_id, person_id: person },
    { cause: 'Después del corte', committed_on: '2024-05-30' },
    LATER,
  );
  const { submission_id } = await handIn(db, reported!.id, LATER, {
    person_id: other.id,
    act_on: '2024-05-02',
  });
  const accepted = { decision: 'accepted' as const, words: '', person_id: person };
  await reviewSubmission(db, { submission_id, ...accepted }, LATER);
  await sql`insert into waiver (deadline_id, kind, reason, document, recorded_by, recorded_at)
    values (${waived!.id}, 'waived', 'Sin objeto', 'X', ${person}, ${LATER.at})`.execute(db);
  for (const { id } of in_review) {
    await sql`insert into review (submission_id, decision, words, reviewed_by, recorded_at)
      select id, 'returned', 'Falta', ${person}, ${LATER.at} from submission
      where deadline_id = ${id} order by attempt desc limit 1`.execute(db);
  }
  await sql`update deadline_version set provisional = '{un año sin confirmar}' where superseded_at is null`.execute(
    db,
  );
  await sql`insert into milestone_version (milestone_id, version, on_date, at_time, firm, source, recorded_at)
    select milestone_id, max(version) + 1, date '2024-12-08', time '08:00', true, 'Acuerdo', ${LATER.at}
    from milestone_version join milestone on milestone.id = milestone_id where key = 'jornada'
    group by milestone_id`.execute(db);
  const process = await db
    .selectFrom('process')
    .where('published_at', 'is not', null)
    .orderBy('id')
    .select('id')
    .executeTakeFirstOrThrow();
  const { moved } = await recomputeDeadlines(db, process.id, LATER);
  expect(moved).toBeGreaterThan(0);
}

test('a cause and a commitment are told at the cuts that came after them, the newest one of each', async () => {
  const [row] = (await overdueReport(db, CUT)).overdue;
  expect([row!.explained, row!.asked_on]).toEqual([null, null]);
  const { area_id } = await db
    .selectFrom('deadline')
    .innerJoin('obligation_area', 'obligation_area.obligation_id', 'deadline.obligation_id')
    .where('deadline.id', '=', row!.id)
    .where('role', '=', 'responsible')
    .select('area_id')
    .executeTakeFirstOrThrow();
  const act = { deadline_id: row!.id, area_id, person_id: person };
  const at = (day: string) => momentOf(`${day}T16:00:00.000000Z`);
  expect(await askForExplanation(db, act, '', at('2024-05-12'))).toBe(true);
  expect(await askForExplanation(db, act, 'Otra vez', at('2024-05-12'))).toBe(false);
  await recordExplanation(db, act, { cause: 'Faltan sellos', committed_on: '2024-05-20' }, at('2024-05-13'));
  await recordExplanation(db, act, { cause: 'Falta un sello', committed_on: '2024-05-22' }, at('2024-05-15'));
  const told = async (day: string) => {
    const { overdue } = await overdueReport(db, endOfDayCut(day));
    const { explained, asked_on } = overdue.find(({ id }) => id === row!.id)!;
    return [asked_on, explained?.cause, explained?.committed_on, explained?.on];
  };
  expect(await told('2024-05-10')).toEqual([null, undefined, undefined, undefined]);
  expect(await told('2024-05-12')).toEqual(['2024-05-12', undefined, undefined, undefined]);
  expect(await told('2024-05-14')).toEqual(['2024-05-12', 'Faltan sellos', '2024-05-20', '2024-05-13']);
  expect(await told('2024-05-15')).toEqual(['2024-05-12', 'Falta un sello', '2024-05-22', '2024-05-15']);
});

test('a cut asked again after everything changed has the same rows and the same hash', async () => {
  const before = await overdueReport(db, CUT);
  await happenAfterwards();
  const again = await overdueReport(db, CUT);
  expect(again).toEqual(before);
  expect(hashReport(again).sha256).toBe(hashReport(before).sha256);
  const after = await overdueReport(db, LATER);
  expect(after.totals).not.toEqual(before.totals);
  expect(after.waived).toHaveLength(1);
});

test('between two cuts each thing that happened is told once and where it belongs', async () => {
  const before = await overdueReport(db, CUT);
  await happenAfterwards();
  const after = await overdueReport(db, LATER, { compare: CUT });
  expect(after.compared).toMatchObject({ at: CUT.at, totals: before.totals });
  const were = new Set(before.overdue.map(({ id }) => id));
  for (const row of after.overdue) expect(row.newly).toBe(!were.has(row.id));
  expect(after.waived.map(({ id }) => id)).toEqual([before.overdue[1]!.id]);
  expect(after.concluded_late.map(({ id }) => id)).toContain(before.overdue[0]!.id);
  for (const { accepted_on } of after.concluded_late) expect(accepted_on > '2024-05-10').toBe(true);
  await expect(overdueReport(db, CUT, { compare: LATER })).rejects.toThrow(RangeError);
});

describe('closing a cut', () => {
  test('freezes it to the byte under a folio, with the head of the record, and is recorded', async () => {
    const report = await overdueReport(db, CUT);
    const head = await db.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow();
    const present = await now(db);
    expect(await closeCut(db, report, person, present)).toEqual({
      kind: 'closed',
      folio: 'INF-2024-01',
      again: false,
    });
    await happenAfterwards();
    const frozen = await findCut(db, 'INF-2024-01');
    expect(frozen?.report).toEqual(report);
    expect(createHash('sha256').update(frozen!.content).digest('hex')).toBe(frozen!.stamp.sha256);
    expect(frozen?.stamp).toMatchObject({
      folio: 'INF-2024-01',
      closed_at: present.at,
      audit: { seq: head.seq, hash: head.hash },
    });
    const entry = await db
      .selectFrom('audit_entry')
      .where('seq', '=', head.seq + 1)
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(entry).toMatchObject({
      verb: 'cerró el corte',
      subject: 'informe INF-2024-01',
      actor: `persona ${person}`,
    });
    expect(entry.detail).toMatchObject({ sha256: frozen!.stamp.sha256 });
  });

  test('numbers them one by one, twice the same only once, and never behind a closed one', async () => {
    const present = await now(db);
    const [early, late] = [await overdueReport(db, CUT), await overdueReport(db, endOfDayCut('2024-05-12'))];
    const twice = await Promise.all([
      closeCut(db, late, person, present),
      closeCut(db, late, person, present),
    ]);
    expect(twice.map((closing) => closing.folio)).toEqual(['INF-2024-01', 'INF-2024-01']);
    expect(await closeCut(db, early, person, present)).toEqual({ kind: 'not_after', folio: 'INF-2024-01' });
    const next = await overdueReport(db, await now(db));
    expect(next.compared.folio).toBe('INF-2024-01');
    expect(next.compared.totals).toEqual(late.totals);
    expect(await closeCut(db, next, person, await now(db))).toMatchObject({ folio: 'INF-2024-02' });
    expect((await listCuts(db)).map(({ folio, due }) => [folio, due])).toEqual([
      ['INF-2024-02', next.totals.due],
      ['INF-2024-01', late.totals.due],
    ]);
  });

  test('does not change what an earlier cut is compared with: nobody had closed it then', async () => {
    const cut = endOfDayCut('2024-05-14');
    const before = await overdueReport(db, cut);
    await closeCut(db, await overdueReport(db, CUT), person, await now(db));
    expect(await overdueReport(db, cut)).toEqual(before);
  });

  test.each([
    ['changed', sql`update report_cut set content = '{}'`],
    ['deleted', sql`delete from report_cut`],
    ['emptied', sql`truncate report_cut`],
  ])('leaves a copy that cannot be %s, not even by its owner as a replica', async (_what, tampering) => {
    await closeCut(db, await overdueReport(db, CUT), person, await now(db));
    await db.connection().execute(async (connection) => {
      await sql`set session_replication_role = replica`.execute(connection);
      await expect(tampering.execute(connection)).rejects.toThrow('append-only');
    });
  });
});
