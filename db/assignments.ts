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

/** Puts one mail for each area that answers for something in a process into the outbox; how many there are. */
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
    .where('oa.role', '=', 'responsible')
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

/** What an area answers for in a process: open deadlines from the day on by date, and how many wait for an event. */
export async function findAssignment(db: Db, moment: Moment, processId: number, areaId: number) {
  const [{ process, area }, rows] = await Promise.all([
    db
      .selectFrom('process')
      .innerJoin('area', (join) => join.on('area.id', '=', areaId))
      .where('process.id', '=', processId)
      .select(['process.name as process', 'area.name as area'])
      .executeTakeFirstOrThrow(),
    selectDeadlines(db, moment)
      .where('o.process_id', '=', processId)
      .where('a.id', '=', areaId)
      .where(unsettledSql(moment))
      .where(sql<boolean>`(v.due_on is null or v.due_on >= ${moment.today})`)
      .orderBy('v.due_on', (order) => order.asc().nullsLast())
      .orderBy('o.ref')
      .orderBy('d.id')
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
  };
}
