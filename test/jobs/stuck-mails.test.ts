// The mail about mails that do not leave: who gets it, of what, how often, and that it begets no other.
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import { listBouncing } from '../../db/bounces.ts';
import type { Db } from '../../db/client.ts';
import { healthAt } from '../../db/health.ts';
import { DEMO_LOGIN_LIMITS, requestLogin } from '../../db/login-challenges.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { ensurePerson, grantRole } from '../../db/people.ts';
import { oweStuckMails } from '../../db/stuck-mails.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { personId } from '../support/facts-of-deadlines.ts';
import { listenForMail } from '../support/mail-listener.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';
const local = (text: string) => momentOf(instantOf(text));
const noon = (day: string) => local(`${day}T12:00`);

const ADMINISTRATOR = 'administracion@iem.example';
const LIAISON = 'enlace.deoe@iem.example';

async function told(db: Db) {
  return db
    .selectFrom('message')
    .innerJoin('person', 'person.id', 'message.person_id')
    .where('message.kind', '=', 'stuck_mails')
    .select(['person.email', 'run_on', 'state', 'subject', 'text', 'message.reason'])
    .orderBy('message.id')
    .execute();
}

/** Owes somebody a mail about a second proof that was never added: it cannot be composed. */
async function oweBroken(db: Db, moment: Moment) {
  const person = await personId(db, LIAISON);
  const { rows } = await sql<{ id: number }>`
    with proof as (
      insert into second_factor (person_id, secret, created_at, salt)
      values (${person}, ${'A'.repeat(32)}, ${moment.at}, 'salt')
      on conflict (person_id) where revoked_at is null do update set salt = excluded.salt
      returning id
    )
    insert into message (kind, person_id, second_factor_id, created_at, next_attempt_at)
    select 'second_factor_on', ${person}, id, ${moment.at}::timestamptz, ${moment.at}::timestamptz from proof
    returning id`.execute(db);
  return rows[0]!.id;
}

/** Makes a deadline's stored derivation unreadable; returns how many of the morning's mails tell of it. */
async function poison(db: Db): Promise<number> {
  const { rows } = await sql<{ mails: number }>`
    with spoilt as (
      update deadline_version v set steps = (
        select jsonb_agg(case when step ->> 'op' = 'anchor' then step || '{"date": "nunca"}' else step end)
        from jsonb_array_elements(v.steps) as step)
      where (v.deadline_id, v.version) = (
        select n.deadline_id, n.deadline_version from notice n
        join deadline_version told on told.deadline_id = n.deadline_id and told.version = n.deadline_version
        where n.message_id is not null and told.steps @> '[{"op": "anchor"}]' order by n.id limit 1)
      returning v.deadline_id
    )
    select count(distinct n.message_id) as mails from notice n join spoilt on spoilt.deadline_id = n.deadline_id
    where n.state = 'planned'`.execute(db);
  return rows[0]!.mails;
}

test('mails that cannot be composed are told once a day to each administrator, while the others leave', async () => {
  const { db } = await freshDatabase('demo');
  const second = await ensurePerson(db, { name: 'Otra', email: 'otra@iem.example', example: true });
  await grantRole(db, { person_id: second, role: 'administrator', from_on: '2024-01-01' });
  const { messages } = await planNotices(db, morning(DAY));
  const broken = await poison(db);
  const sink = await smtpSink();
  const accepted = await deliverDue(deliveryAt(db, morning(DAY), sink.url));
  expect(accepted).toHaveLength(messages - broken + 2);
  const mails = await told(db);
  expect(mails.map(({ email, state }) => [email, state])).toEqual([
    [ADMINISTRATOR, 'accepted'],
    ['otra@iem.example', 'accepted'],
  ]);
  const one = broken === 1;
  expect(mails[0]!.subject).toBe(
    `${broken} ${one ? 'correo' : 'correos'} de hoy no ${one ? 'salió' : 'salieron'}: revisa el libro de avisos`,
  );
  expect(mails[0]!.text).toMatch(/- A-2024-\d{6}\n {2}Qué pasó: \p{Lu}/u);
  expect(mails[0]!.text).toContain('No se pudo componer');
  expect(mails[0]!.text).toContain('https://convenio.example/avisos?estado=fallido');
  expect(mails[0]!.text).toContain('https://convenio.example/ajustes/colas');

  // Another failure of the same day, and one of the next, which is no day of the office.
  await oweBroken(db, noon(DAY));
  await deliverDue(deliveryAt(db, noon(DAY), sink.url));
  expect(await told(db)).toHaveLength(2);
  const SATURDAY = '2024-05-18';
  await oweBroken(db, noon(SATURDAY));
  await deliverDue(deliveryAt(db, noon(SATURDAY), sink.url));
  const later = (await told(db)).slice(2);
  expect(later.map(({ run_on, subject }) => [run_on, subject])).toEqual([
    [SATURDAY, '1 correo de hoy no salió: revisa el libro de avisos'],
    [SATURDAY, '1 correo de hoy no salió: revisa el libro de avisos'],
  ]);
});

