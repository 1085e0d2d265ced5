// The mails that tell of no single deadline: who gets them, on which mornings, and to whom none is sent any more.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { listCoverageGaps } from '../../db/coverage.ts';
import type { MessageKind } from '../../db/schema.ts';
import { changeDate } from '../../db/manual-dates.ts';
import { ensurePerson, grantRole } from '../../db/people.ts';
import { setWeeklyMail } from '../../db/weekly-mail.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deadlineOf, personId } from '../support/facts-of-deadlines.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { smtpSink } from '../support/smtp-sink.ts';

/** The demo begins on Wednesday 15 May 2024. */
const WEDNESDAY = '2024-05-15';
const MONDAY = '2024-05-20';

async function mailsOf(db: Db, kind: MessageKind, day?: string) {
  let query = db
    .selectFrom('message')
    .innerJoin('person', 'person.id', 'message.person_id')
    .where('message.kind', '=', kind);
  if (day !== undefined) query = query.where('run_on', '=', day);
  return query
    .select([
      'person.email',
      'message.run_on',
      'message.state',
      'message.subject',
      'message.text',
      'message.reason',
    ])
    .orderBy('message.id')
    .execute();
}

/** Closes everything an area answers for, so that it has nothing to do. */
const emptyArea = (db: Db, area: string) =>
  sql`update deadline_version v set settled_at = v.known_from from deadline d, obligation_area oa, area a
    where v.superseded_at is null and v.settled_at is null and d.id = v.deadline_id
      and oa.obligation_id = d.obligation_id and a.id = oa.area_id and a.key = ${area}`.execute(db);

/** Leaves the reports that wait as if they had been handed in that day at noon. */
const reportedOn = (db: Db, day: string) =>
  sql`update submission set recorded_at = ${instantOf(`${day}T12:00`)} where decided_at is null`.execute(db);

const decideAll = (db: Db) =>
  sql`update submission set decided_at = recorded_at where decided_at is null`.execute(db);

async function passes(db: Db, from: string, to: string) {
  for (let day = from; day <= to; day = addDays(day, 1)) await runPass(deliveryAt(db, morning(day)));
}

describe('a head of area with nothing to do', () => {
  test('is told so when the week opens, once, and on no other day', async () => {
    const { db } = await freshDatabase('demo');
    await emptyArea(db, 'iem_deoe');
    await passes(db, WEDNESDAY, '2024-05-26');
    await runPass(deliveryAt(db, momentOf(instantOf('2024-05-26T12:00'))));
    const mine = (await mailsOf(db, 'all_clear')).filter(({ email }) => email === 'titular.deoe@iem.example');
    expect(mine.map(({ run_on, state, subject }) => ({ run_on, state, subject }))).toEqual([
      { run_on: MONDAY, state: 'accepted', subject: 'Organización Electoral: sin pendientes esta semana' },
    ]);
    expect(mine[0]!.text).toContain('nada vence de hoy al domingo 26 de mayo de 2024');
  });

  test('is told on the first day of attention when Monday is none', async () => {
    const { db } = await freshDatabase('demo');
    await emptyArea(db, 'iem_deoe');
    await sql`insert into attention_exception (day, attended, reason) values (${MONDAY}, false, 'Puente')`.execute(
      db,
    );
    await passes(db, '2024-05-18', '2024-05-22');
    const mine = (await mailsOf(db, 'all_clear')).filter(({ email }) => email === 'titular.deoe@iem.example');
    expect(mine.map(({ run_on }) => run_on)).toEqual(['2024-05-21']);
  });

  test('is not, as long as something is overdue or due that week', async () => {
    const { db } = await freshDatabase('demo');
    await passes(db, WEDNESDAY, MONDAY);
    const busy = await db
      .selectFrom('deadline_version as v')
      .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
      .innerJoin('obligation_area as oa', 'oa.obligation_id', 'd.obligation_id')
      .innerJoin('area', 'area.id', 'oa.area_id')
      .where('v.superseded_at', 'is', null)
      .where('v.settled_at', 'is', null)
      .where('v.due_on', '<=', '2024-05-26')
      .where('oa.role', '=', 'responsible')
      .where((eb) =>
        eb.not(
          eb.exists(eb.selectFrom('submission as s').whereRef('s.deadline_id', '=', 'd.id').select('s.id')),
        ),
      )
      .select('area.email')
      .distinct()
      .execute();
    const told = (await mailsOf(db, 'all_clear')).map(({ email }) => email);
    expect(busy.length).toBeGreaterThan(3);
    expect(told.filter((email) => busy.some((area) => email === `titular.${area.email}`))).toEqual([]);
  });
});

