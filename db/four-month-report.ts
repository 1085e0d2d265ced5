// The data of the four-month report: what was due in the period as it stood at the cut, and the dates that moved.
import { sql } from 'kysely';
import { endOfDayCut, exactInstant } from '../app/domain/cut.ts';
import {
  fourMonthReport,
  type DateChange,
  type FourMonthPeriod,
  type FourMonthReport,
} from '../app/domain/four-month-report.ts';
import type { Moment } from '../app/domain/moment.ts';
import { instantOf, localDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { deadlinesAt, filterSql, statusSql } from './deadline-state.ts';
import { processNamed, type Of } from './overdue-report.ts';

/** The report of a period at its last instant, or at the present while it runs; of one process when its key is given. */
export async function readFourMonthReport(
  db: Db,
  period: FourMonthPeriod,
  present: Moment,
  process?: string,
): Promise<FourMonthReport> {
  const of = process === undefined ? {} : { process };
  const moment = period.to < present.today ? endOfDayCut(period.to) : present;
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) =>
      fourMonthReport(
        period,
        { at: exactInstant(moment.at), day: moment.today },
        await dueInPeriod(trx, period, moment, of),
        await dateChanges(trx, period, moment, of),
        await processNamed(trx, of),
      ),
    );
}

async function dueInPeriod(db: Db, period: FourMonthPeriod, moment: Moment, of: Of) {
  return deadlinesAt(db, moment)
    .innerJoin('obligation_area as oa', (join) =>
      join.onRef('oa.obligation_id', '=', 'o.id').on('oa.role', '=', 'responsible'),
    )
    .innerJoin('area as a', 'a.id', 'oa.area_id')
    .where('v.due_on', '>=', period.from)
    .where('v.due_on', '<=', period.to)
    .where(filterSql(of, moment))
    .select([
      'v.opens_on',
      sql<string>`v.due_on`.as('due_on'),
      'o.obligor',
      sql<string>`a.name || ' (' || a.institution || ')'`.as('area'),
      sql<string>`a.acronym || ' (' || a.institution || ')'`.as('area_short'),
      statusSql(moment).as('status'),
    ])
    .execute();
}

/** Dates that a new version replaced between the first instant of the period and the cut. */
async function dateChanges(
  db: Db,
  period: FourMonthPeriod,
  moment: Moment,
  { process }: Of,
): Promise<DateChange[]> {
  const rows = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline_version as earlier', (join) =>
      join
        .onRef('earlier.deadline_id', '=', 'v.deadline_id')
        .on(sql<boolean>`earlier.version = v.version - 1`),
    )
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .innerJoin('process as p', 'p.id', 'o.process_id')
    .leftJoin('schedule_change as c', 'c.id', 'v.change_id')
    .where('p.published_at', 'is not', null)
    .$if(process !== undefined, (query) => query.where('p.key', '=', process!))
    .where('v.known_from', '>=', instantOf(`${period.from}T00:00`))
    .where('v.known_from', '<=', moment.at)
    .where(sql<boolean>`v.due_on is distinct from earlier.due_on`)
    .select(['d.id', 'o.ref', 'o.title', 'earlier.due_on as from', 'v.due_on as to', 'v.known_from', 'c.act'])
    .orderBy('v.known_from')
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
  return rows.map(({ known_from, ...row }) => ({ ...row, recorded_on: localDate(known_from) }));
}
