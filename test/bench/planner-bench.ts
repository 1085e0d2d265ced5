// One pass of the planner over many open deadlines, against inserting the same notices with one bare statement.
import { sql } from 'kysely';
import { momentOf } from '../../app/domain/moment.ts';
import { connect, type Db } from '../../db/client.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { DEMO_START } from '../../jobs/demo.ts';
import type { Databases } from './databases.ts';
import { inTurns } from './measure.ts';
import type { Row } from './report.ts';

export async function benchPlanner(databases: Databases): Promise<Row[]> {
  const db = connect(await databases.url('open_473'), 2);
  const moment = momentOf(DEMO_START, true);
  const plan = async () => {
    await sql`truncate notice, message, pass restart identity cascade`.execute(db);
    await planNotices(db, moment);
  };
  const [ours, bare] = await inTurns([plan, () => insertBare(db)], { rounds: 3, seconds: 30 });
  const { notices, open } = await count(db);
  await db.destroy();
  const size = `${open.toLocaleString('en')} open, ${notices.toLocaleString('en')} notices`;
  return [{ measure: 'one pass of the planner', size, ours: ours!, bare: bare! }];
}

async function count(db: Db) {
  const { rows } = await sql<{ notices: number; open: number }>`
    select (select count(*) from planned_notice) as notices,
           (select count(*) from deadline_version where superseded_at is null and settled_at is null) as open`.execute(
    db,
  );
  return rows[0]!;
}

/** The rows of the first plan into an empty table with the indexes, checks and foreign keys of the real one. */
async function insertBare(db: Db): Promise<void> {
  await sql`create table if not exists planned_notice as select * from notice`.execute(db);
  await sql`create table notice_copy (like notice including all)`.execute(db);
  const { rows } = await sql<{ definition: string }>`
    select pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = 'notice'::regclass and contype = 'f'`.execute(db);
  for (const { definition } of rows)
    await sql`alter table notice_copy add ${sql.raw(definition)}`.execute(db);
  await sql`insert into notice_copy overriding system value select * from planned_notice`.execute(db);
  await sql`drop table notice_copy`.execute(db);
}
