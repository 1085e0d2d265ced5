import { expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { simulateNotices, type SimulatedNotice } from '../../db/notice-simulation.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt } from '../support/delivery.ts';
import { factsOf } from '../support/facts.ts';

const FROM = '2024-05-15';
const START = '2024-05-15T09:00';
/** Sixty days. */
const TO = addDays(FROM, 59);

const line = ({
  on,
  mail,
  obligation,
  due_on,
  rung,
  to,
}: Pick<SimulatedNotice, 'on' | 'mail' | 'obligation' | 'due_on' | 'rung' | 'to'>) =>
  [on, mail, obligation, due_on, rung, to].join(' ');

/** What the worker really sent, as the simulator would say it. */
async function sentNotices(db: Db) {
  const rows = await db
    .selectFrom('notice')
    .innerJoin('message', 'message.id', 'notice.message_id')
    .innerJoin('person', 'person.id', 'notice.person_id')
    .innerJoin('deadline', 'deadline.id', 'notice.deadline_id')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .innerJoin('deadline_version as v', (join) =>
      join
        .onRef('v.deadline_id', '=', 'notice.deadline_id')
        .onRef('v.version', '=', 'notice.deadline_version'),
    )
    .where('notice.state', '=', 'accepted')
    .select(['message.run_on', 'message.kind', 'obligation.ref', 'v.due_on', 'notice.rung', 'person.email'])
    .execute();
  return rows.map(({ run_on, kind, ref, due_on, rung, email }) =>
    line({ on: run_on!, mail: kind, obligation: ref, due_on: due_on!, rung, to: email }),
  );
}

test('sixty simulated days are the sixty days the worker then makes', async () => {
  const { db } = await freshDatabase('demo');
  const present = momentOf(instantOf(START));
  const before = await factsOf(db);
  const simulated = await simulateNotices(db, present, { from: FROM, to: TO });
  expect(await factsOf(db)).toEqual(before);

  const moment = { at: present.at };
  const delivery = deliveryAt(db, moment);
  for (let day = FROM; day <= TO; day = addDays(day, 1)) {
    // Only around the Jornada does anything fall due at an hour.
    const allDay = day > '2024-05-28' && day < '2024-06-10';
    for (const hour of allDay ? [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22] : [8, 12]) {
      moment.at = instantOf(`${day}T${String(hour).padStart(2, '0')}:00`);
      if (moment.at >= present.at) await runPass(delivery);
    }
  }
  const sent = await sentNotices(db);
  expect(sent.length).toBeGreaterThan(300);
  expect(simulated.map(line).sort()).toEqual(sent.sort());
  expect(new Set(simulated.map(({ mail }) => mail))).toEqual(
    new Set(['digest', 'escalation', 'hour_reminder']),
  );
}, 300_000);

test('what has left today is not simulated again', async () => {
  const { db } = await freshDatabase('demo');
  const morning = momentOf(instantOf(START));
  const scope = { from: FROM, to: addDays(FROM, 5) };
  const simulated = await simulateNotices(db, morning, scope);
  await runPass(deliveryAt(db, { at: morning.at }));
  const noon = momentOf(instantOf(`${FROM}T12:00`));
  const left = await simulateNotices(db, noon, scope);
  expect(left.length).toBeGreaterThan(0);
  expect(left.map(line)).toEqual(simulated.filter(({ on }) => on > FROM).map(line));
});

test('one area or one obligation is a part of the whole', async () => {
  const { db } = await freshDatabase('demo');
  const present = momentOf(instantOf(START));
  const scope = { from: '2024-05-16', to: '2024-05-24' };
  const whole = await simulateNotices(db, present, scope);
  const { area, obligation } = whole[0]!;
  expect((await simulateNotices(db, present, { ...scope, area })).map(line)).toEqual(
    whole.filter((notice) => notice.area === area).map(line),
  );
  expect((await simulateNotices(db, present, { ...scope, obligation })).map(line)).toEqual(
    whole.filter((notice) => notice.obligation === obligation).map(line),
  );
  expect(whole.every(({ on }) => on >= scope.from && on <= scope.to)).toBe(true);
});
