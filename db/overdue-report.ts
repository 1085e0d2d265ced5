// The data of the Commission's report at a cut: its totals and its rows come from the same state of the facts.
import { sql } from 'kysely';
import { complianceTotals, type ComplianceTotals } from '../app/domain/overdue-report.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { countByStatus, listDeadlines, type DeadlineRow } from './deadlines.ts';

export interface OverdueReport {
  moment: Moment;
  totals: ComplianceTotals;
  /** Overdue at the cut, the oldest first; what is owed to the INE or others before the rest of that day. */
  overdue: (DeadlineRow & { days_late: number; last_notice: string | null })[];
  in_review: DeadlineRow[];
  concluded_late: DeadlineRow[];
  waiting: DeadlineRow[];
  provisional_count: number;
  unverified_count: number;
  by_area: { area_name: string; totals: ComplianceTotals }[];
}

/** Builds the report at `moment` in one snapshot, so that no total can disagree with its rows. */
export async function overdueReport(db: Db, moment: Moment): Promise<OverdueReport> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const counts = await countByStatus(trx, moment);
      const byArea = await countByAreaAndStatus(trx, moment);
      const overdue = (await listDeadlines(trx, moment, { status: 'overdue' })).map((row) => ({
        ...row,
        days_late: -(row.days ?? 0),
      }));
      const lastNotices = await lastNoticeDays(
        trx,
        moment,
        overdue.map((row) => row.id),
      );
      const lapsed = (rows: DeadlineRow[]) => rows.filter((row) => row.lapsed);
      const in_review = lapsed(await listDeadlines(trx, moment, { status: 'in_review' }));
      const concluded_late = lapsed(await listDeadlines(trx, moment, { status: 'concluded_late' }));
      return {
        moment,
        totals: complianceTotals(counts),
        overdue: overdue
          .map((row) => ({ ...row, last_notice: lastNotices.get(row.id) ?? null }))
          .sort(
            (a, b) =>
              (a.due_on ?? '').localeCompare(b.due_on ?? '') || institutionOrder(a) - institutionOrder(b),
          ),
        in_review,
        concluded_late,
        waiting: await listDeadlines(trx, moment, { status: 'waiting' }),
        provisional_count: overdue.filter((row) => row.provisional.length > 0).length,
        unverified_count: overdue.filter((row) => row.to_verify).length,
        by_area: byArea,
      };
    });
}

/** What the IEM owes comes before what it is waiting for. */
const institutionOrder = (row: DeadlineRow) => (row.obligor === 'INE' ? 1 : 0);

async function countByAreaAndStatus(db: Db, moment: Moment) {
  const rows = await listDeadlines(db, moment);
  const counts = new Map<string, { status: DeadlineRow['status']; lapsed: boolean; count: number }[]>();
  for (const { area_name, area_institution, status, lapsed } of rows) {
    const name = `${area_name} (${area_institution})`;
    const list = counts.get(name) ?? [];
    list.push({ status, lapsed, count: 1 });
    counts.set(name, list);
  }
  return [...counts]
    .map(([area_name, list]) => ({ area_name, totals: complianceTotals(list) }))
    .filter(({ totals }) => totals.due > 0)
    .sort((a, b) => b.totals.overdue - a.totals.overdue || a.area_name.localeCompare(b.area_name, 'es'));
}

/** The local day on which each deadline's last mail was accepted by the server, as known at the moment. */
async function lastNoticeDays(db: Db, moment: Moment, deadlineIds: number[]): Promise<Map<number, string>> {
  if (deadlineIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('notice')
    .where('deadline_id', 'in', deadlineIds)
    .where('state', '=', 'accepted')
    .where('closed_at', '<=', moment.at)
    .groupBy('deadline_id')
    .select([
      'deadline_id',
      sql<string>`max((closed_at at time zone 'America/Mexico_City')::date)::text`.as('day'),
    ])
    .execute();
  return new Map(rows.map((row) => [row.deadline_id, row.day]));
}
