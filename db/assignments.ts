// The first mail of an area about a process: who gets it when the process is published, and what it lists.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { responsiblePeople } from './change-mails.ts';
import type { Db } from './client.ts';
import { unsettledSql } from './deadline-state.ts';
import { selectDeadlines } from './deadlines.ts';
import { oweMails } from './messages.ts';

/** Whose areas are written to; what the INE answers for it knows by its own instruments. */
const OURS = 'IEM';

/** Puts one mail for each area that has a part in a process into the outbox; how many there are. */
export async function queueAssignments(
  db: Db,
  process: { id: number; direction_area_id: number },
  moment: Moment,
): Promise<number> {
  const areas = await db
    .selectFrom('obligation_area as oa')
    .innerJoin('obligation as o', 'o.id', 'oa.obligation_id')
    .innerJoin('area', 'area.id', 'oa.area_id')
    .where('o.process_id', '=', process.id)
    .where('area.institution', '=', OURS)
    .select('oa.area_id')
    .distinct()
    .orderBy('oa.area_id')
    .execute();
  const people = await responsiblePeople(db, moment);
  const mails = areas.flatMap(({ area_id }) => {
    const person_id = people(process.direction_area_id, area_id);
    const mail = { kind: 'assignment' as const, process_id: process.id, area_id };
    return person_id === undefined ? [] : [{ ...mail, person_id }];
  });
  return oweMails(db, mails, moment);
}

/**
 * What an area answers for in a process: open deadlines from the day on by date, and how many wait for an event; and of
 * what others answer for, the dated ones in which it takes part or of which it is told.
 */
export async function findAssignment(db: Db, moment: Moment, processId: number, areaId: number) {
  const open = selectDeadlines(db, moment)
    .where('o.process_id', '=', processId)
    .where(unsettledSql(moment))
    .where(sql<boolean>`(v.due_on is null or v.due_on >= ${moment.today})`)
    .orderBy('v.due_on', (order) => order.asc().nullsLast())
    .orderBy('o.ref')
    .orderBy('d.id');
  const [{ process, area }, rows, others] = await Promise.all([
    db
      .selectFrom('process')
      .innerJoin('area', (join) => join.on('area.id', '=', areaId))
      .where('process.id', '=', processId)
      .select(['process.name as process', 'area.name as area'])
      .executeTakeFirstOrThrow(),
    open.where('a.id', '=', areaId).execute(),
    open
      .innerJoin('obligation_area as part', (join) =>
        join.onRef('part.obligation_id', '=', 'o.id').on('part.area_id', '=', areaId),
      )
      .where('part.role', '<>', 'responsible')
      .select(sql<'co_responsible' | 'informed'>`part.role`.as('part'))
      .execute(),
  ]);
  return {
    process,
    area,
    items: rows.flatMap(({ ref, title, instrument_title, clause_number, due_on, provisional }) =>
      due_on === null
        ? []
        : [
            {
              ref,
              title,
              citation: `${instrument_title}, numeral ${clause_number}`,
              due_on,
              provisional: provisional.length > 0,
            },
          ],
    ),
    waiting: rows.filter(({ due_on }) => due_on === null).length,
    others: others.flatMap(({ part, ref, title, area_name, due_on, provisional }) =>
      due_on === null
        ? []
        : [{ part, ref, title, area: area_name, due_on, provisional: provisional.length > 0 }],
    ),
  };
}
