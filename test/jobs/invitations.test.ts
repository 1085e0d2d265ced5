// Calendar invitations from owing to the mailbox: who gets which, on which morning, and as what.
import { createHash } from 'node:crypto';
import ICAL from 'ical.js';
import { simpleParser } from 'mailparser';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { chooseInvitations, stopInvitations } from '../../db/calendar-choice.ts';
import type { Db } from '../../db/client.ts';
import { planInvitations } from '../../db/invitations.ts';
import { changeDate } from '../../db/manual-dates.ts';
import { applyMove, previewMove } from '../../db/milestone-moves.ts';
import { appoint, ensurePerson } from '../../db/people.ts';
import {
  findStoredMail,
  listMailsOfDeadline,
  mailFingerprint,
  storedMailText,
} from '../../db/stored-mail.ts';
import { closeDeadline, reopenDeadline } from '../../db/waivers.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt } from '../support/delivery.ts';
import { jornadaMove } from '../support/jornada-move.ts';
import { smtpSink, type ReceivedMail } from '../support/smtp-sink.ts';

/** A Monday, some days after the example office was set up. */
const DAY = '2024-05-20';
const day = (days: number) => addDays(DAY, days);
const at = (local: string) => momentOf(instantOf(local), true);
const LIAISON = 'enlace.prueba@iem.example';

/** An area made for the test, whose liaison chose invitations: it shares what falls due in the next 30 days. */
async function office(count = 1) {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink();
  await sql`insert into area (key, institution, name, acronym, kind, email, source)
    select 'prueba', institution, 'Área de prueba', 'AP', kind, 'prueba@iem.example', source
    from area where key = 'iem_deoe'`.execute(db);
  const person = await ensurePerson(db, {
    name: 'Ximena "Xim" Ejemplo, Prueba',
    email: LIAISON,
    example: true,
  });
  await appoint(db, {
    person_id: person,
    area_key: 'prueba',
    kind: 'liaison',
    title: 'Enlace',
    from_on: '2024-01-01',
  });
  await sql`
    insert into obligation_area (obligation_id, area_id, role)
    select distinct d.obligation_id, area.id, 'co_responsible' from area, deadline d
    join deadline_version v on v.deadline_id = d.id and v.superseded_at is null and v.settled_at is null
    where area.key = 'prueba' and v.due_on between ${DAY} and ${day(30)}`.execute(db);
  const owed = await near(db);
  expect(owed.length).toBeGreaterThanOrEqual(count);
  await chooseInvitations(db, person, at(`${day(-1)}T20:00`));
  return { db, sink, person, owed };
}

/** What the area shares and falls due in the next 30 days, the nearest first. */
async function near(db: Db) {
  const { rows } = await sql<{ id: number; version: number; due_on: string }>`
    select d.id, v.version, v.due_on from deadline_version v
    join deadline d on d.id = v.deadline_id
    join obligation_area oa on oa.obligation_id = d.obligation_id
    join area on area.id = oa.area_id and area.key = 'prueba'
    where v.superseded_at is null and v.settled_at is null and v.due_on between ${DAY} and ${day(30)}
    order by v.due_on, d.id`.execute(db);
  return rows;
}

/** Those nobody has reported, so that their dates may move. */
async function unreported(db: Db) {
  const reported = await db.selectFrom('submission').select('deadline_id').execute();
  return (await near(db)).filter(({ id }) => reported.every(({ deadline_id }) => deadline_id !== id));
}

/** Leaves the area one deadline: the first nobody has reported that is due more than two days from today. */
async function onlyOne(db: Db) {
  const [target] = (await unreported(db)).filter(({ due_on }) => due_on > day(2));
  await sql`delete from obligation_area using area where area.id = area_id and area.key = 'prueba'
    and obligation_id <> (select obligation_id from deadline where id = ${target!.id})`.execute(db);
  return target!;
}

interface Invited {
  to: string;
  raw: string;
  subject: string;
  method: string;
  id: number;
  sequence: number;
  start: string;
  status: string;
}

