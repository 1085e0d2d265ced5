import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { getInstallation } from '../../db/installation.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { listPlanned, rehearsePass } from '../../db/planned-notices.ts';
import { takeTurn } from '../../db/sender.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { handIn } from '../support/handed-in.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const DAY = '2024-05-15';

/** Messages by state. */
async function states(db: Db): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('message')
    .groupBy('state')
    .select(['state', sql<number>`count(*)`.as('count')])
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

describe('a pass', () => {
  test('run twice sends once', async () => {
    const { db } = await freshDatabase('demo');
    const sink = await smtpSink();
    const delivery = deliveryAt(db, morning(DAY), sink.url);
    const first = await runPass(delivery);
    const second = await runPass(delivery);
    expect(first.accepted.length).toBeGreaterThan(10);
    expect(second).toMatchObject({ planned: 0, messages: 0, accepted: [] });
    expect(sink.received).toHaveLength(first.accepted.length);
  });

  test('does not write to whoever left between planning and sending, and tells who answers now', async () => {
    const { db } = await freshDatabase('demo');
    const sink = await smtpSink();
    await planNotices(db, morning(DAY));
    const leaving = await db
      .selectFrom('notice')
      .innerJoin('person', 'person.id', 'notice.person_id')
      .where('notice.kind', '=', 'reminder')
      .where('person.email', 'like', 'enlace.%')
      .select(['person.id', 'person.email'])
      .executeTakeFirstOrThrow();
    await db
      .updateTable('person')
      .set({ disabled_at: morning(DAY).at })
      .where('id', '=', leaving.id)
      .execute();
    await runPass(deliveryAt(db, morning(DAY), sink.url));
    expect(sink.received.map(({ to }) => to)).not.toContain(leaving.email);
    const theirs = await db
      .selectFrom('notice')
      .where('person_id', '=', leaving.id)
      .where('state', '<>', 'superseded')
      .select(['deadline_id', 'reason'])
      .execute();
    expect(new Set(theirs.map(({ reason }) => reason))).toEqual(new Set(['la persona dejó el cargo']));
    const told = await db
      .selectFrom('notice')
      .where('state', '=', 'accepted')
      .select('deadline_id')
      .execute();
    const covered = new Set(told.map(({ deadline_id }) => deadline_id));
    expect(theirs.filter(({ deadline_id }) => !covered.has(deadline_id))).toEqual([]);
  });

  test('before eight in the morning plans nothing', async () => {
    const { db } = await freshDatabase('demo');
    const early = { ...morning(DAY), at: '2024-05-15T13:59:59Z' };
    expect((await planNotices(db, early)).planned).toBe(0);
    expect((await planNotices(db, morning(DAY))).planned).toBeGreaterThan(0);
  });

  test('rehearsed says what it would plan and keeps nothing', async () => {
    const { db } = await freshDatabase('demo');
    const rehearsal = await rehearsePass(db, morning(DAY));
    expect(await db.selectFrom('notice').select('id').execute()).toEqual([]);
    await planNotices(db, morning(DAY));
    const real = await listPlanned(db, morning(DAY));
    const told = ({ obligation, rung, to }: { obligation: string; rung: string; to: string }) =>
      `${obligation} ${rung} ${to}`;
    expect(real.length).toBeGreaterThan(10);
    expect(rehearsal.notices.map(told)).toEqual(real.map(told));
  });

  test('after ten days of silence sends one mail per person', async () => {
    const { db } = await freshDatabase('demo');
    const sink = await smtpSink();
    await runPass(deliveryAt(db, morning(DAY), sink.url));
    sink.received.length = 0;
    await runPass(deliveryAt(db, morning(addDays(DAY, 10)), sink.url));
    const perPerson = new Map<string, number>();
    for (const { to } of sink.received) perPerson.set(to, (perPerson.get(to) ?? 0) + 1);
    const caughtUp = await db
      .selectFrom('notice')
      .innerJoin('person', 'person.id', 'notice.person_id')
      .where('notice.state', '=', 'accepted')
      .where('planned_on', '<', addDays(DAY, 10))
      .where('planned_on', '>', DAY)
      .select('person.email')
      .distinct()
      .execute();
    expect(caughtUp.length).toBeGreaterThan(5);
    for (const { email } of caughtUp) expect(perPerson.get(email)).toBe(1);
  });

  test('with a date entered after its rungs had passed starts no flood', async () => {
    const { db } = await freshDatabase('demo');
    await runPass(deliveryAt(db, morning(DAY)));
    const moved = await db
      .updateTable('deadline_version')
      .set({ known_from: morning(addDays(DAY, 1)).at })
      .where('due_on', '<', '2024-05-01')
      .returning('deadline_id')
      .execute();
    expect(moved.length).toBeGreaterThan(50);
    await sql`delete from notice`.execute(db);
    await planNotices(db, morning(addDays(DAY, 1)));
    const planned = await listPlanned(db, morning(addDays(DAY, 1)));
    expect(planned.filter(({ due_on }) => due_on < '2024-05-01')).toEqual([]);
  });
});

