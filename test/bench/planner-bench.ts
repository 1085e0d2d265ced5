// One pass of the planner over many open deadlines, against inserting the same notices with one bare statement.
import { sql } from 'kysely';
import { momentOf } from '../../app/domain/moment.ts';
import { connect, type Db } from '../../db/client.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { DEMO_START } from '../../jobs/demo.ts';
import type { Databases } from './databases.ts';
import { inTurns, time } from './measure.ts';
import type { Row } from './report.ts';

export async function benchPlanner(databases: Databases): Promise<Row[]> {
  const db = connect(await databases.url('open_473'), 2);
  await plan(db);
  await keepPlanned(db);
  const [ours, bare] = await inTurns([() => plan(db), () => insertBare(db)], { rounds: 3, seconds: 30 });
  return rowOf(db, ours!, bare!);
}

/** The same at ten times the size, once each: it takes minutes. */
export async function benchMillion(databases: Databases): Promise<Row[]> {
  const db = connect(await databases.url('open_4730'), 2);
  const ours = await time(() => plan(db));
  await keepPlanned(db);
  const bare = await time(() => insertBare(db));
  return rowOf(db, ours, bare);
}

async function plan(db: Db): Promise<void> {
  await sql`truncate notice, message, pass restart identity cascade`.execute(db);
  await planNotices(db, momentOf(DEMO_START, true));
}

async function rowOf(db: Db, ours: number, bare: number): Promise<Row[]> {
  const { notices, open } = await count(db);
  await db.destroy();
  const size = `${open.toLocaleString('en')} open, ${notices.toLocaleString('en')} notices`;
  return [{ measure: 'one pass of the planner', size, ours, bare }];
}

async function count(db: Db) {
  const { rows } = await sql<{ notices: number; open: number }>`
    select (select count(*) from planned_notice) as notices,
           (select count(*) from deadline_version where superseded_at is null and settled_at is null) as open`.execute(
    db,
  );
  return rows[0]!;
}

/** Keeps what was planned, to be inserted the bare way. */
async function keepPlanned(db: Db): Promise<void> {
  await sql`create table planned_notice as select * from notice`.execute(db);
}

/** The rows that were kept into an empty table with the indexes, checks and foreign keys of the real one. */
async function insertBare(db: Db): Promise<void> {
  await sql`create table notice_copy (like notice including all)`.execute(db);
  const { rows } = await sql<{ definition: string }>`
    select pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = 'notice'::regclass and contype = 'f'`.execute(db);
  for (const { definition } of rows)
    await sql`alter table notice_copy add ${sql.raw(definition)}`.execute(db);
  // One statement of a minute, which the program's own connections would not wait for.
  await db.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection);
    await sql`insert into notice_copy overriding system value select * from planned_notice`.execute(
      connection,
    );
    await sql`reset statement_timeout`.execute(connection);
  });
  await sql`drop table notice_copy`.execute(db);
}
