import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { addDays } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { answerNotice, listAnswers } from '../../db/notice-answers.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { onlyDeadline, told } from '../support/one-deadline.ts';

/** A Friday, with its rungs on 17, 23 and 24 May, and the escalations from Monday 27. */
const DUE = '2024-05-24';
const ANSWERED = '2024-05-17';

/** A deadline two people have just been told of, and a way to let mornings pass. */
async function toldOfIt() {
  const { db } = await freshDatabase('demo');
  const id = await onlyDeadline(db, 'high', DUE);
  await runPass(deliveryAt(db, morning(ANSWERED)));
  const people = await db
    .selectFrom('notice')
    .innerJoin('person', 'person.id', 'notice.person_id')
    .where('notice.deadline_id', '=', id)
    .where('notice.state', '=', 'accepted')
    .select(['person.id', 'person.name'])
    .distinct()
    .orderBy('person.id')
    .execute();
  const [person, other] = people;
  if (!person || !other) throw new Error('Nobody was told');
  return {
    db,
    id,
    person,
    other,
    async mornings(until: string) {
      for (let day = addDays(ANSWERED, 1); day <= until; day = addDays(day, 1)) {
        await runPass(deliveryAt(db, morning(day)));
      }
    },
  };
}

const dates = (db: Db, id: number) =>
  db.selectFrom('deadline_version').where('deadline_id', '=', id).selectAll().execute();

const sent = (lines: string[]) => lines.filter((line) => line.includes('accepted'));

test('whoever says they attend to it is not told the next time, then as before; others and the date are untouched', async () => {
  const { db, id, person, other, mornings } = await toldOfIt();
  const before = await dates(db, id);
  const answer = { deadline_id: id, person, until_on: null };
  expect(await answerNotice(db, answer, morning(ANSWERED))).toBe(true);
  expect(await answerNotice(db, answer, morning(ANSWERED))).toBe(true);
  expect(await listAnswers(db, id)).toHaveLength(1);
  await mornings('2024-05-27');
  expect(await told(db, id, person.id)).toEqual(
    expect.arrayContaining([
      '-5 accepted 2024-05-17 digest',
      '-1 cancelled',
      '0 accepted 2024-05-24 digest',
      '+1 accepted 2024-05-27 escalation',
    ]),
  );
  expect(sent(await told(db, id, other.id))).toEqual([
    '-5 accepted 2024-05-17 digest',
    '-1 accepted 2024-05-23 digest',
    '0 accepted 2024-05-24 digest',
    '+1 accepted 2024-05-27 escalation',
  ]);
  const held = await db
    .selectFrom('notice')
    .where('answer_id', 'is not', null)
    .select(['rung', 'state', 'reason', 'person_id'])
    .execute();
  expect(held).toEqual([
    {
      rung: '-1',
      state: 'cancelled',
      reason: `acuse de ${person.name}, vie 17 may 2024`,
      person_id: person.id,
    },
  ]);
  expect(await dates(db, id)).toEqual(before);
});

test('after days of silence it holds back what would have come first, and nothing more', async () => {
  const { db, id, person } = await toldOfIt();
  await answerNotice(db, { deadline_id: id, person, until_on: null }, morning(ANSWERED));
  await runPass(deliveryAt(db, morning('2024-05-27')));
  expect(await told(db, id, person.id)).toEqual(
    expect.arrayContaining(['-1 cancelled', '0 superseded', '+1 accepted 2024-05-27 escalation']),
  );
  await runPass(deliveryAt(db, morning('2024-05-28')));
  expect(await told(db, id, person.id)).toContain('+3 accepted 2024-05-28 escalation');
});

test('it holds back the reminder of a Sunday, not the one of the day that the reminder takes the place of', async () => {
  const { db, id, person } = await toldOfIt();
  await sql`update deadline_version set due_on = '2024-05-26', lapses_at = lapses_at + interval '2 days'
    where deadline_id = ${id}`.execute(db);
  await answerNotice(db, { deadline_id: id, person, until_on: null }, morning(ANSWERED));
  await runPass(deliveryAt(db, morning('2024-05-24')));
  const lines = await told(db, id, person.id);
  expect(lines).toEqual(expect.arrayContaining(['-1 cancelled', '0 superseded']));
  expect(lines.filter((line) => line.includes('2024-05-24'))).toEqual([]);
});