describe('delivery', () => {
  test('never mails about what was reported between planning and sending', async () => {
    const { db } = await freshDatabase('demo');
    const sink = await smtpSink();
    await planNotices(db, morning(DAY));
    const planned = await listPlanned(db, morning(DAY));
    const target = planned.find(({ rung }) => rung === '0' || rung.startsWith('-'))!;
    const { deadline_id } = await db
      .selectFrom('notice')
      .where('id', '=', target.notice_id)
      .select('deadline_id')
      .executeTakeFirstOrThrow();
    await handIn(db, deadline_id, { ...morning(DAY), at: '2024-05-15T14:00:00.5Z' });
    await deliverDue(deliveryAt(db, { at: '2024-05-15T14:00:01Z' }, sink.url));
    const mentioned = await db
      .selectFrom('notice')
      .where('deadline_id', '=', deadline_id)
      .where('rung', '=', target.rung)
      .select(['state', 'reason'])
      .execute();
    expect(mentioned.map(({ state }) => state)).toEqual(mentioned.map(() => 'cancelled'));
    expect(mentioned[0]!.reason).toContain('reportado');
    expect(sink.received.some(({ raw }) => raw.includes(`/vencimientos/${deadline_id}\r\n`))).toBe(false);
  });

  test('shared by several senders sends every message once', async () => {
    const { db } = await freshDatabase('demo');
    const sink = await smtpSink();
    const { messages } = await planNotices(db, morning(DAY));
    const accepted = await Promise.all(
      [1, 2, 3, 4].map(() => deliverDue(deliveryAt(db, morning(DAY), sink.url))),
    );
    expect(accepted.flat()).toHaveLength(messages);
    expect(new Set(sink.received.map(({ message_id }) => message_id)).size).toBe(messages);
    expect(sink.received).toHaveLength(messages);
  });

  test('repeats what a dead sender may have sent with the same bytes and says that it may be a duplicate', async () => {
    const { db } = await freshDatabase('demo');
    const sink = await smtpSink();
    await runPass(deliveryAt(db, morning(DAY), sink.url));
    const [before] = sink.received;
    // What a kill between the server's answer and our commit leaves behind.
    await sql`update message set state = 'sending', lease_token = gen_random_uuid(), closed_at = null,
      lease_until = clock_timestamp() - interval '1 second' where message_id = ${before!.message_id}`.execute(
      db,
    );
    await sql`update notice set state = 'planned', closed_at = null from message
      where message.id = notice.message_id and message.message_id = ${before!.message_id}`.execute(db);
    // What is worded anew since then must not reach a mail that may be in the mailbox already.
    await sql`update obligation set title = title || ' (corregida)'`.execute(db);
    await deliverDue(deliveryAt(db, { at: '2024-05-15T18:00:00Z' }, sink.url));
    const after = sink.received.at(-1)!;
    expect(sink.received.filter(({ message_id }) => message_id === before!.message_id)).toHaveLength(2);
    const withoutTrace = (raw: string) => raw.replace(/^Received:.*(\r\n[ \t].*)*\r\n/gm, '');
    expect(withoutTrace(after.raw)).toBe(withoutTrace(before!.raw));
    const { possible_duplicate, state } = await db
      .selectFrom('message')
      .where('message_id', '=', before!.message_id)
      .select(['possible_duplicate', 'state'])
      .executeTakeFirstOrThrow();
    expect({ possible_duplicate, state }).toEqual({ possible_duplicate: true, state: 'accepted' });
  });

  test('a sender that lost its lease writes nothing over the one that took over', async () => {
    const { db } = await freshDatabase('demo');
    const { claimMessages, closeAttempt } = await import('../../db/messages.ts');
    await planNotices(db, morning(DAY));
    const [slow] = await claimMessages(db, morning(DAY), { limit: 1 });
    await sql`update message set lease_until = clock_timestamp() - interval '1 second' where id = ${slow!.id}`.execute(
      db,
    );
    const [quick] = (await claimMessages(db, morning(DAY), { limit: 100 })).filter(
      ({ id }) => id === slow!.id,
    );
    const closing = { state: 'failed', reply: 'tarde', at: morning(DAY).at } as const;
    expect(await closeAttempt(db, slow!, closing, false)).toBe(false);
    expect(await closeAttempt(db, quick!, { ...closing, state: 'accepted', reply: '250' }, false)).toBe(true);
  });

  test('a mail that cannot be composed fails alone, with its reason', async () => {
    const { db } = await freshDatabase('demo');
    await planNotices(db, morning(DAY));
    const { rows } = await sql<{ id: number }>`
      update deadline_version v set steps = (
        select jsonb_agg(case when step ->> 'op' = 'anchor' then step || '{"date": "nunca"}' else step end)
        from jsonb_array_elements(v.steps) as step)
      where (v.deadline_id, v.version) = (
        select n.deadline_id, n.deadline_version from notice n
        join deadline_version told on told.deadline_id = n.deadline_id and told.version = n.deadline_version
        where n.message_id is not null and told.steps @> '[{"op": "anchor"}]' order by n.id limit 1)
      returning v.deadline_id as id`.execute(db);
    const unreadable = await db
      .selectFrom('notice')
      .where('deadline_id', '=', rows[0]!.id)
      .where('message_id', 'is not', null)
      .select('message_id')
      .distinct()
      .execute();
    await deliverDue(deliveryAt(db, morning(DAY)));
    const failed = await db
      .selectFrom('message')
      .where('state', '=', 'failed')
      .select(['id', 'reply'])
      .execute();
    expect(new Set(failed.map(({ id }) => id))).toEqual(
      new Set(unreadable.map(({ message_id }) => message_id)),
    );
    for (const { reply } of failed) expect(reply).toMatch(/^no se pudo componer: ./);
    expect(Object.keys(await states(db)).sort()).toEqual(['accepted', 'failed']);
  });

  test('one refused address fails alone', async () => {
    const { db } = await freshDatabase('demo');
    const { messages } = await planNotices(db, morning(DAY));
    const planned = await listPlanned(db, morning(DAY));
    const refused = planned[0]!.to;
    const sink = await smtpSink({
      refuse: (recipient) => (recipient === refused ? { code: 550, text: '5.1.1 no such user' } : undefined),
    });
    await deliverDue(deliveryAt(db, morning(DAY), sink.url));
    const failed = await db
      .selectFrom('message')
      .where('state', '=', 'failed')
      .select(['to_address', 'reply'])
      .execute();
    expect(new Set(failed.map(({ to_address }) => to_address))).toEqual(new Set([refused]));
    expect(failed[0]!.reply).toContain('5.1.1');
    expect((await states(db))['accepted']).toBe(messages - failed.length);
  });

  test('waits for a mail server that is down and then sends one mail per person, however many mornings passed', async () => {
    const { db } = await freshDatabase('demo');
    const down = 'smtp://127.0.0.1:1';
    await runPass(deliveryAt(db, morning(DAY), down));
    expect((await states(db))['accepted']).toBeUndefined();
    expect((await states(db))['retry']).toBeGreaterThan(10);
    await runPass(deliveryAt(db, morning(addDays(DAY, 1)), down));
    const sink = await smtpSink();
    await runPass(deliveryAt(db, morning(addDays(DAY, 2)), sink.url));
    const digests = sink.received.map(({ to }) => to);
    const late = await db
      .selectFrom('notice')
      .innerJoin('person', 'person.id', 'notice.person_id')
      .where('notice.state', '=', 'accepted')
      .where('planned_on', '<', addDays(DAY, 2))
      .select('person.email')
      .distinct()
      .execute();
    expect(late.length).toBeGreaterThan(10);
    for (const { email } of late) expect(digests.filter((to) => to === email)).toHaveLength(1);
    const open = await db.selectFrom('notice').where('state', '=', 'planned').select('id').execute();
    expect(open).toEqual([]);
  });

  test('stops without spending attempts when the server refuses the log-in', async () => {
    const { db } = await freshDatabase('demo');
    await planNotices(db, morning(DAY));
    const sink = await smtpSink({ refuseLogin: true });
    await deliverDue(deliveryAt(db, morning(DAY), sink.url));
    expect(await takeTurn(db, morning(DAY), 1)).toBeUndefined();
    const { sender_paused_reason } = await getInstallation(db);
    expect(sender_paused_reason).toContain('535');
    expect(sink.received).toEqual([]);
    const attempts = await db.selectFrom('message').select(['attempts', 'state']).execute();
    expect(attempts.every((message) => message.attempts === 0 && message.state === 'queued')).toBe(true);
  });
});