describe('the reviewer’s clock', () => {
  test('reminds the Dirección from the third working day on, and never the area', async () => {
    const { db } = await freshDatabase('demo');
    await reportedOn(db, WEDNESDAY);
    const waiting = await db.selectFrom('submission').where('decided_at', 'is', null).select('id').execute();
    await passes(db, WEDNESDAY, '2024-05-19');
    const reviewing = async () => {
      const { rows } = await sql<{ email: string; run_on: string; text: string }>`
        select person.email, message.run_on::text, message.text from message
        join person on person.id = message.person_id
        where message.text ilike '%reportes por revisar%' and message.kind in ('digest', 'desk')
        order by run_on, email`.execute(db);
      return rows;
    };
    expect(await reviewing()).toEqual([]);
    await passes(db, MONDAY, MONDAY);
    const told = await reviewing();
    const direction = await db
      .selectFrom('role_grant')
      .innerJoin('person', 'person.id', 'role_grant.person_id')
      .where('role', '=', 'direction')
      .select('email')
      .orderBy('email')
      .execute();
    expect(told.map(({ email }) => email)).toEqual(direction.map(({ email }) => email));
    expect(told[0]!.text).toContain('3 días hábiles');
    expect(told[0]!.text).toContain(`(${waiting.length})`);
  });

  test('is silent once everything was decided', async () => {
    const { db } = await freshDatabase('demo');
    await decideAll(db);
    await passes(db, WEDNESDAY, '2024-05-24');
    const desks = await mailsOf(db, 'desk');
    expect(desks.filter(({ text }) => text?.includes('por revisar'))).toEqual([]);
  });
});

describe('coverage', () => {
  test('finds what falls due after the last person of an area leaves, and who is told instead', async () => {
    const { db } = await freshDatabase('demo');
    expect(await listCoverageGaps(db, morning(WEDNESDAY))).toEqual([]);
    await sql`update appointment set until_on = '2024-05-20' from post, area
      where post.id = appointment.post_id and area.id = post.area_id and area.key = 'iem_deoe'`.execute(db);
    const gaps = await listCoverageGaps(db, morning(WEDNESDAY));
    expect(gaps.length).toBeGreaterThan(0);
    expect(new Set(gaps.map(({ area_name }) => area_name))).toEqual(
      new Set(['Dirección Ejecutiva de Organización Electoral']),
    );
    expect(gaps.every(({ due_on, from_on }) => from_on === '2024-05-21' && due_on > '2024-05-20')).toBe(true);
    expect(gaps.every(({ covered_by }) => covered_by !== null)).toBe(true);
  });

  test('is told to the Dirección at once, and again when the week opens or something is new', async () => {
    const { db } = await freshDatabase('demo');
    await decideAll(db);
    await sql`update person set disabled_at = '2024-05-01' from appointment, post, area
      where appointment.person_id = person.id and post.id = appointment.post_id
        and area.id = post.area_id and area.key = 'iem_deoe'`.execute(db);
    // One deadline of each of two areas, and no rung these days: nobody has a digest.
    await sql`update deadline_version set settled_at = known_from where settled_at is null`.execute(db);
    for (const area of ['iem_deoe', 'iem_coord_informatica']) {
      await sql`update deadline_version v set settled_at = null, due_on = '2024-06-10', due_time = null
        where superseded_at is null and deadline_id = (
          select min(d.id) from deadline d
          join deadline_version had on had.deadline_id = d.id and had.superseded_at is null and had.due_on is not null
          join obligation_area oa on oa.obligation_id = d.obligation_id and oa.role = 'responsible'
          join area a on a.id = oa.area_id and a.key = ${area}
          where not exists (select from submission s where s.deadline_id = d.id))`.execute(db);
    }
    await passes(db, WEDNESDAY, MONDAY);
    const days = async () => {
      const { rows } = await sql<{ run_on: string }>`select distinct run_on::text from message
        where text ilike '%sin persona vigente%' and kind = 'desk' and state = 'accepted' order by 1`.execute(
        db,
      );
      return rows.map(({ run_on }) => run_on);
    };
    expect(await days()).toEqual([WEDNESDAY, MONDAY]);
    await sql`update person set disabled_at = '2024-05-21T12:00:00Z' from appointment, post, area
      where appointment.person_id = person.id and post.id = appointment.post_id
        and area.id = post.area_id and area.key = 'iem_coord_informatica'`.execute(db);
    await passes(db, '2024-05-21', '2024-05-24');
    expect(await days()).toEqual([WEDNESDAY, MONDAY, '2024-05-21']);
  });
});

