// Coverage: open deadlines of the next days whose area has nobody in office, now or when they fall due.
import { sql } from 'kysely';
import { resolveContacts, type AreaNode } from '../app/domain/contacts.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { unsettledSql } from './deadline-state.ts';
import { selectDeadlines } from './deadlines.ts';
import { listAreaTree, listSeats } from './people.ts';

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
  /** First day without anybody in the area. */
  from_on: IsoDate;
  /** In which capacity somebody up the line is told instead; null when nobody would be. */
  covered_by: string | null;
}

/** The gaps of the next days and of what is overdue, by date. Each area's people are read once. */
export async function listCoverageGaps(db: Db, moment: Moment): Promise<CoverageGap[]> {
  const { today } = moment;
  const until = addDays(today, COVERAGE_DAYS);
  const [terms, areas] = await Promise.all([listTerms(db, today), listAreaTree(db)]);
  // Every morning looks: of an office with all its people no deadline is read.
  const lacking = areas.filter(({ id }) => firstUncovered(terms.get(id) ?? [], today, until) !== undefined);
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
    .select('p.direction_area_id')
    .orderBy('v.due_on')
    .orderBy('o.ref')
    .orderBy('d.id')
    .execute();
  const substitutes = substituteFinder(db, areas);
  const gaps: CoverageGap[] = [];
  for (const row of rows) {
    const due_on = row.due_on ?? today;
    const from_on = firstUncovered(terms.get(row.area_id) ?? [], today, due_on > today ? due_on : today);
    if (from_on === undefined) continue;
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
      covered_by: await substitutes(row.direction_area_id, row.area_id, from_on),
    });
  }
  return gaps;
}

interface Term {
  area_id: number;
  from_on: IsoDate;
  until_on: IsoDate | null;
}

/** The terms in office that touch today or later, by area; people who are disabled hold none. */
async function listTerms(db: Db, today: IsoDate): Promise<Map<number, Term[]>> {
  const terms = await db
    .selectFrom('appointment')
    .innerJoin('post', 'post.id', 'appointment.post_id')
    .innerJoin('person', 'person.id', 'appointment.person_id')
    .where('person.disabled_at', 'is', null)
    .where((eb) => eb.or([eb('until_on', 'is', null), eb('until_on', '>=', today)]))
    .select(['post.area_id', 'from_on', 'until_on'])
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
  const known = new Map<string, Promise<Map<number, string>>>();
  const read = async (direction: number, day: IsoDate) => {
    const { contacts } = resolveContacts(areas, await listSeats(db, day), direction);
    const told = contacts.filter(({ audience }) => audience === 'responsible');
    return new Map(told.map(({ area_id, capacity }) => [area_id, capacity]));
  };
  return async (direction: number, area: number, day: IsoDate): Promise<string | null> => {
    const key = `${direction}/${day}`;
    const found = known.get(key) ?? read(direction, day);
    known.set(key, found);
    return (await found).get(area) ?? null;
  };
}