/** The invitations among what arrived, as a mail reader and a calendar library read them, in the order they were owed. */
async function invitationsIn(received: ReceivedMail[]): Promise<Invited[]> {
  const invited: (Invited & { folio: string })[] = [];
  for (const { to, raw } of received) {
    const mail = await simpleParser(raw);
    const part = mail.attachments.find(({ contentType }) => contentType === 'text/calendar');
    if (!part) continue;
    const calendar = new ICAL.Component(ICAL.parse(part.content.toString()) as unknown[]);
    const event = new ICAL.Event(calendar.getAllSubcomponents('vevent')[0]);
    invited.push({
      to,
      raw,
      folio: /^X-Convenio-Aviso: (.*)$/m.exec(raw)?.[1] ?? '',
      subject: mail.subject ?? '',
      method: String(calendar.getFirstPropertyValue('method')),
      id: Number(/^vencimiento-(\d+)@convenio\.example$/.exec(event.uid)![1]),
      sequence: event.sequence,
      start: event.startDate.toString(),
      status: String(event.component.getFirstPropertyValue('status')),
    });
  }
  return invited.sort((one, other) => one.folio.localeCompare(other.folio));
}

/** Runs the pass of that morning and returns the invitations that arrived with it. */
async function passOf(
  db: Db,
  sink: { url: string; received: ReceivedMail[] },
  today: string,
  time = '08:00',
) {
  sink.received.length = 0;
  await runPass(deliveryAt(db, at(`${today}T${time}`), sink.url));
  return invitationsIn(sink.received);
}

const move = (db: Db, { id, version }: { id: number; version: number }, due_on: string, when: string) =>
  changeDate(
    db,
    {
      deadline_id: id,
      version,
      which: 'said',
      due_on,
      due_time: null,
      ground: 'agreement',
      reason: 'Acuerdo de las partes',
      document: 'IEM-CG-1/2024',
      person_id: 1,
    },
    at(when),
  );

const waive = (db: Db, id: number, when: string) =>
  closeDeadline(
    db,
    { deadline_id: id, kind: 'condition_not_met', reason: 'No se presentó', document: 'IEM-1', person_id: 1 },
    at(when),
  );

const states = async (db: Db) =>
  db
    .selectFrom('message')
    .where('kind', '=', 'invitation')
    .select(['id', 'invited_deadline_id', 'invited_sequence', 'state', 'reason'])
    .orderBy('id')
    .execute();

describe('a morning', () => {
  test('invites to ten deadlines at most, the nearest first, and the next mornings to the rest', async () => {
    const { db, sink, owed } = await office(12);
    const ids = owed.map(({ id }) => id);
    const first = await passOf(db, sink, DAY);
    expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 10));
    expect(new Set(first.map(({ to }) => to))).toEqual(new Set([LIAISON]));
    expect(new Set(first.map(({ method, status }) => `${method} ${status}`))).toEqual(
      new Set(['REQUEST CONFIRMED']),
    );
    expect(await passOf(db, sink, DAY)).toEqual([]);
    expect(await passOf(db, sink, DAY, '13:00')).toEqual([]);
    const second = await passOf(db, sink, day(1));
    expect(second.length).toBeLessThanOrEqual(10);
    const still = new Set((await near(db)).map(({ id }) => id));
    const expected = ids.slice(10, 20).filter((id) => still.has(id));
    expect(new Set(second.map(({ id }) => id)).size).toBe(second.length);
    for (const id of expected) expect(second.map((invited) => invited.id)).toContain(id);
    const twice = second.filter(({ id }) => first.some((earlier) => earlier.id === id));
    expect(twice).toEqual([]);
  });

  test('before its hour, and on a day nobody reads mail, invites to nothing', async () => {
    const { db } = await office();
    expect(await planInvitations(db, at(`${DAY}T07:59`))).toBe(0);
    expect(await planInvitations(db, at('2024-05-25T09:00'))).toBe(0);
    expect(await planInvitations(db, at(`${DAY}T08:00`))).toBeGreaterThan(0);
  });

  test('invites nobody who did not choose it, who stopped, who left or whose address returns mail', async () => {
    const { db, person } = await office();
    const plan = () => planInvitations(db, at(`${DAY}T08:00`));
    await stopInvitations(db, person, at(`${DAY}T07:00`));
    expect(await plan()).toBe(0);
    await chooseInvitations(db, person, at(`${DAY}T07:01`));
    await db
      .updateTable('person')
      .set({ bounced_at: at(DAY + 'T07:00').at })
      .where('id', '=', person)
      .execute();
    expect(await plan()).toBe(0);
    await db
      .updateTable('person')
      .set({ bounced_at: null, disabled_at: at(DAY + 'T07:00').at })
      .where('id', '=', person)
      .execute();
    expect(await plan()).toBe(0);
    await db.updateTable('person').set({ disabled_at: null }).where('id', '=', person).execute();
    await sql`update appointment set from_on = '2023-01-01', until_on = '2024-05-19' where person_id = ${person}`.execute(
      db,
    );
    expect(await plan()).toBe(0);
    await sql`update appointment set until_on = null where person_id = ${person}`.execute(db);
    expect(await plan()).toBeGreaterThan(0);
  });

  test('planned by several at once owes each invitation once', async () => {
    const { db } = await office(12);
    const made = await Promise.all([1, 2, 3].map(() => planInvitations(db, at(`${DAY}T08:00`))));
    expect(made.sort()).toEqual([0, 0, 10]);
  });
});

