// Coverage: open deadlines of the next days whose area has nobody who can be told, now or when they fall due.
import { sql } from 'kysely';
import { contactResolver, type AreaNode } from '../app/domain/contacts.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { unsettledSql } from './deadline-state.ts';
import { selectDeadlines } from './deadlines.ts';
import { listAreaTree, listSeats } from './people.ts';
import { loadReach } from './reach.ts';

/** How far ahead gaps are looked for, in natural days. */
export const COVERAGE_DAYS = 30;

/** Whose areas the institute answers for; who acts for the INE is the INE's affair. */
const OURS = 'IEM';

export interface CoverageGap {
  deadline_id: number;
  ref: string;
  title: string;
  process_name: string | null;
  area_id: number;
  area_name: string;
  due_on: IsoDate;
  days: number;
  /** First day without anybody in the area who can be written to. */
  from_on: IsoDate;
  /** Who is in office that day, but at an address that takes no mail. */
  suspended: string[];
  /** In which capacity somebody up the line is told instead; null when nobody would be. */
  covered_by: string | null;
}

/** The gaps of the next days and of what is overdue, by date, the first `most` at the most. Each area's people are read once. */
export async function listCoverageGaps(
  db: Db,
  moment: Moment,
  most: number | undefined = undefined,
): Promise<CoverageGap[]> {
  const { today } = moment;
  const until = addDays(today, COVERAGE_DAYS);
  const [terms, areas] = await Promise.all([listTerms(db, today), listAreaTree(db)]);
  const reachable = (areaId: number) => (terms.get(areaId) ?? []).filter(({ suspended }) => !suspended);
  // Every morning looks: of an office with all its people no deadline is read.
  const lacking = areas.filter(({ id }) => firstUncovered(reachable(id), today, until) !== undefined);
  if (lacking.length === 0) return [];
  const rows = await selectDeadlines(db, moment)
    .where(unsettledSql(moment))
    .where(sql<boolean>`v.due_on <= ${until}`)
    .where('a.institution', '=', OURS)
    .where(
      'a.id',
      'in',
      lacking.map(({ id }) => id),
    )
    .where((eb) => eb.or([eb('s.id', 'is', null), eb('r.submission_id', 'is not', null)]))
    .$if(most !== undefined, (query) => query.limit(most!))
    .select('p.direction_area_id')
    .orderBy('v.due_on')
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
  const substitutes = substituteFinder(db, areas);
  const gaps: CoverageGap[] = [];
  for (const row of rows) {
    const due_on = row.due_on ?? today;
    const from_on = firstUncovered(reachable(row.area_id), today, due_on > today ? due_on : today);
    if (from_on === undefined) continue;
    const suspended = (terms.get(row.area_id) ?? []).filter((term) => term.suspended && holds(term, from_on));
    gaps.push({
      deadline_id: row.id,
      ref: row.ref,
      title: row.title,
      process_name: row.process_name,
      area_id: row.area_id,
      area_name: row.area_name,
      due_on,
      days: row.days ?? 0,
      from_on,
      suspended: [...new Set(suspended.map(({ name }) => name))],
      covered_by: await substitutes(row.direction_area_id, row.area_id, from_on),
    });
  }
  return gaps;
}

interface Term {
  area_id: number;
  from_on: IsoDate;
  until_on: IsoDate | null;
  name: string;
  suspended: boolean;
}

const holds = ({ from_on, until_on }: Term, day: IsoDate) =>
  from_on <= day && (until_on === null || until_on >= day);

/** The terms in office that touch today or later, by area; people who are disabled hold none. */
async function listTerms(db: Db, today: IsoDate): Promise<Map<number, Term[]>> {
  const terms = await db
    .selectFrom('appointment')
    .innerJoin('post', 'post.id', 'appointment.post_id')
    .innerJoin('person', 'person.id', 'appointment.person_id')
    .where('person.disabled_at', 'is', null)
    .where((eb) => eb.or([eb('until_on', 'is', null), eb('until_on', '>=', today)]))
    .select([
      'post.area_id',
      'from_on',
      'until_on',
      'person.name',
      sql<boolean>`person.bounced_at is not null`.as('suspended'),
    ])
    .orderBy('from_on')
    .execute();
  const byArea = new Map<number, Term[]>();
  for (const term of terms) byArea.set(term.area_id, [...(byArea.get(term.area_id) ?? []), term]);
  return byArea;
}

/** The first day from `today` to `until` on which none of the terms, in the order they begin, holds. */
function firstUncovered(terms: readonly Term[], today: IsoDate, until: IsoDate): IsoDate | undefined {
  let day = today;
  for (const { from_on, until_on } of terms) {
    if (from_on > day) break;
    if (until_on === null) return undefined;
    if (until_on >= day) day = addDays(until_on, 1);
  }
  return day <= until ? day : undefined;
}

/** Finds who is told in place of an area on a day, reading the people of each day once. */
function substituteFinder(db: Db, areas: AreaNode[]) {
  const known = new Map<string, Promise<ReturnType<typeof contactResolver>>>();
  const read = async (day: IsoDate) => contactResolver(areas, await listSeats(db, day));
  return async (direction: number, area: number, day: IsoDate): Promise<string | null> => {
    const found = known.get(day) ?? read(day);
    known.set(day, found);
    const { contacts } = (await found)(direction, [area]);
    return contacts.find(({ audience }) => audience === 'responsible')?.capacity ?? null;
  };
}

/** The areas that answer for something published and whose people all have addresses that take no mail, by name. */
export async function listSilentAreas(db: Db, { today }: Moment): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select area.name from appointment
    join person on person.id = appointment.person_id and person.disabled_at is null
    join post on post.id = appointment.post_id
    join area on area.id = post.area_id
    where appointment.from_on <= ${today} and coalesce(appointment.until_on >= ${today}, true)
      and exists (select from person where bounced_at is not null)
      and exists (
        select from obligation_area oa
        join obligation o on o.id = oa.obligation_id
        join process p on p.id = o.process_id and p.published_at is not null
        where oa.area_id = area.id and oa.role in ('responsible', 'co_responsible')
      )
    group by area.id, area.name
    having bool_and(person.bounced_at is not null)
    order by area.name`.execute(db);
  return rows.map(({ name }) => name);
}

/** The Direcciones of published processes whose own people cannot be told, and which post up the line is instead. */
export async function listVacantDirections(
  db: Db,
  { today }: Moment,
): Promise<{ name: string; covered_by: string | null }[]> {
  const { directions } = await loadReach(db, today, []);
  return [...directions.values()].flatMap(({ name, above }) =>
    above.kind === 'direction'
      ? []
      : [{ name, covered_by: above.kind === 'stand_in' ? above.capacity : null }],
  );
}
