// Whom notices reach on a day: who stands behind the areas of a deadline, for each Dirección that leads a process.
import { sql } from 'kysely';
import { contactResolver, type Above, type Contact } from '../app/domain/contacts.ts';
import { AUDIENCES } from '../app/domain/ladder.ts';
import { groupBy } from '../app/domain/group-by.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { inForceSql, unsettledSql } from './deadline-state.ts';
import { listAreaBranches, listAreaTree, listSeats } from './people.ts';
import type { AreaRole } from './schema.ts';

/** Somebody behind an area, where that Dirección leads. */
export interface ReachContact extends Contact {
  direction_area_id: number;
}

export interface Reach {
  /** Everybody behind the areas asked about. */
  contacts: ReachContact[];
  /** By the area of the Dirección: its name, and who is told of what climbs there. */
  directions: Map<number, { name: string; above: Above }>;
}

/** Whom notices of published processes reach that day behind these areas, where those Direcciones lead. */
export async function loadReach(
  db: Db,
  today: IsoDate,
  asked: readonly { direction_area_id: number; area_id: number }[],
): Promise<Reach> {
  const areas = await listAreaBranches(db, [...new Set(asked.map(({ area_id }) => area_id))]);
  const [seats, processes] = await Promise.all([
    listSeats(
      db,
      today,
      areas.map(({ id }) => id),
    ),
    db
      .selectFrom('process')
      .innerJoin('area', 'area.id', 'process.direction_area_id')
      .where('published_at', 'is not', null)
      .select(['direction_area_id', 'area.name'])
      .distinct()
      .execute(),
  ]);
  const resolve = contactResolver(areas, seats);
  const askedOf = groupBy(asked, ({ direction_area_id }) => direction_area_id);
  const reach: Reach = { contacts: [], directions: new Map() };
  for (const { direction_area_id, name } of processes) {
    // Only what is asked: hundreds of offices have thousands of areas, and each leads for its own.
    const areaIds = new Set(askedOf.get(direction_area_id)?.map(({ area_id }) => area_id));
    const { contacts, above } = resolve(direction_area_id, areaIds);
    for (const contact of contacts) reach.contacts.push({ direction_area_id, ...contact });
    reach.directions.set(direction_area_id, { name, above });
  }
  return reach;
}

/** An area is reported as uncovered when it answers for something due within so many days, or past. */
const NEAR_DAYS = 30;

/**
 * Whom notices reach behind all areas that answer for something open that is past, near or due by `until`, and the
 * names of those that reach nobody: areas that answer alone or first with nobody to tell, not even up the line, and
 * Direcciones with nobody above either.
 */
export async function loadReachOfOpen(
  db: Db,
  moment: Moment,
  until: IsoDate,
): Promise<{ contacts: ReachContact[]; uncovered: string[] }> {
  const [areas, seats, answering] = await Promise.all([
    listAreaTree(db),
    listSeats(db, moment.today),
    listAnsweringAreas(db, moment, until),
  ]);
  const resolve = contactResolver(areas, seats);
  const contacts: ReachContact[] = [];
  const uncovered: string[] = [];
  for (const [direction_area_id, areasOf] of answering) {
    const resolved = resolve(direction_area_id, areasOf.keys());
    for (const contact of resolved.contacts) contacts.push({ direction_area_id, ...contact });
    uncovered.push(...resolved.uncovered.filter(({ id }) => areasOf.get(id)).map(({ name }) => name));
    const direction = areas.find(({ id }) => id === direction_area_id);
    // What climbs there reaches nobody, whether or not it answers for something itself.
    if (resolved.above.kind === 'nobody' && direction && !uncovered.includes(direction.name))
      uncovered.push(direction.name);
  }
  return { contacts, uncovered };
}

/**
 * The areas that answer for something open that is past, near, or has reached its first rung: for each Dirección
 * that leads a process, the areas' ids and whether they answer alone or first (true) or with another area (false).
 */
