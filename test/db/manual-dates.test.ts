// A date said by hand: it protects itself from computation, shows what the rule gives, and can be taken back.
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { deadlineHistory } from '../../db/deadline-history.ts';
import { recomputeDeadlines } from '../../db/deadline-schedule.ts';
import { loadMailFacts } from '../../db/mail-facts.ts';
import { changeDate, findManualDate, type DateChange } from '../../db/manual-dates.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { closeDeadline, reopenDeadline } from '../../db/waivers.ts';
import { freshDatabase } from '../support/database.ts';
import { deadlineOf, personId, standing } from '../support/facts-of-deadlines.ts';
import { factsOf } from '../support/facts.ts';

/** Two days before the Jornada: 31 May 2024. */
const REF = 'AT-F-11';
const at = (local: string) => momentOf(instantOf(local), true);
const MORNING = at('2024-05-15T10:00');

let db: Db;
let id: number;
let person: number;

beforeEach(async () => {
  ({ db } = await freshDatabase('demo'));
  id = await deadlineOf(db, REF);
  person = await personId(db, 'titular.devspe@iem.example');
});

type Said = Extract<DateChange, { which: 'said' }>;
const said = (changes: Partial<Said> = {}): Said => ({
  which: 'said',
  deadline_id: id,
  version: 1,
  due_on: '2024-05-28',
  due_time: null,
  ground: 'ine_notice',
  reason: 'El INE adelantó la entrega',
  document: 'INE/DEOE/1234/2024',
  person_id: person,
  ...changes,
});
const computed = (version: number): DateChange => {
  const { deadline_id, person_id } = said();
  return {
    which: 'computed',
    deadline_id,
    version,
    person_id,
    reason: 'El INE dejó sin efecto su oficio',
    document: 'INE/DEOE/1300/2024',
  };
};

async function moveJornada(day: string, moment: Moment) {
  await sql`
    insert into milestone_version (milestone_id, version, on_date, at_time, firm, source, recorded_at)
    select m.id, (select max(version) + 1 from milestone_version v where v.milestone_id = m.id), ${day}::date, '08:00',
      true, 'INE/CG1/2024', ${moment.at}::timestamptz
    from milestone m where m.key = 'jornada'`.execute(db);
  const { process_id } = await db
    .selectFrom('milestone')
    .where('key', '=', 'jornada')
    .where('process_id', '=', sql<number>`(select id from process where key = 'ordinario-2023-2024')`)
    .select('process_id')
    .executeTakeFirstOrThrow();
  return recomputeDeadlines(db, process_id, moment);
}

const mails = () =>
  db
    .selectFrom('message')
    .innerJoin('area', 'area.id', 'message.area_id')
    .where('message.kind', '=', 'date_change')
    .select(['area.key', 'message.state'])
    .execute();