test('an escalation goes to everybody else although one of them said they attend to it', async () => {
  const { db, id, person, other, mornings } = await toldOfIt();
  await mornings('2024-05-24');
  await answerNotice(db, { deadline_id: id, person, until_on: null }, morning('2024-05-24'));
  for (const day of ['2024-05-27', '2024-05-28']) await runPass(deliveryAt(db, morning(day)));
  expect(await told(db, id, person.id)).toContain('+1 cancelled');
  expect(await told(db, id, other.id)).toContain('+1 accepted 2024-05-27 escalation');
  expect(await told(db, id, person.id)).toContain('+3 accepted 2024-05-28 escalation');
});

test('a postponed notice comes on its day, in a reminder of that person’s own when no rung falls on it', async () => {
  const { db, id, person, other, mornings } = await toldOfIt();
  await answerNotice(db, { deadline_id: id, person, until_on: '2024-05-22' }, morning(ANSWERED));
  await mornings(DUE);
  expect(sent(await told(db, id, person.id))).toEqual([
    '-5 accepted 2024-05-17 digest',
    '-2 accepted 2024-05-22 digest',
    '-1 accepted 2024-05-23 digest',
    '0 accepted 2024-05-24 digest',
  ]);
  expect(await told(db, id, other.id)).not.toContain('-2 accepted 2024-05-22 digest');
});

test('what falls before the day it was postponed to is recorded as held back', async () => {
  const { db, id, person, mornings } = await toldOfIt();
  await answerNotice(db, { deadline_id: id, person, until_on: DUE }, morning(ANSWERED));
  await mornings(DUE);
  const lines = await told(db, id, person.id);
  expect(lines).toContain('-1 cancelled');
  expect(sent(lines)).toEqual(['-5 accepted 2024-05-17 digest', '0 accepted 2024-05-24 digest']);
  const held = await db
    .selectFrom('notice')
    .where('rung', '=', '-1')
    .where('person_id', '=', person.id)
    .select('reason')
    .execute();
  expect(held).toEqual([{ reason: `pospuesto por ${person.name} hasta el vie 24 may 2024` }]);
});

test('a postponed notice whose morning was missed comes with the first pass after it', async () => {
  const { db, id, person } = await toldOfIt();
  await answerNotice(db, { deadline_id: id, person, until_on: '2024-05-21' }, morning(ANSWERED));
  await runPass(deliveryAt(db, morning('2024-05-22')));
  expect(await told(db, id, person.id)).toContain('-3 accepted 2024-05-22 digest');
});

test('only the last answer counts', async () => {
  const { db, id, person, mornings } = await toldOfIt();
  await answerNotice(db, { deadline_id: id, person, until_on: DUE }, morning(ANSWERED));
  await answerNotice(db, { deadline_id: id, person, until_on: '2024-05-21' }, morning(ANSWERED));
  await mornings(DUE);
  expect(sent(await told(db, id, person.id))).toEqual([
    '-5 accepted 2024-05-17 digest',
    '-3 accepted 2024-05-21 digest',
    '-1 accepted 2024-05-23 digest',
    '0 accepted 2024-05-24 digest',
  ]);
});

test('a notice that waits in a mail is held back by the answer, and nothing after it', async () => {
  const { db, id, person, other } = await toldOfIt();
  await planNotices(db, morning('2024-05-23'));
  await answerNotice(db, { deadline_id: id, person, until_on: null }, morning('2024-05-23'));
  for (const day of ['2024-05-23', '2024-05-24']) await runPass(deliveryAt(db, morning(day)));
  const lines = await told(db, id, person.id);
  expect(lines.filter((line) => line.startsWith('-1 '))).toEqual(['-1 cancelled 2024-05-23 digest']);
  expect(lines).toContain('0 accepted 2024-05-24 digest');
  expect(await told(db, id, other.id)).toContain('-1 accepted 2024-05-23 digest');
});
