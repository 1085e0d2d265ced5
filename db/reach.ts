// Whom notices reach on a day: who stands behind the areas of a deadline, for each Dirección that leads a process.
import { sql, type RawBuilder } from 'kysely';
import { contactResolver, type Above, type Contact } from '../app/domain/contacts.ts';
import { AUDIENCES } from '../app/domain/ladder.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { listAreaTree, listSeats } from './people.ts';

export interface ReachContact extends Contact {
  direction_area_id: number;
}

export interface Reach {
  /** Everybody behind every area. */
  contacts: ReachContact[];
  /** By the area of the Dirección: its name, and who is told of what climbs there. */
  directions: Map<number, { name: string; above: Above }>;
}

/** Everybody whom notices of published processes reach that day: areas, seats and processes are read once. */
export async function loadReach(db: Db, today: IsoDate): Promise<Reach> {
  const [areas, seats, processes] = await Promise.all([
    listAreaTree(db),
    listSeats(db, today),
    db
      .selectFrom('process')
      .innerJoin('area', 'area.id', 'process.direction_area_id')
      .where('published_at', 'is not', null)
      .select(['direction_area_id', 'area.name'])
      .distinct()
      .execute(),
  ]);
  const resolve = contactResolver(areas, seats);
  const reach: Reach = { contacts: [], directions: new Map() };
  for (const { direction_area_id, name } of processes) {
    const { contacts, above } = resolve(direction_area_id, () => true);
    for (const contact of contacts) reach.contacts.push({ direction_area_id, ...contact });
    reach.directions.set(direction_area_id, { name, above });
  }
  return reach;
}

/**
 * SQL: the ids of the planned `notice n` rows of a condition whose person is somebody that the notices of the deadline's
 * areas reach, on whatever rung, each with the `capacities` in which they are today, the one that binds most first. Of
 * areas that answer second only who is responsible is told, and of what the INE owes nobody of the institute but who
 * follows the convenio, as the planner has it (db/notice-plan.ts).
 */
export function reachedSql(contacts: ReachContact[], among: RawBuilder<unknown>): RawBuilder<unknown> {
  const reached = contacts.map((contact) => ({ ...contact, rank: AUDIENCES.indexOf(contact.audience) }));
  return sql`
    select n.id, array_agg(reached.capacity order by oa.role desc, reached.rank) as capacities
    from notice n
    join deadline d on d.id = n.deadline_id
    join obligation o on o.id = d.obligation_id
    join process p on p.id = o.process_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role in ('responsible', 'co_responsible')
    join area on area.id = oa.area_id
    join jsonb_to_recordset(${JSON.stringify(reached)}::jsonb)
      as reached (direction_area_id bigint, area_id bigint, audience text, person_id bigint, capacity text, rank int)
      on reached.person_id = n.person_id and reached.area_id = oa.area_id
      and reached.direction_area_id = p.direction_area_id
      and (oa.role = 'responsible' or reached.audience = 'responsible')
      and (o.obligor <> 'INE' or area.institution = 'INE'
        or reached.audience in ('direction', 'technical_secretary'))
    where n.state = 'planned' and ${among}
    group by n.id`;
}
