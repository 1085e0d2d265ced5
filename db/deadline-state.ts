// The state of deadlines in SQL: which version is in force at a moment, what was reported on it, and the filters.
import { sql, type RawBuilder } from 'kysely';
import { DUE_SOON_DAYS, type DeadlineStatus } from '../app/domain/deadline-status.ts';
import { LONGEST_RUNG } from '../app/domain/ladder.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { leadDays } from './preparation.ts';
import type { Obligor } from './schema.ts';

/** The versions in force at the moment. The live form lets PostgreSQL use the partial indexes. */
export function inForceSql(moment: Moment): RawBuilder<boolean> {
  return moment.live
    ? sql`v.superseded_at is null`
    : sql`v.known_from <= ${moment.at} and (v.superseded_at is null or v.superseded_at > ${moment.at})`;
}

/** Not yet closed by an accepted report or a waiver at the moment. */
export function unsettledSql(moment: Moment): RawBuilder<boolean> {
  return moment.live ? sql`v.settled_at is null` : sql`(v.settled_at is null or v.settled_at > ${moment.at})`;
}

/** The waivers `w` in force at the moment: recorded by then and not withdrawn yet; a deadline has at most one. */
export function waivedSql(moment: Moment): RawBuilder<boolean> {
  return sql`w.recorded_at <= ${moment.at} and (w.withdrawn_at is null or w.withdrawn_at > ${moment.at})`;
}

/** Narrows to deadlines with a report nobody has decided about; only the live form has an index. */
export function undecidedSql(moment: Moment): RawBuilder<boolean> {
  return moment.live
    ? sql`v.deadline_id = any (array(select deadline_id from submission where decided_at is null))`
    : sql`true`;
}

/** The newest report is waiting for a decision. */
export const IN_REVIEW = sql<boolean>`(s.id is not null and r.submission_id is null)`;

/** The SQL twin of `deadlineStatus` in app/domain/deadline-status.ts, over the aliases of `deadlinesAt`. */
export function statusSql(moment: Moment): RawBuilder<DeadlineStatus> {
  return sql`case
    when w.deadline_id is not null then 'waived'
    when r.decision = 'accepted' then case
      when v.due_on is null or s.act_on < v.due_on then 'concluded_on_time'
      when s.act_on = v.due_on and (v.due_time is null or s.act_time is null or s.act_time <= v.due_time)
        then 'concluded_on_time'
      else 'concluded_late' end
    when v.due_on is null then 'waiting'
    when ${IN_REVIEW} then 'in_review'
    when v.lapses_at <= ${moment.at} then 'overdue'
    when v.due_on - ${moment.today}::date <= ${sql.lit(DUE_SOON_DAYS)} then 'due_soon'
    else 'on_track' end`;
}

/** The term had run out at the moment, whatever was reported. */
export function lapsedSql(moment: Moment): RawBuilder<boolean> {
  return sql`coalesce(v.lapses_at <= ${moment.at}, false)`;
}

/** The newest report on each deadline that is known at the moment. */
function newestSubmissions(db: Db, moment: Moment) {
  return db
    .selectFrom('submission as newest')
    .where('newest.recorded_at', '<=', moment.at)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('submission as later')
            .whereRef('later.deadline_id', '=', 'newest.deadline_id')
            .whereRef('later.attempt', '>', 'newest.attempt')
            .where('later.recorded_at', '<=', moment.at)
            .select('later.id'),
        ),
      ),
    )
    .select(['newest.id', 'newest.deadline_id', 'newest.act_on', 'newest.act_time', 'newest.recorded_at']);
}

/** Every deadline of a published process as known at the moment. */
export function publishedDeadlines(db: Db, moment: Moment) {
  return db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .innerJoin('process as p', 'p.id', 'o.process_id')
    .where(inForceSql(moment))
    .where('p.published_at', 'is not', null);
}

/** The deadlines with what their state depends on: the least that counting by state needs. */
export function deadlinesAt(db: Db, moment: Moment) {
  return publishedDeadlines(db, moment)
    .leftJoin(newestSubmissions(db, moment).as('s'), 's.deadline_id', 'v.deadline_id')
    .leftJoin('review as r', (join) =>
      join.onRef('r.submission_id', '=', 's.id').on('r.recorded_at', '<=', moment.at),
    )
    .leftJoin('waiver as w', (join) =>
      join.onRef('w.deadline_id', '=', 'v.deadline_id').on(waivedSql(moment)),
    );
}

