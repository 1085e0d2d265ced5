// Mailboxes that are unknown for now, or full: how long they are tried, what begins the count anew, who is told.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import { listBouncing } from '../../db/bounces.ts';
import type { Db } from '../../db/client.ts';
import { DEMO_LOGIN_LIMITS, requestLogin } from '../../db/login-challenges.ts';
import { noteMailboxRefusal } from '../../db/mailbox-refusals.ts';
import { claimMessages } from '../../db/messages.ts';
import { correctEmail } from '../../db/staff.ts';
import type { SendOutcome } from '../../emails/mailer.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { outcomeRecorder } from '../../jobs/outcome-recorder.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { personId } from '../support/facts-of-deadlines.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const LIAISON = 'enlace.deoe@iem.example';
const at = (text: string) => momentOf(instantOf(text));

const UNKNOWN = { code: 450, text: '4.1.1 User unknown for now' };
const FULL = { code: 452, text: '4.2.2 Mailbox full' };
const BUSY = { code: 451, text: '4.3.0 Try again later' };
type Answer = typeof UNKNOWN | undefined;

/** A mail server that gives everybody else's mail its place, and the liaison's the answer of the hour. */
async function liaisonsServer(db: Db) {
  let answer: Answer;
  let address = LIAISON;
  const sink = await smtpSink({ refuse: (to) => (to === address ? answer : undefined) });
  return {
    ...sink,
    /** What was sent to the liaison so far. */
    letters: () => sink.received.filter(({ to }) => to === address),
    /** The pass of that morning, with the mails of which the liaison's get this answer. */
    async morning(day: string, given: Answer) {
      answer = given;
      await runPass(deliveryAt(db, morning(day), sink.url));
    },
    /** Sends what is due at that time. */
    async deliver(time: string, given: Answer) {
      answer = given;
      await deliverDue(deliveryAt(db, at(time), sink.url));
    },
    /** Asks for a code and sends it, with what else is due. */
    async write(time: string, given: Answer) {
      await requestLogin(db, { email: address, ip: '192.0.2.1' }, DEMO_LOGIN_LIMITS, at(time));
      await this.deliver(time, given);
    },
    async correctAddress(to: string, time: string) {
      const actor_id = await personId(db, 'administracion@iem.example');
      const act = { actor_id, person_id: await personId(db, address), moment: at(time) };
      expect(await correctEmail(db, act, to)).toBe(true);
      address = to;
    },
  };
}

const suspended = async (db: Db) => (await listBouncing(db)).map(({ email }) => email);

/** The liaison's mails of mornings, oldest first. */
const mailsOf = async (db: Db) =>
  db
    .selectFrom('message')
    .innerJoin('person', 'person.id', 'message.person_id')
    .where('person.email', '=', LIAISON)
    .where('run_on', 'is not', null)
    .select(['run_on', 'state', 'fault', 'reply'])
    .orderBy('message.id')
    .execute();

