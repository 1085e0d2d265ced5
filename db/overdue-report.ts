// The Commission's report at a cut: everything it holds is read from one snapshot of the facts, in one way.
import { sql } from 'kysely';
import { exactInstant } from '../app/domain/cut.ts';
import type { Stretch } from '../app/domain/list-page.ts';
import { momentOf, type Moment } from '../app/domain/moment.ts';
import {
  complianceTotals,
  type ComingRow,
  type ExceptionRow,
  type LateRow,
  type OverdueReport,
  type OverdueRow,
  type ReportRow,
} from '../app/domain/overdue-report.ts';
import { addMonths, daysBetween, localDate, type IsoDate } from '../app/domain/plain-date.ts';
import { endOfDayCut } from '../app/domain/cut.ts';
import type { Db } from './client.ts';
import { deadlinesAt, filterSql, lapsedSql, statusSql } from './deadline-state.ts';
import { explainedAt } from './explanations.ts';
import { countByStatus, selectDeadlines, type DeadlineFilter, type DeadlineRow } from './deadlines.ts';

/** What somebody asks of the report besides its cut. */
export interface ReportWishes {
  /** The earlier cut to compare with; by default the last one closed, or the same day a month earlier. */
  compare?: Moment;
  /** Day of the next session; by default a month after the cut. */
  session?: IsoDate;
  /** Key of the published process it is about; without it the report is of all there is. */
  process?: string;
}

/** Of which process; of all there is without one. */
export type Of = Pick<DeadlineFilter, 'process'>;

/**
 * The report at `moment`. Asked again for the same cut and wishes it is the same, because every fact is appended
 * with its instant; see docs/decisions for what is not. Throws RangeError when `compare` is not before the cut.
 */
export async function overdueReport(
  db: Db,
  moment: Moment,
  wishes: ReportWishes = {},
): Promise<OverdueReport> {
  const cut = { at: exactInstant(moment.at), day: moment.today };
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const of: Of = wishes.process === undefined ? {} : { process: wishes.process };
      const closed = await lastClosedCut(
        trx,
        { at: wishes.compare?.at ?? cut.at, exactly: wishes.compare !== undefined },
        of,
      );
      const earlier =
        wishes.compare ?? (closed ? momentOf(closed.cut_at) : endOfDayCut(addMonths(moment.today, -1)));
      if (exactInstant(earlier.at) >= cut.at) throw new RangeError('The earlier cut is not earlier');
      const session = wishes.session ?? addMonths(moment.today, 1);
      const since = { at: exactInstant(earlier.at), moment: earlier };
      return {
        format: 1,
        process: await processNamed(trx, of),
        cut,
        compared: {
          at: since.at,
          day: earlier.today,
          folio: closed?.folio ?? null,
          totals: complianceTotals(await countByStatus(trx, earlier, of)),
        },
        session: { on: session, given: wishes.session !== undefined },
        totals: complianceTotals(await countByStatus(trx, moment, of)),
        overdue: await overdueRows(trx, moment, earlier, of),
        in_review: await reviewRows(trx, moment, of),
        concluded_late: await lateRows(trx, moment, since.at, of),
        ...(await exceptionRows(trx, moment, since, of)),
        coming: await comingRows(trx, moment, session, of),
        by_area: await totalsByArea(trx, moment, of),
        waiting: await waitingByEvent(trx, moment, of),
      };
    });
}

/** The process a report names itself after; null when it is of all there is. */
export async function processNamed(db: Db, { process }: Of): Promise<OverdueReport['process']> {
  if (process === undefined) return null;
  return db
    .selectFrom('process')
    .where('key', '=', process)
    .select(['key', 'name'])
    .executeTakeFirstOrThrow();
}

/** The cut that was closed last before an instant; or, when asked for one, the closed cut of that very instant. */
async function lastClosedCut(db: Db, { at, exactly }: { at: string; exactly: boolean }, { process }: Of) {
  return (
    db
      .selectFrom('report_cut')
      .select(['folio', 'cut_at'])
      .where('cut_at', exactly ? '=' : '<', at)
      .where('process_key', process === undefined ? 'is' : '=', process ?? null)
      // A cut closed after the one that is asked about was not known then.
      .$if(!exactly, (query) => query.where('closed_at', '<=', at))
      .orderBy('cut_at', 'desc')
      .executeTakeFirst()
  );
}

