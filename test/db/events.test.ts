// Events that repeat: registering one opens what is counted from it, withdrawing it closes that again.
import { beforeEach, describe, expect, test } from 'vitest';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { deadlineHistory } from '../../db/deadline-history.ts';
import { recomputeDeadlines } from '../../db/deadline-schedule.ts';
import { registerEvent, withdrawEvent } from '../../db/events.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { reviewSubmission } from '../../db/reviews.ts';
import { findTrigger, listHangingObligations, listOccurrences, listTriggers } from '../../db/triggers.ts';
import { reopenDeadline } from '../../db/waivers.ts';
import { freshDatabase } from '../support/database.ts';
import { personId, standing } from '../support/facts-of-deadlines.ts';
import { factsOf } from '../support/facts.ts';
import { handIn } from '../support/handed-in.ts';

const at = (local: string) => momentOf(instantOf(local), true);
const MORNING = at('2024-05-15T10:00');

let db: Db;
let person: number;

beforeEach(async () => {
  ({ db } = await freshDatabase('demo'));
  person = await personId(db, 'titular.devspe@iem.example');
});

const triggerId = async (key: string) => (await findTrigger(db, key, null))!.id;

/** Both the INE’s 3 days and its 48 hours are counted from an agreement of the INE. */
async function agreement(
  moment: Moment,
  changes: { at_time?: string | null; source?: string } = {},
  preview = false,
) {
  const facts = {
    milestone_id: await triggerId('aprobacion_acuerdo_ine'),
    on_date: '2024-05-14',
    at_time: '18:30',
    description: 'Dictámenes de fiscalización de precampañas',
    source: 'INE/CG502/2024',
    person_id: person,
    ...changes,
  };
  const outcome = await registerEvent(db, facts, moment, preview);
  if (outcome.kind !== 'registered') return outcome;
  const due = outcome.deadlines.map(({ ref, due_on, due_time }) => ({ ref, due_on, due_time }));
  return { ...outcome, due: due.sort((a, b) => a.ref.localeCompare(b.ref)) };
}

async function registered(moment: Moment, changes = {}) {
  const outcome = await agreement(moment, changes);
  if (outcome.kind !== 'registered') throw new Error(outcome.kind);
  return outcome;
}

describe('the triggers', () => {
  test('are listed with what is counted from each and how often they happened', async () => {
    const of = async (key: string) => (await listTriggers(db)).find((trigger) => trigger.key === key);
    expect(await of('aprobacion_acuerdo_ine')).toMatchObject({
      obligations: 2,
      times: 0,
      last_on: null,
      open: 0,
    });
    const hanging = await listHangingObligations(
      db,
      (await findTrigger(db, 'aprobacion_acuerdo_ine', null))!,
    );
    expect(hanging.map(({ ref, timed }) => [ref, timed])).toEqual([
      ['AT-FIS-5', false],
      ['CG-SIV-4', true],
    ]);
    await agreement(MORNING);
    await agreement(at('2024-05-15T10:01'), { source: 'INE/CG503/2024' });
    expect(await of('aprobacion_acuerdo_ine')).toMatchObject({ times: 2, last_on: '2024-05-14', open: 4 });
    expect(await of('clausura_casilla')).toMatchObject({ times: 0 });
  });

  test('are found by key in a published process only', async () => {
    expect(await findTrigger(db, 'jornada', null)).toBeUndefined();
    expect(await findTrigger(db, 'aprobacion_acuerdo_ine', 'extraordinario-irimbo-2024')).toBeUndefined();
    expect(await findTrigger(db, '__proto__', null)).toBeUndefined();
  });
});

describe('registering an event', () => {
  const DUE = [
    { ref: 'AT-FIS-5', due_on: '2024-05-17', due_time: null },
    { ref: 'CG-SIV-4', due_on: '2024-05-16', due_time: '18:30' },
  ];

  test('shown before saving writes nothing, and saved opens exactly what was shown', async () => {
    const before = await factsOf(db);
    expect(await agreement(MORNING, {}, true)).toMatchObject({ kind: 'registered', due: DUE });
    expect(await factsOf(db)).toEqual(before);
    const saved = await registered(MORNING);
    expect(saved.due).toEqual(DUE);
    const change = await db.selectFrom('schedule_change').selectAll().executeTakeFirstOrThrow();
    expect(change).toMatchObject({
      kind: 'trigger',
      act: 'INE/CG502/2024',
      summary: 'Aprobación de un acuerdo del INE con efectos para el IEM, mar 14 may 2024',
    });
    const [history] = await deadlineHistory(db, MORNING, saved.deadlines[0]!.id);
    expect(history).toMatchObject({
      kind: 'dated',
      first: true,
      act: { act: 'INE/CG502/2024', undone: false },
    });
    const entry = await db
      .selectFrom('audit_entry')
      .where('subject', '=', `evento ${saved.occurrence_id}`)
      .select(['verb', 'actor'])
      .executeTakeFirstOrThrow();
    expect(entry).toEqual({ verb: 'registró el evento', actor: `persona ${person}` });
  });

  test('twice with the same day, hour and document is the one already registered', async () => {
    await registered(MORNING);
    const later = at('2024-05-15T11:00');
    for (const source of ['INE/CG502/2024', 'ine/cg502/2024']) {
      expect(await agreement(later, { source })).toMatchObject({
        kind: 'already_registered',
        at: MORNING.at.replace('Z', '.000000Z'),
      });
    }
    expect((await agreement(later, { at_time: '18:31' })).kind).toBe('registered');
    expect((await agreement(later, { source: 'INE/CG503/2024' })).kind).toBe('registered');
  });

  test('by two people at once leaves one', async () => {
    const outcomes = await Promise.all([agreement(MORNING), agreement(at('2024-05-15T10:00:00.5'))]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['already_registered', 'registered']);
  });

  test('without the hour that a term in hours needs records nothing and says which term', async () => {
    const before = await factsOf(db);
    const outcome = await agreement(MORNING, { at_time: null });
    expect(outcome).toMatchObject({ kind: 'not_countable' });
    expect(outcome.kind === 'not_countable' && outcome.message).toMatch(
      /^CG-SIV-4: El plazo se cuenta en horas/,
    );
    expect(await factsOf(db)).toEqual(before);
  });
});

