import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LADDER, ladderClass, rungKey, startingLadder } from '../../app/domain/ladder.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { loadAttention, saveAttention, saveAttentionException } from '../../db/attention.ts';
import type { Db } from '../../db/client.ts';
import { recomputeDeadlines } from '../../db/deadline-schedule.ts';
import { changeLadders, findClimbing } from '../../db/ladder-change.ts';
import { LADDER_CLASS, listLadderVersions, saveLadder } from '../../db/ladders.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { listPlanned } from '../../db/planned-notices.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { onlyDeadline, told } from '../support/one-deadline.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const local = (text: string) => momentOf(instantOf(text));

/** The person of the Dirección who changes settings. */
async function byDirection(db: Db, day: string) {
  const { id } = await db
    .selectFrom('person')
    .where('email', '=', 'titular.devspe@iem.example')
    .select('id')
    .executeTakeFirstOrThrow();
  return { person_id: id, moment: morning(day) };
}

test('a deadline’s class is the same in SQL', async () => {
  const { db } = await freshDatabase('catalogue');
  const { rows } = await sql<Parameters<typeof ladderClass>[0] & { ref: string; in_sql: string }>`
    select o.ref, o.obligor, o.priority, v.due_time, rule.in_hours, ${LADDER_CLASS} as in_sql
    from deadline_version v join deadline_rule rule on rule.id = v.rule_id
    join obligation o on o.id = rule.obligation_id`.execute(db);
  expect(rows.map(({ ref, in_sql }) => ({ ref, in_sql }))).toEqual(
    rows.map((row) => ({ ref: row.ref, in_sql: ladderClass(row) })),
  );
  expect(new Set(rows.map(({ in_sql }) => in_sql))).toEqual(
    new Set(['high', 'medium', 'low', 'hours', 'ine']),
  );
});

test('a process starts with a ladder for each class', async () => {
  const { db } = await freshDatabase('catalogue');
  const { id } = await db
    .selectFrom('process')
    .where('key', '=', 'ordinario-2023-2024')
    .select('id')
    .executeTakeFirstOrThrow();
  for (const name of ['high', 'medium', 'low', 'ine', 'hours'] as const) {
    const [version, ...others] = await listLadderVersions(db, id, name);
    expect(others).toEqual([]);
    expect(version!.rungs).toEqual(startingLadder(name));
  }
});

describe('an obligation put on another ladder', () => {
  const rung = (amount: number) => ({
    key: rungKey(amount, 'days'),
    amount,
    unit: 'days' as const,
    kind: amount > 0 ? ('escalation' as const) : ('reminder' as const),
    audience: ['responsible', 'deputy'] as const,
  });

  test('climbs it from that day on: what its earlier days had is not told late, nor anything twice', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', '2024-05-24');
    const { process_id } = await db
      .selectFrom('obligation as o')
      .innerJoin('deadline as d', 'd.obligation_id', 'o.id')
      .where('d.id', '=', id)
      .select('o.process_id')
      .executeTakeFirstOrThrow();
    await saveLadder(
      db,
      {
        process_id,
        class: 'low',
        after: 1,
        from_on: '2024-05-02',
        rungs: [rung(-4), rung(-2), rung(0), rung(1)],
      },
      await byDirection(db, '2024-05-01'),
    );
    for (const day of ['2024-05-15', '2024-05-16', '2024-05-17', '2024-05-20', '2024-05-21']) {
      await runPass(deliveryAt(db, morning(day)));
    }
    // Of Monday the 20th, four days before, nothing went out: it was not on this ladder.
    const by = await byDirection(db, '2024-05-21');
    const climbing = await findClimbing(db, [id], 'low', by.moment);
    expect(climbing!.changing).toMatchObject([
      {
        class: 'high',
        gone: 4,
        added: 2,
        example: { gone: [{ on: '2024-05-23' }, {}, {}, {}], added: [{ on: '2024-05-22' }, {}] },
      },
    ]);
    const order = { deadline_ids: [id], to: 'low' as const, reason: 'Menos avisos', person_id: by.person_id };
    expect(await changeLadders(db, { ...order, seen: 'other' }, by.moment)).toEqual({ kind: 'changed' });
    expect(await changeLadders(db, { ...order, seen: climbing!.fingerprint }, by.moment)).toEqual({
      kind: 'done',
      obligations: 1,
    });
    for (const day of ['2024-05-21', '2024-05-22', '2024-05-23', '2024-05-24', '2024-05-27', '2024-05-29']) {
      await runPass(deliveryAt(db, morning(day)));
    }
    expect((await told(db, id)).filter((line) => line.includes('accepted'))).toEqual([
      '-10 accepted 2024-05-15 digest',
      '-5 accepted 2024-05-17 digest',
      '-2 accepted 2024-05-22 digest',
      '0 accepted 2024-05-24 digest',
      '+1 accepted 2024-05-27 escalation',
    ]);
  });

  test('gets what its earlier ladder still owed from before that day', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', '2024-05-24');
    const by = await byDirection(db, '2024-05-20');
    const { fingerprint } = (await findClimbing(db, [id], 'medium', by.moment))!;
    const order = { deadline_ids: [id], to: 'medium' as const, reason: 'Prueba', person_id: by.person_id };
    await changeLadders(db, { ...order, seen: fingerprint }, by.moment);
    await runPass(deliveryAt(db, morning('2024-05-20')));
    expect((await told(db, id)).filter((line) => line.startsWith('-5'))).toEqual([
      '-5 accepted 2024-05-20 digest',
    ]);
  });
});

