// Reports of compliance handed in without their screens, as the area that answers for a deadline would.
import type { Moment } from '../../app/domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { submitReport, type Report } from '../../db/submissions.ts';

/** The id of the area that answers for a deadline. */
export async function responsibleArea(db: Db, deadlineId: number): Promise<number> {
  const { area_id } = await db
    .selectFrom('deadline')
    .innerJoin('obligation_area', 'obligation_area.obligation_id', 'deadline.obligation_id')
    .where('deadline.id', '=', deadlineId)
    .where('role', '=', 'responsible')
    .select('area_id')
    .executeTakeFirstOrThrow();
  return area_id;
}

/**
 * Hands in a report of an act of that day, by the first person there is unless `changes` say otherwise. One marked as
 * an example owes no receipt by mail. Throws when it is not received.
 */
export async function handIn(
  db: Db,
  deadline_id: number,
  moment: Moment,
  changes: Partial<Report> = {},
): Promise<{ submission_id: number; folio: string }> {
  const { id: person_id } = await db
    .selectFrom('person')
    .select('id')
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow();
  const report: Report = {
    deadline_id,
    area_id: await responsibleArea(db, deadline_id),
    person_id,
    act_on: moment.today,
    act_time: null,
    medium: 'letter',
    document_number: 'IEM-001/2024',
    note: '',
    form_key: crypto.randomUUID(),
    example: true,
    ...changes,
  };
  const outcome = await submitReport(db, report, moment);
  if (outcome.kind !== 'received') throw new Error(`The report on deadline ${deadline_id}: ${outcome.kind}`);
  return outcome;
}
