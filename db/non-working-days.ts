// Reading the days on which an institution does not work.
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';

/** The non-working days of an institution between two days, both included, each with its name and source. */
export async function listNonWorkingDays(db: Db, institution: string, from: IsoDate, to: IsoDate) {
  return db
    .selectFrom('non_working_day')
    .where('institution', '=', institution)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .select(['day', 'name', 'source'])
    .orderBy('day')
    .execute();
}
