// Counting deadlines for the calendar: at the present from the indexes of what is open, so that years of concluded
// work do not slow it; at a past cut by walking everything.
import { sql, type RawBuilder } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { countByStatus } from './deadlines.ts';
import {
  DOUBTS,
  filterSql,
  inForceSql,
  publishedDeadlines,
  unsettledSql,
  type DeadlineFilter,
} from './deadline-state.ts';

/** That the deadline `v` is of a published process, or of the chosen one: a list of ids either way, never row by row. */
const shown = (process: string | undefined) =>
  process === undefined
    ? sql`v.deadline_id not in (${idsOf(sql`p.published_at is null`)})`
    : sql`v.deadline_id = any (array(${idsOf(sql`p.published_at is not null and p.key = ${process}`)}))`;

const idsOf = (processes: RawBuilder<unknown>) => sql`
  select d.id from process p join obligation o on o.process_id = p.id join deadline d on d.obligation_id = o.id
  where ${processes}`;

/** Deadlines with a report nobody has decided about. */
const UNDECIDED = sql`array(select deadline_id from submission where decided_at is null)`;

export interface CalendarCounts {
  /** Every deadline of the published processes, or of the chosen one. */
  total: number;
  /** Those the filter lets through. */
  matching: number;
  /** Of the matching ones: overdue. */
  overdue: number;
  /** Of the matching ones: concluded or waived. */
  settled: number;
}

/** The numbers the calendar states, under its filter. The same numbers as `countByStatus` gives, found faster. */
export async function countForCalendar(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
): Promise<CalendarCounts> {
  const { status, doubt, text } = filter;
  const walks = !moment.live || status !== undefined || doubt !== undefined || text !== undefined;
  const [counts, total] = await Promise.all([
    walks ? walkThrough(db, moment, filter) : countOpen(db, moment, filter),
    isNarrow(filter) ? countAll(db, moment, filter) : undefined,
  ]);
  return { ...counts, total: total ?? counts.matching };
}

/** More is asked than which process. */
const isNarrow = ({ process: _process, ...more }: DeadlineFilter) => Object.keys(more).length > 0;

/** What is in force and let through by the filter, as `v`; without a filter nothing needs to be joined. */
function inScope(filter: DeadlineFilter, moment: Moment): RawBuilder<unknown> {
  if (!isNarrow(filter))
    return sql`deadline_version v where ${inForceSql(moment)} and ${shown(filter.process)}`;
  return sql`deadline_version v join deadline d on d.id = v.deadline_id
    join obligation o on o.id = d.obligation_id join process p on p.id = o.process_id
    where ${inForceSql(moment)} and p.published_at is not null and ${filterSql(filter, moment)}`;
}

async function countAll(db: Db, moment: Moment, { process }: DeadlineFilter): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from ${inScope(process === undefined ? {} : { process }, moment)}`.execute(db);
  return rows[0]!.total;
}

async function countOpen(db: Db, moment: Moment, filter: DeadlineFilter) {
  const scope = inScope(filter, moment);
  const { rows } = await sql<{ matching: number; open: number; overdue: number }>`
    select (select count(*) from ${scope}) as matching, count(*) as open,
      count(*) filter (where v.lapses_at <= ${moment.at} and v.deadline_id <> all (${UNDECIDED})) as overdue
    from ${scope} and ${unsettledSql(moment)}`.execute(db);
  const { matching, open, overdue } = rows[0]!;
  return { matching, overdue, settled: matching - open };
}

const SETTLED = ['concluded_on_time', 'concluded_late', 'waived'];

async function walkThrough(db: Db, moment: Moment, filter: DeadlineFilter) {
  const counts = await countByStatus(db, moment, filter);
  const sum = (statuses?: string[]) =>
    counts.reduce(
      (total, { status, count }) => total + (statuses?.includes(status) === false ? 0 : count),
      0,
    );
  return { matching: sum(), overdue: sum(['overdue']), settled: sum(SETTLED) };
}

/** How much of what is open depends on the Dirección: events without a date, and dates that are not certain. */
export async function countDoubts(db: Db, moment: Moment, of: Pick<DeadlineFilter, 'process'> = {}) {
  if (!moment.live) {
    return publishedDeadlines(db, moment)
      .where(filterSql(of, moment))
      .where(unsettledSql(moment))
      .select([
        sql<number>`count(distinct v.waiting_for_id)`.as('events'),
        sql<number>`count(*) filter (where v.due_on is null)`.as('waiting'),
        sql<number>`count(*) filter (where ${DOUBTS.provisional})`.as('provisional'),
        sql<number>`count(*) filter (where ${DOUBTS.unverified})`.as('unverified'),
      ])
      .executeTakeFirstOrThrow();
  }
  const open = sql`deadline_version v where v.superseded_at is null and v.settled_at is null
    and ${shown(of.process)}`;
  // Each number has an index of its own; looked up one by one, the few open ones need no table read whole.
  const { rows } = await sql<{ events: number; waiting: number; provisional: number; unverified: number }>`
    select count(distinct v.waiting_for_id) as events, count(*) as waiting,
      (select count(*) from ${open} and ${DOUBTS.provisional}) as provisional,
      (select count(*) from (select v.deadline_id from ${open} offset 0) v
        cross join lateral (select obligation_id from deadline d where d.id = v.deadline_id offset 0) d
        cross join lateral (select from obligation o where o.id = d.obligation_id and ${DOUBTS.unverified} offset 0) o
      ) as unverified
    from ${open} and v.due_on is null`.execute(db);
  return rows[0]!;
}
