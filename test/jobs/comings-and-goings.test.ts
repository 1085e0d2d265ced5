// What becomes of the notices when people go: a whole area, one of them half way up a ladder, and an address entered twice.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../app/domain/email-address.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { listCoverageGaps, listVacantDirections } from '../../db/coverage.ts';
import type { Db } from '../../db/client.ts';
import { healthAt } from '../../db/health.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { simulateNotices } from '../../db/notice-simulation.ts';
import { addPerson, appointPerson, disablePerson, endAppointment } from '../../db/staff.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { personId } from '../support/facts-of-deadlines.ts';
import { onlyDeadline } from '../support/one-deadline.ts';
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

/** The deadlines of an area, but those it shares with the DEA, of which a person has notices in that state. */
async function plannedOf(db: Db, area: string, person_id: number, state = 'planned'): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct n.deadline_id as id from notice n
    join deadline d on d.id = n.deadline_id
    join obligation_area oa on oa.obligation_id = d.obligation_id and oa.role = 'responsible'
    join area on area.id = oa.area_id
    where n.person_id = ${person_id} and n.state = ${state} and area.key = ${area}
      and not exists (
        select from obligation_area shared join area on area.id = shared.area_id
        where shared.obligation_id = d.obligation_id and area.key = 'iem_dea' and ${area} <> 'iem_dea'
      )
    order by 1`.execute(db);
  return rows.map(({ id }) => id);
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

describe('a Dirección that loses everybody', () => {
  /** Escalations from the rung of the Dirección on about one deadline: who was told, and what the mail says. */
  async function escalations(db: Db, id: number) {
    const { rows } = await sql<{ rung: string; capacity: string; text: string }>`
      select n.rung, n.capacity, regexp_replace(m.text, '\\s+', ' ', 'g') as text
      from notice n join message m on m.id = n.message_id
      where n.deadline_id = ${id} and n.rung in ('+3', '+5') and n.state = 'accepted' order by n.id`.execute(
      db,
    );
    return rows;
  }
  const DAYS = ['2024-05-15', '2024-05-16', '2024-05-17', '2024-05-20', '2024-05-21', '2024-05-22'];

  test('is stood in for by the area above it, and the mails say whom they tell', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', DAY);
    await sql`update obligation_area set area_id = (select id from area where key = 'iem_deoe')
      where role = 'responsible' and obligation_id = (select obligation_id from deadline where id = ${id})`.execute(
      db,
    );
    await disableAll(db, 'iem_devspe');
    for (const day of DAYS) expect((await passAt(db, day)).uncovered).toEqual([]);
    const [direction] = await listVacantDirections(db, morning(DAY));
    expect(direction?.covered_by).toMatch(/Secretaría Ejecutiva/);
    const said = await escalations(db, id);
    expect(new Set(said.map(({ rung }) => rung))).toEqual(new Set(['+3', '+5']));
    for (const rung of ['+3', '+5']) {
      const told = said.filter((row) => row.rung === rung);
      expect(told.map(({ capacity }) => capacity)).toContain(direction!.covered_by);
      for (const { text } of told) {
        expect(text).toContain(`se informa a quien ocupa el cargo «${direction!.covered_by}»`);
      }
    }
  });

  test('with nobody above it either, is shown as a gap, and no mail says that it was told', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', DAY);
    await sql`update obligation_area set area_id = (select id from area where key = 'iem_deoe')
      where role = 'responsible' and obligation_id = (select obligation_id from deadline where id = ${id})`.execute(
      db,
    );
    await disableAll(db, 'iem_devspe', 'iem_se', 'iem_cg');
    for (const day of DAYS) {
      expect((await passAt(db, day)).uncovered).toEqual([
        'Dirección Ejecutiva de Vinculación y Servicio Profesional Electoral',
      ]);
    }
    expect(await listVacantDirections(db, morning(DAY))).toMatchObject([{ covered_by: null }]);
    expect((await healthAt(db, morning('2024-05-22'))).warnings.join(' ')).toContain(
      'Nadie recibe los avisos de un área',
    );
    const said = await escalations(db, id);
    expect(said.length).toBeGreaterThan(0);
    for (const { text } of said) expect(text).not.toMatch(/se (informa|avisará) a la (Dirección|Secretaría)/);
  });
});

test('somebody who went to another area gets nothing more of the old one, and whoever follows does', async () => {
  const { db } = await freshDatabase('demo');
  await sql`update appointment set until_on = '2024-05-13' from post, area where post.id = appointment.post_id
    and area.id = post.area_id and area.key = 'iem_dea' and post.kind = 'liaison'`.execute(db);
  const actor_id = await personId(db, 'administracion@iem.example');
  const person_id = await personId(db, 'enlace.deoe@iem.example');
  // Nothing leaves on the 14th: the mail server is away.
  await passAt(db, '2024-05-14', 'smtp://127.0.0.1:1');
  const moment = momentOf(instantOf('2024-05-14T12:00'));
  const { id: appointment_id } = await db
    .selectFrom('appointment')
    .where('person_id', '=', person_id)
    .select('id')
    .executeTakeFirstOrThrow();
  expect(
    await endAppointment(db, { actor_id, person_id, moment }, { appointment_id, last_day: '2024-05-14' }),
  ).toBe(true);
  const post = { area_key: 'iem_dea', kind: 'liaison', title: 'Enlace', from_on: '2024-05-15' } as const;
  await appointPerson(db, { actor_id, person_id, moment }, post);
  const owed = await plannedOf(db, 'iem_deoe', person_id);
  expect(owed.length).toBeGreaterThan(0);

  const simulated = await simulateNotices(db, morning('2024-05-15'), {
    from: '2024-05-15',
    to: '2024-05-15',
  });
  const sink = await smtpSink();
  await passAt(db, '2024-05-15', sink.url);
  expect(await plannedOf(db, 'iem_deoe', person_id, 'accepted')).toEqual([]);
  const { rows } = await sql<{ reason: string }>`select distinct reason from notice
    where person_id = ${person_id} and state = 'cancelled'`.execute(db);
  expect(rows).toEqual([{ reason: 'la persona ya no recibe los avisos de esa área' }]);
  // What the old area owes is told to whoever answers for it, and the person hears of the new one.
  expect(await toldOf(db, 'iem_deoe')).toEqual(expect.arrayContaining(owed));
  expect((await plannedOf(db, 'iem_dea', person_id, 'accepted')).length).toBeGreaterThan(0);
  // Of what both areas share they are told in their new post.
  const { rows: posts } = await sql<{ capacity: string }>`
    select distinct capacity from notice where person_id = ${person_id} and state = 'accepted'`.execute(db);
  const dea = await db.selectFrom('area').where('key', '=', 'iem_dea').select('id').executeTakeFirstOrThrow();
  const now = await db
    .selectFrom('post')
    .where('area_id', '=', dea.id)
    .where('kind', '=', 'liaison')
    .select('title as capacity')
    .execute();
  expect(posts).toEqual(now);
  const { rows: sent } = await sql<{
    line: string;
  }>`select person.email || ' ' || n.deadline_id || ' ' || n.rung as line
    from notice n join person on person.id = n.person_id where n.state = 'accepted' order by 1`.execute(db);
  expect(simulated.map(({ to, deadline_id, rung }) => `${to} ${deadline_id} ${rung}`).toSorted()).toEqual(
    sent.map(({ line }) => line).toSorted(),
  );
});

test('somebody who went to another area between planning and sending is not told of the old one', async () => {
  const { db } = await freshDatabase('demo');
  const person_id = await personId(db, 'enlace.deoe@iem.example');
  await planNotices(db, morning(DAY));
  const owed = await plannedOf(db, 'iem_deoe', person_id);
  expect(owed.length).toBeGreaterThan(0);
  await sql`update appointment set until_on = ${addDays(DAY, -1)} where person_id = ${person_id}`.execute(db);
  await sql`update appointment set until_on = ${addDays(DAY, -1)} from post, area where post.id = appointment.post_id
    and area.id = post.area_id and area.key = 'iem_dea' and post.kind = 'liaison'`.execute(db);
  const act = { actor_id: await personId(db, 'administracion@iem.example'), person_id, moment: morning(DAY) };
  await appointPerson(db, act, { area_key: 'iem_dea', kind: 'liaison', title: 'Enlace', from_on: DAY });
  await deliverDue(deliveryAt(db, morning(DAY)));
  expect(await plannedOf(db, 'iem_deoe', person_id, 'accepted')).toEqual([]);
  expect(await plannedOf(db, 'iem_deoe', person_id, 'cancelled')).toEqual(owed);
  await passAt(db, addDays(DAY, 1));
  expect(await toldOf(db, 'iem_deoe')).toEqual(expect.arrayContaining(owed));

  // Coming back, they are told what was held back from them.
  await sql`update appointment set until_on = ${DAY} where person_id = ${person_id} and until_on is null`.execute(
    db,
  );
  const back = { ...act, moment: morning(addDays(DAY, 2)) };
  const post = { area_key: 'iem_deoe', kind: 'liaison', title: 'Enlace', from_on: addDays(DAY, 2) } as const;
  await appointPerson(db, back, post);
  await passAt(db, addDays(DAY, 2));
  expect((await plannedOf(db, 'iem_deoe', person_id, 'accepted')).length).toBeGreaterThan(0);
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
