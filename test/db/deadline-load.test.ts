// The load by weeks and days, against the lists its numbers open.
import { expect, test } from 'vitest';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { addDays } from '../../app/domain/plain-date.ts';
import { mondayOf } from '../../app/domain/weeks.ts';
import { now } from '../../db/clock.ts';
import type { Db } from '../../db/client.ts';
import { countForCalendar } from '../../db/deadline-counts.ts';
import { countByDay, loadByWeek } from '../../db/deadline-load.ts';
import { listDeadlines, type DeadlineFilter } from '../../db/deadlines.ts';
import { ensureLadders, saveLadder } from '../../db/ladders.ts';
import { freshDatabase } from '../support/database.ts';

const length = async (db: Db, moment: Moment, filter: DeadlineFilter) => {
  const { length: listed } = await listDeadlines(db, moment, filter);
  expect((await countForCalendar(db, moment, filter)).matching).toBe(listed);
  return listed;
};

test('every number of weeks by areas is the length of the list behind it, at the present and at a past cut', async () => {
  const { db } = await freshDatabase('demo');
  for (const moment of [await now(db), momentOf('2024-04-10T18:00:00Z')]) {
    const first = mondayOf(moment.today);
    const last = addDays(first, 34);
    for (const asked of [{ open: true }, { open: true, obligor: 'IEM' }, { status: 'overdue' }] as const) {
      const rows = await loadByWeek(db, moment, asked, { first, last });
      const all = { due: 0, preparing: 0 };
      for (const { area_key: area, week, due, preparing } of rows) {
        const filter = { ...asked, area };
        expect(await length(db, moment, { ...filter, due: { from: week, to: addDays(week, 6) } })).toBe(due);
        expect(await length(db, moment, { ...filter, preparing: week })).toBe(preparing);
        all.due += due;
        all.preparing += preparing;
      }
      expect(all.due).toBe(await length(db, moment, { ...asked, due: { from: first, to: last } }));
      if (!('status' in asked)) expect(Math.min(all.due, all.preparing)).toBeGreaterThan(10);
    }
  }
});

test('a deadline is prepared from the first notice of its ladder until the week before its own', async () => {
  const { db } = await freshDatabase('demo');
  const moment = await now(db);
  const filter = { open: true, status: 'on_track' } as const;
  const [deadline] = (await listDeadlines(db, moment, { ...filter, obligor: 'IEM' })).filter(
    ({ due_on, due_time }) => due_time === null && due_on! > addDays(moment.today, 25),
  );
  const isPrepared = async (week: string, at = moment) =>
    (await listDeadlines(db, at, { preparing: week })).some(({ id }) => id === deadline!.id);
  const own = mondayOf(deadline!.due_on!);
  // Every ladder starts out ten days before.
  const start = mondayOf(addDays(deadline!.due_on!, -10));
  expect(await isPrepared(own)).toBe(false);
  expect(await isPrepared(addDays(own, -7))).toBe(true);
  expect(await isPrepared(start)).toBe(true);
  expect(await isPrepared(addDays(start, -7))).toBe(false);

  const process = await db.selectFrom('process').select('id').orderBy('id').executeTakeFirstOrThrow();
  await ensureLadders(db, process.id);
  await saveLadder(
    db,
    {
      process_id: process.id,
      class: deadline!.priority,
      after: 1,
      from_on: addDays(moment.today, 1),
      rungs: [{ key: '-24', amount: -24, unit: 'days', kind: 'reminder', audience: ['responsible'] }],
    },
    { person_id: 1, moment },
  );
  const longer = mondayOf(addDays(deadline!.due_on!, -24));
  expect(await isPrepared(longer)).toBe(false);
  expect(await isPrepared(longer, { ...moment, today: addDays(moment.today, 1) })).toBe(true);
});

test('a year counts each day what the list of that day shows, whatever its state', async () => {
  const { db } = await freshDatabase('demo');
  const moment = await now(db);
  const span = { from: '2024-01-01', to: '2024-12-31' };
  const counts = await countByDay(db, moment, {}, span);
  const rows = await listDeadlines(db, moment, { due: span });
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(rows.length);
  for (const [day, count] of counts) {
    expect(rows.filter(({ due_on }) => due_on === day)).toHaveLength(count);
  }
  expect(counts.size).toBeGreaterThan(50);
});