describe('withdrawing an event', () => {
  const withdraw = (occurrence_id: number, moment: Moment) =>
    withdrawEvent(db, { occurrence_id, reason: 'Se registró dos veces', person_id: person }, moment);

  test('closes its open deadlines for good, withdraws their notices and keeps what was concluded', async () => {
    const { occurrence_id, deadlines } = await registered(MORNING);
    const [done, open] = deadlines.map(({ id }) => id) as [number, number];
    await planNotices(db, at('2024-05-16T08:00'));
    const planned = () =>
      db.selectFrom('notice').where('deadline_id', '=', open).select(['state', 'reason']).execute();
    expect((await planned()).some(({ state }) => state === 'planned')).toBe(true);
    const row = deadlines[0]!;
    const report = await handIn(db, done, at('2024-05-16T09:00'), {
      person_id: await personId(db, 'titular.coord.vinculacion@iem.example'),
      act_on: '2024-05-15',
      act_time: row.due_time === null ? null : '10:00',
    });
    const waiting = await withdraw(occurrence_id, at('2024-05-16T10:00'));
    expect(waiting).toEqual({
      kind: 'in_review',
      reports: [{ folio: report.folio, submission_id: report.submission_id }],
    });
    const review = { submission_id: report.submission_id, decision: 'accepted' as const, words: '' };
    await reviewSubmission(db, { ...review, person_id: person }, at('2024-05-16T11:00'));

    expect(await withdraw(occurrence_id, at('2024-05-16T12:00'))).toEqual({ kind: 'withdrawn', closed: 1 });
    expect(await withdraw(occurrence_id, at('2024-05-16T12:01'))).toEqual({ kind: 'already_withdrawn' });
    const after = at('2024-07-01T10:00');
    expect(await standing(db, after, done)).toMatchObject({ status: 'concluded_on_time' });
    expect(await standing(db, after, open)).toMatchObject({ status: 'waived' });
    expect(await standing(db, momentOf(instantOf('2024-05-16T11:30')), open)).toMatchObject({
      status: expect.stringMatching(/due_soon|overdue/) as string,
    });
    expect((await planned()).filter(({ state }) => state === 'planned')).toEqual([]);
    expect(await planned()).toContainEqual({
      state: 'cancelled',
      reason: 'se retiró el evento del que se contaba',
    });
    const [latest] = await deadlineHistory(db, after, open);
    expect(latest).toMatchObject({
      kind: 'closed',
      waiver: 'event_withdrawn',
      reason: 'Se registró dos veces',
      document: 'INE/CG502/2024',
    });
    // No computation brings them back, and neither does reopening.
    const { process_id } = (await findTrigger(db, 'aprobacion_acuerdo_ine', null))!;
    expect(await recomputeDeadlines(db, process_id, after)).toMatchObject({ added: 0, moved: 0, removed: 0 });
    const facts = { deadline_id: open, reason: 'x', person_id: person };
    expect(await reopenDeadline(db, facts, after)).toEqual({ kind: 'event_withdrawn' });
  });

  test('lets the same event be registered again, with deadlines of its own', async () => {
    const first = await registered(MORNING);
    await withdraw(first.occurrence_id, at('2024-05-15T11:00'));
    const second = await registered(at('2024-05-15T12:00'));
    expect(second.due).toEqual(first.due);
    expect(second.deadlines.map(({ id }) => id)).not.toEqual(first.deadlines.map(({ id }) => id));
    const listed = await listOccurrences(db, await triggerId('aprobacion_acuerdo_ine'));
    expect(listed.map(({ withdrawal_reason }) => withdrawal_reason)).toEqual([null, 'Se registró dos veces']);
  });
});