export interface DeadlineFilter {
  /** Key of the process: with several published, lists and counts are of one. */
  process?: string;
  /** Key of the responsible area. */
  area?: string;
  instrument?: string;
  status?: DeadlineStatus;
  obligor?: Obligor;
  /** Open deadlines whose date is provisional, or whose clause was not compared with the signed text. */
  doubt?: 'provisional' | 'unverified';
  /** Words to find in ref, numeral, title or legal basis, without regard to accents or case. */
  text?: string;
  /** Nobody's accepted report and no waiver closed them yet. */
  open?: true;
  /** Due between two days, both of them counted. */
  due?: { from: IsoDate; to: IsoDate };
  /** Monday of a week in which they are prepared, being due in a later one. */
  preparing?: IsoDate;
}

export const DOUBTS = {
  provisional: sql<boolean>`v.provisional <> '{}'`,
  unverified: sql<boolean>`o.verification = 'unverified'`,
};

/** The area that answers for the obligation `o`, as `a`. */
const RESPONSIBLE = sql`obligation_area oa join area a on a.id = oa.area_id
  where oa.obligation_id = o.id and oa.role = 'responsible'`;
const UNACCENTED = sql`translate(lower(concat_ws(' ', o.ref, c.number, o.title, o.legal_basis, a.name)), 'áéíóúüñ', 'aeiouun')`;

/** Folds case and Spanish accents as `UNACCENTED` does in SQL, and escapes the wildcards of LIKE. */
function likePattern(text: string): string {
  const folded = text
    .trim()
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
  return `%${folded.replace(/[\\%_]/g, (wildcard) => `\\${wildcard}`)}%`;
}

/** What a state implies and an index knows. */
function narrowing(status: DeadlineStatus, moment: Moment): RawBuilder<boolean> {
  switch (status) {
    case 'concluded_on_time':
    case 'concluded_late':
    case 'waived':
      return sql`true`;
    case 'overdue':
      return sql`(${unsettledSql(moment)} and v.due_on <= ${moment.today})`;
    case 'in_review':
      return sql`(${unsettledSql(moment)} and ${undecidedSql(moment)})`;
    case 'waiting':
      return sql`(${unsettledSql(moment)} and v.due_on is null)`;
    case 'due_soon':
    case 'on_track':
      return sql`(${unsettledSql(moment)} and v.due_on >= ${moment.today})`;
  }
}

/** The filter as a condition over the aliases of `deadlinesAt`, so that lists and counts apply the same one. */
export function filterSql(filter: DeadlineFilter, moment: Moment): RawBuilder<boolean> {
  const { process, area, instrument, obligor, status, doubt, text, open, due, preparing } = filter;
  const conditions: RawBuilder<boolean>[] = [sql`true`];
  if (process !== undefined) conditions.push(sql`p.key = ${process}`);
  if (area !== undefined) conditions.push(sql`exists (select from ${RESPONSIBLE} and a.key = ${area})`);
  if (instrument !== undefined) {
    conditions.push(sql`o.clause_id in (
      select c.id from clause c
      join instrument_version iv on iv.id = c.instrument_version_id
      join instrument i on i.id = iv.instrument_id
      where i.key = ${instrument})`);
  }
  if (obligor !== undefined) conditions.push(sql`o.obligor = ${obligor}`);
  if (status !== undefined) conditions.push(sql`${statusSql(moment)} = ${status}`, narrowing(status, moment));
  if (doubt !== undefined) conditions.push(unsettledSql(moment), DOUBTS[doubt]);
  if (open) conditions.push(unsettledSql(moment));
  if (due !== undefined) conditions.push(sql`v.due_on between ${due.from} and ${due.to}`);
  if (preparing !== undefined) {
    const sunday = addDays(preparing, 6);
    conditions.push(sql`v.due_on > ${sunday}`, sql`v.due_on <= ${addDays(sunday, LONGEST_RUNG.days)}`);
    conditions.push(sql`v.due_on - ${leadDays(moment)} <= ${sunday}`);
  }
  if (text?.trim()) {
    conditions.push(sql`exists (select from clause c, ${RESPONSIBLE}
      and c.id = o.clause_id and ${UNACCENTED} like ${likePattern(text)})`);
  }
  return sql`(${sql.join(conditions, sql` and `)})`;
}

/** The name of the process `p`, null while it is the only one published: then nobody needs to read it. */
export const PROCESS_NAME = sql<string | null>`case
  when (select count(*) from process where published_at is not null) > 1 then p.name end`;
