// What becomes of the notices of somebody whose address takes no mail, from the refusal to the corrected address.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { mailFolio } from '../../app/domain/mail-folio.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import { recordBounce } from '../../db/bounces.ts';
import type { Db } from '../../db/client.ts';
import { listCoverageGaps } from '../../db/coverage.ts';
import { healthAt } from '../../db/health.ts';
import { DEMO_LOGIN_LIMITS, requestLogin } from '../../db/login-challenges.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { correctEmail } from '../../db/staff.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { personId } from '../support/facts-of-deadlines.ts';
import { onlyDeadline } from '../support/one-deadline.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';
const DUE = '2024-05-20';
const at = (text: string) => momentOf(instantOf(text));
const REFUSED = { code: 550, text: '5.1.1 User unknown' };

/** Who was told of the deadline, with the state of each notice. */
async function toldOf(db: Db, id: number) {
  return db
    .selectFrom('notice')
    .innerJoin('person', 'person.id', 'notice.person_id')
    .where('deadline_id', '=', id)
    .select(['person.email', 'rung', 'state', 'reason'])
    .orderBy('notice.id')
    .execute();
}

/** The addresses of those in office in the area that answers for the deadline, its head last. */
async function officeOf(db: Db, id: number): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`
    select person.email from person
    join appointment a on a.person_id = person.id
      and a.from_on <= ${DAY} and coalesce(a.until_on >= ${DAY}, true)
    join post on post.id = a.post_id
    join obligation_area oa on oa.area_id = post.area_id and oa.role = 'responsible'
    join deadline d on d.obligation_id = oa.obligation_id
    where d.id = ${id} order by post.kind = 'head'`.execute(db);
  return rows.map(({ email }) => email);
}

/** Everything the mail server took about the deadline comes back: there is no such mailbox. */
async function bounceAll(db: Db, id: number, moment: { at: string }) {
  const { rows } = await sql<{ id: number; created_at: string; to_address: string }>`
    select distinct m.id, m.created_at, m.to_address from message m join notice n on n.message_id = m.id
    where n.deadline_id = ${id} and m.state = 'accepted'`.execute(db);
  for (const mail of rows) {
    const bounce = { folio: mailFolio(mail), recipient: mail.to_address, action: 'failed', status: '5.1.1' };
    expect(
      await recordBounce(db, { ...bounce, action: 'failed', diagnostic: 'unknown' }, momentOf(moment.at)),
    ).toBe('recorded');
  }
  return rows.map(({ to_address }) => to_address);
}