describe('the weekly summary', () => {
  test('goes to the Commission with the totals of the report, and can be stopped with one click', async () => {
    const { db } = await freshDatabase('demo');
    const sink = await smtpSink();
    await runPass(deliveryAt(db, morning(WEDNESDAY), sink.url));
    await runPass(deliveryAt(db, morning(MONDAY), sink.url));
    const [mail, ...others] = await mailsOf(db, 'weekly');
    expect(others.every(({ run_on }) => run_on === MONDAY)).toBe(true);
    expect(mail?.subject).toMatch(
      /^Convenio INE–IEM al 20 may: \d+ vencidas de \d+ exigibles \(\d+\.\d %\)$/,
    );
    const raw = sink.received.find((one) => one.raw.includes('List-Unsubscribe-Post'))!.raw;
    expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    const notices = sink.received.filter((one) => one.raw.includes('List-Help'));
    expect(notices.length).toBeGreaterThan(10);
    expect(notices.some((one) => one.raw.includes('List-Unsubscribe'))).toBe(false);

    const { id } = await db
      .selectFrom('person')
      .where('email', '=', mail!.email)
      .select('id')
      .executeTakeFirstOrThrow();
    await setWeeklyMail(db, { person_id: id, stopped: true }, morning(MONDAY));
    await runPass(deliveryAt(db, morning('2024-05-27')));
    const later = (await mailsOf(db, 'weekly', '2024-05-27')).map(({ email }) => email);
    expect(later).not.toContain(mail!.email);
  });
});

describe('the mails of a week', () => {
  const DOWN = 'smtp://127.0.0.1:1';
  const sent = async (db: Db, kind: MessageKind) =>
    (await mailsOf(db, kind)).map(({ run_on, state, reason, email }) => ({ run_on, state, reason, email }));
  /** The day, state and reason of each, without repeating. */
  const standings = async (db: Db, kind: MessageKind) => [
    ...new Set(
      (await sent(db, kind)).map(({ run_on, state, reason }) => `${run_on} ${state} ${reason ?? ''}`.trim()),
    ),
  ];
  const WITHDRAWN = 'no salió a tiempo; lo que siga siendo cierto va en otro correo';

  test('go on Tuesday, once, when there was no pass on Monday', async () => {
    const { db } = await freshDatabase('demo');
    await emptyArea(db, 'iem_deoe');
    await passes(db, '2024-05-17', '2024-05-19');
    await passes(db, '2024-05-21', '2024-05-24');
    expect(await standings(db, 'weekly')).toEqual(['2024-05-21 accepted']);
    expect(await standings(db, 'all_clear')).toEqual(['2024-05-21 accepted']);
    await passes(db, '2024-05-27', '2024-05-28');
    expect(await standings(db, 'weekly')).toEqual(['2024-05-21 accepted', '2024-05-27 accepted']);
  });

  test('that the mail server did not take on Monday are owed again on Tuesday, with a true reason', async () => {
    const { db } = await freshDatabase('demo');
    for (const area of ['iem_deoe', 'iem_coord_informatica']) await emptyArea(db, area);
    await runPass(deliveryAt(db, morning(MONDAY), DOWN));
    const [first, ...others] = await sent(db, 'all_clear');
    expect(others.length).toBeGreaterThan(0);
    // One of them is not idle any more.
    const { id } = await db
      .selectFrom('person')
      .where('email', '=', first!.email)
      .select('id')
      .executeTakeFirstOrThrow();
    await sql`update deadline_version v set settled_at = null, due_on = '2024-05-24' from deadline d, obligation_area oa,
        post, appointment held
      where d.id = v.deadline_id and oa.obligation_id = d.obligation_id and oa.role = 'responsible' and v.superseded_at is null
        and post.area_id = oa.area_id and held.post_id = post.id and held.person_id = ${id}`.execute(db);
    await passes(db, '2024-05-21', '2024-05-24');
    expect(await standings(db, 'weekly')).toEqual([
      `${MONDAY} cancelled ${WITHDRAWN}`,
      '2024-05-21 accepted',
    ]);
    const again = (await sent(db, 'all_clear')).filter(({ state }) => state === 'accepted');
    expect(again.length).toBeGreaterThan(0);
    expect(again.map(({ email }) => email)).not.toContain(first!.email);
    for (const { email } of again) expect(others.map((other) => other.email)).toContain(email);
    expect(new Set(again.map(({ email }) => email)).size).toBe(again.length);
    expect(new Set(again.map(({ run_on }) => run_on))).toEqual(new Set(['2024-05-21']));
  });

  test('are not repeated when they were taken as sent, nor begun in the middle of an installation’s first week', async () => {
    const { db } = await freshDatabase('demo');
    await passes(db, WEDNESDAY, '2024-05-17');
    expect(await sent(db, 'weekly')).toEqual([]);
    await runPass(deliveryAt(db, morning(MONDAY), DOWN));
    await sql`update message set state = 'cancelled', reason = 'se dio por enviado', closed_at = created_at
      where kind = 'weekly'`.execute(db);
    await passes(db, '2024-05-21', '2024-05-22');
    expect((await sent(db, 'weekly')).map(({ run_on }) => run_on)).not.toContain('2024-05-21');
  });
});