describe('a mailbox that is unknown for now', () => {
  test('is tried again for a day, whatever the mail, and then its address is one that does not exist', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.morning('2024-05-15', UNKNOWN);
    const first = await mailsOf(db);
    expect(first.length).toBeGreaterThan(0);
    for (const time of ['2024-05-15T08:01', '2024-05-15T20:00', '2024-05-16T07:59']) {
      await server.deliver(time, UNKNOWN);
      expect((await mailsOf(db)).map(({ state }) => state)).toEqual(first.map(() => 'retry'));
    }
    expect(await suspended(db)).toEqual([]);

    await server.morning('2024-05-16', UNKNOWN);
    const mails = await mailsOf(db);
    expect(mails.filter(({ run_on }) => run_on === '2024-05-15').map(({ state }) => state)).toEqual(
      first.map(() => 'cancelled'),
    );
    const second = mails.filter(({ run_on }) => run_on === '2024-05-16');
    expect(second.length).toBeGreaterThan(0);
    for (const mail of second) {
      expect(mail).toMatchObject({ state: 'failed', fault: 'address', reply: `450 ${UNKNOWN.text}` });
    }
    expect(await listBouncing(db)).toMatchObject([
      { email: LIAISON, reason: `450 ${UNKNOWN.text}`, bounced_at: expect.anything() as unknown },
    ]);
    const acts = await db
      .selectFrom('audit_entry')
      .where('verb', '=', 'suspendió la dirección de correo de')
      .select(['actor', 'at'])
      .execute();
    expect(acts.map(({ actor, at: when }) => [actor, Date.parse(when)])).toEqual([
      ['sistema', Date.parse(morning('2024-05-16').at)],
    ]);
    await server.morning('2024-05-17', undefined);
    expect(server.letters()).toEqual([]);
  });

  test('is suspended by a code as well, once a day has passed', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.write('2024-05-15T09:00', UNKNOWN);
    await server.write('2024-05-16T08:59', UNKNOWN);
    expect(await suspended(db)).toEqual([]);
    await server.write('2024-05-16T09:00', UNKNOWN);
    expect(await suspended(db)).toEqual([LIAISON]);
  });

  test('begins its day anew when it took a mail in between', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.write('2024-05-15T09:00', UNKNOWN);
    await server.write('2024-05-15T20:00', undefined);
    expect(server.letters().length).toBeGreaterThan(0);
    await server.write('2024-05-16T10:00', UNKNOWN);
    await server.write('2024-05-17T09:59', UNKNOWN);
    expect(await suspended(db)).toEqual([]);
    await server.write('2024-05-17T10:00', UNKNOWN);
    expect(await suspended(db)).toEqual([LIAISON]);
  });

  test('that took a mail is not suspended for another one that it refused beside it', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.write('2024-05-15T09:00', UNKNOWN);
    const noon = at('2024-05-16T12:00');
    await db.updateTable('message').set({ next_attempt_at: noon.at }).where('state', '=', 'retry').execute();
    await requestLogin(db, { email: LIAISON, ip: '192.0.2.1' }, DEMO_LOGIN_LIMITS, noon);
    const claims = await claimMessages(db, noon, { limit: 2 });
    expect(claims).toHaveLength(2);
    await db.updateTable('message').set({ to_address: LIAISON }).where('state', '=', 'sending').execute();
    const { record } = outcomeRecorder(deliveryAt(db, noon));
    const outcomes: SendOutcome[] = [
      { kind: 'retry', reply: `450 ${UNKNOWN.text}`, mailbox: 'unknown' },
      { kind: 'accepted', reply: '250 2.0.0 queued' },
    ];
    await Promise.all(
      claims.map((claim, index) => record({ claim, outcome: outcomes[index]!, claimedAt: noon.at })),
    );
    expect(await suspended(db)).toEqual([]);
  });

  test('begins its day anew when its address is corrected', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.write('2024-05-15T09:00', UNKNOWN);
    await server.correctAddress('nueva@iem.example', '2024-05-15T20:00');
    await server.write('2024-05-16T10:00', UNKNOWN);
    expect(await suspended(db)).toEqual([]);
    await server.write('2024-05-17T10:00', UNKNOWN);
    expect(await suspended(db)).toEqual(['nueva@iem.example']);
  });

  test('is one that exists when it says meanwhile that it is full', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.write('2024-05-15T09:00', UNKNOWN);
    await server.write('2024-05-15T20:00', FULL);
    await server.write('2024-05-16T10:00', UNKNOWN);
    expect(await suspended(db)).toEqual([]);
  });

  test('goes on being unknown while the server is busy with something else', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.write('2024-05-15T09:00', UNKNOWN);
    await server.write('2024-05-15T20:00', BUSY);
    await server.write('2024-05-16T09:00', UNKNOWN);
    expect(await suspended(db)).toEqual([LIAISON]);
  });

  test('is not suspended for two answers that lie weeks apart', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.write('2024-05-15T09:00', UNKNOWN);
    await server.write('2024-05-29T09:00', UNKNOWN);
    expect(await suspended(db)).toEqual([]);
  });

  test('has a day again when somebody trusts the same address once more', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.write('2024-05-15T09:00', UNKNOWN);
    await server.write('2024-05-16T09:00', UNKNOWN);
    expect(await suspended(db)).toEqual([LIAISON]);
    // While it is suspended codes still go there.
    await server.write('2024-05-16T12:00', UNKNOWN);
    await server.correctAddress(LIAISON, '2024-05-17T09:00');
    await server.write('2024-05-17T10:00', UNKNOWN);
    expect(await suspended(db)).toEqual([]);
  });

  test('is not counted by a sender that lost its lease', async () => {
    const { db } = await freshDatabase('demo');
    await requestLogin(db, { email: LIAISON, ip: '192.0.2.1' }, DEMO_LOGIN_LIMITS, morning('2024-05-15'));
    const [claim] = await claimMessages(db, morning('2024-05-15'), { limit: 1 });
    await db.updateTable('message').set({ to_address: LIAISON }).where('id', '=', claim!.id).execute();
    const zombie = { ...claim!, lease_token: randomUUID() };
    expect(await noteMailboxRefusal(db, zombie, 'unknown', morning('2024-05-15'))).toBe(false);
    expect(await noteMailboxRefusal(db, claim!, 'unknown', morning('2024-05-16'))).toBe(false);
    expect(await noteMailboxRefusal(db, claim!, 'unknown', morning('2024-05-17'))).toBe(true);
  });
});