test('a refusal for policy is told with the words of the server', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink({
    refuse: (to) => (to === LIAISON ? { code: 550, text: '5.7.1 not on our list' } : undefined),
  });
  await runPass(deliveryAt(db, morning(DAY), sink.url));
  const [mail, ...others] = await told(db);
  expect(others).toEqual([]);
  expect(mail!.text!.replace(/\s+/g, ' ')).toContain('Se rechazó: «550 5.7.1 not on our list»');
  expect(mail!.text).toContain(LIAISON);
  expect(sink.received.filter(({ to }) => to === ADMINISTRATOR)).toHaveLength(1);
  // The address is right: nobody is asked to correct it.
  expect(await listBouncing(db)).toEqual([]);
});

test('a wrong address is told to nobody by mail and stands among those that turn mail away', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink({
    refuse: (to) => (to === LIAISON ? { code: 550, text: '5.1.1 no such user' } : undefined),
  });
  await runPass(deliveryAt(db, morning(DAY), sink.url));
  expect(await told(db)).toEqual([]);
  expect(await listBouncing(db)).toMatchObject([{ email: LIAISON, reason: '550 5.1.1 no such user' }]);
  const entries = await db
    .selectFrom('audit_entry')
    .where('verb', '=', 'suspendió la dirección de correo de')
    .select('actor')
    .execute();
  expect(entries).toEqual([{ actor: 'sistema' }]);
});

test('several senders at once owe one mail and send it once', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink();
  const failed = await oweBroken(db, noon(DAY));
  await sql`update message set state = 'failed', fault = 'refusal', reply = '554 no', closed_at = ${noon(DAY).at}
    where id = ${failed}`.execute(db);
  const owed = await Promise.all(Array.from({ length: 8 }, () => oweStuckMails(db, noon(DAY))));
  expect(owed.reduce((sum, mails) => sum + mails)).toBe(1);
  await Promise.all([1, 2, 3, 4].map(() => deliverDue(deliveryAt(db, noon(DAY), sink.url))));
  expect(await told(db)).toHaveLength(1);
  expect(sink.received.map(({ to }) => to)).toEqual([ADMINISTRATOR]);
});

test('looking again and again uses up no folio', async () => {
  const { db } = await freshDatabase('demo');
  const before = await oweBroken(db, noon(DAY));
  for (let looks = 0; looks < 5; looks += 1) await deliverDue(deliveryAt(db, noon(DAY)));
  expect(await oweBroken(db, noon(DAY))).toBe(before + 2);
});

test('with nobody to administer it goes to the Dirección, which may not see the queue', async () => {
  const { db } = await freshDatabase('demo');
  await sql`update role_grant set until_on = '2024-05-01' where role = 'administrator'`.execute(db);
  await oweBroken(db, noon(DAY));
  await deliverDue(deliveryAt(db, noon(DAY)));
  const mails = await told(db);
  expect(mails.length).toBeGreaterThan(0);
  const directors = await db
    .selectFrom('role_grant')
    .innerJoin('person', 'person.id', 'role_grant.person_id')
    .where('role', '=', 'direction')
    .select('email')
    .execute();
  expect(new Set(mails.map(({ email }) => email))).toEqual(new Set(directors.map(({ email }) => email)));
  expect(mails[0]!.text).toMatch(/hoy nadie\s+administra el sistema/);
  expect(mails[0]!.text).not.toContain('/ajustes/colas');
});

test('one that leaves the day after tells of its own day, and when it fails itself it begets no other', async () => {
  const { db } = await freshDatabase('demo');
  await oweBroken(db, noon(DAY));
  await deliverDue(deliveryAt(db, noon(DAY), 'smtp://127.0.0.1:1'));
  expect(await told(db)).toMatchObject([{ state: 'retry' }]);
  const NEXT = '2024-05-16';
  const sink = await smtpSink({ refuse: () => ({ code: 554, text: '5.7.1 nothing from you' }) });
  await planNotices(db, morning(NEXT));
  await sql`update message set next_attempt_at = '2030-01-01' where kind <> 'stuck_mails'`.execute(db);
  for (const time of ['12:00', '12:05']) {
    await deliverDue(deliveryAt(db, local(`${NEXT}T${time}`), sink.url));
  }
  expect(await told(db)).toMatchObject([
    { run_on: DAY, state: 'failed', subject: '1 correo del 15 may no salió: revisa el libro de avisos' },
  ]);
});

test('a log-in code that is refused is told to nobody: a new one is a click away', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink({ refuse: () => ({ code: 554, text: '5.7.1 nothing from you' }) });
  await requestLogin(db, { email: LIAISON, ip: '127.0.0.1' }, DEMO_LOGIN_LIMITS, noon(DAY));
  await deliverDue(deliveryAt(db, noon(DAY), sink.url));
  const messages = await db.selectFrom('message').select(['kind', 'state', 'fault']).execute();
  expect(messages).toEqual([{ kind: 'login_code', state: 'failed', fault: 'refusal' }]);
});

