// What becomes of the notices when people go: a whole area, one of them half way up a ladder, and an address entered twice.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../app/domain/email-address.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { listCoverageGaps } from '../../db/coverage.ts';
import type { Db } from '../../db/client.ts';
import { addPerson, appointPerson, disablePerson } from '../../db/staff.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { personId } from '../support/facts-of-deadlines.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';
/** Before the morning's mails. */
const EARLY = momentOf(instantOf(`${DAY}T07:00`));

/** Everybody in a post of these areas, all areas when none is named, leaves for good. */
async function disableAll(db: Db, ...areas: string[]): Promise<string[]> {
  const actor_id = await personId(db, 'administracion@iem.example');
  const { rows: people } = await sql<{ id: number; email: string }>`
    select distinct person.id, person.email from person
    join appointment on appointment.person_id = person.id
    join post on post.id = appointment.post_id join area on area.id = post.area_id
    where ${areas.length === 0} or area.key = any (${areas})`.execute(db);
  for (const { id } of people) {
    expect(await disablePerson(db, { actor_id, person_id: id, moment: EARLY })).toBe('done');
  }
  return people.map(({ email }) => email);
}

/** The deadlines of an area, or of all, that mails which the server took tell of. */
async function toldOf(db: Db, area?: string): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct n.deadline_id as id from notice n
    join deadline d on d.id = n.deadline_id
    join obligation_area oa on oa.obligation_id = d.obligation_id and oa.role = 'responsible'
    join area on area.id = oa.area_id
    where n.state = 'accepted' and (${area ?? null}::text is null or area.key = ${area ?? null})
    order by 1`.execute(db);
  return rows.map(({ id }) => id);
}

async function passAt(db: Db, day: string, smtpUrl?: string) {
  return runPass(deliveryAt(db, morning(day), smtpUrl));
}

describe('an area whose every person is disabled', () => {
  test('loses no notice: whoever is above is told, and the Dirección sees what has nobody', async () => {
    const before = await freshDatabase('demo');
    await passAt(before.db, DAY);
    const owed = await toldOf(before.db, 'iem_deoe');
    expect(owed.length).toBeGreaterThan(5);

    const { db } = await freshDatabase('demo');
    const sink = await smtpSink();
    const gone = await disableAll(db, 'iem_deoe');
    expect(gone.length).toBeGreaterThan(1);
    expect((await passAt(db, DAY, sink.url)).uncovered).toEqual([]);
    expect(await toldOf(db, 'iem_deoe')).toEqual(owed);
    expect(sink.received.filter(({ to }) => gone.includes(to))).toEqual([]);

    const gaps = await listCoverageGaps(db, morning(DAY));
    const blocked = new Map(gaps.map((gap) => [gap.deadline_id, gap.covered_by]));
    expect(owed.filter((id) => blocked.has(id)).length).toBeGreaterThan(5);
    expect([...blocked.values()]).not.toContain(null);
  });

  test('with nobody left anywhere, nothing is sent, the pass names the areas, and who comes next is told', async () => {
    const before = await freshDatabase('demo');
    await passAt(before.db, DAY);
    const owed = await toldOf(before.db, 'iem_deoe');

    const { db } = await freshDatabase('demo');
    const sink = await smtpSink();
    await disableAll(db);
    const { uncovered } = await passAt(db, DAY, sink.url);
    expect(uncovered).toContain('Dirección Ejecutiva de Organización Electoral');
    expect(await toldOf(db)).toEqual([]);
    expect((await listCoverageGaps(db, morning(DAY))).every(({ covered_by }) => covered_by === null)).toBe(
      true,
    );

    const actor_id = await personId(db, 'administracion@iem.example');
    const moment = momentOf(instantOf(`${DAY}T12:00`));
    const person_id = await addPerson(
      db,
      { name: 'Inés Olmo', email: 'nueva@iem.example' },
      { actor_id, moment },
    );
    await sql`update appointment set until_on = ${addDays(DAY, -1)} from post, area where post.id = appointment.post_id
      and area.id = post.area_id and area.key = 'iem_deoe' and post.kind = 'liaison'`.execute(db);
    await appointPerson(
      db,
      { actor_id, person_id: person_id!, moment },
      { area_key: 'iem_deoe', kind: 'liaison', title: 'Enlace', from_on: DAY },
    );
    sink.received.length = 0;
    await runPass(deliveryAt(db, moment, sink.url));
    const told = await toldOf(db, 'iem_deoe');
    expect(owed.filter((id) => !told.includes(id))).toEqual([]);
    expect(new Set(sink.received.map(({ to }) => to))).toEqual(new Set(['nueva@iem.example']));
  });
});

test('somebody who leaves half way up a ladder is told no more, and the ladder goes on without a gap', async () => {
  const LAST = addDays(DAY, 20);
  const climbed = async (db: Db, id: number) => {
    const { rows } = await sql<{ rung: string }>`
      select distinct rung, offset_hours from notice where deadline_id = ${id} and state = 'accepted'
      order by offset_hours`.execute(db);
    return rows.map(({ rung }) => rung);
  };
  const staying = await freshDatabase('demo');
  for (let day = DAY; day <= LAST; day = addDays(day, 1)) await passAt(staying.db, day);

  const { db } = await freshDatabase('demo');
  const sink = await smtpSink();
  const LEAVES = addDays(DAY, 3);
  for (let day = DAY; day < LEAVES; day = addDays(day, 1)) await passAt(db, day, sink.url);
  // One that was told of the coming date, which then lies after they left.
  const { rows } = await sql<{ person_id: number; email: string; deadline_id: number; area_key: string }>`
    select n.person_id, person.email, n.deadline_id, area.key as area_key
    from notice n join person on person.id = n.person_id
    join deadline_version v on v.deadline_id = n.deadline_id and v.version = n.deadline_version
    join deadline d on d.id = n.deadline_id
    join obligation_area oa on oa.obligation_id = d.obligation_id and oa.role = 'responsible'
    join area on area.id = oa.area_id
    where n.state = 'accepted' and n.kind = 'reminder' and person.email like 'enlace.%'
      and v.due_on between ${addDays(LEAVES, 2)} and ${addDays(LEAVES, 6)}
    order by n.id limit 1`.execute(db);
  const { person_id, email, deadline_id, area_key } = rows[0]!;
  const actor_id = await personId(db, 'administracion@iem.example');
  const moment = momentOf(instantOf(`${LEAVES}T07:00`));
  await disablePerson(db, { actor_id, person_id, moment });
  await sql`update appointment set until_on = ${addDays(LEAVES, -1)} where person_id = ${person_id}`.execute(
    db,
  );
  const successor = await addPerson(
    db,
    { name: 'Inés Olmo', email: 'nueva@iem.example' },
    { actor_id, moment },
  );
  await appointPerson(
    db,
    { actor_id, person_id: successor!, moment },
    { area_key, kind: 'liaison', title: 'Enlace', from_on: LEAVES },
  );
  sink.received.length = 0;
  for (let day = LEAVES; day <= LAST; day = addDays(day, 1)) await passAt(db, day, sink.url);

  expect(sink.received.map(({ to }) => to)).not.toContain(email);
  expect(await climbed(db, deadline_id)).toEqual(await climbed(staying.db, deadline_id));
  const { rows: twice } = await sql`
    select from notice where deadline_id = ${deadline_id} and state = 'accepted'
    group by person_id, rung having count(*) > 1`.execute(db);
  expect(twice).toEqual([]);
  // Of what had been told before, the one who came hears where it stands now, once.
  const first = sink.received.filter(({ to }) => to === 'nueva@iem.example');
  expect(first.length).toBeGreaterThan(0);
  const { rows: mornings } = await sql`
    select from message where person_id = ${successor} and kind = 'digest' group by run_on having count(*) > 1`.execute(
    db,
  );
  expect(mornings).toEqual([]);
});

test('the same address entered twice is one person, who gets one mail of the morning for both areas', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink();
  const actor_id = await personId(db, 'administracion@iem.example');
  const person_id = await personId(db, 'enlace.deoe@iem.example');
  const typed = parseEmailAddress(' Enlace.DEOE@iem.example ');
  if (!typed.ok) throw new Error(typed.message);
  expect(
    await addPerson(db, { name: 'Otra vez', email: typed.value }, { actor_id, moment: EARLY }),
  ).toBeUndefined();
  await sql`update appointment set until_on = ${addDays(DAY, -1)} from post, area where post.id = appointment.post_id
    and area.id = post.area_id and area.key = 'iem_dea' and post.kind = 'liaison'`.execute(db);
  await appointPerson(
    db,
    { actor_id, person_id, moment: EARLY },
    { area_key: 'iem_dea', kind: 'liaison', title: 'Enlace', from_on: DAY },
  );
  await passAt(db, DAY, sink.url);
  const { rows: told } = await sql<{ area: string }>`
    select distinct area.key as area from notice n
    join deadline d on d.id = n.deadline_id
    join obligation_area oa on oa.obligation_id = d.obligation_id and oa.role = 'responsible'
    join area on area.id = oa.area_id
    where n.person_id = ${person_id} and n.state = 'accepted' order by 1`.execute(db);
  expect(told.map(({ area }) => area)).toEqual(expect.arrayContaining(['iem_dea', 'iem_deoe']));
  const digests = await db
    .selectFrom('message')
    .where('person_id', '=', person_id)
    .where('kind', '=', 'digest')
    .execute();
  expect(digests).toHaveLength(1);
  expect(new Set(sink.received.map(({ message_id }) => message_id)).size).toBe(sink.received.length);
});
