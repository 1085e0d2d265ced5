// Closing a deadline that nobody has to comply with any more, and reopening it; both are facts that stay.
import type { Moment } from '../app/domain/moment.ts';
import type { WaiverKind } from '../app/domain/waiver.ts';
import { recordAudit } from './audit.ts';
import { responsiblePeople } from './change-mails.ts';
import type { Db } from './client.ts';
import { lockProcess, recomputeDeadlines } from './deadline-schedule.ts';
import { waivedSql } from './deadline-state.ts';
import { oweMails } from './messages.ts';
import { cancelPlannedNotices } from './notices.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

export interface Closing {
  deadline_id: number;
  kind: Exclude<WaiverKind, 'event_withdrawn'>;
  reason: string;
  document: string;
  person_id: number;
}

/** Why a deadline can be neither closed nor moved: it is settled, or a report on it waits for a decision. */
export type Obstacle =
  | { kind: 'waived'; by: string; at: string }
  | { kind: 'concluded' }
  | { kind: 'in_review'; folio: string; submission_id: number };

export type ClosingOutcome = { kind: 'closed' } | Obstacle;

const VERBS: Record<Closing['kind'], string> = {
  waived: 'exceptuó el vencimiento',
  condition_not_met: 'registró que la condición no se actualizó',
};
const NOTICE_REASONS: Record<Closing['kind'], string> = {
  waived: 'la obligación se exceptuó',
  condition_not_met: 'la condición de la obligación no se actualizó',
};

/**
 * Closes a deadline by a waiver and withdraws the notices that have not gone out, all or nothing. The same said
 * twice by the same person is one closing; a concluded or reported deadline is not closed.
 */
export async function closeDeadline(db: Db, closing: Closing, asked: Moment): Promise<ClosingOutcome> {
  return inTransaction(db, async (trx) => {
    const { moment } = await lockDeadline(trx, closing.deadline_id, asked);
    const standing = await trx
      .selectFrom('waiver')
      .where('deadline_id', '=', closing.deadline_id)
      .where('withdrawn_at', 'is', null)
      .select(['kind', 'reason', 'document', 'recorded_by'])
      .executeTakeFirst();
    if (
      standing?.recorded_by === closing.person_id &&
      (['kind', 'reason', 'document'] as const).every((fact) => standing[fact] === closing[fact])
    ) {
      return { kind: 'closed' };
    }
    const obstacle = await findObstacle(trx, closing.deadline_id);
    if (obstacle) return obstacle;
    const { person_id, ...facts } = closing;
    await trx
      .insertInto('waiver')
      .values({ ...facts, recorded_by: person_id, recorded_at: moment.at })
      .execute();
    await cancelPlannedNotices(trx, [closing.deadline_id], NOTICE_REASONS[closing.kind], moment);
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: VERBS[closing.kind],
      subject: `vencimiento ${closing.deadline_id}`,
      detail: { reason: closing.reason, document: closing.document },
    });
    return { kind: 'closed' };
  });
}

export type ReopeningOutcome = { kind: 'reopened' } | { kind: 'not_closed' } | { kind: 'event_withdrawn' };

/**
 * Withdraws the waiver of a deadline, which opens it again with the date the rules give by now. What closed
 * because its event was withdrawn stays closed: the event has to be registered again.
 */
export async function reopenDeadline(
  db: Db,
  reopening: { deadline_id: number; reason: string; person_id: number },
  asked: Moment,
): Promise<ReopeningOutcome> {
  const { deadline_id, reason, person_id } = reopening;
  return inTransaction(db, async (trx) => {
    const { process_id, moment } = await lockDeadline(trx, deadline_id, asked);
    const standing = await trx
      .selectFrom('waiver')
      .where('deadline_id', '=', deadline_id)
      .where('withdrawn_at', 'is', null)
      .select(['id', 'kind'])
      .executeTakeFirst();
    if (!standing) return { kind: 'not_closed' };
    if (standing.kind === 'event_withdrawn') return { kind: 'event_withdrawn' };
    await trx
      .updateTable('waiver')
      .set({ withdrawn_at: moment.at, withdrawn_by: person_id, withdrawal_reason: reason })
      .where('id', '=', standing.id)
      .execute();
    await recomputeDeadlines(trx, process_id, moment);
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: 'reabrió el vencimiento',
      subject: `vencimiento ${deadline_id}`,
      detail: { reason },
    });
    if (moment.live) await tellOfReopening(trx, standing.id, moment);
    await wakeWorker(trx, 'pass');
    return { kind: 'reopened' };
  });
}