describe('what changes', () => {
  test('is invited anew under the same name and a higher number, and before anything new', async () => {
    const { db, sink } = await office(12);
    const [target] = (await unreported(db)).filter(({ due_on }) => due_on > day(1));
    const first = await passOf(db, sink, DAY);
    expect(first.map(({ id }) => id)).toContain(target!.id);
    await move(db, target!, '2024-11-20', `${DAY}T12:00`);
    const [changed, ...others] = await passOf(db, sink, day(1));
    expect(changed).toMatchObject({
      id: target!.id,
      method: 'REQUEST',
      status: 'CONFIRMED',
      start: '2024-11-20',
    });
    expect(changed!.sequence).toBeGreaterThan(first.find(({ id }) => id === target!.id)!.sequence);
    expect(changed!.subject).toMatch(/^Cambia en tu calendario: .*mié 20 nov: /);
    expect(others.map(({ id }) => id)).not.toContain(target!.id);
    expect((await passOf(db, sink, day(2))).map(({ id }) => id)).not.toContain(target!.id);
  });

  test('and counts no more is taken out once; opened again it comes back', async () => {
    const { db, sink } = await office();
    const target = await onlyOne(db);
    const [invited] = await passOf(db, sink, DAY);
    expect(invited).toMatchObject({ id: target.id, method: 'REQUEST' });
    expect((await waive(db, target.id, `${DAY}T12:00`)).kind).toBe('closed');
    const [cancelled, ...others] = await passOf(db, sink, day(1));
    expect(others).toEqual([]);
    expect(cancelled).toMatchObject({
      id: target.id,
      method: 'CANCEL',
      status: 'CANCELLED',
      start: target.due_on,
    });
    expect(cancelled!.sequence).toBeGreaterThan(invited!.sequence);
    expect(cancelled!.subject).toMatch(/^Se quita de tu calendario: /);
    expect(await passOf(db, sink, day(2))).toEqual([]);
    const reopened = await reopenDeadline(
      db,
      { deadline_id: target.id, reason: 'El INE lo aclaró', person_id: 1 },
      at(`${day(2)}T12:00`),
    );
    expect(reopened.kind).toBe('reopened');
    const back = await passOf(db, sink, day(3));
    expect(back.map(({ id, method }) => ({ id, method }))).toEqual([{ id: target.id, method: 'REQUEST' }]);
    expect(back[0]!.sequence).toBeGreaterThan(cancelled!.sequence);
  });

  test('and loses its date is taken out, for those alone who had it', async () => {
    const { db, sink } = await office();
    const first = await passOf(db, sink, DAY);
    const order = await jornadaMove(db, { on_date: null, at_time: null, firm: false });
    const when = at(`${DAY}T12:00`);
    const preview = await previewMove(db, order, when);
    const applied = await applyMove(
      db,
      { move: order, seen: preview!.fingerprint, decisions: new Map(), person_id: 1 },
      when,
    );
    expect(applied.kind).toBe('applied');
    const { rows: undated } = await sql<{ deadline_id: number }>`
      select deadline_id from deadline_version where superseded_at is null and due_on is null`.execute(db);
    const lost = first.filter(({ id }) => undated.some(({ deadline_id }) => deadline_id === id));
    expect(lost.length).toBeGreaterThan(0);
    const next = await passOf(db, sink, day(1));
    const cancelled = next.filter(({ method }) => method === 'CANCEL');
    expect(new Set(cancelled.map(({ id }) => id))).toEqual(new Set(lost.map(({ id }) => id)));
    // What is closed after it lost its date is in nobody's calendar any more.
    const closed = await Promise.all(cancelled.map(({ id }) => waive(db, id, `${day(1)}T12:00`)));
    expect(closed.some(({ kind }) => kind === 'closed')).toBe(true);
    expect((await passOf(db, sink, day(2))).filter(({ method }) => method === 'CANCEL')).toEqual([]);
  });

  test('while its mail waits leaves that mail unsent, and only what holds by then goes out', async () => {
    const { db, sink } = await office();
    const target = await onlyOne(db);
    await planInvitations(db, at(`${DAY}T08:00`));
    await move(db, target, day(20), `${DAY}T08:01`);
    await deliverDue(deliveryAt(db, at(`${DAY}T08:02`), sink.url));
    expect(await invitationsIn(sink.received)).toEqual([]);
    const [stale] = await states(db);
    expect(stale).toMatchObject({
      state: 'cancelled',
      reason: 'el vencimiento cambió; otra invitación lo dice',
    });
    const sent = await passOf(db, sink, day(1));
    expect(sent).toMatchObject([{ id: target.id, start: day(20), method: 'REQUEST' }]);
    expect(sent[0]!.subject).toMatch(/^Para tu calendario: /);
  });

  test('for somebody who stopped in between is sent to nobody, and is owed again when they choose it again', async () => {
    const { db, sink, person } = await office();
    const target = await onlyOne(db);
    await planInvitations(db, at(`${DAY}T08:00`));
    await stopInvitations(db, person, at(`${DAY}T08:01`));
    await deliverDue(deliveryAt(db, at(`${DAY}T08:02`), sink.url));
    expect(await invitationsIn(sink.received)).toEqual([]);
    expect((await states(db))[0]!.reason).toBe('la persona ya no recibe invitaciones de calendario');
    await chooseInvitations(db, person, at(`${DAY}T09:00`));
    expect((await passOf(db, sink, DAY, '09:05')).map(({ id }) => id)).toEqual([target.id]);
  });

  test('what an address refused is tried at another address, and not at that one again', async () => {
    const { db, sink, person } = await office();
    const target = await onlyOne(db);
    await planInvitations(db, at(`${DAY}T08:00`));
    await sql`update message set state = 'failed', closed_at = ${at(`${DAY}T08:01`).at}, to_address = ${LIAISON}
      where kind = 'invitation'`.execute(db);
    expect(await passOf(db, sink, day(1))).toEqual([]);
    await db.updateTable('person').set({ email: 'nuevo@iem.example' }).where('id', '=', person).execute();
    expect((await passOf(db, sink, day(2))).map(({ id, to }) => ({ id, to }))).toEqual([
      { id: target.id, to: 'nuevo@iem.example' },
    ]);
  });
});

