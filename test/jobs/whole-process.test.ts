import { expect, test } from 'vitest';
import { isAttended } from '../../app/domain/attention.ts';
import { ladderDays } from '../../app/domain/ladder.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { loadAttention } from '../../db/attention.ts';
import { findLadder } from '../../db/ladders.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt } from '../support/delivery.ts';
import { smtpSink } from '../support/smtp-sink.ts';

test('day by day through the whole process, everybody is told once on each rung and what was sent is what arrived', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink();
  const moment = { at: '' };
  const delivery = deliveryAt(db, moment, sink.url);
  for (let day = '2023-09-01'; day <= '2024-07-31'; day = addDays(day, 1)) {
    // Around the Jornada something is counted in hours: there the worker looks all day long.
    const hours =
      day > '2024-05-30' && day < '2024-06-08' ? Array.from({ length: 24 }, (_, hour) => hour) : [8];
    for (const hour of hours) {
      moment.at = instantOf(`${day}T${String(hour).padStart(2, '0')}:00`);
      await runPass(delivery);
    }
  }

  const messages = await db.selectFrom('message').where('run_on', 'is not', null).selectAll().execute();
  expect(messages.filter(({ state }) => state !== 'accepted')).toEqual([]);
  expect(sink.received.map(({ message_id }) => message_id).sort()).toEqual(
    messages.map(({ message_id }) => message_id).sort(),
  );

  const notices = await db
    .selectFrom('notice')
    .innerJoin('message', 'message.id', 'notice.message_id')
    .innerJoin('deadline_version as v', (join) =>
      join
        .onRef('v.deadline_id', '=', 'notice.deadline_id')
        .onRef('v.version', '=', 'notice.deadline_version'),
    )
    .select([
      'notice.deadline_id',
      'notice.rung',
      'notice.person_id',
      'notice.planned_on',
      'notice.state',
      'message.run_on',
      'message.created_at',
      'v.due_on',
      'v.settled_at',
    ])
    .execute();
  expect(notices.length).toBeGreaterThan(1000);
  expect(new Set(notices.map((n) => `${n.deadline_id}/${n.rung}/${n.person_id}`)).size).toBe(notices.length);
  // No mail after the conclusion.
  expect(notices.filter((n) => n.settled_at !== null && n.created_at > n.settled_at)).toEqual([]);
  // From the second morning on, every notice leaves on the very day of its rung, and what is counted in days on a
  // day on which mail is read.
  const afterFirst = notices.filter((n) => n.run_on! > '2023-09-01');
  expect(afterFirst.filter((n) => n.planned_on !== n.run_on)).toEqual([]);
  const attention = await loadAttention(db);
  const inDays = afterFirst.filter(({ rung }) => !rung.endsWith('h'));
  expect(inDays.filter((n) => !isAttended(attention, n.run_on!))).toEqual([]);
  expect(afterFirst.length - inDays.length).toBeGreaterThan(5);

  // Whoever is told at all about a deadline that nobody reported climbs every rung that person belongs to.
  const unreported = await db
    .selectFrom('deadline_version as v')
    .where('v.due_on', '>', '2023-09-20')
    .where('v.due_on', '<', '2024-07-20')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('submission')
            .whereRef('submission.deadline_id', '=', 'v.deadline_id')
            .select('submission.id'),
        ),
      ),
    )
    .select(['v.deadline_id', 'v.due_on'])
    .execute();
  expect(unreported.length).toBeGreaterThan(40);
  for (const { deadline_id, due_on } of unreported) {
    const told = new Set(notices.filter((n) => n.deadline_id === deadline_id).map(({ rung }) => rung));
    const { versions: ladder } = (await findLadder(db, { deadline: deadline_id }))!;
    // «Vence hoy» is not said on a day without attention: the reminder before says which day it is.
    const days = ladderDays(ladder, due_on!, attention)
      .filter(({ rung, on }) => rung.amount !== 0 || on === due_on)
      .map(({ rung }) => rung.key);
    const hours = ladder[0]!.rungs.filter(({ unit }) => unit === 'hours').map(({ key }) => key);
    expect({ due_on, rungs: [...told].sort() }).toEqual({ due_on, rungs: [...days, ...hours].sort() });
  }

  const digests = messages.filter(({ kind }) => kind === 'digest').map((m) => `${m.person_id}/${m.run_on}`);
  expect(new Set(digests).size).toBe(digests.length);
}, 240_000);