async function listAnsweringAreas(
  db: Db,
  moment: Moment,
  until: IsoDate,
): Promise<Map<number, Map<number, boolean>>> {
  const { rows } = await sql<{ direction_area_id: number; area_id: number; responsible: boolean }>`
    select p.direction_area_id, oa.area_id, bool_or(oa.role = 'responsible') as responsible
    from deadline_version v
    join deadline d on d.id = v.deadline_id
    join obligation o on o.id = d.obligation_id
    join process p on p.id = o.process_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role in ('responsible', 'co_responsible')
    where p.published_at is not null and ${inForceSql(moment)} and ${unsettledSql(moment)}
      and v.due_on <= greatest(${moment.today}::date + ${NEAR_DAYS}::integer, ${until}::date)
    group by p.direction_area_id, oa.area_id
    order by p.direction_area_id, oa.area_id`.execute(db);
  const byDirection = new Map<number, Map<number, boolean>>();
  for (const { direction_area_id, area_id, responsible } of rows) {
    const areas = byDirection.get(direction_area_id) ?? new Map<number, boolean>();
    byDirection.set(direction_area_id, areas.set(area_id, responsible));
  }
  return byDirection;
}

/** A notice with what decides whom it reaches. */
export interface AddressedNotice {
  id: number;
  person_id: number;
  obligation_id: number;
  owed_by_ine: boolean;
}

/** An area that answers for an obligation, and the one of the Dirección that leads its process. */
export interface AnsweringArea {
  obligation_id: number;
  direction_area_id: number;
  area_id: number;
  role: AreaRole;
  institution: string;
}

/** The areas that answer for the obligations of these notices, whoever answers first before whoever answers second. */
export async function listAreasOfNotices(
  db: Db,
  notices: readonly Pick<AddressedNotice, 'obligation_id'>[],
): Promise<AnsweringArea[]> {
  const obligations = [...new Set(notices.map(({ obligation_id }) => obligation_id))];
  return db
    .selectFrom('obligation_area as oa')
    .innerJoin('area', 'area.id', 'oa.area_id')
    .innerJoin('obligation as o', 'o.id', 'oa.obligation_id')
    .innerJoin('process as p', 'p.id', 'o.process_id')
    .where('oa.role', 'in', ['responsible', 'co_responsible'])
    .where(sql<boolean>`oa.obligation_id = any (${obligations}::bigint[])`)
    .select(['oa.obligation_id', 'p.direction_area_id', 'oa.area_id', 'oa.role', 'area.institution'])
    .orderBy('oa.role', 'desc')
    .execute();
}

/**
 * Of these notices those whose person is somebody that notices of the obligation reach, on whatever rung, each with the
 * capacities in which they are, the one that binds most first. Of areas that answer second only who is responsible is
 * told, and of what the INE owes nobody of the institute but who follows the convenio, as the planner has it
 * (db/due-rungs.ts).
 */
export function findReached(
  contacts: readonly ReachContact[],
  areas: readonly AnsweringArea[],
  notices: readonly AddressedNotice[],
): Map<number, string[]> {
  const areasOf = groupBy(areas, ({ obligation_id }) => obligation_id);
  const readers = new Set(notices.map(({ person_id }) => person_id));
  const postsOf = groupBy(
    contacts
      .filter(({ person_id }) => readers.has(person_id))
      .toSorted((a, b) => AUDIENCES.indexOf(a.audience) - AUDIENCES.indexOf(b.audience)),
    ({ direction_area_id, area_id, person_id }) => `${direction_area_id}/${area_id}/${person_id}`,
  );
  const reached = new Map<number, string[]>();
  for (const { id, person_id, obligation_id, owed_by_ine } of notices) {
    const capacities = (areasOf.get(obligation_id) ?? []).flatMap(
      ({ direction_area_id, area_id, role, institution }) =>
        (postsOf.get(`${direction_area_id}/${area_id}/${person_id}`) ?? [])
          .filter(({ audience }) => role === 'responsible' || audience === 'responsible')
          .filter(
            ({ audience }) =>
              !owed_by_ine ||
              institution === 'INE' ||
              audience === 'direction' ||
              audience === 'technical_secretary',
          )
          .map(({ capacity }) => capacity),
    );
    if (capacities.length > 0) reached.set(id, capacities);
  }
  return reached;
}