describe('a full mailbox', () => {
  const told = async (db: Db) =>
    db
      .selectFrom('message')
      .where('kind', '=', 'stuck_mails')
      .select(['run_on', 'state', 'subject', 'text'])
      .orderBy('id')
      .execute();

  test('is told to whoever administers once it has been full for a day, each morning until it has room', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.morning('2024-05-15', FULL);
    await server.deliver('2024-05-15T20:00', FULL);
    await server.deliver('2024-05-16T07:59', FULL);
    expect(await told(db)).toEqual([]);

    await server.morning('2024-05-16', FULL);
    await server.deliver('2024-05-16T12:00', FULL);
    const [mail, ...others] = await told(db);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      run_on: '2024-05-16',
      state: 'accepted',
      subject: '1 buzón está lleno: revisa el libro de avisos',
    });
    const words = mail!.text!.replace(/\s+/g, ' ');
    expect(words).toContain('Buzón lleno desde el mié 15 may: «452 4.2.2 Mailbox full»');
    expect(words).toContain(LIAISON);
    expect(words).toContain('Abrir el libro de avisos: https://convenio.example/avisos ');
    // Its person is there: nobody else gets the notices, and nobody is asked to correct the address.
    expect(await suspended(db)).toEqual([]);

    await server.deliver('2024-05-17T00:10', FULL);
    expect(await told(db)).toHaveLength(1);
    await server.morning('2024-05-17', FULL);
    expect((await told(db)).map(({ run_on }) => run_on)).toEqual(['2024-05-16', '2024-05-17']);

    await server.deliver('2024-05-17T20:00', undefined);
    expect(server.letters().length).toBeGreaterThan(0);
    await server.morning('2024-05-20', FULL);
    await server.deliver('2024-05-20T09:00', FULL);
    expect(await told(db)).toHaveLength(2);
  });

  test('that has not refused anything that still waits is not told', async () => {
    const { db } = await freshDatabase('demo');
    const server = await liaisonsServer(db);
    await server.morning('2024-05-15', FULL);
    await db
      .updateTable('message')
      .set({ state: 'cancelled', closed_at: at('2024-05-15T21:00').at })
      .where('state', '=', 'retry')
      .execute();
    await server.deliver('2024-05-16T09:00', FULL);
    expect(await told(db)).toEqual([]);
  });
});
