// Computing a process again after the Jornada moved, against a bare UPDATE of as many rows.
import { sql } from 'kysely';
import { momentOf } from '../../app/domain/moment.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { connect, type Db } from '../../db/client.ts';
import { previewSchedule, recomputeDeadlines } from '../../db/deadline-schedule.ts';
import type { Databases } from './databases.ts';
import { inTurns } from './measure.ts';
import type { Row } from './report.ts';

const DATES = ['2024-12-08', '2024-06-02'];

export async function benchSchedule(databases: Databases): Promise<Row[]> {
  const urls = [await databases.url('dependants_10'), await databases.url('dependants_100')];
  const rows: Row[] = [];
  const smallest: Partial<Record<string, number>> = {};
  for (const url of urls) {
    for (const row of await benchOne(url)) {
      smallest[row.measure] ??= row.ours;
      rows.push({ ...row, growth: row.ours / smallest[row.measure]! });
    }
  }
  return rows;
}

async function benchOne(url: string): Promise<Row[]> {
  const db = connect(url, 2);
  const jornada = await db
    .selectFrom('milestone')
    .where('key', '=', 'jornada')
    .select(['id', 'process_id'])
    .executeTakeFirstOrThrow();
  const size = await sizeOf(db);
  let turn = 0;
  const move = async () => {
    turn += 1;
    const moment = momentOf(instantOf(`${addDays('2024-05-16', turn)}T12:00`));
    await db.transaction().execute(async (trx) => {
      await sql`
        insert into milestone_version (milestone_id, version, on_date, at_time, firm, source, recorded_at)
        select milestone_id, max(version) + 1, ${DATES[turn % 2]!}::date, '08:00', true, 'Acuerdo', ${moment.at}::timestamptz
        from milestone_version where milestone_id = ${jornada.id} group by milestone_id`.execute(trx);
      await recomputeDeadlines(trx, jornada.process_id, moment);
    });
  };
  // Not as far as the Jornada moves, so that the next move finds no date where it would put it.
  let days = 1;
  const update = async () => {
    await sql`
      update deadline_version set due_on = due_on + ${days}::integer, opens_on = opens_on + ${days}::integer,
        lapses_at = lapses_at + ${days} * interval '1 day'
      where superseded_at is null and settled_at is null and deadline_id in (select id from bench_dependant)`.execute(
      db,
    );
    days = -days;
  };
  await sql`set statement_timeout = 0`.execute(db);
  const [ours, bare] = await inTurns([move, update], { rounds: 3, seconds: 60 });
  await sql`vacuum analyze deadline_version`.execute(db);

  const source = 'Acuerdo';
  const draft = {
    milestones: new Map([['jornada', { date: '2025-03-02', time: '08:00', firm: true, source }]]),
  };
  const preview = () =>
    previewSchedule(db, jornada.process_id, momentOf(instantOf('2024-06-01T12:00')), draft);
  const [looked, read] = await inTurns([preview, () => readBare(db)], { rounds: 5, seconds: 20 });
  await db.destroy();
  return [
    { measure: 'dates of a process after the Jornada moved', size, ours: ours!, bare: bare! },
    { measure: 'look ahead before moving it', size, ours: looked!, bare: read! },
  ];
}

async function sizeOf(db: Db): Promise<string> {
  const { rows } = await sql<{ dependants: number; rules: number }>`
    select count(*) as dependants, count(distinct r.rule) as rules
    from bench_dependant b join deadline d on d.id = b.id join deadline_rule r on r.obligation_id = d.obligation_id`.execute(
    db,
  );
  const { dependants, rules } = rows[0]!;
  return `${dependants.toLocaleString('en')} dependants, ${rules.toLocaleString('en')} rules`;
}

/** The same rows with what a list shows of them, read by hand. */
async function readBare(db: Db): Promise<void> {
  await sql`
    select v.deadline_id, v.opens_on, v.due_on, v.due_time, o.ref, o.title, a.name
    from bench_dependant b
    join deadline_version v on v.deadline_id = b.id and v.superseded_at is null
    join deadline d on d.id = b.id
    join obligation o on o.id = d.obligation_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area a on a.id = oa.area_id`.execute(db);
}