test('nothing left to tell is cancelled, and what fails after that is told', async () => {
  const { db } = await freshDatabase('demo');
  const id = await oweBroken(db, noon(DAY));
  await sql`update message set state = 'uncertain', doubts = 3, next_attempt_at = '2030-01-01' where id = ${id}`.execute(
    db,
  );
  expect(await oweStuckMails(db, noon(DAY))).toBe(1);
  await sql`update message set state = 'accepted', closed_at = ${noon(DAY).at} where id = ${id}`.execute(db);
  await deliverDue(deliveryAt(db, noon(DAY)));
  expect(await told(db)).toMatchObject([{ state: 'cancelled', reason: 'sin contenido' }]);
  await oweBroken(db, noon(DAY));
  await deliverDue(deliveryAt(db, noon(DAY)));
  expect(await told(db)).toMatchObject([{ state: 'accepted', reason: null }]);
});

test('a mail in doubt goes out again without end, and the third time in a row a human is told', async () => {
  const { db } = await freshDatabase('demo');
  let silent = true;
  const arrived: string[] = [];
  const listener = await listenForMail((_raw, to) => {
    arrived.push(to);
    return silent && to === LIAISON ? 'hang up' : 0;
  });
  onTestFinished(() => listener.close());
  const url = `smtp://127.0.0.1:${listener.port}`;
  await runPass(deliveryAt(db, morning(DAY), url));
  const doubtful = async () =>
    db
      .selectFrom('message')
      .where('doubts', '>', 0)
      .select(['state', 'doubts', 'possible_duplicate'])
      .orderBy('id')
      .execute();
  const mails = (await doubtful()).length;
  expect(mails).toBeGreaterThan(0);
  await deliverDue(deliveryAt(db, local(`${DAY}T08:16`), url));
  expect(await told(db)).toEqual([]);
  expect((await healthAt(db, local(`${DAY}T08:17`))).warnings).toEqual([]);
  await deliverDue(deliveryAt(db, local(`${DAY}T08:32`), url));
  const [mail, ...others] = await told(db);
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ email: ADMINISTRATOR, state: 'accepted' });
  expect(mail!.text).toContain('3 intentos sin respuesta');
  expect((await healthAt(db, local(`${DAY}T08:33`))).warnings).toEqual([
    expect.stringMatching(/^No se sabe si lleg.* tres intentos o más sin respuesta del servidor/),
  ]);
  // The next day it is told again with the morning, not at midnight.
  await deliverDue(deliveryAt(db, local('2024-05-16T00:10'), url));
  expect(await told(db)).toHaveLength(1);
  await deliverDue(deliveryAt(db, local('2024-05-16T08:30'), url));
  expect(await told(db)).toHaveLength(2);
  expect((await doubtful()).map(({ state, doubts }) => ({ state, doubts }))).toEqual(
    Array.from({ length: mails }, () => ({ state: 'uncertain', doubts: 5 })),
  );
  silent = false;
  await deliverDue(deliveryAt(db, local('2024-05-16T08:50'), url));
  expect(
    (await doubtful()).every(({ state, possible_duplicate }) => state === 'accepted' && possible_duplicate),
  ).toBe(true);
  expect(arrived.filter((to) => to === LIAISON)).toHaveLength(6 * mails);
  expect((await healthAt(db, local('2024-05-16T08:51'))).warnings).toEqual([]);
});

test('a sender that dies over a mail again and again leaves it in doubt each time', async () => {
  const { db } = await freshDatabase('demo');
  const { claimMessages } = await import('../../db/messages.ts');
  const id = await oweBroken(db, noon(DAY));
  await sql`update message set html = 'h' where id = ${id}`.execute(db);
  for (let deaths = 0; deaths < 4; deaths += 1) {
    expect(await claimMessages(db, noon(DAY), { limit: 1 })).toHaveLength(1);
    await sql`update message set lease_until = clock_timestamp() - interval '1 second' where id = ${id}`.execute(
      db,
    );
  }
  expect(await oweStuckMails(db, noon(DAY))).toBe(1);
});

test('a database without room while a mail is composed is no fault of the mail', async () => {
  const { db } = await freshDatabase('demo');
  const id = await oweBroken(db, noon(DAY));
  await sql`
    create function no_room() returns boolean language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
    alter table second_factor rename to second_factor_kept;
    create view second_factor as select * from second_factor_kept where no_room()`.execute(db);
  await expect(deliverDue(deliveryAt(db, noon(DAY)))).rejects.toMatchObject({ code: '53100' });
  const state = async () =>
    (await db.selectFrom('message').where('id', '=', id).select('state').executeTakeFirstOrThrow()).state;
  expect(await state()).toBe('sending');
  await sql`drop view second_factor; alter table second_factor_kept rename to second_factor;
    update message set lease_until = clock_timestamp() - interval '1 second'`.execute(db);
  await deliverDue(deliveryAt(db, noon(DAY)));
  // Now it is the mail's own.
  expect(await state()).toBe('failed');
});
