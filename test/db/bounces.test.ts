import { describe, expect, test } from 'vitest';
import type { Bounce } from '../../app/domain/bounce.ts';
import { mailFolio } from '../../app/domain/mail-folio.ts';
import { listBouncing, recordBounce } from '../../db/bounces.ts';
import type { Db } from '../../db/client.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';

const DAY = '2024-05-15';

/** Sends a morning's mails and returns one that was accepted, with the bounce a server would send for it. */
async function sentMail(db: Db) {
  await runPass(deliveryAt(db, morning(DAY)));
  const mail = await db
    .selectFrom('message')
    .where('kind', '=', 'digest')
    .where('state', '=', 'accepted')
    .select(['id', 'created_at', 'to_address', 'person_id'])
    .executeTakeFirstOrThrow();
  const bounce: Bounce = {
    folio: mailFolio(mail),
    recipient: mail.to_address,
    action: 'failed',
    status: '5.1.1',
    diagnostic: '550 5.1.1 User unknown',
  };
  return { mail, bounce };
}

const stateOf = async (db: Db, id: number) =>
  (await db.selectFrom('message').where('id', '=', id).select('state').executeTakeFirstOrThrow()).state;

describe('a mail that came back', () => {
  test('marks its notices and the address, once', async () => {
    const { db } = await freshDatabase('demo');
    const { mail, bounce } = await sentMail(db);
    expect(await recordBounce(db, bounce, morning(DAY))).toBe('recorded');
    expect(await recordBounce(db, bounce, morning(DAY))).toBe('repeated');
    expect(await stateOf(db, mail.id)).toBe('bounced');
    const notices = await db
      .selectFrom('notice')
      .where('message_id', '=', mail.id)
      .select(['state', 'reason'])
      .execute();
    expect(notices.length).toBeGreaterThan(0);
    for (const notice of notices)
      expect(notice).toEqual({ state: 'bounced', reason: '5.1.1 550 5.1.1 User unknown' });
    expect(await listBouncing(db)).toMatchObject([
      { id: mail.person_id, reason: '5.1.1 550 5.1.1 User unknown' },
    ]);
  });

  test.each<[string, Partial<Bounce>, string]>([
    ['speaks of another address', { recipient: 'alguien@otro.example' }, 'unbelievable'],
    ['speaks of no address', { recipient: null }, 'unbelievable'],
    ['names a mail that was never sent', { folio: 'A-2024-999999' }, 'unbelievable'],
    ['names a mail of another year', { folio: 'A-1999-000001' }, 'unbelievable'],
    ['names none', { folio: null }, 'unbelievable'],
    ['tells of a delay', { action: 'delayed', status: '4.4.1' }, 'delayed'],
    ['tells of a delay at a missing mailbox', { action: 'delayed', status: '5.1.1' }, 'delayed'],
    ['tells that another server has it', { action: 'relayed', status: '2.1.9' }, 'delayed'],
    ['tells that it arrived', { action: 'delivered', status: '2.1.5' }, 'delayed'],
    ['says nothing', { action: null, status: null }, 'unreadable'],
  ])('changes nothing when it %s, and is counted', async (_what, changes, outcome) => {
    const { db } = await freshDatabase('demo');
    const { mail, bounce } = await sentMail(db);
    expect(await recordBounce(db, { ...bounce, ...changes }, morning(DAY))).toBe(outcome);
    expect(await stateOf(db, mail.id)).toBe('accepted');
    expect(await listBouncing(db)).toEqual([]);
    expect(await db.selectFrom('bounce').select('outcome').execute()).toEqual([{ outcome }]);
  });

  test.each([
    ['the server gave up waiting', '4.4.7'],
    ['the mailbox was full all the time', '4.2.2'],
    ['the mailbox is full', '5.2.2'],
    ['a policy refuses the mail', '5.7.1'],
    ['nobody says why', null],
  ])('for good because %s has bounced, and leaves the person as they are', async (_why, status) => {
    const { db } = await freshDatabase('demo');
    const { mail, bounce } = await sentMail(db);
    expect(await recordBounce(db, { ...bounce, status }, morning(DAY))).toBe('recorded');
    expect(await stateOf(db, mail.id)).toBe('bounced');
    const notices = await db.selectFrom('notice').where('message_id', '=', mail.id).select('state').execute();
    expect(new Set(notices.map(({ state }) => state))).toEqual(new Set(['bounced']));
    expect(await listBouncing(db)).toEqual([]);
  });

  test('of one who meanwhile has another address leaves the new one in peace', async () => {
    const { db } = await freshDatabase('demo');
    const { mail, bounce } = await sentMail(db);
    await db
      .updateTable('person')
      .set({ email: 'nueva@iem.example' })
      .where('id', '=', mail.person_id)
      .execute();
    expect(await recordBounce(db, bounce, morning(DAY))).toBe('recorded');
    expect(await listBouncing(db)).toEqual([]);
  });
});