describe('an address that does not exist', () => {
  test('is suspended when the server refuses it, in the record, and the same notice goes to whoever follows', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', DUE);
    const gone = await officeOf(db, id);
    const head = gone.pop()!;
    expect(gone.length).toBeGreaterThan(0);
    const sink = await smtpSink({ refuse: (to) => (gone.includes(to) ? REFUSED : undefined) });
    await runPass(deliveryAt(db, morning(DAY), sink.url));
    expect(sink.received.filter(({ to }) => gone.includes(to))).toEqual([]);
    const { rows } = await sql<{ email: string; verb: string }>`
      select person.email, audit_entry.verb from person
      join audit_entry on audit_entry.subject = 'persona ' || person.id
      where person.bounced_at is not null`.execute(db);
    expect(new Set(rows.map(({ email, verb }) => `${email} ${verb}`))).toEqual(
      new Set(gone.map((email) => `${email} suspendió la dirección de correo de`)),
    );

    await runPass(deliveryAt(db, at(`${DAY}T08:05`), sink.url));
    expect(await toldOf(db, id)).toEqual(
      expect.arrayContaining([expect.objectContaining({ email: head, rung: '-5', state: 'accepted' })]),
    );
    // Nor is anything else sent there.
    for (const day of ['2024-05-16', '2024-05-17', '2024-05-20']) {
      await runPass(deliveryAt(db, morning(day), sink.url));
    }
    const later = (await toldOf(db, id)).filter(({ rung }) => rung === '-1' || rung === '0');
    const readers = later.map(({ email }) => email);
    expect(readers).toContain(head);
    expect(readers.filter((email) => gone.includes(email))).toEqual([]);
  });

  test('is suspended when mail comes back, and those who follow climb to the area above', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', DUE);
    const office = await officeOf(db, id);
    await sql`update person set bounced_at = ${morning(DAY).at} where email = ${office.at(-1)}`.execute(db);
    await runPass(deliveryAt(db, morning(DAY)));
    const bounced = await bounceAll(db, id, at(`${DAY}T08:30`));
    expect(bounced.length).toBeGreaterThan(0);
    const sink = await smtpSink();
    await runPass(deliveryAt(db, at(`${DAY}T08:35`), sink.url));
    for (const day of ['2024-05-16', '2024-05-17', '2024-05-20']) {
      await runPass(deliveryAt(db, morning(day), sink.url));
    }
    expect(sink.received.filter(({ to }) => office.includes(to))).toEqual([]);
    const rungs = (await toldOf(db, id)).filter(({ state }) => state === 'accepted');
    expect(rungs.map(({ rung }) => rung)).toEqual(expect.arrayContaining(['-5', '0']));
    expect(rungs.filter(({ email }) => office.includes(email))).toEqual([]);

    const gaps = await listCoverageGaps(db, morning('2024-05-20'));
    const gap = gaps.find(({ deadline_id }) => deadline_id === id);
    expect(gap?.suspended.length).toBe(new Set(office).size);
    expect(gap?.covered_by).not.toBeNull();
    const { warnings } = await healthAt(db, morning('2024-05-20'));
    expect(warnings.join(' ')).toContain(gap!.area_name);
  });

  test('what was planned for it and has not left is cancelled, saying why, and goes out once it is corrected', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', DUE);
    await runPass(deliveryAt(db, morning(DAY)));
    await runPass(deliveryAt(db, morning('2024-05-17')));
    await planNotices(db, morning('2024-05-20'));
    const owed = (await toldOf(db, id)).filter(({ state }) => state === 'planned');
    expect(owed.length).toBeGreaterThan(0);
    await bounceAll(db, id, at('2024-05-20T08:00'));
    const held = (await toldOf(db, id)).filter(({ rung }) => rung === '0');
    expect(held.map(({ state, reason }) => [state, reason])).toEqual(
      owed.map(() => ['cancelled', 'la dirección de correo rebota']),
    );

    const actor_id = await personId(db, 'administracion@iem.example');
    const email = owed[0]!.email;
    const act = { actor_id, person_id: await personId(db, email), moment: at('2024-05-20T12:00') };
    expect(await correctEmail(db, act, 'nueva@iem.example')).toBe(true);
    const sink = await smtpSink();
    await runPass(deliveryAt(db, at('2024-05-20T12:01'), sink.url));
    await runPass(deliveryAt(db, morning('2024-05-21'), sink.url));
    expect(sink.received.map(({ to }) => to)).toContain('nueva@iem.example');
    expect((await toldOf(db, id)).filter(({ email: to }) => to === 'nueva@iem.example')).toContainEqual(
      expect.objectContaining({ rung: '+1', state: 'accepted' }),
    );
  });

  test('is still sent the code somebody asks for', async () => {
    const { db } = await freshDatabase('demo');
    const email = 'enlace.deoe@iem.example';
    await sql`update person set bounced_at = ${morning(DAY).at} where email = ${email}`.execute(db);
    await requestLogin(db, { email, ip: '192.0.2.1' }, DEMO_LOGIN_LIMITS, morning(DAY));
    const sink = await smtpSink();
    await runPass(deliveryAt(db, morning(DAY), sink.url));
    const received = sink.received.filter(({ to }) => to === email);
    expect(received).toHaveLength(1);
    expect(received[0]!.raw).toContain('login-code');
  });

  test('a policy that refuses the mail does not suspend the person', async () => {
    const { db } = await freshDatabase('demo');
    await onlyDeadline(db, 'high', DUE);
    const sink = await smtpSink({ refuse: () => ({ code: 550, text: '5.7.1 Refused by policy' }) });
    await runPass(deliveryAt(db, morning(DAY), sink.url));
    expect(await db.selectFrom('message').where('state', '=', 'failed').select('id').execute()).not.toEqual(
      [],
    );
    expect(await db.selectFrom('person').where('bounced_at', 'is not', null).select('id').execute()).toEqual(
      [],
    );
  });
});

test('mail of yesterday that comes back today is among the failures of today', async () => {
  const { db } = await freshDatabase('demo');
  const id = await onlyDeadline(db, 'high', DUE);
  await runPass(deliveryAt(db, morning(DAY)));
  const bounced = await bounceAll(db, id, at('2024-05-16T00:10'));
  expect((await healthAt(db, at('2024-05-16T07:00'))).failed_today).toBe(bounced.length);
  expect((await healthAt(db, at('2024-05-17T07:00'))).failed_today).toBe(0);
});
