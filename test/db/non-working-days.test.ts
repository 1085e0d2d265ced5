import { describe, expect, test } from 'vitest';
import type { CalendarEdit } from '../../app/domain/calendar-form.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { applyCalendarEdit, previewCalendar } from '../../db/non-working-days.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { factsOf } from '../support/facts.ts';

const NOW = momentOf(instantOf('2024-05-15T12:00'));
const ACT = 'Acuerdo IEM-CG-01/2024';

/** The whole first half of June: whatever is counted in working days after it moves. */
function block(institution: 'IEM' | 'INE'): CalendarEdit {
  const days = [
    '2024-05-20',
    '2024-05-21',
    '2024-05-22',
    '2024-05-23',
    '2024-05-24',
    '2024-06-03',
    '2024-06-04',
  ];
  return {
    institution,
    put: days.map((day) => ({ day, name: 'Suspensión de labores', source: ACT })),
    remove: [],
    confirm: null,
  };
}

async function director(db: Db): Promise<number> {
  const { id } = await db
    .selectFrom('person')
    .where('email', '=', 'titular.devspe@iem.example')
    .select('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function inForce(db: Db) {
  const rows = await db
    .selectFrom('deadline_version')
    .where('superseded_at', 'is', null)
    .select(['deadline_id', 'due_on', 'settled_at', 'provisional'])
    .execute();
  return new Map(rows.map((row) => [row.deadline_id, row]));
}

describe.each(['IEM', 'INE'] as const)('a block of days of the %s', (institution) => {
  test('moves exactly what its preview says, with one mail for each area, and nothing that is settled', async () => {
    const { db } = await freshDatabase('demo');
    const edit = block(institution);
    const facts = await factsOf(db);
    const preview = await previewCalendar(db, edit, NOW);
    expect(await factsOf(db)).toEqual(facts);
    await planNotices(db, morning('2024-05-15'));

    const before = await inForce(db);
    const order = { edit, act: ACT, seen: preview.fingerprint, person_id: await director(db) };
    const outcome = await applyCalendarEdit(db, order, NOW);
    if (outcome.kind !== 'applied') throw new Error('not applied');
    const after = await inForce(db);
    const moved = [...after].filter(([id, row]) => row.due_on !== before.get(id)!.due_on);
    const foreseen = preview.effects.filter(
      ({ kind, reason }) => kind !== 'protected' && reason !== 'in_review',
    );
    expect(moved.map(([id, row]) => [id, row.due_on]).sort()).toEqual(
      foreseen.map(({ deadline_id, proposed }) => [deadline_id, proposed!.due_on]).sort(),
    );
    expect(moved.filter(([id]) => before.get(id)!.settled_at !== null)).toEqual([]);

    const mails = await db
      .selectFrom('message')
      .where('schedule_change_id', '=', outcome.change_id)
      .select(['kind', 'area_id'])
      .execute();
    expect(mails.map(({ area_id }) => area_id).sort()).toEqual(
      [...new Set(foreseen.map(({ area_id }) => area_id))].sort(),
    );
    expect(mails.every(({ kind }) => kind === 'date_change')).toBe(true);
    const stale = await db
      .selectFrom('notice')
      .innerJoin('deadline_version as v', (join) =>
        join
          .onRef('v.deadline_id', '=', 'notice.deadline_id')
          .onRef('v.version', '=', 'notice.deadline_version'),
      )
      .where('notice.state', '=', 'planned')
      .where('v.superseded_at', 'is not', null)
      .select('notice.id')
      .execute();
    expect(stale).toEqual([]);
    await deliverDue(deliveryAt(db, NOW));
    const change = await db.selectFrom('schedule_change').selectAll().executeTakeFirstOrThrow();
    expect(change).toMatchObject({ kind: 'non_working_days', process_id: null, act: ACT });
    const entries = await db
      .selectFrom('audit_entry')
      .where('verb', '=', 'cambió los días inhábiles')
      .selectAll()
      .execute();
    expect(entries).toHaveLength(1);
  });
});

test('the blocks do move something, so that the tests above say something', async () => {
  const { db } = await freshDatabase('demo');
  const moves = await Promise.all(
    (['IEM', 'INE'] as const).map((name) => previewCalendar(db, block(name), NOW)),
  );
  expect(moves.map(({ effects }) => effects.length > 0)).toContain(true);
});

test('an agreement confirms its year: dates that doubted only for that stay and become firm', async () => {
  const { db } = await freshDatabase('demo');
  const edit: CalendarEdit = { institution: 'IEM', put: [], remove: [], confirm: 2024 };
  const preview = await previewCalendar(db, edit, NOW);
  expect(preview.effects).toEqual([]);
  const firm = preview.settled.filter((row) => row.firm).map(({ deadline_id }) => deadline_id);
  expect(firm.length).toBeGreaterThan(0);
  const before = await inForce(db);
  expect(firm.filter((id) => before.get(id)!.provisional.length !== 1)).toEqual([]);
  const order = { edit, act: ACT, seen: preview.fingerprint, person_id: await director(db) };
  expect(await applyCalendarEdit(db, order, NOW)).toMatchObject({ kind: 'applied', moved: 0, mails: 0 });
  const after = await inForce(db);
  expect(firm.filter((id) => after.get(id)!.provisional.length > 0)).toEqual([]);
  expect((await previewCalendar(db, edit, NOW)).settled).toEqual([]);
});

test('what changed since it was previewed is not saved', async () => {
  const { db } = await freshDatabase('demo');
  const facts = await factsOf(db);
  const edit = block('IEM');
  const outcome = await applyCalendarEdit(
    db,
    { edit, act: ACT, seen: 'otro', person_id: await director(db) },
    NOW,
  );
  expect(outcome.kind).toBe('changed');
  expect(await factsOf(db)).toEqual(facts);
});

test('a day taken out gives back the dates it had moved', async () => {
  const { db } = await freshDatabase('demo');
  const person_id = await director(db);
  const before = await inForce(db);
  const apply = async (edit: CalendarEdit) => {
    const { fingerprint } = await previewCalendar(db, edit, NOW);
    return applyCalendarEdit(db, { edit, act: ACT, seen: fingerprint, person_id }, NOW);
  };
  const edit = block('IEM');
  const first = await apply(edit);
  const later = momentOf(instantOf('2024-05-15T13:00'));
  const back: CalendarEdit = {
    institution: 'IEM',
    put: [],
    remove: edit.put.map(({ day }) => day),
    confirm: null,
  };
  const { fingerprint, effects } = await previewCalendar(db, back, later);
  const second = await applyCalendarEdit(db, { edit: back, act: ACT, seen: fingerprint, person_id }, later);
  expect([first.kind, second.kind]).toEqual(['applied', 'applied']);
  expect(effects.every(({ kind }) => kind === 'moves' || kind === 'decision')).toBe(true);
  const dates = (rows: typeof before) => [...rows].map(([id, { due_on }]) => [id, due_on]).sort();
  expect(dates(await inForce(db))).toEqual(dates(before));
});
