// Reading deadlines as they stood at a moment: one query that every list, page, mail and report starts from.
import { sql, type RawBuilder } from 'kysely';
import type { Step } from '../app/domain/derivation.ts';
import { DUE_SOON_DAYS, type DeadlineStatus } from '../app/domain/deadline-status.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
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

/** Narrows to deadlines with a report nobody has decided about; only the live form has an index. */
function undecidedSql(moment: Moment): RawBuilder<boolean> {
  return moment.live
    ? sql`v.deadline_id = any (array(select deadline_id from submission where decided_at is null))`
    : sql`true`;
}

const IN_REVIEW = sql<boolean>`(s.id is not null and r.submission_id is null)`;

/** The SQL twin of `deadlineStatus` in app/domain/deadline-status.ts, over the aliases of `deadlinesAt`. */
function statusSql(moment: Moment): RawBuilder<DeadlineStatus> {
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

function lapsedSql(moment: Moment): RawBuilder<boolean> {
  return sql`coalesce(v.lapses_at <= ${moment.at}, false)`;
}

/** The newest report on each deadline that is known at the moment. */
function newestSubmissions(db: Db, moment: Moment) {
  return db
    .selectFrom('submission as newest')
    .where('newest.recorded_at', '<=', moment.at)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('submission as later')
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
function publishedDeadlines(db: Db, moment: Moment) {
  return db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .innerJoin('process as p', 'p.id', 'o.process_id')
    .where(inForceSql(moment))
    .where('p.published_at', 'is not', null);
}

/** The deadlines with what their state depends on: the least that counting by state needs. */
function deadlinesAt(db: Db, moment: Moment) {
  return publishedDeadlines(db, moment)
    .leftJoin(newestSubmissions(db, moment).as('s'), 's.deadline_id', 'v.deadline_id')
    .leftJoin('review as r', (join) =>
      join.onRef('r.submission_id', '=', 's.id').on('r.recorded_at', '<=', moment.at),
    )
    .leftJoin('waiver as w', (join) =>
      join.onRef('w.deadline_id', '=', 'v.deadline_id').on('w.recorded_at', '<=', moment.at),
    );
}

const DEADLINE_COLUMNS = [
  'd.id',
  'd.key',
  'o.id as obligation_id',
  'o.ref',
  'o.subject',
  'o.title',
  'o.obligor',
  'o.priority',
  'o.legal_basis',
  'o.condition',
  'c.number as clause_number',
  'i.key as instrument_key',
  'i.title as instrument_title',
  'a.id as area_id',
  'a.name as area_name',
  'a.acronym as area_acronym',
  'a.institution as area_institution',
  'cp.name as counterpart_name',
  'cp.institution as counterpart_institution',
  'cp.institution as counterpart_institution',
  'v.version',
  'v.opens_on',
  'v.due_on',
  'v.due_time',
  'v.lapses_at',
  'v.provisional',
  'm.name as waiting_for',
  's.id as submission_id',
  's.act_on',
  's.act_time',
  's.recorded_at as submitted_at',
  'r.decision',
  'r.words as reviewer_words',
  'r.recorded_at as reviewed_at',
] as const;

/** The deadlines with everything a list shows of them. */
function selectDeadlines(db: Db, moment: Moment, filter: DeadlineFilter = {}) {
  return deadlinesAt(db, moment)
    .innerJoin('clause as c', 'c.id', 'o.clause_id')
    .innerJoin('instrument_version as iv', 'iv.id', 'c.instrument_version_id')
    .innerJoin('instrument as i', 'i.id', 'iv.instrument_id')
    .innerJoin('obligation_area as oa', (join) =>
      join.onRef('oa.obligation_id', '=', 'o.id').on('oa.role', '=', 'responsible'),
    )
    .innerJoin('area as a', 'a.id', 'oa.area_id')
    .innerJoin('area as cp', 'cp.id', 'o.counterpart_area_id')
    .leftJoin('milestone as m', 'm.id', 'v.waiting_for_id')
    .where(filterSql(filter, moment))
    .select(DEADLINE_COLUMNS)
    .select([
      statusSql(moment).as('status'),
      lapsedSql(moment).as('lapsed'),
      sql<boolean>`o.verification = 'unverified'`.as('to_verify'),
      sql<number | null>`v.due_on - ${moment.today}::date`.as('days'),
    ]);
}

export type DeadlineRow = Awaited<ReturnType<typeof listDeadlines>>[number];

export interface DeadlineFilter {
  /** Key of the responsible area. */
  area?: string;
  instrument?: string;
  status?: DeadlineStatus;
  obligor?: Obligor;
  /** Open deadlines whose date is provisional, or whose clause was not compared with the signed text. */
  doubt?: 'provisional' | 'unverified';
  /** Words to find in ref, numeral, title or legal basis, without regard to accents or case. */
  text?: string;
}

const DOUBTS = {
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

/** The filter as a condition over the aliases of `deadlinesAt`, so that lists and counts apply the same one. */
function filterSql(filter: DeadlineFilter, moment: Moment): RawBuilder<boolean> {
  const { area, instrument, obligor, status, doubt, text } = filter;
  const conditions: RawBuilder<boolean>[] = [sql`true`];
  if (area !== undefined) conditions.push(sql`exists (select from ${RESPONSIBLE} and a.key = ${area})`);
  if (instrument !== undefined) {
    conditions.push(sql`o.clause_id in (
      select c.id from clause c
      join instrument_version iv on iv.id = c.instrument_version_id
      join instrument i on i.id = iv.instrument_id
      where i.key = ${instrument})`);
  }
  if (obligor !== undefined) conditions.push(sql`o.obligor = ${obligor}`);
  if (status !== undefined) conditions.push(sql`${statusSql(moment)} = ${status}`);
  if (doubt !== undefined) conditions.push(unsettledSql(moment), DOUBTS[doubt]);
  if (text?.trim()) {
    conditions.push(sql`exists (select from clause c, ${RESPONSIBLE}
      and c.id = o.clause_id and ${UNACCENTED} like ${likePattern(text)})`);
  }
  return sql`(${sql.join(conditions, sql` and `)})`;
}

/** All deadlines known at the moment, by date; those without a date come last. */
export async function listDeadlines(db: Db, moment: Moment, filter: DeadlineFilter = {}) {
  return selectDeadlines(db, moment, filter)
    .orderBy('v.due_on', (order) => order.asc().nullsLast())
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
}

/**
 * Open deadlines (nobody's accepted report, no waiver) that are due by `until` or wait for an event, by date. With
 * `mostOverdue` only the oldest that many of the overdue are among them: what nobody ever closed must not make the
 * day's agenda slower every year.
 */
export async function listOpenDeadlines(
  db: Db,
  moment: Moment,
  filter: DeadlineFilter,
  until: IsoDate,
  mostOverdue?: number,
) {
  const listed =
    mostOverdue === undefined
      ? selectDeadlines(db, moment, filter)
          .where(unsettledSql(moment))
          .where(sql<boolean>`(v.due_on <= ${until} or v.due_on is null)`)
      : // An array is found first and then looked up; joined, its few ids would not narrow the other tables.
        selectDeadlines(db, moment).where(
          sql<boolean>`d.id = any (array(${agendaIds(db, moment, filter, until, mostOverdue)}))`,
        );
  return listed
    .orderBy('v.due_on', (order) => order.asc().nullsLast())
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
}

/** Which deadlines an agenda shows, found part by part so that each part reads only its stretch of an index. */
function agendaIds(db: Db, moment: Moment, filter: DeadlineFilter, until: IsoDate, mostOverdue: number) {
  const open = deadlinesAt(db, moment)
    .where(filterSql(filter, moment))
    .where(unsettledSql(moment))
    .select('d.id');
  const lapsed = open.where(sql<boolean>`v.lapses_at <= ${moment.at}`);
  const overdue = lapsed
    .where(sql<boolean>`not ${IN_REVIEW}`)
    .orderBy('v.due_on')
    .orderBy('o.ref')
    .orderBy('d.id')
    .limit(mostOverdue);
  const reported = lapsed.where(IN_REVIEW).where(undecidedSql(moment));
  const coming = open
    .where(sql<boolean>`(v.due_on between ${moment.today} and ${until} or v.due_on is null)`)
    .where(sql<boolean>`not ${lapsedSql(moment)}`);
  return db.selectFrom(overdue.as('overdue')).select('overdue.id').unionAll(reported).unionAll(coming);
}

/** What one of `areaIds` answers for, alone or with others: open deadlines and what was concluded since `since`. */
export async function listDeadlinesOfAreas(db: Db, moment: Moment, areaIds: number[], since: IsoDate) {
  if (areaIds.length === 0) return [];
  return selectDeadlines(db, moment)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('obligation_area as mine')
          .whereRef('mine.obligation_id', '=', 'o.id')
          .where('mine.role', 'in', ['responsible', 'co_responsible'])
          .where('mine.area_id', 'in', areaIds),
      ),
    )
    .where(sql<boolean>`(${unsettledSql(moment)} or v.due_on >= ${since})`)
    .orderBy('v.due_on', (order) => order.asc().nullsLast())
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
}

/** Deadlines with those ids, in the order of their dates. */
export async function listDeadlinesById(db: Db, moment: Moment, ids: number[]) {
  if (ids.length === 0) return [];
  return selectDeadlines(db, moment)
    .where(sql<boolean>`d.id = any (${ids})`)
    .orderBy('v.due_on')
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
}

/**
 * One month of the calendar: of each day its count and the first `perDay` deadlines, whatever their state.
 * Reads only the month's rows, so its cost does not grow with the number of deadlines elsewhere.
 */
export async function listMonth(
  db: Db,
  moment: Moment,
  span: { from: IsoDate; to: IsoDate },
  filter: DeadlineFilter,
  perDay: number,
) {
  const ranked = selectDeadlines(db, moment, filter)
    .where('v.due_on', '>=', span.from)
    .where('v.due_on', '<=', span.to)
    .select([
      sql<number>`row_number() over (partition by v.due_on order by o.ref, d.id)`.as('place'),
      sql<number>`count(*) over (partition by v.due_on)`.as('day_count'),
    ]);
  return db
    .selectFrom(ranked.as('ranked'))
    .where('place', '<=', perDay)
    .orderBy('due_on')
    .orderBy('place')
    .selectAll()
    .execute();
}

/** How many deadlines are in each state, split by whether their term had run out. */
export async function countByStatus(db: Db, moment: Moment, filter: DeadlineFilter = {}) {
  return deadlinesAt(db, moment)
    .where(filterSql(filter, moment))
    .groupBy([sql`1`, sql`2`])
    .select([
      statusSql(moment).as('status'),
      lapsedSql(moment).as('lapsed'),
      sql<number>`count(*)`.as('count'),
    ])
    .execute();
}

/** How much of what is open depends on the Dirección: events without a date, and dates that are not certain. */
export async function countDoubts(db: Db, moment: Moment) {
  return publishedDeadlines(db, moment)
    .where(unsettledSql(moment))
    .select([
      sql<number>`count(distinct v.waiting_for_id)`.as('events'),
      sql<number>`count(*) filter (where v.due_on is null)`.as('waiting'),
      sql<number>`count(*) filter (where ${DOUBTS.provisional})`.as('provisional'),
      sql<number>`count(*) filter (where ${DOUBTS.unverified})`.as('unverified'),
    ])
    .executeTakeFirstOrThrow();
}

/** The areas that answer for something in a published process, for a list to choose from. */
export async function listResponsibleAreas(db: Db) {
  return db
    .selectFrom('area')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('obligation_area as oa')
          .innerJoin('obligation as o', 'o.id', 'oa.obligation_id')
          .innerJoin('process as p', 'p.id', 'o.process_id')
          .whereRef('oa.area_id', '=', 'area.id')
          .where('oa.role', '=', 'responsible')
          .where('p.published_at', 'is not', null)
          // Keeps PostgreSQL from joining every obligation at once: the first one of each area answers.
          .offset(0)
          .select('o.id'),
      ),
    )
    .select(['area.key', 'area.name', 'area.institution'])
    .orderBy('area.institution')
    .orderBy('area.name')
    .execute();
}