test('the digest of the morning says where the audit record stood', async () => {
  const { db } = await freshDatabase('demo');
  const head = await db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
  await runPass(deliveryAt(db, morning(WEDNESDAY)));
  const digests = await mailsOf(db, 'digest');
  expect(digests.length).toBeGreaterThan(10);
  for (const { text } of digests) expect(text).toContain(`Bitácora al asiento ${head.seq}:\n${head.hash}`);
});

describe('whoever is gone', () => {
  /** Queues a receipt to the person of a report that waits, as handing it in does. */
  async function receiptFor(db: Db) {
    const report = await db
      .selectFrom('submission')
      .where('decided_at', 'is', null)
      .select(['id', 'submitted_by'])
      .executeTakeFirstOrThrow();
    await db
      .insertInto('message')
      .values({
        kind: 'receipt',
        person_id: report.submitted_by,
        submission_id: report.id,
        created_at: morning(WEDNESDAY).at,
        next_attempt_at: morning(WEDNESDAY).at,
      })
      .execute();
    return report.submitted_by;
  }

  test.each([
    ['disabled', 'la cuenta de la persona está de baja'],
    ['out of office', 'la persona dejó el cargo'],
  ])('%s gets no receipt, and the outbox says why', async (how, reason) => {
    const { db } = await freshDatabase('demo');
    const person = await receiptFor(db);
    if (how === 'disabled')
      await sql`update person set disabled_at = '2024-05-14T12:00:00Z' where id = ${person}`.execute(db);
    else
      for (const held of ['appointment', 'role_grant'])
        await sql`update ${sql.table(held)} set until_on = '2024-05-14' where person_id = ${person}`.execute(
          db,
        );
    await deliverDue(deliveryAt(db, morning(WEDNESDAY)));
    expect((await mailsOf(db, 'receipt')).map(({ state, reason: why }) => ({ state, why }))).toEqual([
      { state: 'cancelled', why: reason },
    ]);
  });

  test('still in office gets it', async () => {
    const { db } = await freshDatabase('demo');
    await receiptFor(db);
    await deliverDue(deliveryAt(db, morning(WEDNESDAY)));
    expect((await mailsOf(db, 'receipt')).map(({ state }) => state)).toEqual(['accepted']);
  });
});

test('publishing a process tells each area of the institute once what it answers for', async () => {
  const { db } = await freshDatabase('demo');
  const process = await db.selectFrom('process').selectAll().orderBy('id').executeTakeFirstOrThrow();
  const { queueAssignments } = await import('../../db/assignments.ts');
  const queued = await queueAssignments(db, process, morning(WEDNESDAY));
  await expect(queueAssignments(db, process, morning(WEDNESDAY))).rejects.toThrow('one_assignment');
  await deliverDue(deliveryAt(db, morning(WEDNESDAY)));
  const mails = await mailsOf(db, 'assignment');
  expect(mails).toHaveLength(queued);
  const sent = mails.filter(({ state }) => state === 'accepted');
  expect(sent.length).toBeGreaterThan(5);
  for (const { email, subject } of sent) {
    expect(email).toMatch(/@iem\.example$/);
    expect(subject).toMatch(/obligaci|vencimientos? nuevos?/i);
  }
  const lists = ({ text }: (typeof sent)[number], title: string) => text!.includes(title);
  expect(sent.some((mail) => lists(mail, 'LO QUE VENCE') && lists(mail, 'CON OTRA ÁREA'))).toBe(true);
  // Whoever answers for nothing is still told of what it has a part in, as such.
  const apart = sent.filter((mail) => !lists(mail, 'LO QUE VENCE') && lists(mail, 'PARA QUE LO SEPA'));
  expect(apart.length).toBeGreaterThan(0);
  for (const { subject, text } of apart) {
    expect(subject).toMatch(/^Obligaciones (en las que participa tu área|nuevas de tu área, en espera)/);
    expect(text).toMatch(/no\s+responde\s+por\s+ninguna|espera/);
  }
  // An area whose dates have all passed has nothing to be told.
  for (const { state, reason } of mails.filter((mail) => mail.state !== 'accepted'))
    expect({ state, reason }).toEqual({ state: 'cancelled', reason: 'sin contenido' });
});