describe('attention', () => {
  test('sends the reminder of a Sunday on Friday, saying which day it is, and the escalation on Monday', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', '2024-05-19');
    const sink = await smtpSink();
    for (let day = '2024-05-15'; day <= '2024-05-23'; day = addDays(day, 1)) {
      await runPass(deliveryAt(db, morning(day), sink.url));
    }
    const lines = await told(db, id);
    expect(lines.filter((line) => !line.includes('superseded'))).toEqual([
      '-5 accepted 2024-05-15 digest',
      '-1 accepted 2024-05-17 digest',
      '+1 accepted 2024-05-20 escalation',
      '+3 accepted 2024-05-22 escalation',
    ]);
    expect(lines.filter((line) => line.startsWith('0 '))).toEqual(['0 superseded']);
    const friday = sink.received.filter(
      ({ raw }) => raw.includes('17 May 2024') && raw.includes('Vence el domingo'),
    );
    expect(friday.length).toBeGreaterThan(0);
    expect(friday[0]!.raw.replace(/=\r?\n|\s+/g, ' ')).toMatch(/El domingo no se env/);
  });

  test('of every day, as in a process, sends each rung on its own day', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', '2024-05-19');
    await saveAttention(
      db,
      { weekdays: [1, 2, 3, 4, 5, 6, 7], on_rest_days: true, hour: '07:30' },
      await byDirection(db, '2024-05-15'),
    );
    expect((await planNotices(db, local('2024-05-15T07:29'))).planned).toBe(0);
    for (let day = '2024-05-15'; day <= '2024-05-20'; day = addDays(day, 1)) {
      await runPass(deliveryAt(db, local(`${day}T07:30`)));
    }
    expect((await told(db, id)).filter((line) => line.includes('accepted'))).toEqual([
      '-5 accepted 2024-05-15 digest',
      '-1 accepted 2024-05-18 digest',
      '0 accepted 2024-05-19 digest',
      '+1 accepted 2024-05-20 escalation',
    ]);
  });

  test('changed after a reminder went out tells nobody twice', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', '2024-05-19');
    await runPass(deliveryAt(db, morning('2024-05-17')));
    const by = await byDirection(db, '2024-05-17');
    for (const day of ['2024-05-18', '2024-05-19']) {
      await saveAttentionException(db, { day, attended: true, reason: 'Guardia' }, by);
    }
    await runPass(deliveryAt(db, morning('2024-05-18')));
    expect((await told(db, id)).filter((line) => line.includes('05-18'))).toEqual([]);
    await runPass(deliveryAt(db, morning('2024-05-20')));
    expect((await told(db, id)).at(-1)).toBe('+1 accepted 2024-05-20 escalation');
  });

  test('whatever it says, no due date changes', async () => {
    const { db } = await freshDatabase('demo');
    const dates = () =>
      db
        .selectFrom('deadline_version')
        .select(['deadline_id', 'version', 'opens_on', 'due_on', 'due_time', 'lapses_at', 'provisional'])
        .orderBy('deadline_id')
        .orderBy('version')
        .execute();
    const before = await dates();
    const processes = await db.selectFrom('process').select('id').execute();
    const by = await byDirection(db, '2024-05-15');
    const settings = fc.record({
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      on_rest_days: fc.boolean(),
      hour: fc.constantFrom('05:00', '08:00', '12:00'),
    });
    const apart = fc.record({ away: fc.integer({ min: 0, max: 30 }), attended: fc.boolean() });
    let day = '2024-05-15';
    await fc.assert(
      fc.asyncProperty(settings, apart, async (said, { away, attended }) => {
        await saveAttention(db, said, by);
        await saveAttentionException(db, { day: addDays(day, away), attended, reason: 'Prueba' }, by);
        for (const { id } of processes) await recomputeDeadlines(db, id, morning(day));
        await planNotices(db, local(`${day}T12:00`));
        day = addDays(day, 1);
        expect(await dates()).toEqual(before);
      }),
      { numRuns: 12 },
    );
  });

  test('still catches up at once after days of silence, be it a Saturday', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', '2024-05-20');
    await runPass(deliveryAt(db, morning('2024-05-14')));
    await runPass(deliveryAt(db, morning('2024-05-18')));
    expect(await told(db, id)).toContain('-1 accepted 2024-05-18 digest');
  });
});

