import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { parseDeadlineRule, type DeadlineRule } from '../../app/domain/deadline-rule.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { previewSchedule, recomputeDeadlines } from '../../db/deadline-schedule.ts';
import { reviewSubmission } from '../../db/reviews.ts';
import { freshDatabase } from '../support/database.ts';
import { handIn } from '../support/handed-in.ts';

const noon = (day: string) => momentOf(instantOf(`${day}T12:00`));
const MOVED = noon('2024-05-16');
const JORNADA = { date: '2024-12-08', time: '08:00', firm: true, source: 'Acuerdo INE/CG1/2024' };

async function processOf(db: Db): Promise<number> {
  const { id } = await db
    .selectFrom('process')
    .where('key', '=', 'ordinario-2023-2024')
    .select('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Every version in force, with what makes it what it is, by obligation and key. */
async function schedule(db: Db) {
  const rows = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .where('v.superseded_at', 'is', null)
    .select([
      'd.id',
      'o.ref',
      'd.key',
      'v.version',
      'v.opens_on',
      'v.due_on',
      'v.due_time',
      'v.waiting_for_id',
      'v.provisional',
      'v.settled_at',
      'v.steps',
    ])
    .execute();
  return new Map(rows.map((row) => [`${row.ref}/${row.key}`, row]));
}

async function moveMilestone(
  db: Db,
  key: string,
  to: { date: string | null; time?: string; firm: boolean; source: string },
) {
  await sql`
    insert into milestone_version (milestone_id, version, on_date, at_time, firm, source, recorded_at)
    select m.id, (select max(version) from milestone_version v where v.milestone_id = m.id) + 1,
      ${to.date}::date, ${to.time ?? null}::time, ${to.firm}, ${to.source}, ${MOVED.at}::timestamptz
    from milestone m where m.key = ${key}`.execute(db);
}

function rule(input: unknown): DeadlineRule {
  const parsed = parseDeadlineRule(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.rule;
}

async function obligationId(db: Db, ref: string): Promise<number> {
  const { id } = await db
    .selectFrom('obligation')
    .where('ref', '=', ref)
    .select('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Gives an obligation a new version of its rule; null repeals it. */
async function setRule(db: Db, ref: string, input: unknown) {
  await db
    .insertInto('deadline_rule')
    .values({
      obligation_id: await obligationId(db, ref),
      version: 2,
      rule: input === null ? null : JSON.stringify(rule(input)),
      sentence: `regla de ${ref}`,
      recorded_at: MOVED.at,
      recorded_by: null,
    })
    .execute();
}

const on = (date: string) => ({ type: 'on', date });
const after = (ref: string, amount: number) => ({
  type: 'offset',
  milestone: `obligacion:${ref}`,
  amount,
  unit: 'days',
  direction: 'after',
});

describe('computing a process again', () => {
  test('nothing changes while its inputs do not', async () => {
    const { db } = await freshDatabase('demo');
    const before = await schedule(db);
    const change = await recomputeDeadlines(db, await processOf(db), MOVED);
    expect(change).toEqual({ added: 0, moved: 0, removed: 0, unchanged: before.size });
    expect(await schedule(db)).toEqual(before);
  });

  test('moves exactly what the preview said would move, and nothing that is concluded', async () => {
    const { db } = await freshDatabase('demo');
    const process = await processOf(db);
    const before = await schedule(db);
    const effects = await previewSchedule(db, process, MOVED, {
      milestones: new Map([['jornada', JORNADA]]),
    });
    expect(await schedule(db)).toEqual(before);
    expect(effects.length).toBeGreaterThan(30);

    await moveMilestone(db, 'jornada', JORNADA);
    const change = await recomputeDeadlines(db, process, MOVED);
    const now = await schedule(db);
    const moving = effects.filter(({ kind }) => ['moves', 'past', 'decision'].includes(kind));
    expect(change.moved).toBe(moving.length);
    for (const { ref, key, current, proposed, kind } of effects) {
      const row = now.get(`${ref}/${key}`);
      const expected = kind === 'protected' ? current : kind === 'removed' ? null : proposed;
      expect(row?.due_on ?? null, ref).toBe(expected?.due_on ?? null);
    }
    for (const [key, row] of before) if (row.settled_at !== null) expect(now.get(key)).toEqual(row);
  });

  test('a date the rule gives no more is ended, and begins again when the rule gives it again', async () => {
    const { db } = await freshDatabase('demo');
    const process = await processOf(db);
    const ref = 'AT-C-4';
    const weekly = (until: string) => ({
      type: 'recurring',
      rrule: 'FREQ=WEEKLY',
      from: '2025-01-06',
      until,
    });
    await setRule(db, ref, weekly('2025-01-27'));
    expect(await recomputeDeadlines(db, process, MOVED)).toMatchObject({ added: 4 });
    await db
      .updateTable('deadline_rule')
      .set({ rule: JSON.stringify(rule(weekly('2025-01-13'))) })
      .where('obligation_id', '=', await obligationId(db, ref))
      .where('version', '=', 2)
      .execute();
    expect(await recomputeDeadlines(db, process, noon('2024-05-17'))).toMatchObject({ removed: 2, moved: 0 });
    expect([...(await schedule(db)).keys()].filter((key) => key.startsWith(`${ref}/2025`))).toHaveLength(2);
    await db
      .updateTable('deadline_rule')
      .set({ rule: JSON.stringify(rule(weekly('2025-01-20'))) })
      .where('obligation_id', '=', await obligationId(db, ref))
      .where('version', '=', 2)
      .execute();
    expect(await recomputeDeadlines(db, process, noon('2024-05-18'))).toMatchObject({ added: 1 });
    expect((await schedule(db)).get(`${ref}/2025-01-20`)).toMatchObject({ version: 2, due_on: '2025-01-20' });
  });

  test('a repealed rule ends the open dates of its obligation', async () => {
    const { db } = await freshDatabase('demo');
    const process = await processOf(db);
    const open = [...(await schedule(db)).values()].find(
      ({ settled_at, due_on }) => settled_at === null && due_on !== null && due_on > '2024-06-01',
    )!;
    const id = await obligationId(db, open.ref);
    const effects = await previewSchedule(db, process, MOVED, { rules: new Map([[id, null]]) });
    expect(effects.filter(({ kind }) => kind === 'removed').map(({ deadline_id }) => deadline_id)).toContain(
      open.id,
    );
    await setRule(db, open.ref, null);
    await recomputeDeadlines(db, process, MOVED);
    expect((await schedule(db)).has(`${open.ref}/${open.key}`)).toBe(false);
  });
});

describe('dates counted from another obligation', () => {
  test('follow its own date, provisionally, and the date of the act once it is accepted', async () => {
    const { db } = await freshDatabase('demo');
    const process = await processOf(db);
    const open = [...(await schedule(db)).values()].filter(
      ({ settled_at, key, due_on }) =>
        settled_at === null && key === 'unica' && due_on !== null && due_on > '2024-07-01',
    );
    const [first, second, third] = open.map(({ ref }) => ref) as [string, string, string];
    await setRule(db, first, on('2024-09-02'));
    await setRule(db, second, after(first, 5));
    await setRule(db, third, after(second, 2));
    await recomputeDeadlines(db, process, MOVED);
    const planned = await schedule(db);
    expect(planned.get(`${second}/unica`)).toMatchObject({ due_on: '2024-09-07' });
    expect(planned.get(`${third}/unica`)).toMatchObject({ due_on: '2024-09-09' });
    expect(planned.get(`${second}/unica`)!.provisional.join()).toContain(first);
    expect(planned.get(`${first}/unica`)!.provisional).toEqual([]);

    const people = await db.selectFrom('person').select('id').orderBy('id').limit(2).execute();
    const { submission_id } = await handIn(db, planned.get(`${first}/unica`)!.id, noon('2024-05-20'));
    const review = {
      submission_id,
      decision: 'accepted' as const,
      words: '',
      person_id: people[1]!.id,
    };
    await reviewSubmission(db, review, noon('2024-05-21'));
    const fulfilled = await schedule(db);
    expect(fulfilled.get(`${second}/unica`)).toMatchObject({ due_on: '2024-05-25', provisional: [] });
    expect(fulfilled.get(`${third}/unica`)).toMatchObject({ due_on: '2024-05-27' });
    expect(fulfilled.get(`${first}/unica`)).toMatchObject({ due_on: '2024-09-02' });
  });

  test('a circle is refused and spelt out, by the preview and by the computing', async () => {
    const { db } = await freshDatabase('catalogue');
    const process = await processOf(db);
    await setRule(db, 'AT-C-4', after('AT-C-5', 1));
    await setRule(db, 'AT-C-5', after('AT-C-9', 1));
    const draft = new Map([
      [await obligationId(db, 'AT-C-9'), { rule: rule(after('AT-C-4', 1)), sentence: 'un día después' }],
    ]);
    await expect(previewSchedule(db, process, MOVED, { rules: draft })).rejects.toThrow(
      'Dependencia circular: AT-C-4 → AT-C-5 → AT-C-9 → AT-C-4',
    );
    await setRule(db, 'AT-C-9', after('AT-C-4', 1));
    const before = await schedule(db);
    await expect(recomputeDeadlines(db, process, MOVED)).rejects.toThrow('Dependencia circular');
    expect(await schedule(db)).toEqual(before);
  });

  test('an obligation with many dates, or none, cannot be counted from', async () => {
    const { db } = await freshDatabase('catalogue');
    const process = await processOf(db);
    await setRule(db, 'AT-C-4', { type: 'standing' });
    await setRule(db, 'AT-C-5', after('AT-C-4', 1));
    await expect(recomputeDeadlines(db, process, MOVED)).rejects.toThrow('AT-C-4 no tiene una fecha única');
  });

  test('waits for the event its anchor waits for', async () => {
    const { db } = await freshDatabase('catalogue');
    const process = await processOf(db);
    await setRule(db, 'AT-C-5', after('AT-C-4', 3));
    await moveMilestone(db, 'jornada', { date: null, firm: false, source: 'Por fijar' });
    await recomputeDeadlines(db, process, MOVED);
    const now = await schedule(db);
    expect(now.get('AT-C-5/unica')).toMatchObject({
      due_on: null,
      waiting_for_id: now.get('AT-C-4/unica')!.waiting_for_id,
    });
  });
});

describe('what a recompute leaves alone', () => {
  test('a date said by hand stays, and its steps tell the computed one', async () => {
    const { db } = await freshDatabase('demo');
    const process = await processOf(db);
    const found = (
      await previewSchedule(db, process, MOVED, { milestones: new Map([['jornada', JORNADA]]) })
    ).find(({ kind, current }) => kind === 'moves' && current!.due_on !== null)!;
    const path = `${found.ref}/${found.key}`;
    const version = (await schedule(db)).get(path)!.version;
    await db
      .insertInto('manual_date')
      .values({
        deadline_id: found.deadline_id!,
        deadline_version: version,
        ground: 'agreement',
        reason: 'Se acordó con el INE',
        document: 'Acuerdo 7',
        recorded_by: 1,
        recorded_at: MOVED.at,
      })
      .execute();
    await moveMilestone(db, 'jornada', JORNADA);
    await recomputeDeadlines(db, process, MOVED);
    const row = (await schedule(db)).get(path)!;
    expect(row).toMatchObject({ version, due_on: found.current!.due_on });
    expect(row.steps.at(-1)).toMatchObject({ op: 'result', due_on: found.proposed!.due_on });
    await recomputeDeadlines(db, process, noon('2024-05-17'), { move: new Set([found.deadline_id!]) });
    expect((await schedule(db)).get(path)).toMatchObject({
      version: version + 1,
      due_on: found.proposed!.due_on,
    });
  });
});
