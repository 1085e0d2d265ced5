// The acts that change dates: each is recorded once, and what it writes hangs from it so that it can be undone.
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import type { ScheduleChangeKind } from './schema.ts';

export interface ScheduleChange {
  /** Null for a change that belongs to every process, such as a non-working day. */
  process_id: number | null;
  kind: ScheduleChangeKind;
  /** What changes, in a few words for the lists of changes. */
  summary: string;
  /** The document that orders it. */
  act: string;
  person_id: number;
}

/** Records an act that changes dates; the id that what it writes carries. */
export async function recordChange(
  trx: Db,
  { person_id, ...change }: ScheduleChange,
  moment: Moment,
): Promise<number> {
  const { id } = await trx
    .insertInto('schedule_change')
    .values({ ...change, recorded_by: person_id, recorded_at: moment.at })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