describe('a notice that comes up on a Friday after its mail left', () => {
  const FRIDAY = '2024-05-17';

  test('goes out on Monday, not on a day on which no mail is read', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', '2024-05-22');
    await runPass(deliveryAt(db, morning(FRIDAY)));
    await sql`delete from notice where deadline_id = ${id}`.execute(db);
    await runPass(deliveryAt(db, local(`${FRIDAY}T10:00`)));
    await runPass(deliveryAt(db, morning('2024-05-18')));
    await runPass(deliveryAt(db, morning('2024-05-19')));
    expect((await told(db, id)).filter((line) => !line.includes('superseded'))).toEqual(['-5 planned']);
    await runPass(deliveryAt(db, morning('2024-05-20')));
    expect((await told(db, id)).filter((line) => !line.includes('superseded'))).toEqual([
      '-5 accepted 2024-05-20 digest',
    ]);
  });

  test('goes out on Saturday when the mail of Friday did not leave', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', '2024-05-22');
    await runPass(deliveryAt(db, morning(FRIDAY), 'smtp://127.0.0.1:1'));
    await runPass(deliveryAt(db, morning('2024-05-18')));
    expect(await told(db, id)).toContain('-5 accepted 2024-05-18 digest');
  });
});

describe('a new version of a ladder', () => {
  test('tells nobody again, neither what was told nor what had its day before', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'high', '2024-05-24');
    const { id: process_id } = await db
      .selectFrom('process')
      .select('id')
      .orderBy('id')
      .executeTakeFirstOrThrow();
    await runPass(deliveryAt(db, morning('2024-05-17')));
    const by = await byDirection(db, '2024-05-17');
    const rungs = DEFAULT_LADDER.map((rung) =>
      rung.key === '-5' ? { ...rung, key: '-6', amount: -6 } : rung,
    );
    const ladder = { process_id, class: 'high', after: 1, from_on: '2024-05-20', rungs } as const;
    expect(await saveLadder(db, ladder, by)).toEqual({ kind: 'saved', version: 2 });
    expect(await saveLadder(db, ladder, by)).toEqual({ kind: 'changed_meanwhile' });
    for (let day = '2024-05-18'; day <= '2024-05-24'; day = addDays(day, 1)) {
      await runPass(deliveryAt(db, morning(day)));
    }
    const lines = await told(db, id);
    expect(lines.filter((line) => line.includes('accepted'))).toEqual([
      '-5 accepted 2024-05-17 digest',
      '-1 accepted 2024-05-23 digest',
      '0 accepted 2024-05-24 digest',
    ]);
  });

  test('cannot hold from today or before', async () => {
    const { db } = await freshDatabase('demo');
    const { id: process_id } = await db
      .selectFrom('process')
      .select('id')
      .orderBy('id')
      .executeTakeFirstOrThrow();
    const by = await byDirection(db, '2024-05-17');
    await expect(
      saveLadder(
        db,
        { process_id, class: 'low', after: 1, from_on: '2024-05-17', rungs: DEFAULT_LADDER },
        by,
      ),
    ).rejects.toThrow('ladders_never_reach_back');
  });
});

