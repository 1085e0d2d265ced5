// Rehearsing the planner: what it would write, and to whom, without keeping anything.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { mailedNotices } from './notices.ts';
import { planInTransaction, type PassResult } from './notice-plan.ts';
import { inTransaction } from './transaction.ts';

export interface PlannedNotice {
  notice_id: number;
  obligation: string;
  due_on: string;
  rung: string;
  to: string;
  message_id: number | null;
}

/** Carries a result out of a transaction that is to be rolled back. */
class Rehearsal<Result> extends Error {
  readonly result: Result;
  constructor(result: Result) {
    super('rehearsal');
    this.result = result;
  }
}

/**
 * Runs `work` on copies of the ledger, the outbox and the heartbeat that only its transaction sees, and throws
 * everything away: the real tables are not even locked, and no folio is spent.
 */
export async function onCopies<Result>(db: Db, work: (trx: Db) => Promise<Result>): Promise<Result> {
  try {
    await inTransaction(db, async (trx) => {
      for (const table of ['message', 'notice', 'pass']) {
        await sql`create temp table ${sql.id(table)} (like public.${sql.id(table)} including all)`.execute(
          trx,
        );
      }
      // What is settled is never planned again, and what left on other days is no mail of today's, but for what told
      // somebody once and for all.
      await sql`insert into pg_temp.message overriding system value
        select * from public.message where run_on is not null and state in ('queued', 'retry', 'sending', 'uncertain')
          or run_on = (select max(run_on) from public.message) or hands_over is not null`.execute(trx);
      await sql`insert into pg_temp.notice overriding system value
        select n.* from public.notice n
        join public.deadline_version v on v.deadline_id = n.deadline_id and v.version = n.deadline_version
        where v.superseded_at is null and v.settled_at is null`.execute(trx);
      await sql`insert into pg_temp.pass select * from public.pass order by run_on desc limit 1`.execute(trx);
      // Rows above what was copied, so that the copies' own counters never meet an id that exists.
      for (const table of ['message', 'notice']) {
        await sql`select setval(pg_get_serial_sequence(${`pg_temp.${table}`}, 'id'),
          (select coalesce(max(id), 0) + 1 from pg_temp.${sql.id(table)}))`.execute(trx);
      }
      await sql`analyze pg_temp.notice`.execute(trx);
      throw new Rehearsal(await work(trx));
    });
  } catch (error) {
    if (error instanceof Rehearsal) return error.result as Result;
    throw error;
  }
  throw new Error('A rehearsal always ends by being thrown away');
}

/** What a pass at the moment would plan, with its notices; nothing is kept. */
export function rehearsePass(db: Db, moment: Moment): Promise<PassResult & { notices: PlannedNotice[] }> {
  return onCopies(db, async (trx) => {
    const result = await planInTransaction(trx, moment);
    return { ...result, notices: await listPlanned(trx, moment) };
  });
}

/** The notices waiting in today's mails. */
export async function listPlanned(db: Db, moment: Moment): Promise<PlannedNotice[]> {
  return mailedNotices(db)
    .where('notice.state', '=', 'planned')
    .where('message.run_on', '=', moment.today)
    .where('message.state', '=', 'queued')
    .select([
      'notice.id as notice_id',
      'obligation.ref as obligation',
      sql<string>`v.due_on`.as('due_on'),
      'notice.rung',
      'person.email as to',
      'notice.message_id',
    ])
    .orderBy('v.due_on')
    .orderBy('obligation.ref')
    .orderBy('notice.id')
    .execute();
}
