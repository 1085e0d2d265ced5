// The first mail of somebody new in a post: what they receive with it, told once and before anything else.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { listDeadlines } from '../../db/deadlines.ts';
import type { MessageState } from '../../db/schema.ts';
import { TAKEN_AS_SENT } from '../../db/sender.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { simulateNotices } from '../../db/notice-simulation.ts';
import { addPerson, appointPerson, endAppointment } from '../../db/staff.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { personId } from '../support/facts-of-deadlines.ts';
import { onlyDeadline } from '../support/one-deadline.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';
const NEW = 'nueva@iem.example';

/** The example office, with its process published months before. */
async function publishedOffice(): Promise<Db> {
  const { db } = await freshDatabase('demo');
  await sql`update process set published_at = ${instantOf('2023-10-01T09:00')}`.execute(db);
  return db;
}

/** Puts somebody new into the liaison's post of these areas from that day on, recorded the evening before. */
async function appointNew(db: Db, from_on: string, ...areas: string[]): Promise<number> {
  const actor_id = await personId(db, 'administracion@iem.example');
  const moment = momentOf(instantOf('2024-05-14T18:00'));
  const person = await addPerson(db, { name: 'Inés Olmo', email: NEW }, { actor_id, moment });
  const person_id = person ?? (await personId(db, NEW));
  for (const area_key of areas) {
    await sql`update appointment set until_on = ${from_on}::date - 1 from post, area
      where post.id = appointment.post_id and area.id = post.area_id and post.kind = 'liaison'
        and area.key = ${area_key}`.execute(db);
    const post = { area_key, kind: 'liaison', title: `Enlace de ${area_key}`, from_on } as const;
    await appointPerson(db, { actor_id, person_id, moment }, post);
  }
  return person_id;
}

/** Leaves one open deadline, which that area answers for. */
async function onlyDeadlineOf(db: Db, area_key: string, due_on: string): Promise<void> {
  const id = await onlyDeadline(db, 'high', due_on);
  await sql`update obligation_area set area_id = (select id from area where key = ${area_key})
    where role = 'responsible' and obligation_id = (select obligation_id from deadline where id = ${id})`.execute(
    db,
  );
}

/** The mails to the new person, each as `day kind state`. */
async function mailsOf(db: Db, person_id: number): Promise<string[]> {
  const { rows } = await sql<{ mail: string }>`
    select run_on || ' ' || kind || ' ' || state as mail from message where person_id = ${person_id} order by id`.execute(
    db,
  );
  return rows.map(({ mail }) => mail);
}

async function handoversOf(db: Db, person_id: number, state: MessageState): Promise<number> {
  const { rows } = await sql<{ mails: number }>`
    select count(*) as mails from message
    where person_id = ${person_id} and hands_over is not null and state = ${state}`.execute(db);
  return rows[0]!.mails;
}

