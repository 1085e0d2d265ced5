// The calendar's numbers, counted from indexes, against the same deadlines walked through one by one.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { OBLIGOR_KEYS, STATUS_KEYS } from '../../app/components/calendar-query.ts';
import { addDays } from '../../app/domain/plain-date.ts';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { countDoubts, countForCalendar } from '../../db/deadline-counts.ts';
import { listDeadlines, listOpenDeadlines, type DeadlineFilter } from '../../db/deadlines.ts';
import { freshDatabase } from '../support/database.ts';

const STATUSES = Object.values(STATUS_KEYS);
const SETTLED: readonly string[] = ['concluded_on_time', 'concluded_late', 'waived'];

const FILTERS: DeadlineFilter[] = [
  {},
  { area: 'iem_deoe' },
  { instrument: 'AT' },
  ...Object.values(OBLIGOR_KEYS).map((obligor) => ({ obligor })),
  ...STATUSES.map((status) => ({ status })),
  { doubt: 'provisional' },
  { doubt: 'unverified' },
  { text: 'bodegas' },
  { area: 'iem_deoe', status: 'overdue' },
];

/** What the lists say, row by row. */
async function countRows(db: Db, moment: Moment, filter: DeadlineFilter) {
  const rows = await listDeadlines(db, moment, filter);
  return {
    total: (await listDeadlines(db, moment)).length,
    matching: rows.length,
    overdue: rows.filter(({ status }) => status === 'overdue').length,
    settled: rows.filter(({ status }) => SETTLED.includes(status)).length,
  };
}

test('the calendar counts what its lists show, at the present and at a past cut', async () => {
  const { db } = await freshDatabase('demo');
  const present = await now(db);
  expect((await countForCalendar(db, present, {})).overdue).toBeGreaterThan(3);
  for (const moment of [present, momentOf('2024-04-10T18:00:00Z')]) {
    for (const filter of FILTERS) {
      expect({ filter, ...(await countForCalendar(db, moment, filter)) }).toEqual({
        filter,
        ...(await countRows(db, moment, filter)),
      });
    }
  }
});

test('what depends on the Dirección counts as many as its lists show', async () => {
  const { db } = await freshDatabase('demo');
  for (const moment of [await now(db), momentOf('2024-04-10T18:00:00Z')]) {
    const waiting = await listDeadlines(db, moment, { status: 'waiting' });
    expect(await countDoubts(db, moment)).toEqual({
      events: new Set(waiting.map(({ waiting_for }) => waiting_for)).size,
      waiting: waiting.length,
      provisional: (await listDeadlines(db, moment, { doubt: 'provisional' })).length,
      unverified: (await listDeadlines(db, moment, { doubt: 'unverified' })).length,
    });
    expect(waiting.length).toBeGreaterThan(0);
  }
});

test('a process that is not published counts nowhere', async () => {
  const { db } = await freshDatabase('demo');
  const moment = await now(db);
  await sql`update process set published_at = null`.execute(db);
  expect(await countForCalendar(db, moment, {})).toEqual({ total: 0, matching: 0, overdue: 0, settled: 0 });
  expect(await countDoubts(db, moment)).toEqual({ events: 0, waiting: 0, provisional: 0, unverified: 0 });
});

test('the filter by a state lets through exactly the deadlines in that state, at any moment', async () => {
  const { db } = await freshDatabase('demo');
  const instants = fc
    .date({ min: new Date('2023-08-01'), max: new Date('2024-08-31'), noInvalidDate: true })
    .map((date) => momentOf(date.toISOString()));
  await fc.assert(
    fc.asyncProperty(instants, async (moment) => {
      const rows = await listDeadlines(db, moment);
      for (const status of STATUSES) {
        const listed = await listDeadlines(db, moment, { status });
        expect(listed.map(({ id }) => id)).toEqual(
          rows.filter((row) => row.status === status).map(({ id }) => id),
        );
      }
    }),
    { numRuns: 10 },
  );
});

test('an agenda cut to a few overdue deadlines keeps the oldest of them and everything else', async () => {
  const { db } = await freshDatabase('demo');
  for (const moment of [await now(db), momentOf('2024-04-10T18:00:00Z')]) {
    for (const filter of [{}, { area: 'iem_deoe' }]) {
      const until = addDays(moment.today, 30);
      const whole = await listOpenDeadlines(db, moment, filter, until);
      const overdue = whole.filter(({ status }) => status === 'overdue');
      const kept = new Set(overdue.slice(0, 2));
      expect(await listOpenDeadlines(db, moment, filter, until, 2)).toEqual(
        whole.filter((row) => row.status !== 'overdue' || kept.has(row)),
      );
    }
  }
});