describe('what is counted in hours', () => {
  test('is told at its hour, on a Sunday and at night too, each in a mail of its own', async () => {
    const { db } = await freshDatabase('demo');
    const id = await onlyDeadline(db, 'hours', '2024-06-02', '20:00');
    const at = (text: string) => runPass(deliveryAt(db, local(text)));
    await at('2024-05-31T08:00');
    await at('2024-06-01T19:59');
    expect((await told(db, id)).filter((line) => line.includes('h '))).toEqual([]);
    await at('2024-06-01T20:00');
    await at('2024-06-02T16:00');
    await at('2024-06-02T21:00');
    await at('2024-06-03T02:00');
    expect((await told(db, id)).filter((line) => line.includes('h '))).toEqual([
      '-24h accepted 2024-06-01 hour_reminder',
      '-4h accepted 2024-06-02 hour_reminder',
      '+1h accepted 2024-06-02 escalation',
    ]);
    const subjects = await db.selectFrom('message').select(['subject', 'rung']).execute();
    for (const [rung, words] of [
      ['-24h', /^Vence en 24 horas \(dom 2 jun, 20:00 h\): /],
      ['-4h', /^Vence en 4 horas /],
      ['+1h', /^Vencida hace 1 hora: /],
    ] as const) {
      const own = subjects.filter((mail) => mail.rung === rung);
      expect(own.length).toBeGreaterThan(0);
      for (const { subject } of own) expect(subject).toMatch(words);
    }
    await at('2024-06-03T08:00');
    expect((await told(db, id)).at(-1)).toBe('+1 accepted 2024-06-03 escalation');
  });

  test('does not wait for the morning because another term of the day was told already', async () => {
    const { db } = await freshDatabase('demo');
    await onlyDeadline(db, 'hours', '2024-06-02', '20:00');
    await runPass(deliveryAt(db, local('2024-06-02T16:00')));
    const first = await db.selectFrom('message').where('kind', '=', 'hour_reminder').selectAll().execute();
    expect(first.length).toBeGreaterThan(0);
    await sql`update deadline_version set lapses_at = lapses_at + interval '2 hours', due_time = '22:00'
      where settled_at is null`.execute(db);
    await sql`delete from notice where rung = '-4h'`.execute(db);
    await runPass(deliveryAt(db, local('2024-06-02T18:00')));
    const second = await db.selectFrom('message').where('kind', '=', 'hour_reminder').selectAll().execute();
    expect(second).toHaveLength(2 * first.length);
    expect(second.every(({ state }) => state === 'accepted')).toBe(true);
  });

  test('at night plans nothing else', async () => {
    const { db } = await freshDatabase('demo');
    expect((await planNotices(db, local('2024-05-16T03:00'))).planned).toBe(0);
    expect(await listPlanned(db, local('2024-05-16T03:00'))).toEqual([]);
    const { first_at } = await db
      .selectFrom('pass')
      .where('run_on', '=', '2024-05-16')
      .select('first_at')
      .executeTakeFirstOrThrow();
    expect(first_at).toBeNull();
  });
});

test('the settings a database starts with are the office’s week', async () => {
  const { db } = await freshDatabase('empty');
  const { weekdays, on_rest_days, hour } = await loadAttention(db);
  expect({ weekdays, on_rest_days, hour }).toEqual({
    weekdays: [1, 2, 3, 4, 5],
    on_rest_days: false,
    hour: '08:00',
  });
});