/** Everything one deadline's page shows; undefined when it does not exist or is not published. */
export async function findDeadline(db: Db, moment: Moment, id: number) {
  return selectDeadlines(db, moment)
    .where('d.id', '=', id)
    .select([
      'o.description',
      'o.counterpart_area_id',
      'o.evidence_expected',
      'o.note as obligation_note',
      'o.verification',
      'c.text as clause_text',
      'c.heading as clause_heading',
      'v.steps',
      'v.recorded_at as computed_at',
      sql<string>`(select sentence from deadline_rule where deadline_rule.id = v.rule_id)`.as('sentence'),
    ])
    .executeTakeFirst();
}

/** Areas of an obligation with their roles, the responsible one first. */
export async function listObligationAreas(db: Db, obligationId: number) {
  return db
    .selectFrom('obligation_area')
    .innerJoin('area', 'area.id', 'obligation_area.area_id')
    .where('obligation_id', '=', obligationId)
    .select(['area.id', 'area.key', 'area.name', 'area.institution', 'obligation_area.role'])
    .orderBy(sql`array_position(array['responsible','co_responsible','informed'], obligation_area.role)`)
    .orderBy('area.name')
    .execute();
}

/** The derivation of every deadline in force at the moment, by deadline id. */
export async function listDerivations(db: Db, moment: Moment): Promise<Map<number, Step[]>> {
  const rows = await db
    .selectFrom('deadline_version as v')
    .where(inForceSql(moment))
    .select(['v.deadline_id', 'v.steps'])
    .execute();
  return new Map(rows.map(({ deadline_id, steps }) => [deadline_id, steps]));
}

