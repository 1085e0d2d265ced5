// Registering that a trigger happened, which opens the deadlines counted from it, and taking it back.
import { sql } from 'kysely';
import { RuleError } from '../app/domain/deadline-rule.ts';
import type { Moment } from '../app/domain/moment.ts';
import { formatShortDate, type IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { recordChange } from './schedule-changes.ts';
import { lockProcess, recomputeDeadlines } from './deadline-schedule.ts';
import { listDeadlinesById, type DeadlineRow } from './deadlines.ts';
import { cancelPlannedNotices } from './notices.ts';
import { inTransaction } from './transaction.ts';

export interface EventFacts {
  milestone_id: number;
  on_date: IsoDate;
  at_time: string | null;
  description: string;
  /** The document that records it, by its number. */
  source: string;
  person_id: number;
}

export type RegistrationOutcome =
  | { kind: 'registered'; occurrence_id: number; deadlines: DeadlineRow[] }
  | { kind: 'already_registered'; by: string | null; at: string }
  /** Some term cannot be counted from it; `message` says which and why. */
  | { kind: 'not_countable'; message: string };

/** Thrown to leave a transaction with nothing written, carrying what would have happened. */
class Undo extends Error {
  readonly outcome: RegistrationOutcome;
  constructor(outcome: RegistrationOutcome) {
    super('undo');
    this.outcome = outcome;
  }
}

/**
 * Records that a trigger happened and opens the deadlines counted from it, all or nothing. The caller has checked
 * that it is not later than the moment and has an hour if any term needs one. The same day, hour and document are
 * one event. With `preview` nothing is written and the answer says what would be.
 */
export async function registerEvent(
  db: Db,
  facts: EventFacts,
  moment: Moment,
  preview = false,
): Promise<RegistrationOutcome> {
  try {
    return await inTransaction(db, async (trx) => {
      const outcome = await register(trx, facts, moment);
      if (preview || outcome.kind !== 'registered') throw new Undo(outcome);
      return outcome;
    });
  } catch (error) {
    if (error instanceof Undo) return error.outcome;
    if (error instanceof RuleError) return { kind: 'not_countable', message: error.message };
    throw error;
  }
}

async function register(trx: Db, facts: EventFacts, asked: Moment): Promise<RegistrationOutcome> {
  const { milestone_id, on_date, at_time, description, source, person_id } = facts;
  const trigger = await trx
    .selectFrom('milestone')
    .where('id', '=', milestone_id)
    .select(['name', 'process_id'])
    .executeTakeFirstOrThrow();
  const moment = await lockProcess(trx, trigger.process_id, asked);
  const same = await trx
    .selectFrom('milestone_occurrence')
    .leftJoin('person', 'person.id', 'recorded_by')
    .where('milestone_id', '=', milestone_id)
    .where('withdrawn_at', 'is', null)
    .where('on_date', '=', on_date)
    .where('at_time', 'is not distinct from', at_time)
    .where(sql<boolean>`lower(source) = lower(${source})`)
    .select(['person.name', 'recorded_at'])
    .executeTakeFirst();
  if (same) return { kind: 'already_registered', by: same.name, at: same.recorded_at };

  const changeId = await recordChange(
    trx,
    {
      process_id: trigger.process_id,
      kind: 'trigger',
      summary: `${trigger.name}, ${formatShortDate(on_date)}`,
      act: source,
      person_id,
    },
    moment,
  );
  const { id } = await trx
    .insertInto('milestone_occurrence')
    .values({
      milestone_id,
      on_date,
      at_time,
      description,
      source,
      recorded_at: moment.at,
      recorded_by: person_id,
      change_id: changeId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await recomputeDeadlines(trx, trigger.process_id, moment, { changeId });
  const opened = await trx
    .selectFrom('deadline')
    .where('milestone_occurrence_id', '=', id)
    .select('id')
    .execute();
  await recordAudit(trx, {
    at: moment.at,
    actor: `persona ${person_id}`,
    verb: 'registró el evento',
    subject: `evento ${id}`,
    detail: { trigger: trigger.name, on_date, at_time, description, source, opened: opened.length },
  });
  const deadlines = await listDeadlinesById(
    trx,
    moment,
    opened.map((deadline) => deadline.id),
  );
  return { kind: 'registered', occurrence_id: id, deadlines };
}

export type WithdrawalOutcome =
  | { kind: 'withdrawn'; closed: number }
  | { kind: 'already_withdrawn' }
  /** Reports on its deadlines wait for a decision, which comes first. */
  | { kind: 'in_review'; reports: { folio: string; submission_id: number }[] };

/**
 * Takes back that a trigger happened. Its open deadlines are closed by a waiver that says why, and their notices
 * withdrawn; what was concluded or closed before stays as it was.
 */
export async function withdrawEvent(
  db: Db,
  { occurrence_id, reason, person_id }: { occurrence_id: number; reason: string; person_id: number },
  asked: Moment,
): Promise<WithdrawalOutcome> {
  return inTransaction(db, async (trx) => {
    const event = await trx
      .selectFrom('milestone_occurrence as e')
      .innerJoin('milestone as m', 'm.id', 'e.milestone_id')
      .where('e.id', '=', occurrence_id)
      .select(['m.process_id', 'm.name', 'e.source', 'e.change_id'])
      .executeTakeFirstOrThrow();
    const moment = await lockProcess(trx, event.process_id, asked);
    // Locked in the order of their ids, as whoever reports on one of them locks it.
    const deadlines = await trx
      .selectFrom('deadline')
      .where('milestone_occurrence_id', '=', occurrence_id)
      .select('id')
      .orderBy('id')
      .forUpdate()
      .execute();
    const ids = deadlines.map(({ id }) => id);
    const reports = await trx
      .selectFrom('submission')
      .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
      .where(sql<boolean>`deadline_id = any (${ids})`)
      .where('decided_at', 'is', null)
      .select(['folio', 'submission.id as submission_id'])
      .orderBy('submission.id')
      .execute();
    if (reports.length > 0) return { kind: 'in_review', reports };

    const { numUpdatedRows } = await trx
      .updateTable('milestone_occurrence')
      .set({ withdrawn_at: moment.at, withdrawn_by: person_id, withdrawal_reason: reason })
      .where('id', '=', occurrence_id)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return { kind: 'already_withdrawn' };
    if (event.change_id !== null) {
      await trx
        .updateTable('schedule_change')
        .set({ undone_at: moment.at, undone_by: person_id })
        .where('id', '=', event.change_id)
        .execute();
    }
    const closed = await trx
      .insertInto('waiver')
      .columns(['deadline_id', 'kind', 'reason', 'document', 'recorded_by', 'recorded_at'])
      .expression(
        trx
          .selectFrom('deadline_version as v')
          .where(sql<boolean>`v.deadline_id = any (${ids})`)
          .where('v.superseded_at', 'is', null)
          .where('v.settled_at', 'is', null)
          .select([
            'v.deadline_id',
            sql.lit('event_withdrawn').as('kind'),
            sql<string>`${reason}`.as('reason'),
            sql<string>`${event.source}`.as('document'),
            sql<number>`${person_id}::bigint`.as('recorded_by'),
            sql<string>`${moment.at}::timestamptz`.as('recorded_at'),
          ]),
      )
      .returning('deadline_id')
      .execute();
    await cancelPlannedNotices(
      trx,
      closed.map(({ deadline_id }) => deadline_id),
      'se retiró el evento del que se contaba',
      moment,
    );
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: 'retiró el evento',
      subject: `evento ${occurrence_id}`,
      detail: { trigger: event.name, reason, closed: closed.length },
    });
    return { kind: 'withdrawn', closed: closed.length };
  });
}
