// The planner and a sender at the same mail, on connections of their own: no notice gets into a mail that does not carry it.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { claimMessages } from '../../db/messages.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { inTransaction } from '../../db/transaction.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';

const DAY = '2024-05-15';
const LATER = momentOf(instantOf(`${DAY}T08:05`));

/** The morning's mails queued, and one notice of a digest not planned yet, as if it had become due only now. */
async function oneMoreComes() {
  const { db } = await freshDatabase('demo');
  await planNotices(db, morning(DAY));
  const { rows } = await sql<{
    id: number;
    deadline_id: number;
    person_id: number;
    mail: number;
    title: string;
  }>`
    delete from notice where id = (
      select n.id from notice n join message m on m.id = n.message_id
      where m.kind = 'digest' and n.state = 'planned'
        and (select count(*) from notice other where other.message_id = m.id) > 2
      order by n.id limit 1
    )
    returning deadline_id, person_id, message_id as mail, (
      select o.title from deadline d join obligation o on o.id = d.obligation_id where d.id = deadline_id
    ) as title`.execute(db);
  const { deadline_id, person_id, mail, title } = rows[0]!;
  const look = async () => {
    const found = await db
      .selectFrom('notice')
      .leftJoin('message', 'message.id', 'notice.message_id')
      .where('deadline_id', '=', deadline_id)
      .where('notice.person_id', '=', person_id)
      .where('notice.state', '<>', 'superseded')
      .select(['notice.state', 'message.state as mail_state', 'message.run_on', 'message.text'])
      .execute();
    return found.map(({ text, ...notice }) => ({
      ...notice,
      says_so: text?.replace(/\s+/g, ' ').includes(title),
    }));
  };
  return { db, mail, look };
}

/** Waits until a backend waits for a lock of that kind. */
async function somebodyWaits(db: Db, locktype: 'advisory' | 'transactionid') {
  for (;;) {
    const { rows } = await sql`select from pg_locks where locktype = ${locktype} and not granted
      and pid in (select pid from pg_stat_activity where datname = current_database())`.execute(db);
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('a sender leaves a mail alone while the planner adds to it, and carries what was added', async () => {
  const { db, mail, look } = await oneMoreComes();
  await sql`
    create function wait_for_the_test() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock(4711); return null; end $$`.execute(db);
  await sql`create trigger wait_for_the_test before insert on notice
    for each statement execute function wait_for_the_test()`.execute(db);
  const pass = await db.connection().execute(async (gate) => {
    await sql`select pg_advisory_lock(4711)`.execute(gate);
    const planning = planNotices(db, LATER);
    await somebodyWaits(db, 'advisory');
    const sent = await deliverDue(deliveryAt(db, LATER));
    expect(sent).not.toContain(mail);
    await sql`select pg_advisory_unlock(4711)`.execute(gate);
    return planning;
  });
  expect(pass.planned).toBe(1);
  expect(await deliverDue(deliveryAt(db, LATER))).toContain(mail);
  expect(await look()).toEqual([{ state: 'accepted', mail_state: 'accepted', run_on: DAY, says_so: true }]);
});

test('the planner adds nothing to a mail that a sender has begun, and tells it the next morning', async () => {
  const { db, mail, look } = await oneMoreComes();
  const planning = await inTransaction(db, async (sender) => {
    const claims = await claimMessages(sender, LATER, { limit: 1000 });
    expect(claims.map(({ id }) => id)).toContain(mail);
    const pass = planNotices(db, LATER);
    await Promise.race([pass, somebodyWaits(db, 'transactionid')]);
    return { pass };
  });
  expect((await planning.pass).planned).toBe(1);
  expect(await look()).toEqual([{ state: 'planned', mail_state: null, run_on: null, says_so: undefined }]);
  await runPass(deliveryAt(db, morning('2024-05-16')));
  expect(await look()).toEqual([
    { state: 'accepted', mail_state: 'accepted', run_on: '2024-05-16', says_so: true },
  ]);
});

test('what an earlier release left planned in a mail that is over goes out with the next morning', async () => {
  const { db, mail, look } = await oneMoreComes();
  await planNotices(db, LATER);
  await sql`update message set state = 'accepted', closed_at = ${LATER.at} where id = ${mail}`.execute(db);
  await runPass(deliveryAt(db, morning('2024-05-16')));
  expect(await look()).toEqual([
    { state: 'accepted', mail_state: 'accepted', run_on: '2024-05-16', says_so: true },
  ]);
});
