// Closing without compliance and reopening: facts that stay, a state that follows them, notices that stop and start.
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { deadlineHistory } from '../../db/deadline-history.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { listPlanned } from '../../db/planned-notices.ts';
import { reviewSubmission } from '../../db/reviews.ts';
import { submitReport } from '../../db/submissions.ts';
import { closeDeadline, reopenDeadline } from '../../db/waivers.ts';
import { freshDatabase } from '../support/database.ts';
import { deadlineOf, personId, standing } from '../support/facts-of-deadlines.ts';
import { responsibleArea } from '../support/handed-in.ts';

/** Segunda publicación con ajustes: conditional, open until 25 May 2024. */
const REF = 'AT-F-6';
const at = (local: string) => momentOf(instantOf(local), true);

let db: Db;
let id: number;
let person: number;
let other: number;

beforeEach(async () => {
  ({ db } = await freshDatabase('demo'));
  id = await deadlineOf(db, REF);
  person = await personId(db, 'titular.devspe@iem.example');
  other = await personId(db, 'titular.coord.vinculacion@iem.example');
});

const close = (moment: Moment, changes: Partial<Parameters<typeof closeDeadline>[1]> = {}) =>
  closeDeadline(
    db,
    {
      deadline_id: id,
      kind: 'condition_not_met',
      reason: 'No hubo ajustes a la primera publicación',
      document: 'INE/JLE/55/2024',
      person_id: person,
      ...changes,
    },
    moment,
  );
const reopen = (moment: Moment) =>
  reopenDeadline(db, { deadline_id: id, reason: 'Sí hubo ajustes', person_id: other }, moment);

async function report(moment: Moment) {
  const outcome = await submitReport(
    db,
    {
      deadline_id: id,
      area_id: await responsibleArea(db, id),
      person_id: other,
      act_on: moment.today,
      act_time: null,
      medium: 'letter',
      document_number: 'X-1',
      note: '',
      form_key: '00000000-0000-4000-8000-000000000001',
      example: true,
    },
    moment,
  );
  return outcome.kind === 'received' ? outcome.submission_id : outcome;
}

describe('a deadline whose condition was not met', () => {
  test('is never overdue, and a cut before its closing still shows it open', async () => {
    expect(await close(at('2024-05-20T10:00'))).toEqual({ kind: 'closed' });
    expect(await standing(db, at('2024-07-01T10:00'), id)).toMatchObject({ status: 'waived' });
    expect(await standing(db, momentOf(instantOf('2024-05-19T10:00')), id)).toMatchObject({
      status: 'on_track',
    });
  });

  test('takes its notices with it, those in a mail that has not gone out included', async () => {
    const morning = at('2024-05-20T08:00');
    await planNotices(db, morning);
    const planned = db.selectFrom('notice').where('deadline_id', '=', id).where('state', '=', 'planned');
    const before = await planned.select(['id', 'message_id']).execute();
    expect(before.length).toBeGreaterThan(0);
    expect(before.every(({ message_id }) => message_id !== null)).toBe(true);
    // Somebody is sending one of those mails right now: its notice is left to the sender.
    await sql`update message set state = 'sending', lease_token = gen_random_uuid(), lease_until = clock_timestamp()
      where id = ${before[0]!.message_id}`.execute(db);
    await close(at('2024-05-20T10:00'));
    const after = await db
      .selectFrom('notice')
      .where('deadline_id', '=', id)
      .where('deadline_version', '=', 1)
      .where('planned_on', '>=', '2024-05-15')
      .select(['id', 'state', 'reason', 'message_id'])
      .execute();
    for (const notice of after) {
      if (notice.message_id === before[0]!.message_id) expect(notice.state).toBe('planned');
      else if (before.some((planned) => planned.id === notice.id)) {
        expect(notice).toMatchObject({
          state: 'cancelled',
          reason: 'la condición de la obligación no se actualizó',
        });
      }
    }
    await planNotices(db, at('2024-05-24T08:00'));
    const later = await listPlanned(db, at('2024-05-24T08:00'));
    expect(later.filter((n) => n.obligation === REF)).toEqual([]);
  });

  test('cannot be reported on, closed twice, nor closed when concluded or while a report waits', async () => {
    await close(at('2024-05-20T10:00'));
    expect(await close(at('2024-05-20T10:01'))).toEqual({ kind: 'closed' });
    expect(await close(at('2024-05-20T10:02'), { person_id: other })).toMatchObject({ kind: 'waived' });
    expect(await db.selectFrom('waiver').select('id').execute()).toHaveLength(1);
    expect(await report(at('2024-05-20T11:00'))).toMatchObject({ kind: 'closed', status: 'waived' });
    await reopen(at('2024-05-20T12:00'));
    const submission_id = await report(at('2024-05-21T11:00'));
    expect(await close(at('2024-05-21T12:00'))).toMatchObject({ kind: 'in_review', submission_id });
    if (typeof submission_id !== 'number') throw new Error('not received');
    const review = { submission_id, decision: 'accepted' as const, words: '', person_id: person };
    await reviewSubmission(db, review, at('2024-05-21T13:00'));
    expect(await close(at('2024-05-21T14:00'))).toEqual({ kind: 'concluded' });
  });
});

