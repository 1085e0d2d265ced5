import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { replaySteps, type Step } from '../../app/domain/derivation.ts';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { addDays, daysBetween, instantOf } from '../../app/domain/plain-date.ts';
import { parseDeadlineRule } from '../../app/domain/deadline-rule.ts';
import { defaultDecision, type Decision } from '../../app/domain/schedule-effect.ts';
import type { Db } from '../../db/client.ts';
import { affectedAreas, applyMove, previewMove, type MilestoneMove } from '../../db/milestone-moves.ts';
import { planMilestoneWatch, saveWatch } from '../../db/milestone-watch.ts';
import { listMilestones } from '../../db/milestones.ts';
import { undoMilestoneMove } from '../../db/schedule-undo.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { factsOf } from '../support/facts.ts';
import { handIn } from '../support/handed-in.ts';
import { jornadaMove } from '../support/jornada-move.ts';

const at = (local: string) => momentOf(instantOf(local));
const MOVED = at('2024-05-16T12:00');

async function move(
  db: Db,
  changes: Partial<MilestoneMove> = {},
  moment = MOVED,
  decisions = new Map<number, Decision>(),
) {
  const order = await jornadaMove(db, changes);
  const preview = await previewMove(db, order, moment);
  const outcome = await applyMove(
    db,
    { move: order, seen: preview!.fingerprint, decisions, person_id: 1 },
    moment,
  );
  if (outcome.kind !== 'applied') throw new Error(outcome.kind);
  return { preview: preview!, ...outcome };
}

