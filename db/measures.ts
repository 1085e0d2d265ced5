// What is measured of the sending, for whoever watches it from outside: counts and ages, no names.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { healthAt, type Health } from './health.ts';
import { outboxHealth } from './messages.ts';

export interface Measures {
  health: Health;
  /** Mails by state, among those that are not over or ended badly. */
  messages: Record<'queued' | 'sending' | 'retry' | 'uncertain' | 'failed' | 'bounced', number>;
  /** Notices that are planned and have not left. */
  planned_notices: number;
  /** Notices and mails that passes have planned since the first day. */
  planned_total: { notices: number; mails: number };
  /** Seconds since the newest pass; null when there was none. */
  last_pass_age_seconds: number | null;
}

/** Reads all measures at the moment; each is found by a partial index or in a table of one row a day. */
export async function readMeasures(db: Db, moment: Moment): Promise<Measures> {
  const [health, { queued, sending, retry, uncertain }, ended, planned, total] = await Promise.all([
    healthAt(db, moment),
    outboxHealth(db),
    db
      .selectFrom('message')
      .where('state', 'in', ['failed', 'bounced'])
      .select([
        sql<number>`count(*) filter (where state = 'failed')`.as('failed'),
        sql<number>`count(*) filter (where state = 'bounced')`.as('bounced'),
      ])
      .executeTakeFirstOrThrow(),
    countPlanned(db),
    db
      .selectFrom('pass')
      .select([
        sql<number>`coalesce(sum(planned), 0)::bigint`.as('notices'),
        sql<number>`coalesce(sum(messages), 0)::bigint`.as('mails'),
      ])
      .executeTakeFirstOrThrow(),
  ]);
  return {
    health,
    messages: { queued, sending, retry, uncertain, ...ended },
    planned_notices: planned,
    planned_total: total,
    last_pass_age_seconds:
      health.last_pass_at === null
        ? null
        : Math.max(0, (Date.parse(moment.at) - Date.parse(health.last_pass_at)) / 1000),
  };
}

/** Those of mails that have not left and those that wait for one, each found by an index of its own. */
async function countPlanned(db: Db): Promise<number> {
  const { rows } = await sql<{ notices: number }>`
    select (
      select count(*) from notice join message on message.id = notice.message_id
      where message.state in ('queued', 'sending', 'retry', 'uncertain') and notice.state = 'planned'
    ) + (
      select count(*) from notice where message_id is null and reason is null and state = 'planned'
    ) as notices`.execute(db);
  return rows[0]!.notices;
}