describe('a reopened deadline', () => {
  test('counts again, and every cut in between shows what was known then', async () => {
    await close(at('2024-05-20T10:00'));
    expect(await reopen(at('2024-05-22T10:00'))).toEqual({ kind: 'reopened' });
    const status = async (local: string) => (await standing(db, momentOf(instantOf(local)), id))?.status;
    expect(await status('2024-05-19T23:00')).toBe('on_track');
    expect(await status('2024-05-20T10:00')).toBe('waived');
    expect(await status('2024-05-22T09:59')).toBe('waived');
    expect(await status('2024-05-22T10:00')).toBe('due_soon');
    expect(await standing(db, at('2024-06-01T10:00'), id)).toMatchObject({ status: 'overdue', version: 2 });
    await close(at('2024-06-02T10:00'), { kind: 'waived', reason: 'Acuerdo del Consejo' });
    expect(await status('2024-06-02T09:59')).toBe('overdue');
    expect(await status('2024-06-02T10:00')).toBe('waived');
    expect(await status('2024-05-21T10:00')).toBe('waived');
  });

  test('is told of again, from that day on', async () => {
    await close(at('2024-05-20T10:00'));
    await reopen(at('2024-05-22T10:00'));
    await planNotices(db, at('2024-05-24T08:00'));
    const planned = await listPlanned(db, at('2024-05-24T08:00'));
    expect(planned.filter((notice) => notice.obligation === REF).map(({ rung }) => rung)).toContain('-1');
  });

  test('takes the date the rules give by now', async () => {
    const before = await deadlineOf(db, 'AT-F-11');
    await close(at('2024-05-20T10:00'), { deadline_id: before, kind: 'waived' });
    await sql`
      insert into milestone_version (milestone_id, version, on_date, at_time, firm, source, recorded_at)
      select id, 2, '2024-12-08', '08:00', true, 'INE/CG1/2024', ${instantOf('2024-05-21T10:00')}::timestamptz
      from milestone where key = 'jornada'`.execute(db);
    const facts = { deadline_id: before, reason: 'Sí hubo', person_id: person };
    await reopenDeadline(db, facts, at('2024-05-22T10:00'));
    expect(await standing(db, at('2024-05-22T11:00'), before)).toMatchObject({ due_on: '2024-12-06' });
    const then = momentOf(instantOf('2024-05-21T11:00'));
    expect(await standing(db, then, before)).toMatchObject({ status: 'waived', due_on: '2024-05-31' });
  });

  test('tells its history without repeating the date that did not change', async () => {
    await close(at('2024-05-20T10:00'));
    await reopen(at('2024-05-22T10:00'));
    const history = await deadlineHistory(db, at('2024-05-23T10:00'), id);
    expect(history.map(({ kind }) => kind)).toEqual(['reopened', 'closed', 'dated']);
    expect(history[0]).toMatchObject({ reason: 'Sí hubo ajustes' });
    expect(history[1]).toMatchObject({ waiver: 'condition_not_met', document: 'INE/JLE/55/2024' });
    const then = await deadlineHistory(db, momentOf(instantOf('2024-05-21T10:00')), id);
    expect(then.map(({ kind }) => kind)).toEqual(['closed', 'dated']);
  });

  test('is a matter of record, and nothing else can be reopened', async () => {
    expect(await reopen(at('2024-05-20T09:00'))).toEqual({ kind: 'not_closed' });
    await close(at('2024-05-20T10:00'));
    await reopen(at('2024-05-22T10:00'));
    const entries = await db
      .selectFrom('audit_entry')
      .where('subject', '=', `vencimiento ${id}`)
      .select(['actor', 'verb'])
      .orderBy('seq')
      .execute();
    expect(entries.slice(-2)).toEqual([
      { actor: `persona ${person}`, verb: 'registró que la condición no se actualizó' },
      { actor: `persona ${other}`, verb: 'reabrió el vencimiento' },
    ]);
  });
});

test('the database holds two waivers apart and asks who takes one back and why', async () => {
  await close(at('2024-05-20T10:00'));
  const second = sql`insert into waiver (deadline_id, kind, reason, document, recorded_by, recorded_at)
    values (${id}, 'waived', 'x', 'x', ${person}, ${instantOf('2024-05-21T10:00')}::timestamptz)`;
  await expect(second.execute(db)).rejects.toThrow(/one_waiver_at_a_time/);
  await expect(
    sql`update waiver set withdrawn_at = recorded_at + interval '1 day'`.execute(db),
  ).rejects.toThrow(/withdrawn_by_somebody_for_a_reason/);
});