/** What a row says of its deadline, without what only lists need. */
function reportRow(row: DeadlineRow): ReportRow {
  return {
    id: row.id,
    ref: row.ref,
    key: row.key,
    version: row.version,
    title: row.title,
    instrument: row.instrument_title,
    clause: row.clause_number,
    legal_basis: row.legal_basis,
    obligor: row.obligor,
    area: row.area_name,
    institution: row.area_institution,
    counterpart: `${row.counterpart_name} (${row.counterpart_institution})`,
    due_on: row.due_on,
    due_time: row.due_time,
  };
}

async function overdueRows(db: Db, moment: Moment, earlier: Moment, of: Of): Promise<OverdueRow[]> {
  const rows = await selectDeadlines(db, moment, { ...of, status: 'overdue' })
    .select(provisionalThen(moment).as('provisional_then'))
    .orderBy(sql`o.obligor = 'INE'`)
    .orderBy('v.due_on')
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
  // What is asked of these alone does not grow with the convenios of other years.
  const ids = rows.map(({ id }) => id);
  const before = await deadlinesAt(db, earlier)
    .where(sql<boolean>`d.id = any (${ids})`)
    .where(sql<boolean>`${statusSql(earlier)} = 'overdue'`)
    .select('d.id')
    .execute();
  const already = new Set(before.map(({ id }) => id));
  const notices = await lastNoticeDays(db, ids, moment);
  const explained = await explainedAt(db, ids, moment);
  return rows.map((row) => ({
    ...reportRow(row),
    due_on: row.due_on!,
    days_late: -row.days!,
    newly: !already.has(row.id),
    last_notice: notices.get(row.id) ?? null,
    returned:
      row.decision === 'returned' && row.reviewed_at !== null
        ? { on: localDate(row.reviewed_at), words: row.reviewer_words ?? '' }
        : null,
    explained: explained.get(row.id)?.explained ?? null,
    asked_on: explained.get(row.id)?.asked_on ?? null,
    provisional: row.provisional_then,
    to_verify: row.to_verify,
  }));
}

/** Why the date was not certain at the moment: a version keeps its date when its grounds become firm. */
function provisionalThen(moment: Moment) {
  return sql<string[]>`coalesce((
    select h.provisional from provisional_history h
    where h.deadline_id = v.deadline_id and h.version = v.version and h.until > ${moment.at}
    order by h.until limit 1), v.provisional)`;
}

async function reviewRows(db: Db, moment: Moment, of: Of) {
  const rows = await selectDeadlines(db, moment, { ...of, status: 'in_review' })
    .where(lapsedSql(moment))
    .orderBy('s.recorded_at')
    .orderBy('d.id')
    .execute();
  return rows.map((row) => ({
    ...reportRow(row),
    act_on: row.act_on!,
    reported_on: localDate(row.submitted_at!),
  }));
}

/** Those whose report was accepted after the earlier cut: an acceptance is never taken back. */
async function lateRows(db: Db, moment: Moment, since: string, of: Of): Promise<LateRow[]> {
  const rows = await selectDeadlines(db, moment, { ...of, status: 'concluded_late' })
    .where('r.recorded_at', '>', since)
    .orderBy('v.due_on')
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
  return rows.map((row) => ({
    ...reportRow(row),
    act_on: row.act_on!,
    days_late: daysBetween(row.due_on!, row.act_on!),
    accepted_on: localDate(row.reviewed_at!),
  }));
}

async function comingRows(db: Db, moment: Moment, until: IsoDate, of: Of): Promise<ComingRow[]> {
  const rows = await selectDeadlines(db, moment, of)
    .where('v.due_on', '>=', moment.today)
    .where('v.due_on', '<=', until)
    .where(sql<boolean>`${statusSql(moment)} in ('on_track', 'due_soon')`)
    .orderBy('v.due_on')
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
  return rows.map((row) => ({ ...reportRow(row), due_on: row.due_on!, days_left: row.days! }));
}