/** Fixes a date by hand, as a notice of the INE says. */
const fixDate = async (db: Db, moment: Moment) =>
  changeDate(
    db,
    {
      which: 'said',
      deadline_id: await deadlineOf(db, 'AT-F-11'),
      version: 1,
      due_on: '2024-05-28',
      due_time: null,
      ground: 'ine_notice',
      reason: 'El INE adelantó la entrega',
      document: 'INE/DEOE/1234/2024',
      person_id: await personId(db, 'titular.devspe@iem.example'),
    },
    moment,
  );

test('a date fixed by hand is told to the area with its document and its reason', async () => {
  const { db } = await freshDatabase('demo');
  const moment = momentOf(instantOf(`${WEDNESDAY}T10:00`), true);
  const outcome = await fixDate(db, moment);
  expect(outcome.kind).toBe('changed');
  await deliverDue(deliveryAt(db, moment));
  const [mail, ...others] = await mailsOf(db, 'date_change');
  expect(others).toEqual([]);
  expect(mail?.text).toContain('según INE/DEOE/1234/2024');
  expect(mail?.text).toContain('El INE adelantó la entrega');
});

describe('a mail about a change of dates', () => {
  /** Puts one into the outbox; who it is for, and the area. */
  async function queued(db: Db, moment: Moment) {
    await fixDate(db, moment);
    return db
      .selectFrom('message')
      .where('kind', '=', 'date_change')
      .select(['id', 'person_id', 'area_id'])
      .executeTakeFirstOrThrow();
  }

  test.each(['left the institute', 'went to another area'])(
    'goes to whoever answers for the area by now when its person %s',
    async (how) => {
      const { db } = await freshDatabase('demo');
      const moment = morning('2024-05-15');
      const { person_id, area_id } = await queued(db, moment);
      const successor = await ensurePerson(db, {
        name: 'Quien llega',
        email: 'llega@iem.example',
        example: true,
      });
      await sql`update appointment set person_id = ${successor}
        where person_id = ${person_id} and post_id in (select id from post where area_id = ${area_id})`.execute(
        db,
      );
      if (how === 'left the institute') {
        await db.updateTable('person').set({ disabled_at: moment.at }).where('id', '=', person_id).execute();
      } else await grantRole(db, { person_id, role: 'commission', from_on: '2024-05-01' });
      await deliverDue(deliveryAt(db, moment));
      const sent = await db
        .selectFrom('message')
        .where('kind', '=', 'date_change')
        .select(['state', 'person_id', 'to_address'])
        .execute();
      expect(sent).toEqual([{ state: 'accepted', person_id: successor, to_address: 'llega@iem.example' }]);
      const entries = await db
        .selectFrom('audit_entry')
        .where('verb', '=', 'pasó un correo a quien responde por el área')
        .select('detail')
        .execute();
      expect(entries).toMatchObject([{ detail: { from: person_id, to: successor, area: area_id } }]);
    },
  );

  test('that may have reached its reader is nobody else’s', async () => {
    const { db } = await freshDatabase('demo');
    const moment = morning('2024-05-15');
    const { id, person_id } = await queued(db, moment);
    await sql`update message set state = 'uncertain', subject = 's', html = 'h', text = 't', to_address = 'antes@iem.example',
      attempts = 1 where id = ${id}`.execute(db);
    const successor = await ensurePerson(db, { name: 'Quien llega', email: 'l@iem.example', example: true });
    await sql`update appointment set person_id = ${successor} where person_id = ${person_id}`.execute(db);
    await deliverDue(deliveryAt(db, moment));
    const sent = await db.selectFrom('message').where('id', '=', id).select('person_id').execute();
    expect(sent).toEqual([{ person_id }]);
  });
});