async function textOf(db: Db, person_id: number): Promise<{ subject: string; text: string }> {
  const { rows } = await sql<{ subject: string; text: string }>`
    select subject, regexp_replace(text, '\\s+', ' ', 'g') as text from message
    where person_id = ${person_id} and hands_over is not null and state = 'accepted'`.execute(db);
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

/** What the office's page lists of Organización Electoral on a day. */
async function receivedOf(db: Db, day: string) {
  const area = await listDeadlines(db, morning(day), { area: 'iem_deoe', open: true });
  const of = (...statuses: string[]) => area.filter(({ status }) => statuses.includes(status)).length;
  return { area, of, open: of('overdue', 'due_soon', 'on_track', 'in_review', 'waiting') };
}

const passAt = (db: Db, day: string, smtpUrl?: string) => runPass(deliveryAt(db, morning(day), smtpUrl));

test('who comes into a post is told what it brings in one mail, before any other, and only once', async () => {
  const db = await publishedOffice();
  const sink = await smtpSink();
  const person_id = await appointNew(db, DAY, 'iem_deoe');
  const simulated = await simulateNotices(db, morning(DAY), { from: DAY, to: '2024-05-17' });
  await passAt(db, DAY, sink.url);
  expect(sink.received.filter(({ to }) => to === NEW)).toHaveLength(1);
  for (const day of ['2024-05-16', '2024-05-17']) await passAt(db, day, sink.url);
  const [first, ...later] = await mailsOf(db, person_id);
  expect(first).toBe(`${DAY} digest accepted`);
  expect(later.every((mail) => !mail.startsWith(DAY))).toBe(true);

  const { area, of, open } = await receivedOf(db, DAY);
  const { subject, text } = await textOf(db, person_id);
  expect(subject).toContain(`Recibes Organización Electoral: ${open} asuntos abiertos`);
  expect(text).toContain('Desde el miércoles 15 de mayo de 2024 ocupas el cargo');
  expect(text).toMatch(
    new RegExp(
      `Recibes ${open} asuntos: ${of('overdue')} vencidos?, ${of('due_soon', 'on_track')} por vencer`,
    ),
  );
  for (const { ref, due_on } of area.filter(({ status }) => status === 'overdue')) {
    expect(text, `${ref} ${due_on}`).toContain(ref);
  }
  expect(text).toContain(`/personas/${person_id}/entrega/`);

  // The simulator knew.
  const { rows: sent } = await sql<{ line: string }>`
    select n.deadline_id || ' ' || n.rung || ' ' || m.run_on || ' ' || m.kind as line from notice n
    join message m on m.id = n.message_id where n.person_id = ${person_id} and n.state = 'accepted'`.execute(
    db,
  );
  expect(
    simulated
      .filter(({ to }) => to === NEW)
      .map(({ deadline_id, rung, on, mail }) => `${deadline_id} ${rung} ${on} ${mail}`)
      .toSorted(),
  ).toEqual(sent.map(({ line }) => line).toSorted());
});

test('an escalation of that first morning is in the same mail, and later ones are mails of their own again', async () => {
  const db = await publishedOffice();
  await onlyDeadlineOf(db, 'iem_deoe', '2024-05-14');
  const person_id = await appointNew(db, DAY, 'iem_deoe');
  await passAt(db, DAY);
  expect(await mailsOf(db, person_id)).toEqual([`${DAY} digest accepted`]);
  await passAt(db, '2024-05-16');
  const simulated = await simulateNotices(db, morning('2024-05-17'), {
    from: '2024-05-17',
    to: '2024-05-24',
  });
  const later = simulated.filter(({ to }) => to === NEW).map(({ on, mail }) => `${on} ${mail} accepted`);
  expect(later.some((mail) => mail.includes('escalation'))).toBe(true);
  for (const day of ['2024-05-17', '2024-05-20', '2024-05-21', '2024-05-22', '2024-05-23', '2024-05-24'])
    await passAt(db, day);
  expect((await mailsOf(db, person_id)).filter((mail) => mail > '2024-05-17')).toEqual(later);
});

test('where nothing is to be told yet the handover is a mail of its own, on a morning on which mail is read', async () => {
  const db = await publishedOffice();
  await onlyDeadlineOf(db, 'iem_deoe', '2024-09-30');
  const person_id = await appointNew(db, '2024-05-18', 'iem_deoe');
  for (const day of ['2024-05-17', '2024-05-18', '2024-05-19']) await passAt(db, day);
  expect(await mailsOf(db, person_id)).toEqual([]);
  for (const day of ['2024-05-20', '2024-05-21', '2024-05-27']) await passAt(db, day);
  expect(await mailsOf(db, person_id)).toEqual(['2024-05-20 handover accepted']);
  const { subject, text } = await textOf(db, person_id);
  expect(subject).toBe('Recibes Organización Electoral: 1 asunto abierto');
  expect(text).toContain('Recibes 1 asunto: 1 por vencer.');
  expect(text).toMatch(/Lo que recibes, por fecha \(1\).*lun 30 sep/i);
});

test('a handover that did not leave goes with the next morning, and a corrected address gets it', async () => {
  const db = await publishedOffice();
  const person_id = await appointNew(db, DAY, 'iem_deoe');
  await passAt(db, DAY, 'smtp://127.0.0.1:1');
  await passAt(db, '2024-05-16');
  expect(await mailsOf(db, person_id)).toEqual([`${DAY} digest cancelled`, '2024-05-16 digest accepted']);
  await textOf(db, person_id);
  await sql`update message set state = 'bounced' where person_id = ${person_id} and state = 'accepted'`.execute(
    db,
  );
  await sql`update person set email = 'corregida@iem.example' where id = ${person_id}`.execute(db);
  await passAt(db, '2024-05-17');
  expect((await mailsOf(db, person_id)).at(-1)).toMatch(/^2024-05-17 (digest|handover) accepted$/);
  await textOf(db, person_id);
  // The same address, of a mailbox that was not there yet; a full one says nothing of the address.
  const bounced = (status: string) =>
    sql`update message set state = 'bounced', reason = ${status} where person_id = ${person_id} and state = 'accepted'`.execute(
      db,
    );
  await bounced('5.1.1 no such user');
  await passAt(db, '2024-05-20');
  expect((await mailsOf(db, person_id)).at(-1)).toMatch(/^2024-05-20 (digest|handover) accepted$/);
  await textOf(db, person_id);
  await bounced('5.2.2 mailbox full');
  await passAt(db, '2024-05-21');
  expect(await handoversOf(db, person_id, 'accepted')).toBe(0);
});

test('two posts received on one day are told in one mail that names both', async () => {
  const db = await publishedOffice();
  const person_id = await appointNew(db, DAY, 'iem_deoe', 'iem_dea');
  await passAt(db, DAY);
  expect((await mailsOf(db, person_id)).filter((mail) => mail.startsWith(DAY))).toHaveLength(1);
  const { subject, text } = await textOf(db, person_id);
  expect(subject).toMatch(/^Recibes 2 áreas: \d+ asuntos abiertos/);
  const { rows } = await sql<{ title: string }>`
    select post.title from appointment join post on post.id = appointment.post_id
    where person_id = ${person_id}`.execute(db);
  expect(rows).toHaveLength(2);
  for (const { title } of rows) expect(text).toContain(`ocupas el cargo «${title}»`);
});

test('a digest whose notices are no longer true still hands over, and a post added to it is told with the first', async () => {
  const db = await publishedOffice();
  await onlyDeadlineOf(db, 'iem_deoe', '2024-05-15');
  const person_id = await appointNew(db, DAY, 'iem_deoe');
  await planNotices(db, morning(DAY));
  const { id: second } = await db
    .selectFrom('area')
    .where('key', '=', 'iem_dea')
    .select('id')
    .executeTakeFirstOrThrow();
  await sql`insert into obligation_area (obligation_id, area_id, role)
    select obligation_id, ${second}, 'co_responsible' from deadline_version v join deadline d on d.id = v.deadline_id
    where v.settled_at is null on conflict do nothing`.execute(db);
  // Another deadline far ahead, of the second area.
  await sql`update deadline_version set settled_at = null, due_on = '2024-09-30', lapses_at = ${instantOf('2024-10-01T00:00')}
    where deadline_id = (
      select min(d.id) from deadline d join obligation_area oa on oa.obligation_id = d.obligation_id
        and oa.role = 'responsible' and oa.area_id = ${second}
      join deadline_version v on v.deadline_id = d.id and v.superseded_at is null and v.due_on is not null
      where not exists (select from submission s where s.deadline_id = d.id)
        and not exists (select from waiver w where w.deadline_id = d.id))`.execute(db);
  await appointNew(db, DAY, 'iem_dea');
  await planNotices(db, morning(DAY));
  expect(await mailsOf(db, person_id)).toEqual([`${DAY} digest queued`]);
  await sql`update notice set state = 'cancelled', closed_at = ${instantOf(`${DAY}T08:00`)}, reason = 'prueba'
    where person_id = ${person_id} and state = 'planned'`.execute(db);
  await deliverDue(deliveryAt(db, morning(DAY)));
  expect(await mailsOf(db, person_id)).toEqual([`${DAY} digest accepted`]);
  const { subject } = await textOf(db, person_id);
  expect(subject).toBe('Recibes 2 áreas: 2 asuntos abiertos');
});

test('two posts of one area bring its matters once', async () => {
  const db = await publishedOffice();
  const person_id = await appointNew(db, DAY, 'iem_deoe');
  await sql`update appointment set until_on = ${DAY}::date - 1 from post, area where post.id = appointment.post_id
    and area.id = post.area_id and area.key = 'iem_deoe' and post.kind = 'deputy'`.execute(db);
  const actor_id = await personId(db, 'administracion@iem.example');
  const act = { actor_id, person_id, moment: momentOf(instantOf('2024-05-14T18:00')) };
  await appointPerson(db, act, { area_key: 'iem_deoe', kind: 'deputy', title: 'Suplente', from_on: DAY });
  await passAt(db, DAY);
  const { open } = await receivedOf(db, DAY);
  const { subject, text } = await textOf(db, person_id);
  expect(subject).toContain(`Recibes Organización Electoral: ${open} asuntos abiertos`);
  expect(text.match(/ocupas el cargo/g)).toHaveLength(2);
  expect(text.match(/Recibes \d+ asuntos:/g)).toHaveLength(1);
});

test('what was taken as sent after a restore is not handed over again', async () => {
  const db = await publishedOffice();
  const person_id = await appointNew(db, DAY, 'iem_deoe');
  await planNotices(db, morning(DAY));
  await sql`update message set state = 'cancelled', reason = ${TAKEN_AS_SENT}, closed_at = ${instantOf(`${DAY}T08:00`)}
    where state = 'queued'`.execute(db);
  await sql`update notice set state = 'cancelled', reason = ${TAKEN_AS_SENT}, closed_at = ${instantOf(`${DAY}T08:00`)}
    where state = 'planned'`.execute(db);
  await passAt(db, '2024-05-16');
  expect(await handoversOf(db, person_id, 'accepted')).toBe(0);
});

test('nobody is told of a handover who was there before, who left again, or who came to nothing or before it', async () => {
  const db = await publishedOffice();
  const told = async () => {
    const { rows } = await sql<{ told: number }>`
      select count(*) as told from message where hands_over is not null`.execute(db);
    return rows[0]!.told;
  };
  // The example office.
  await passAt(db, DAY);
  expect(await told()).toBe(0);

  // Gone before the day came.
  const person_id = await appointNew(db, '2024-05-17', 'iem_deoe');
  const { id: appointment_id } = await db
    .selectFrom('appointment')
    .where('person_id', '=', person_id)
    .select('id')
    .executeTakeFirstOrThrow();
  const actor_id = await personId(db, 'administracion@iem.example');
  const act = { actor_id, person_id, moment: momentOf(instantOf('2024-05-16T12:00')) };
  expect(await endAppointment(db, act, { appointment_id, last_day: '2024-05-16' })).toBe(true);
  await passAt(db, '2024-05-17');
  expect(await told()).toBe(0);

  // What was published after they came, be it the same day, is told as an assignment.
  await appointNew(db, '2024-05-20', 'iem_deoe');
  await sql`update process set published_at = ${instantOf('2024-05-20T07:30')}`.execute(db);
  await passAt(db, '2024-05-20');
  expect(await told()).toBe(0);

  // Nothing open in the area.
  await sql`update process set published_at = ${instantOf('2023-10-01T09:00')}`.execute(db);
  await sql`update deadline_version set settled_at = known_from where settled_at is null`.execute(db);
  await passAt(db, '2024-05-21');
  expect(await told()).toBe(0);
});