describe('the mail', () => {
  test('is an alternative of text, HTML and calendar, from the organizer, of a stream that one click stops', async () => {
    const { db, sink, person } = await office();
    const target = await onlyOne(db);
    const [invited] = await passOf(db, sink, DAY);
    const parts = [...invited!.raw.matchAll(/^Content-Type: (.*(?:\r\n[ \t].*)*)/gim)].map(([, type]) =>
      type!.replace(/\s+/g, ' '),
    );
    expect(parts).toEqual([
      expect.stringMatching(/^multipart\/alternative;/),
      expect.stringMatching(/^text\/plain;/),
      expect.stringMatching(/^text\/html;/),
      'text/calendar; charset=utf-8; method=REQUEST',
    ]);
    const mail = await simpleParser(invited!.raw);
    const text = mail.attachments[0]!.content.toString();
    expect(mail.from!.value).toEqual([
      { name: 'Seguimiento Convenio INE–IEM', address: 'avisos@convenio.example' },
    ]);
    const lines = text.replaceAll('\r\n ', '').split('\r\n');
    expect(lines).toContain('ORGANIZER;CN="Seguimiento Convenio INE–IEM":mailto:avisos@convenio.example');
    expect(lines).toContain(
      `ATTENDEE;CN="Ximena 'Xim' Ejemplo, Prueba";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:${LIAISON}`,
    );
    const list = mail.headers.get('list') as Record<string, unknown>;
    const { weekly_token } = await db
      .selectFrom('person')
      .where('id', '=', person)
      .select('weekly_token')
      .executeTakeFirstOrThrow();
    expect(list).toMatchObject({
      id: { id: 'calendario.convenio.example', name: 'Invitaciones de calendario' },
      unsubscribe: { url: `https://convenio.example/invitaciones/${weekly_token}` },
      'unsubscribe-post': { name: 'List-Unsubscribe=One-Click' },
    });
    const { obligation_id } = await db
      .selectFrom('deadline')
      .where('id', '=', target.id)
      .select('obligation_id')
      .executeTakeFirstOrThrow();
    expect(mail.references).toBe(`<obligacion-${obligation_id}@convenio.example>`);
    expect(mail.inReplyTo).toBe(`<obligacion-${obligation_id}@convenio.example>`);
    expect(mail.headers.get('x-convenio-ocurrencia')).toBe(String(target.id));
  });

  test('is kept with its calendar, which its fingerprint and the record of the deadline hold', async () => {
    const { db, sink } = await office();
    const target = await onlyOne(db);
    const [invited] = await passOf(db, sink, DAY);
    const sent = (await simpleParser(invited!.raw)).attachments[0]!.content.toString();
    const id = (await states(db))[0]!.id;
    const stored = (await findStoredMail(db, { id, year: 2024 }))!;
    expect(stored.calendar).toBe(sent);
    const text = storedMailText(stored)!;
    expect(text.endsWith(`\n${sent}\n`)).toBe(true);
    expect(mailFingerprint(stored)).toBe(createHash('sha256').update(text).digest('hex'));
    expect(mailFingerprint({ ...stored, calendar: sent.replace('REQUEST', 'CANCEL') })).not.toBe(
      mailFingerprint(stored),
    );
    expect((await listMailsOfDeadline(db, target.id)).map((mail) => mail.id)).toContain(id);
  });

  test('that may have been sent is repeated byte by byte, and not once it is out of date', async () => {
    const { db, sink } = await office();
    const target = await onlyOne(db);
    const [before] = await passOf(db, sink, DAY);
    // What a kill between the server's answer and our commit leaves behind.
    const doubtful = () =>
      sql`update message set state = 'sending', lease_token = gen_random_uuid(), closed_at = null,
        lease_until = clock_timestamp() - interval '1 second' where kind = 'invitation'`.execute(db);
    await doubtful();
    await sql`update obligation set title = title || ' (corregida)'`.execute(db);
    sink.received.length = 0;
    await deliverDue(deliveryAt(db, at(`${DAY}T18:00`), sink.url));
    const [after] = await invitationsIn(sink.received);
    const withoutTrace = (raw: string) => raw.replace(/^Received:.*(\r\n[ \t].*)*\r\n/gm, '');
    expect(withoutTrace(after!.raw)).toBe(withoutTrace(before!.raw));
    await doubtful();
    await waive(db, target.id, `${DAY}T19:00`);
    sink.received.length = 0;
    await deliverDue(deliveryAt(db, at(`${DAY}T20:00`), sink.url));
    expect(await invitationsIn(sink.received)).toEqual([]);
    // It may be in the calendar, so it is taken out.
    expect(await passOf(db, sink, day(1))).toMatchObject([{ id: target.id, method: 'CANCEL' }]);
  });
});
