// The heartbeat of the planner: one row a day, when it looked and what it found.
import { sql } from 'kysely';
import { instantPlusMinutes, type Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';

/** How often the planner looks; dates that change ring for it at once. */
export const PASS_MINUTES = 5;

export interface PassCount {
  planned: number;
  superseded: number;
  messages: number;
  uncovered: number;
}

/** Notes that the planner looked and what was new; `morning` when the hour of the morning's mails had come. */
export async function beat(db: Db, moment: Moment, morning: boolean, count: PassCount): Promise<void> {
  await db
    .insertInto('pass')
    .values({
      run_on: moment.today,
      first_at: morning ? moment.at : null,
      last_at: moment.at,
      ...count,
      // The pass and this note of it are one transaction, which began when the pass did.
      duration_ms: sql<number>`round(1000 * extract(epoch from clock_timestamp() - transaction_timestamp()))`,
    })
    .onConflict((conflict) =>
      conflict.column('run_on').doUpdateSet({
        first_at: sql`coalesce(pass.first_at, excluded.first_at)`,
        last_at: sql`excluded.last_at`,
        planned: sql`pass.planned + excluded.planned`,
        superseded: sql`pass.superseded + excluded.superseded`,
        messages: sql`pass.messages + excluded.messages`,
        uncovered: sql`excluded.uncovered`,
        duration_ms: sql`excluded.duration_ms`,
      }),
    )
    .execute();
}

/** Whether a pass from the morning's hour on has looked that day. */
export async function morningBegan(db: Db, day: IsoDate): Promise<boolean> {
  const begun = await db
    .selectFrom('pass')
    .where('run_on', '=', day)
    .where('first_at', 'is not', null)
    .select('run_on')
    .executeTakeFirst();
  return begun !== undefined;
}

/** Whether the planner should look again: it has not today, or not for some minutes. */
export async function passIsDue(db: Db, moment: Moment): Promise<boolean> {
  const recent = await db
    .selectFrom('pass')
    .where('run_on', '=', moment.today)
    .where('last_at', '>', instantPlusMinutes(moment.at, -PASS_MINUTES))
    .select('run_on')
    .executeTakeFirst();
  return recent === undefined;
}