/** The schedule as bytes: every version in force, with its derivation. */
async function scheduleBytes(db: Db): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select concat_ws('|', deadline_id, opens_on, due_on, due_time, lapses_at, waiting_for_id, provisional, rule_id,
      steps, settled_at) as line
    from deadline_version where superseded_at is null order by deadline_id`.execute(db);
  return rows.map(({ line }) => line);
}

async function versions(db: Db) {
  const rows = await db
    .selectFrom('deadline_version')
    .where('superseded_at', 'is', null)
    .select(['deadline_id', 'version', 'due_on', 'settled_at', 'steps'])
    .execute();
  return new Map(rows.map((row) => [row.deadline_id, row]));
}

const beforeRoll = (steps: readonly Step[]) => replaySteps(steps.filter(({ op }) => op !== 'roll')).due_on;

describe('the Jornada moves from 2 June to 8 December 2024', () => {
  test('every open deadline counted in days from it moves by exactly 189 days, nothing concluded does', async () => {
    const { db } = await freshDatabase('demo');
    const before = await versions(db);
    const { preview, schedule, mails } = await move(db);
    const now = await versions(db);
    const rules = await db.selectFrom('deadline_rule').select(['obligation_id', 'rule']).execute();
    const ruleOf = new Map(rules.map(({ obligation_id, rule }) => [obligation_id, parseDeadlineRule(rule)]));
    let exact = 0;
    for (const { deadline_id, obligation_id, kind } of preview.effects) {
      const read = ruleOf.get(obligation_id)!;
      const was = deadline_id === null ? undefined : before.get(deadline_id);
      const is = deadline_id === null ? undefined : now.get(deadline_id);
      if (!read.ok || kind === 'protected' || !was || !is || is.version === was.version) continue;
      const days = daysBetween(beforeRoll(was.steps), beforeRoll(is.steps));
      if (read.rule.type === 'offset' && ['days', 'weeks', 'hours'].includes(read.rule.unit)) {
        expect(days).toBe(189);
        exact += 1;
      } else expect(days).toBeGreaterThan(180);
    }
    expect(exact).toBeGreaterThan(8);
    for (const [id, row] of before) if (row.settled_at !== null) expect(now.get(id)).toEqual(row);
    expect(preview.effects.some(({ reason }) => reason === 'concluded')).toBe(true);
    expect(schedule.moved).toBeGreaterThan(15);

    const changed = preview.effects.filter((effect) => defaultDecision(effect) === 'move');
    expect(affectedAreas(preview.effects).reduce((sum, { count }) => sum + count, 0)).toBe(changed.length);
    expect(mails).toBe(new Set(changed.map(({ area_id }) => area_id)).size);
  });

  test('each area gets one mail with its own deadlines, and after undoing one rectification', async () => {
    const { db } = await freshDatabase('demo');
    const before = await scheduleBytes(db);
    const { change_id, mails, preview } = await move(db);
    await deliverDue(deliveryAt(db, MOVED));
    const sent = await db
      .selectFrom('message')
      .where('schedule_change_id', '=', change_id)
      .select(['kind', 'state', 'subject', 'text', 'area_id'])
      .execute();
    expect(sent).toHaveLength(mails);
    for (const { state, subject, text, area_id } of sent) {
      expect(state).toBe('accepted');
      const area = affectedAreas(preview.effects).find(({ id }) => id === area_id)!;
      expect(subject).toContain(`Cambio de fecha en ${area.count} obligaci`);
      expect(subject).toContain('8 dic 2024');
      expect(text!.match(/ Antes: /g)).toHaveLength(area.count);
    }

    expect(await scheduleBytes(db)).not.toEqual(before);
    const undone = at('2024-05-17T11:59');
    expect(await undoMilestoneMove(db, change_id, 1, undone)).toEqual({ kind: 'undone', mails });
    expect(await scheduleBytes(db)).toEqual(before);
    await deliverDue(deliveryAt(db, undone));
    const rectified = await db
      .selectFrom('message')
      .where('schedule_change_id', '=', change_id)
      .where('kind', '=', 'rectification')
      .select(['state', 'subject'])
      .execute();
    expect(rectified).toHaveLength(mails);
    for (const { state, subject } of rectified) {
      expect(state).toBe('accepted');
      expect(subject).toMatch(/^Rectificación: \d+ obligaci.* \(Jornada/);
    }
    expect(await undoMilestoneMove(db, change_id, 1, undone)).toEqual({ kind: 'already_undone' });
  });

  test('undone before its mails left, nobody is written to', async () => {
    const { db } = await freshDatabase('demo');
    const { change_id } = await move(db);
    expect(await undoMilestoneMove(db, change_id, 1, at('2024-05-16T12:01'))).toEqual({
      kind: 'undone',
      mails: 0,
    });
    const states = await db
      .selectFrom('message')
      .where('schedule_change_id', '=', change_id)
      .select('state')
      .execute();
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['cancelled']));
  });

  test('what was planned about the old dates is cancelled and never leaves', async () => {
    const { db } = await freshDatabase('demo');
    await runPass(deliveryAt(db, morning('2024-05-16')));
    // Planned and not yet sent, as when the mail server is away.
    await sql`update notice set state = 'planned', closed_at = null where state = 'accepted'`.execute(db);
    await sql`update message set state = 'queued', closed_at = null where run_on is not null`.execute(db);
    await move(db);
    const left = await sql<{ count: number }>`
      select count(*) from notice n
      join deadline_version v on v.deadline_id = n.deadline_id and v.version = n.deadline_version
      where n.state = 'planned' and v.superseded_at is not null`.execute(db);
    expect(left.rows[0]!.count).toBe(0);
    const cancelled = await db
      .selectFrom('notice')
      .where('reason', '=', 'cambio de fecha')
      .select('id')
      .execute();
    expect(cancelled.length).toBeGreaterThan(0);
  });
});

describe('deciding row by row', () => {
  test('what is kept stays, also when the process is computed again, until the change is undone', async () => {
    const { db } = await freshDatabase('demo');
    const order = await jornadaMove(db);
    const { effects } = (await previewMove(db, order, MOVED))!;
    const kept = effects.find(({ kind }) => kind === 'moves')!;
    const before = await scheduleBytes(db);
    const { change_id } = await move(db, {}, MOVED, new Map([[kept.deadline_id!, 'keep' as const]]));
    expect((await versions(db)).get(kept.deadline_id!)!.due_on).toBe(kept.current!.due_on);
    // A second act that moves the Jornada again finds it protected.
    const next = (await previewMove(db, { ...order, on_date: '2024-12-15' }, at('2024-05-16T13:00')))!;
    expect(next.effects.find(({ deadline_id }) => deadline_id === kept.deadline_id)).toMatchObject({
      kind: 'protected',
      reason: 'kept',
    });
    expect(await undoMilestoneMove(db, change_id, 1, at('2024-05-16T14:00'))).toMatchObject({
      kind: 'undone',
    });
    expect(await scheduleBytes(db)).toEqual(before);
  });

  test('a report in review asks for a decision and stays unless it is told to move', async () => {
    const { db } = await freshDatabase('demo');
    const order = await jornadaMove(db);
    const open = (await previewMove(db, order, MOVED))!.effects.find(({ kind }) => kind === 'moves')!;
    await handIn(db, open.deadline_id!, at('2024-05-16T11:00'), { person_id: 2 });
    const { preview } = await move(db);
    expect(preview.effects.find(({ deadline_id }) => deadline_id === open.deadline_id)).toMatchObject({
      kind: 'decision',
      reason: 'in_review',
    });
    expect((await versions(db)).get(open.deadline_id!)!.due_on).toBe(open.current!.due_on);
  });

  test('moved into the past a deadline is set apart; without a date it waits', async () => {
    const { db } = await freshDatabase('demo');
    const back = (await previewMove(db, await jornadaMove(db, { on_date: '2024-05-19' }), MOVED))!;
    const past = back.effects.filter(({ kind }) => kind === 'past');
    expect(past.length).toBeGreaterThan(0);
    for (const { proposed } of past) expect(proposed!.due_on! < '2024-05-16').toBe(true);

    const { change_id } = await move(db, { on_date: null, at_time: null, firm: false });
    const waiting = (await listMilestones(db, (await jornadaMove(db)).process_id))[0]!;
    expect(waiting).toMatchObject({ key: 'jornada', on_date: null });
    expect(waiting.waiting).toBeGreaterThan(10);
    expect(await undoMilestoneMove(db, change_id, 1, at('2024-05-16T18:00'))).toMatchObject({
      kind: 'undone',
    });
  });
});

describe('undoing is refused', () => {
  test('after 24 hours, and when something it moved was reported since', async () => {
    const { db } = await freshDatabase('demo');
    const { change_id, preview } = await move(db);
    expect(await undoMilestoneMove(db, change_id, 1, at('2024-05-17T12:01'))).toEqual({ kind: 'too_late' });
    const moved = preview.effects.find(({ kind }) => kind === 'moves')!;
    await handIn(db, moved.deadline_id!, at('2024-05-16T15:00'), { person_id: 2 });
    const facts = await factsOf(db);
    expect(await undoMilestoneMove(db, change_id, 1, at('2024-05-16T16:00'))).toEqual({
      kind: 'refused',
      reasons: [`${moved.ref}: ya se reportó su cumplimiento.`],
    });
    expect(await factsOf(db)).toEqual(facts);
  });

  test('when the milestone moved again', async () => {
    const { db } = await freshDatabase('demo');
    const { change_id } = await move(db);
    await move(db, { on_date: '2024-12-15' }, at('2024-05-16T13:00'));
    const outcome = await undoMilestoneMove(db, change_id, 1, at('2024-05-16T14:00'));
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(outcome.kind === 'refused' && outcome.reasons[0]).toContain('volvió a cambiar');
  });
});

describe('two people at once', () => {
  test('one wins, the other is told what changed and nothing of theirs is applied', async () => {
    const { db } = await freshDatabase('demo');
    const order = await jornadaMove(db);
    const other = { ...order, on_date: '2024-12-15', act: 'Acuerdo IEM-CG-0/2024' };
    const [first, second] = await Promise.all([previewMove(db, order, MOVED), previewMove(db, other, MOVED)]);
    const outcomes = await Promise.all([
      applyMove(db, { move: order, seen: first!.fingerprint, decisions: new Map(), person_id: 1 }, MOVED),
      applyMove(db, { move: other, seen: second!.fingerprint, decisions: new Map(), person_id: 2 }, MOVED),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['applied', 'changed']);
    const { rows } = await sql<{ changes: number; versions: number }>`
      select (select count(*) from schedule_change) as changes,
        (select max(version) from milestone_version v join milestone m on m.id = v.milestone_id
          where m.key = 'jornada') as versions`.execute(db);
    expect(rows[0]).toEqual({ changes: 1, versions: 2 });
  });
});

describe('events without date', () => {
  test('their owner is asked the first morning of work after the expected day, then weekly, and not once there is a date', async () => {
    const { db } = await freshDatabase('demo');
    const { process_id } = await jornadaMove(db);
    const event = (await listMilestones(db, process_id)).find(
      ({ on_date, waiting }) => on_date === null && waiting > 0,
    )!;
    const watch = { process_id, key: event.key, seen: event.version, person_id: 1 };
    const said = await saveWatch(db, { ...watch, owner_area_id: 3, expected_on: '2024-05-17' }, MOVED);
    expect(said).toBe('saved');
    expect(await saveWatch(db, { ...watch, owner_area_id: null, expected_on: null }, MOVED)).toBe('changed');
    const asked: string[] = [];
    for (let day = '2024-05-16'; day <= '2024-06-04'; day = addDays(day, 1)) {
      if ((await planMilestoneWatch(db, morning(day))) > 0) asked.push(day);
      expect(await planMilestoneWatch(db, morning(day))).toBe(0);
    }
    // Not on the Saturday: nobody reads then.
    expect(asked).toEqual(['2024-05-20', '2024-05-27', '2024-06-03']);
    await deliverDue(deliveryAt(db, morning('2024-06-04')));
    const mails = await db
      .selectFrom('message')
      .where('kind', '=', 'milestone_watch')
      .select(['state', 'subject'])
      .execute();
    expect(mails.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'accepted']);
    expect(mails[2]!.subject).toMatch(/^¿Ya ocurrió\? .* \(se esperaba el 17 may\)$/);
    await move(db, { key: event.key, on_date: '2024-06-02', at_time: null }, at('2024-06-04T12:00'));
    expect(await planMilestoneWatch(db, morning('2024-06-20'))).toBe(0);
  });

  test('are gathered in one mail a person, which takes the place of one that did not leave', async () => {
    const { db } = await freshDatabase('demo');
    const { process_id } = await jornadaMove(db);
    const events = (await listMilestones(db, process_id))
      .filter(({ on_date }) => on_date === null)
      .slice(0, 4);
    const expect_on = async (index: number, expected_on: string, moment: Moment) => {
      const { key } = events[index]!;
      const { version } = (await listMilestones(db, process_id)).find((event) => event.key === key)!;
      await saveWatch(
        db,
        { process_id, key, seen: version, person_id: 1, owner_area_id: null, expected_on },
        moment,
      );
    };
    for (const index of [0, 1, 2]) await expect_on(index, '2024-05-16', MOVED);
    await expect_on(3, '2024-05-21', MOVED);
    const down = (day: string) => runPass(deliveryAt(db, morning(day), 'smtp://127.0.0.1:1'));
    await down('2024-05-17');
    // One more has passed, and its mail asks about all of them.
    await down('2024-05-22');
    await move(db, { key: events[0]!.key, on_date: '2024-06-02', at_time: null }, at('2024-05-22T12:00'));
    await deliverDue(deliveryAt(db, at('2024-05-22T16:00')));
    const mails = await db
      .selectFrom('message')
      .where('kind', '=', 'milestone_watch')
      .select(['state', 'reason', 'subject', 'text'])
      .orderBy('id')
      .execute();
    expect(mails.map(({ state, reason }) => [state, reason])).toEqual([
      ['cancelled', 'un correo posterior pregunta por lo mismo'],
      ['accepted', null],
    ]);
    expect(mails[1]!.subject).toBe('¿Ya ocurrieron? 3 eventos sin fecha registrada');
    const text = mails[1]!.text!.replace(/\s+/g, ' ');
    expect(events.map(({ name }) => text.includes(name))).toEqual([false, true, true, true]);
  });
});
