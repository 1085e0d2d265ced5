import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { parseDeadlineRule, RuleError, type DeadlineRule } from '../../app/domain/deadline-rule.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { findObligation, listRuleVersions, previewRule, saveRule } from '../../db/rules.ts';
import { undoRuleChange } from '../../db/schedule-undo.ts';
import { freshDatabase } from '../support/database.ts';
import { factsOf } from '../support/facts.ts';

const NOW = momentOf(instantOf('2024-05-16T12:00'));
/** The moment as the database writes it. */
const MOVED_AT = '2024-05-16T18:00:00.000000Z';
const offset = { type: 'offset', milestone: 'jornada', amount: 10, unit: 'days', direction: 'before' };
const SENTENCE = 'Diez días antes de la jornada';

function rule(input: unknown): DeadlineRule {
  const read = parseDeadlineRule(input);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.rule;
}

async function edited(db: Db, ref: string) {
  const found = await findObligation(db, ref, null);
  if (!found) throw new Error(`No ${ref}`);
  const [newest] = await listRuleVersions(db, found.id);
  return { ...found, base_version: newest?.version ?? 0 };
}

async function director(db: Db): Promise<number> {
  const { id } = await db
    .selectFrom('person')
    .where('email', '=', 'titular.devspe@iem.example')
    .select('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Looks at what a rule does and saves it. */
async function change(db: Db, ref: string, input: unknown) {
  const obligation = await edited(db, ref);
  const draft = { rule: rule(input), sentence: SENTENCE };
  const { fingerprint, effects } = await previewRule(db, obligation, NOW, draft);
  const order = { ...draft, act: 'Acuerdo IEM-CG-1/2024', seen: fingerprint, person_id: await director(db) };
  return { effects, order, obligation, outcome: await saveRule(db, obligation, order, NOW) };
}

function versionsOf(db: Db, ref: string) {
  return db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .where('o.ref', '=', ref)
    .select(['v.deadline_id', 'v.version', 'v.due_on', 'v.superseded_at', 'v.change_id', 'v.settled_at'])
    .orderBy('v.deadline_id')
    .orderBy('v.version')
    .execute();
}

/** An obligation counted from the Jornada whose only date is still open. */
async function openRef(db: Db): Promise<string> {
  const { ref } = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .leftJoin('submission as s', 's.deadline_id', 'd.id')
    .where('v.superseded_at', 'is', null)
    .where('v.settled_at', 'is', null)
    .where('s.id', 'is', null)
    .where('v.due_on', '>', '2024-05-24')
    .where('v.due_on', '<', '2024-06-02')
    .where('d.key', '=', 'unica')
    .select('o.ref')
    .orderBy('o.ref')
    .executeTakeFirstOrThrow();
  return ref;
}

describe('a new rule', () => {
  test('is a version with its act; the date moves, its notices are cancelled, the area is written to, the old one stays', async () => {
    const { db } = await freshDatabase('demo');
    const ref = await openRef(db);
    const [before] = await versionsOf(db, ref);
    const person = await director(db);
    await sql`
      insert into notice (deadline_id, deadline_version, rung, offset_hours, kind, person_id, capacity, planned_on, state, recorded_at)
      values (${before!.deadline_id}, ${before!.version}, '-1', -24, 'reminder', ${person}, 'prueba', '2024-05-25', 'planned', ${NOW.at})`.execute(
      db,
    );
    const { outcome, effects, obligation } = await change(db, ref, offset);

    expect(outcome).toMatchObject({ kind: 'saved', version: 2, change: { moved: 1, added: 0, removed: 0 } });
    expect(effects.map(({ kind }) => kind)).toEqual(['moves']);
    const [old, moved] = await versionsOf(db, ref);
    expect(old).toMatchObject({ due_on: before!.due_on, superseded_at: MOVED_AT });
    expect(moved).toMatchObject({ due_on: '2024-05-23', superseded_at: null });
    const made = await db
      .selectFrom('schedule_change')
      .where('id', '=', moved!.change_id)
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(made).toMatchObject({ kind: 'rule', act: 'Acuerdo IEM-CG-1/2024', recorded_by: person });
    expect(made.summary).toBe(`Regla de plazo de ${ref}: 10 días naturales antes de la Jornada electoral`);
    const versions = await listRuleVersions(db, obligation.id);
    expect(
      versions.map(({ version, sentence, act, valid_until }) => [version, sentence, act, valid_until]),
    ).toEqual([
      [2, SENTENCE, 'Acuerdo IEM-CG-1/2024', null],
      [1, expect.any(String), null, MOVED_AT],
    ]);
    const notices = await db
      .selectFrom('notice')
      .where('deadline_id', '=', before!.deadline_id)
      .where('state', '=', 'planned')
      .select('id')
      .execute();
    expect(notices).toEqual([]);
    const mails = await db
      .selectFrom('message')
      .where('schedule_change_id', '=', made.id)
      .select(['kind', 'area_id'])
      .execute();
    expect(mails).toHaveLength(1);
    const audit = await db
      .selectFrom('audit_entry')
      .where('verb', '=', 'cambió la regla de plazo')
      .select(['actor', 'subject'])
      .execute();
    expect(audit).toEqual([{ actor: `persona ${person}`, subject: `obligación ${obligation.id}` }]);
  });

  test('never moves what is concluded', async () => {
    const { db } = await freshDatabase('demo');
    const { rows } = await sql<{ ref: string }>`
      select o.ref from deadline_version v join deadline d on d.id = v.deadline_id
      join obligation o on o.id = d.obligation_id
      join deadline_rule r on r.obligation_id = o.id and r.rule->>'type' = 'offset'
      where v.settled_at is not null and v.superseded_at is null order by o.ref limit 1`.execute(db);
    const { ref } = rows[0]!;
    const before = await versionsOf(db, ref);
    const { outcome, effects } = await change(db, ref, { ...offset, amount: 3 });
    expect(outcome).toMatchObject({ kind: 'saved', change: { moved: 0, added: 0, removed: 0 } });
    expect(effects.map(({ kind, reason }) => [kind, reason])).toEqual([['protected', 'concluded']]);
    expect(await versionsOf(db, ref)).toEqual(before);
  });

  test('saved twice from the same version is a conflict the second time', async () => {
    const { db } = await freshDatabase('demo');
    const { order, obligation } = await change(db, await openRef(db), offset);
    const before = await factsOf(db);
    expect(await saveRule(db, obligation, order, NOW)).toEqual({ kind: 'conflict' });
    expect(await factsOf(db)).toEqual(before);
  });

  test('saved by two at once is saved once', async () => {
    const { db } = await freshDatabase('demo');
    const obligation = await edited(db, await openRef(db));
    const draft = { rule: rule(offset), sentence: SENTENCE };
    const { fingerprint: seen } = await previewRule(db, obligation, NOW, draft);
    const order = { ...draft, act: 'Oficio 1', seen, person_id: await director(db) };
    const outcomes = await Promise.all([1, 2, 3].map(() => saveRule(db, obligation, order, NOW)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['conflict', 'conflict', 'saved']);
    expect(await listRuleVersions(db, obligation.id)).toHaveLength(2);
  });

  test('that would do something else than the person saw is not saved', async () => {
    const { db } = await freshDatabase('demo');
    const obligation = await edited(db, await openRef(db));
    const order = { rule: rule(offset), sentence: SENTENCE, act: 'Oficio 1', person_id: await director(db) };
    const { fingerprint: seen } = await previewRule(db, obligation, NOW, order);
    await sql`
      insert into milestone_version (milestone_id, version, on_date, at_time, firm, source, recorded_at)
      select id, 2, '2024-06-09', '08:00', true, 'Acuerdo', ${NOW.at}::timestamptz from milestone where key = 'jornada'`.execute(
      db,
    );
    const before = await factsOf(db);
    const outcome = await saveRule(db, obligation, { ...order, seen }, NOW);
    expect(outcome.kind === 'unseen' && outcome.preview.dates.map(({ due_on }) => due_on)).toEqual([
      '2024-05-30',
    ]);
    expect(await factsOf(db)).toEqual(before);
  });

  test('counted in a circle is refused with the circle, and nothing is saved', async () => {
    const { db } = await freshDatabase('demo');
    const ref = await openRef(db);
    const first = await edited(db, 'AT-SIJ-1');
    await change(db, 'AT-SIJ-1', { ...offset, milestone: `obligacion:${ref}` });
    const before = await factsOf(db);
    const circle = { ...offset, milestone: `obligacion:${first.ref}` };
    const refused = await change(db, ref, circle).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RuleError);
    const path = [ref, first.ref].sort();
    expect(refused).toMatchObject({
      field: 'milestone',
      message: `Dependencia circular: ${path[0]} → ${path[1]} → ${path[0]}`,
    });
    expect(await factsOf(db)).toEqual(before);
  });
});

describe('a change of a rule, undone within a day', () => {
  const LATER = momentOf(instantOf('2024-05-17T11:59'));
  const changeOf = async (db: Db) =>
    (
      await db
        .selectFrom('schedule_change')
        .where('kind', '=', 'rule')
        .select('id')
        .orderBy('id', 'desc')
        .executeTakeFirstOrThrow()
    ).id;
  /** The dates that count, as everybody sees them. */
  const inForce = (db: Db) =>
    db
      .selectFrom('deadline_version')
      .where('superseded_at', 'is', null)
      .select(['deadline_id', 'opens_on', 'due_on', 'due_time', 'lapses_at', 'provisional', 'waiting_for_id'])
      .orderBy('deadline_id')
      .execute();

  test('leaves rule and dates as they were, in versions of their own', async () => {
    const { db } = await freshDatabase('demo');
    const before = await inForce(db);
    const { obligation } = await change(db, await openRef(db), offset);
    expect(await inForce(db)).not.toEqual(before);
    const id = await changeOf(db);
    expect(await undoRuleChange(db, id, await director(db), LATER)).toMatchObject({ kind: 'undone' });
    expect(await inForce(db)).toEqual(before);
    const [now, undone, was] = await listRuleVersions(db, obligation.id);
    expect([now!.rule, now!.sentence]).toEqual([was!.rule, was!.sentence]);
    expect(undone!.undone_at).not.toBeNull();
    expect(await undoRuleChange(db, id, 1, LATER)).toEqual({ kind: 'already_undone' });
  });

  test('is refused a day later, and once the rule changed again', async () => {
    const { db } = await freshDatabase('demo');
    const ref = await openRef(db);
    await change(db, ref, offset);
    const id = await changeOf(db);
    const tooLate = momentOf(instantOf('2024-05-17T12:01'));
    expect(await undoRuleChange(db, id, 1, tooLate)).toEqual({ kind: 'too_late' });
    await change(db, ref, { ...offset, amount: 12 });
    const facts = await factsOf(db);
    expect(await undoRuleChange(db, id, 1, LATER)).toMatchObject({ kind: 'refused' });
    expect(await factsOf(db)).toEqual(facts);
  });
});