/** Extensions, waivers and conditions not met that were recorded between the two cuts. */
async function exceptionRows(db: Db, moment: Moment, since: { at: string; moment: Moment }, of: Of) {
  const waivers = await selectDeadlines(db, moment, { ...of, status: 'waived' })
    .where('w.recorded_at', '>', since.at)
    .select(['w.kind', 'w.reason', 'w.document', 'w.recorded_at', 'w.reserved'])
    .orderBy('w.recorded_at')
    .orderBy('d.id')
    .execute();
  const extensions = await selectDeadlines(db, moment, of)
    .innerJoin('extension as e', 'e.deadline_id', 'd.id')
    .leftJoin(deadlinesAt(db, since.moment).select(['d.id', 'v.due_on']).as('earlier'), 'earlier.id', 'd.id')
    .where('e.recorded_at', '>', since.at)
    .where('e.recorded_at', '<=', moment.at)
    .select(['e.reason', 'e.document', 'e.recorded_at', 'e.reserved', 'earlier.due_on as due_before'])
    .orderBy('e.recorded_at')
    .orderBy('e.id')
    .execute();
  const exception = (row: (typeof waivers)[number] | (typeof extensions)[number]): ExceptionRow => ({
    ...reportRow(row),
    recorded_on: localDate(row.recorded_at!),
    document: row.document!,
    reason: row.reason!,
    reserved: row.reserved!,
    due_before: 'due_before' in row ? row.due_before : null,
  });
  return {
    extended: extensions.map(exception),
    waived: waivers.filter(({ kind }) => kind === 'waived').map(exception),
    not_met: waivers.filter(({ kind }) => kind === 'condition_not_met').map(exception),
  };
}

async function totalsByArea(db: Db, moment: Moment, of: Of): Promise<OverdueReport['by_area']> {
  const rows = await deadlinesAt(db, moment)
    .innerJoin('obligation_area as oa', (join) =>
      join.onRef('oa.obligation_id', '=', 'o.id').on('oa.role', '=', 'responsible'),
    )
    .where(filterSql(of, moment))
    .where(lapsedSql(moment))
    .groupBy(['oa.area_id', sql`2`])
    .select(['oa.area_id', statusSql(moment).as('status'), sql<number>`count(*)`.as('count')])
    .execute();
  const areas = await db.selectFrom('area').select(['id', 'key', 'name', 'institution']).execute();
  return areas
    .map(({ id, key, name, institution }) => ({
      key,
      area: name,
      institution,
      totals: complianceTotals(
        rows.filter(({ area_id }) => area_id === id).map((row) => ({ ...row, lapsed: true })),
      ),
    }))
    .filter(({ totals }) => totals.due > 0)
    .sort((a, b) => b.totals.overdue - a.totals.overdue || a.area.localeCompare(b.area, 'es'));
}

/** Each event without a date, with how many deadlines wait for it. */
async function waitingByEvent(db: Db, moment: Moment, of: Of): Promise<OverdueReport['waiting']> {
  return deadlinesAt(db, moment)
    .innerJoin('milestone as m', 'm.id', 'v.waiting_for_id')
    .where(filterSql(of, moment))
    .where(sql<boolean>`${statusSql(moment)} = 'waiting'`)
    .groupBy('m.name')
    .select(['m.name as event', sql<number>`count(*)`.as('count')])
    .orderBy('m.name')
    .execute();
}

/** The local day on which the last mail about each of these was accepted by the server, as known at the moment. */
async function lastNoticeDays(db: Db, ids: number[], moment: Moment): Promise<Map<number, IsoDate>> {
  const rows = await db
    .selectFrom('notice')
    .where(sql<boolean>`deadline_id = any (${ids})`)
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

/** The deadlines one number of the report stands for: due at the cut, in one state or in any, of one area or of all. */
export async function listDueDeadlines(
  db: Db,
  moment: Moment,
  filter: Pick<DeadlineFilter, 'area' | 'status' | 'process'>,
  page: Stretch,
): Promise<DeadlineRow[]> {
  return selectDeadlines(db, moment, filter)
    .where(lapsedSql(moment))
    .where(sql<boolean>`${statusSql(moment)} <> 'waived'`)
    .orderBy('v.due_on')
    .orderBy('o.ref')
    .orderBy('d.id')
    .limit(page.size)
    .offset(page.offset)
    .execute();
}

/** On which day each of these deadlines was first reported after the cut, as known now. */
export async function attendedAfter(db: Db, cutAt: string, ids: number[]): Promise<Map<number, IsoDate>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('submission')
    .leftJoin('review', 'review.submission_id', 'submission.id')
    .where(sql<boolean>`submission.deadline_id = any (${ids})`)
    .where('submission.recorded_at', '>', cutAt)
    .where((eb) => eb.or([eb('review.decision', 'is', null), eb('review.decision', '=', 'accepted')]))
    .groupBy('submission.deadline_id')
    .select([
      'submission.deadline_id',
      sql<string>`min((submission.recorded_at at time zone 'America/Mexico_City')::date)::text`.as('day'),
    ])
    .execute();
  return new Map(rows.map((row) => [row.deadline_id, row.day]));
}