/** Who holds the posts of those areas on `today`, with names: heads, liaisons and deputies. */
export async function listHolders(db: Db, areaIds: number[], today: IsoDate) {
  if (areaIds.length === 0) return [];
  return db
    .selectFrom('appointment')
    .innerJoin('post', 'post.id', 'appointment.post_id')
    .innerJoin('person', 'person.id', 'appointment.person_id')
    .where('post.area_id', 'in', areaIds)
    .where('appointment.from_on', '<=', today)
    .where((eb) => eb.or([eb('appointment.until_on', 'is', null), eb('appointment.until_on', '>=', today)]))
    .where('person.disabled_at', 'is', null)
    .select(['post.area_id', 'post.kind', 'post.title', 'person.name'])
    .orderBy(sql`array_position(array['head','liaison','deputy'], post.kind)`)
    .execute();
}

/** Why a deadline was excepted; undefined when it was not. */
export async function findWaiver(db: Db, moment: Moment, deadlineId: number) {
  return db
    .selectFrom('waiver')
    .innerJoin('person', 'person.id', 'waiver.recorded_by')
    .where('deadline_id', '=', deadlineId)
    .where('waiver.recorded_at', '<=', moment.at)
    .select(['waiver.kind', 'waiver.reason', 'waiver.document', 'waiver.recorded_at', 'person.name'])
    .executeTakeFirst();
}