describe('a date said by hand', () => {
  test('shown before saving writes nothing; saved, it holds, with one mail to its area and its notices withdrawn', async () => {
    await planNotices(db, at('2024-05-26T08:00'));
    const morning = at('2024-05-26T10:00');
    const before = await factsOf(db);
    const preview = await changeDate(db, said(), morning, true);
    expect(preview).toMatchObject({
      kind: 'changed',
      moved: [{ ref: REF, old: { due_on: '2024-05-31' }, new: { due_on: '2024-05-28' } }],
      mails: 1,
    });
    expect(await factsOf(db)).toEqual(before);
    const saved = await changeDate(db, said(), morning);
    expect(saved).toEqual(preview);
    expect(saved.kind === 'changed' && saved.notices).toBeGreaterThan(0);
    expect(await standing(db, morning, id)).toMatchObject({ due_on: '2024-05-28', version: 2 });
    expect(await mails()).toEqual([{ key: 'ine_jde_mich', state: 'queued' }]);
    const planned = await db
      .selectFrom('notice')
      .where('deadline_id', '=', id)
      .where('deadline_version', '=', 1)
      .where('state', '=', 'planned')
      .select('id')
      .execute();
    expect(planned).toEqual([]);
    expect(await findManualDate(db, morning, id)).toMatchObject({
      ground: 'ine_notice',
      document: 'INE/DEOE/1234/2024',
    });
    expect(await findManualDate(db, momentOf(instantOf('2024-05-26T09:00')), id)).toBeUndefined();
  });

  test('is told in the reminders with what fixed it, not with the rule it goes against', async () => {
    await changeDate(db, said(), MORNING);
    const morning = at('2024-05-23T08:00');
    await planNotices(db, morning);
    const messages = await db
      .selectFrom('message')
      .innerJoin('notice', 'notice.message_id', 'message.id')
      .where('notice.deadline_id', '=', id)
      .where('notice.state', '=', 'planned')
      .select(['message.id', 'message.person_id'])
      .execute();
    const { deadlines } = await loadMailFacts(db, morning, messages);
    expect(deadlines.get(id)!.why()).toBe('Fecha fijada por oficio del INE: INE/DEOE/1234/2024');
    const others = [...deadlines.values()].filter((deadline) => deadline.id !== id);
    expect(others.map(({ why }) => why()).filter((why) => /fijada/.test(why) || why === '')).toEqual([]);
  });

  test('stays when its event moves, and shows beside it what the rule gives by then', async () => {
    await changeDate(db, said({ due_time: '18:00' }), MORNING);
    await moveJornada('2024-12-08', at('2024-05-16T10:00'));
    const after = at('2024-05-16T11:00');
    expect(await standing(db, after, id)).toMatchObject({
      due_on: '2024-05-28',
      due_time: '18:00',
      version: 2,
    });
    const { steps } = await db
      .selectFrom('deadline_version')
      .where('deadline_id', '=', id)
      .where('version', '=', 2)
      .select('steps')
      .executeTakeFirstOrThrow();
    expect(steps.at(-1)).toMatchObject({ op: 'result', due_on: '2024-12-06' });
  });

  test('is told in the history with what fixed it, and so is going back', async () => {
    await changeDate(db, said(), MORNING);
    await changeDate(db, computed(2), at('2024-05-16T10:00'));
    const history = await deadlineHistory(db, at('2024-05-17T10:00'), id);
    expect(history.map(({ kind }) => kind)).toEqual(['dated', 'dated_by_hand', 'dated']);
    expect(history[0]).toMatchObject({
      dates: { due_on: '2024-05-31' },
      act: { act: 'INE/DEOE/1300/2024', summary: `${REF}: vuelve a la fecha que da la regla` },
      by: expect.stringContaining('Titular') as string,
    });
    expect(history[1]).toMatchObject({
      dates: { due_on: '2024-05-28' },
      reason: 'El INE adelantó la entrega',
    });
  });

  test('taken back gives the date the rule gives by then, and computation moves it again', async () => {
    await changeDate(db, said(), MORNING);
    await moveJornada('2024-12-08', at('2024-05-16T10:00'));
    const back = await changeDate(db, computed(2), at('2024-05-17T10:00'));
    expect(back).toMatchObject({ kind: 'changed', moved: [{ new: { due_on: '2024-12-06' } }], mails: 1 });
    await moveJornada('2024-12-15', at('2024-05-18T10:00'));
    expect(await standing(db, at('2024-05-18T11:00'), id)).toMatchObject({ due_on: '2024-12-13' });
    expect(await changeDate(db, computed(4), at('2024-05-19T10:00'))).toEqual({ kind: 'not_by_hand' });
  });

  test('equal to what the rule gives protects too, and can be taken back', async () => {
    await changeDate(db, said({ due_on: '2024-05-31' }), MORNING);
    expect(await findManualDate(db, MORNING, id)).toBeDefined();
    await changeDate(db, computed(2), at('2024-05-16T10:00'));
    expect(await findManualDate(db, at('2024-05-16T11:00'), id)).toBeUndefined();
    await moveJornada('2024-12-08', at('2024-05-17T10:00'));
    expect(await standing(db, at('2024-05-17T11:00'), id)).toMatchObject({ due_on: '2024-12-06' });
  });

  test('survives closing and reopening', async () => {
    await changeDate(db, said(), MORNING);
    const facts = { deadline_id: id, reason: 'x', person_id: person };
    await closeDeadline(db, { ...facts, kind: 'waived', document: 'A-1' }, at('2024-05-16T10:00'));
    expect(await changeDate(db, said({ version: 2 }), at('2024-05-16T11:00'))).toMatchObject({
      kind: 'waived',
    });
    await reopenDeadline(db, facts, at('2024-05-17T10:00'));
    await moveJornada('2024-12-08', at('2024-05-18T10:00'));
    const after = at('2024-05-18T11:00');
    expect(await standing(db, after, id)).toMatchObject({ due_on: '2024-05-28' });
    expect(await findManualDate(db, after, id)).toMatchObject({ document: 'INE/DEOE/1234/2024' });
    expect((await deadlineHistory(db, after, id)).map(({ kind }) => kind)).toEqual([
      'reopened',
      'closed',
      'dated_by_hand',
      'dated',
    ]);
  });

  test('moves what is counted from it in the same change', async () => {
    await sql`
      insert into deadline_rule (obligation_id, version, rule, sentence, recorded_at)
      select id, 2, ${JSON.stringify({ type: 'offset', milestone: `obligacion:${REF}`, amount: 5, unit: 'days', direction: 'after' })}::jsonb,
        'Cinco días después', ${MORNING.at}::timestamptz
      from obligation where ref = 'AT-F-9'`.execute(db);
    const { process_id } = await db
      .selectFrom('obligation')
      .where('ref', '=', REF)
      .select('process_id')
      .executeTakeFirstOrThrow();
    await recomputeDeadlines(db, process_id, at('2024-05-15T11:00'));
    const outcome = await changeDate(db, said(), at('2024-05-15T12:00'));
    expect(
      outcome.kind === 'changed' && outcome.moved.map(({ ref, new: now }) => [ref, now?.due_on]),
    ).toEqual([
      [REF, '2024-05-28'],
      ['AT-F-9', '2024-06-02'],
    ]);
    expect(outcome).toMatchObject({ mails: 2 });
  });

  test('is said once by the same form, and not over what somebody changed meanwhile', async () => {
    const first = await changeDate(db, said(), MORNING);
    expect(first.kind).toBe('changed');
    expect(await changeDate(db, said(), at('2024-05-15T10:01'))).toMatchObject({ kind: 'changed', mails: 0 });
    expect(await changeDate(db, said({ due_on: '2024-05-29' }), at('2024-05-15T10:02'))).toEqual({
      kind: 'changed_meanwhile',
    });
    expect(await mails()).toHaveLength(1);
  });

  test('closes a window that would open after it', async () => {
    const { deadline_id, opens_on, version } = await db
      .selectFrom('deadline_version')
      .where('opens_on', '>', '2024-05-20')
      .where('superseded_at', 'is', null)
      .where('settled_at', 'is', null)
      .select(['deadline_id', 'opens_on', 'version'])
      .executeTakeFirstOrThrow();
    expect(opens_on).not.toBeNull();
    await changeDate(db, said({ deadline_id, version, due_on: '2024-05-18' }), MORNING);
    const now = await db
      .selectFrom('deadline_version')
      .where('deadline_id', '=', deadline_id)
      .where('superseded_at', 'is', null)
      .select(['opens_on', 'due_on', 'lapses_at'])
      .executeTakeFirstOrThrow();
    expect(now).toEqual({ opens_on: null, due_on: '2024-05-18', lapses_at: '2024-05-19T06:00:00.000000Z' });
  });
});
