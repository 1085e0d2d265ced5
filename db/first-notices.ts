// What a process would mail in its first days, asked before it is published.
import type { Moment } from '../app/domain/moment.ts';
import { addDays, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { simulateNotices } from './notice-simulation.ts';
import { putInForce } from './processes.ts';

export interface FirstNotices {
  day: IsoDate;
  notices: number;
  people: string[];
  /** Obligations told about, `AT-C-4`. */
  refs: string[];
}

/** What would be mailed in the next days if the process were published at the moment, by day: a rehearsal of both. */
export async function listFirstNotices(
  db: Db,
  process: { id: number },
  moment: Moment,
  days: number,
): Promise<FirstNotices[]> {
  const scope = { from: moment.today, to: addDays(moment.today, days - 1), process: process.id };
  const notices = await simulateNotices(db, moment, scope, async (trx) => {
    await trx.updateTable('process').set({ published_at: moment.at }).where('id', '=', process.id).execute();
    await putInForce(trx, process.id, moment);
  });
  return [...new Set(notices.map(({ on }) => on))].map((day) => {
    const told = notices.filter(({ on }) => on === day);
    return {
      day,
      notices: told.length,
      people: [...new Set(told.map(({ name }) => name))].sort((a, b) => a.localeCompare(b, 'es')),
      refs: [...new Set(told.map(({ obligation }) => obligation))],
    };
  });
}
