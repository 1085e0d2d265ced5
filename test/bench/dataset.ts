// The data the bench measures on: the catalogue and its example office, multiplied inside the database.
import { sql } from 'kysely';
import type { Moment } from '../../app/domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { recomputeDeadlines } from '../../db/deadline-schedule.ts';

/** Ids of the catalogue's rows lie below it; those of copy k begin at k times it. */
const STRIDE = 10_000;

/** SQL for each column that differs in a copy; `k` is the number of the copy, `original` the catalogue's row. */
type Changes = Record<string, string>;

const moved = (column: string) => `original.${column} + k * ${STRIDE}`;
const numbered = (column: string) => `original.${column} || '-' || k`;

/** The columns of a table that are written, in their order. */
async function columnsOf(db: Db, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER' order by ordinal_position`.execute(
    db,
  );
  return rows.map(({ name }) => name);
}

/** Inserts `copies` copies of the catalogue's rows of a table. */
async function copyRows(db: Db, table: string, copies: number, ownColumns: string[], changes: Changes = {}) {
  const expressions: Changes = {
    ...Object.fromEntries(ownColumns.map((column) => [column, moved(column)])),
    ...changes,
  };
  const names = await columnsOf(db, table);
  await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
    overriding system value
    select ${sql.join(names.map((name) => sql.raw(expressions[name] ?? `original.${name}`)))}
    from ${sql.table(table)} as original, generate_series(1, ${copies}::int) as k
    where ${sql.ref(`original.${ownColumns[0]!}`)} < ${STRIDE}`.execute(db);
}

/**
 * Copies whole convenios: process, ladder, instruments, clauses, obligations, rules and deadlines; in turns for each
 * of so many offices, of which the catalogue's is the first.
 */
async function copyConvenios(db: Db, copies: number, version: Changes, offices = 1): Promise<void> {
  const area = (column: string) => ({ [column]: `original.${column} + (k % ${offices}) * ${STRIDE}` });
  await copyRows(db, 'process', copies, ['id'], { key: numbered('key'), ...area('direction_area_id') });
  await copyRows(db, 'ladder', copies, ['id', 'process_id']);
  await copyRows(db, 'rung', copies, ['ladder_id']);
  await copyRows(db, 'instrument', copies, ['id', 'process_id', 'parent_id'], { key: numbered('key') });
  await copyRows(db, 'instrument_version', copies, ['id', 'instrument_id']);
  await copyRows(db, 'clause', copies, ['id', 'instrument_version_id'], area('responsible_area_id'));
  await copyRows(db, 'obligation', copies, ['id', 'process_id', 'clause_id'], area('counterpart_area_id'));
  await copyRows(db, 'obligation_area', copies, ['obligation_id'], area('area_id'));
  await copyRows(db, 'deadline_rule', copies, ['id', 'obligation_id']);
  await copyRows(db, 'deadline', copies, ['id', 'obligation_id']);
  await copyRows(db, 'deadline_version', copies, ['deadline_id', 'rule_id'], version);
}

/** Runs `fill` in one transaction without foreign keys and triggers, which check and settle row by row. */
async function bulk(db: Db, fill: (trx: Db) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    await sql`set local statement_timeout = 0`.execute(trx);
    await fill(trx);
  });
  await sql`vacuum analyze`.execute(db);
}

/**
 * Puts `copies` convenios into the years before, one a year. One deadline in ten is left overdue; the others were
 * reported and accepted, one in twelve of them late, and what waited for an event was waived.
 */
export async function addPastConvenios(db: Db, copies: number): Promise<void> {
  const earlier = (column: string) => `original.${column} - k * interval '1 year'`;
  const overdue = `original.due_on is not null and (original.deadline_id + k) % 10 = 0`;
  await bulk(db, async (trx) => {
    await copyConvenios(trx, copies, {
      opens_on: earlier('opens_on'),
      due_on: earlier('due_on'),
      lapses_at: earlier('lapses_at'),
      known_from: earlier('known_from'),
      recorded_at: earlier('recorded_at'),
      settled_at: `case when ${overdue} then null else ${earlier('lapses_at')} + interval '3 days' end`,
    });
    await sql`update deadline_version set settled_at = known_from + interval '1 year'
      where deadline_id >= ${STRIDE} and due_on is null`.execute(trx);
    await sql`insert into waiver (deadline_id, kind, reason, document, recorded_by, recorded_at)
      select deadline_id, 'condition_not_met', 'El evento no ocurrió', 'Oficio', 1, settled_at
      from deadline_version where deadline_id >= ${STRIDE} and due_on is null`.execute(trx);
    await sql`insert into submission (id, deadline_id, attempt, area_id, submitted_by, act_on, medium,
        document_number, recorded_at, form_key, decided_at)
      overriding system value
      select v.deadline_id, v.deadline_id, 1, oa.area_id, 1,
        v.due_on + case when v.deadline_id % 12 = 0 then 2 else 0 end, 'letter', 'Oficio ' || v.deadline_id,
        v.settled_at - interval '1 hour', gen_random_uuid(), v.settled_at
      from deadline_version v
      join deadline d on d.id = v.deadline_id
      join obligation_area oa on oa.obligation_id = d.obligation_id and oa.role = 'responsible'
      where v.deadline_id >= ${STRIDE} and v.due_on is not null and v.settled_at is not null`.execute(trx);
    await sql`insert into receipt (submission_id, folio, content, sha256, issued_at)
      select id, 'B-' || id, '{}', repeat('0', 64), recorded_at from submission where id >= ${STRIDE}`.execute(
      trx,
    );
    await sql`insert into review (submission_id, decision, reviewed_by, recorded_at)
      select id, 'accepted', 2, decided_at
      from submission where id >= ${STRIDE}`.execute(trx);
  });
}

/**
 * Adds `copies` convenios of which nothing was reported, due evenly from 36 days before `today` to 324 after, in turns
 * for each of so many offices.
 */
export async function addOpenConvenios(db: Db, copies: number, today: string, offices = 1): Promise<void> {
  const due_on = `date '${today}' - 36 + ((original.deadline_id * 7 + k * 13) % 360)::int`;
  const dates = {
    opens_on: 'null',
    due_on,
    due_time: 'null',
    lapses_at: `(${due_on} + 1)::timestamp at time zone 'America/Mexico_City'`,
    waiting_for_id: 'null',
    settled_at: 'null',
  };
  await bulk(db, (trx) => copyConvenios(trx, copies, dates, offices));
}

/** Brings the offices to so many, each with people of its own, and the convenios on the catalogue's dates to so many. */
export async function addOffices(db: Db, offices: number, convenios: number): Promise<void> {
  await bulk(db, async (trx) => {
    const copies = offices - 1;
    await copyRows(trx, 'area', copies, ['id', 'parent_id'], { key: numbered('key') });
    await copyRows(trx, 'person', copies, ['id'], {
      email: `k || '.' || original.email`,
      weekly_token: 'gen_random_uuid()',
    });
    await copyRows(trx, 'post', copies, ['id', 'area_id']);
    await copyRows(trx, 'appointment', copies, ['id', 'post_id', 'person_id']);
    await copyConvenios(trx, convenios - 1, {}, offices);
  });
}

/**
 * Adds obligations counted from the Jornada to the catalogue's own process until there are `count`, each with a term
 * of its own among some thousands, and computes them. Their deadlines are listed in `bench_dependant`.
 */
export async function addDependants(db: Db, count: number, moment: Moment): Promise<void> {
  await bulk(db, async (trx) => {
    await sql`create table bench_original as
      select r.obligation_id as id, o.process_id from deadline_rule r join obligation o on o.id = r.obligation_id
      where r.rule @> '{"type": "offset", "milestone": "jornada", "unit": "days"}'`.execute(trx);
    await sql`create table bench_copy as
      select id, k, id + k * ${STRIDE} as copy
      from bench_original, generate_series(1, ${count}::int / (select count(*) from bench_original)::int + 1) as k
      order by k, id limit ${count}`.execute(trx);
    const names = await columnsOf(trx, 'obligation');
    const own: Changes = { id: 'c.copy', ref: `o.ref || '-' || c.k` };
    await sql`insert into obligation (${sql.join(names.map((name) => sql.ref(name)))}) overriding system value
      select ${sql.join(names.map((name) => sql.raw(own[name] ?? `o.${name}`)))}
      from bench_copy c join obligation o on o.id = c.id`.execute(trx);
    await sql`insert into obligation_area (obligation_id, area_id, role)
      select c.copy, oa.area_id, oa.role from bench_copy c join obligation_area oa on oa.obligation_id = c.id`.execute(
      trx,
    );
    await sql`insert into deadline_rule (obligation_id, version, rule, sentence, recorded_at)
      select c.copy, 1, r.rule || jsonb_build_object('amount', (c.k * 7 + c.id) % 365), r.sentence, r.recorded_at
      from bench_copy c join deadline_rule r on r.obligation_id = c.id`.execute(trx);
  });
  const { rows } = await sql<{ process_id: number }>`select process_id from bench_original limit 1`.execute(
    db,
  );
  await recomputeDeadlines(db, rows[0]!.process_id, moment);
  await sql`create table bench_dependant as
    select d.id from deadline d where d.obligation_id >= ${STRIDE}`.execute(db);
  await sql`vacuum analyze`.execute(db);
}
