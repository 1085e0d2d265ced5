// Reading deadlines as they stood at a moment: one query that every list, page, mail and report starts from.
import { sql } from 'kysely';
import type { Step } from '../app/domain/derivation.ts';
import type { Stretch } from '../app/domain/list-page.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import {
  deadlinesAt,
  filterSql,
  IN_REVIEW,
  inForceSql,
  lapsedSql,
  PROCESS_NAME,
  statusSql,
  undecidedSql,
  unsettledSql,
  type DeadlineFilter,
} from './deadline-state.ts';

export type { DeadlineFilter };

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
  'v.version',
  'v.opens_on',
  'v.due_on',
  'v.due_time',
  'v.lapses_at',
  'v.provisional',
  'm.name as waiting_for',
  'm.key as waiting_for_key',
  'said.ground as manual_ground',
  's.id as submission_id',
  's.act_on',
  's.act_time',
  's.recorded_at as submitted_at',
  'r.decision',
  'r.words as reviewer_words',
  'r.recorded_at as reviewed_at',
] as const;

/** The deadlines with everything a list shows of them; conditions may be added over the aliases of `deadlinesAt`. */
export function selectDeadlines(db: Db, moment: Moment, filter: DeadlineFilter = {}) {
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
    .leftJoin('manual_date as said', (join) =>
      join.onRef('said.deadline_id', '=', 'v.deadline_id').onRef('said.deadline_version', '=', 'v.version'),
    )
    .where(filterSql(filter, moment))
    .select(DEADLINE_COLUMNS)
    .select([
      statusSql(moment).as('status'),
      lapsedSql(moment).as('lapsed'),
      sql<boolean>`o.verification = 'unverified'`.as('to_verify'),
      sql<number | null>`v.due_on - ${moment.today}::date`.as('days'),
      PROCESS_NAME.as('process_name'),
    ]);
}

export type DeadlineRow = Awaited<ReturnType<typeof listDeadlines>>[number];

/** The deadlines known at the moment, or a stretch of them, by date; those without a date come last. */
export async function listDeadlines(db: Db, moment: Moment, filter: DeadlineFilter = {}, stretch?: Stretch) {
  const query =
    stretch === undefined
      ? selectDeadlines(db, moment, filter)
      : // Found first and then looked up: what comes before them need not be read whole.
        selectDeadlines(db, moment).where(
          sql<boolean>`d.id = any (array(${deadlinesAt(db, moment)
            .where(filterSql(filter, moment))
            .orderBy('v.due_on', (order) => order.asc().nullsLast())
            .orderBy('o.ref')
            .orderBy('d.id')
            .limit(stretch.size)
            .offset(stretch.offset)
            .select('d.id')}))`,
        );
  return query
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

/** The areas that answer for something in a published process, for a list to choose from. */
export async function listResponsibleAreas(db: Db) {
  return db
    .selectFrom('area')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('obligation_area as oa')
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
    .select(['area.id', 'area.key', 'area.name', 'area.institution'])
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
      sql<unknown>`(select rule from deadline_rule where deadline_rule.id = v.rule_id)`.as('rule'),
      sql<number>`(select version from deadline_rule where deadline_rule.id = v.rule_id)`.as('rule_version'),
      sql<string>`(select key from process where process.id = o.process_id)`.as('process_key'),
    ])
    .executeTakeFirst();
}

/** A published deadline whose last version ended without another: its rule gives that date no more. */
export async function findEndedDeadline(db: Db, id: number) {
  return db
    .selectFrom('deadline as d')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .innerJoin('process as p', 'p.id', 'o.process_id')
    .where('d.id', '=', id)
    .where('p.published_at', 'is not', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('deadline_version as v')
            .whereRef('v.deadline_id', '=', 'd.id')
            .where('v.superseded_at', 'is', null)
            .select('v.version'),
        ),
      ),
    )
    .select(['d.obligation_id', 'o.counterpart_area_id'])
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

export interface Derivation {
  steps: Step[];
  /** The rule it comes from, as it was stored. */
  rule: unknown;
  rule_version: number;
  computed_at: string;
}

/** The derivation of every deadline in force at the moment, or of those with these ids, by deadline id. */
export async function listDerivations(
  db: Db,
  moment: Moment,
  ids?: readonly number[],
): Promise<Map<number, Derivation>> {
  const rows = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline_rule as r', 'r.id', 'v.rule_id')
    .where(inForceSql(moment))
    .$if(ids !== undefined, (query) => query.where(sql<boolean>`v.deadline_id = any (${ids})`))
    .select([
      'v.deadline_id',
      'v.steps',
      'v.recorded_at as computed_at',
      'r.rule',
      'r.version as rule_version',
    ])
    .execute();
  return new Map(rows.map(({ deadline_id, ...derivation }) => [deadline_id, derivation]));
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