/** Puts a mail into the outbox for whoever answers for the area, or at last for whoever reopened. */
async function tellOfReopening(trx: Db, waiverId: number, moment: Moment): Promise<void> {
  const areas = await trx
    .selectFrom('waiver as w')
    .innerJoin('deadline as d', 'd.id', 'w.deadline_id')
    .innerJoin('obligation_area as oa', (join) =>
      join.onRef('oa.obligation_id', '=', 'd.obligation_id').on('oa.role', '=', 'responsible'),
    )
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .innerJoin('process as p', 'p.id', 'o.process_id')
    .where('w.id', '=', waiverId)
    .where('p.published_at', 'is not', null)
    .select(['oa.area_id', 'p.direction_area_id', 'w.withdrawn_by'])
    .execute();
  const people = await responsiblePeople(trx, moment);
  const told = areas.map(
    ({ area_id, direction_area_id, withdrawn_by }) => people(direction_area_id, area_id) ?? withdrawn_by!,
  );
  const mails = [...new Set(told)].map((person_id) => ({
    kind: 'reopened' as const,
    person_id,
    waiver_id: waiverId,
  }));
  await oweMails(trx, mails, moment);
}

/** A reopening as its mail tells it; undefined when there is none with that id. */
export async function findReopening(db: Db, waiverId: number) {
  return db
    .selectFrom('waiver')
    .innerJoin('person', 'person.id', 'waiver.withdrawn_by')
    .where('waiver.id', '=', waiverId)
    .select(['waiver.deadline_id', 'waiver.withdrawal_reason', 'person.name as by'])
    .executeTakeFirst();
}

/**
 * Takes the deadline for this transaction, as whoever reports on it does, and before it its process, as whoever
 * moves its dates does. Answers the process and the moment to act at.
 */
export async function lockDeadline(
  db: Db,
  deadlineId: number,
  asked: Moment,
): Promise<{ process_id: number; moment: Moment }> {
  const { process_id } = await db
    .selectFrom('deadline')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .where('deadline.id', '=', deadlineId)
    .select('obligation.process_id')
    .executeTakeFirstOrThrow();
  const moment = await lockProcess(db, process_id, asked);
  await db
    .selectFrom('deadline')
    .where('id', '=', deadlineId)
    .select('id')
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { process_id, moment };
}

/** What keeps a deadline from being closed; undefined when nothing does. Call it with the deadline locked. */
export async function findObstacle(db: Db, deadlineId: number): Promise<Obstacle | undefined> {
  const waiver = await db
    .selectFrom('waiver')
    .innerJoin('person', 'person.id', 'waiver.recorded_by')
    .where('deadline_id', '=', deadlineId)
    .where('withdrawn_at', 'is', null)
    .select(['person.name', 'waiver.recorded_at'])
    .executeTakeFirst();
  if (waiver) return { kind: 'waived', by: waiver.name, at: waiver.recorded_at };
  const report = await db
    .selectFrom('submission')
    .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
    .leftJoin('review', 'review.submission_id', 'submission.id')
    .where('deadline_id', '=', deadlineId)
    .select(['submission.id', 'receipt.folio', 'review.decision'])
    .orderBy('attempt', 'desc')
    .executeTakeFirst();
  if (report?.decision === 'accepted') return { kind: 'concluded' };
  if (report?.decision === null) return { kind: 'in_review', folio: report.folio, submission_id: report.id };
  return undefined;
}

/** Why a deadline is excepted at the moment; undefined when it is not. */
export async function findWaiver(db: Db, moment: Moment, deadlineId: number) {
  return db
    .selectFrom('waiver as w')
    .innerJoin('person', 'person.id', 'w.recorded_by')
    .where('w.deadline_id', '=', deadlineId)
    .where(waivedSql(moment))
    .select(['w.kind', 'w.reason', 'w.document', 'w.recorded_at', 'person.name'])
    .executeTakeFirst();
}
