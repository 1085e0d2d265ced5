// The review of a report of compliance: what was decided about it, by whom, and which reports wait for it.
import { sql } from 'kysely';
import { actIsOnTime } from '../app/domain/deadline-status.ts';
import { DECISIONS, LEAVES_WORK, type Decision } from '../app/domain/fulfilment.ts';
import { MEDIUM_WORDS } from '../app/domain/medium.ts';
import type { Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import { responsiblePeople } from './change-mails.ts';
import type { Db } from './client.ts';
import { lockProcess, recomputeDependants } from './deadline-schedule.ts';
import { PROCESS_NAME } from './deadline-state.ts';
import { oweMails } from './messages.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

export interface Review {
  submission_id: number;
  decision: Decision;
  /** What the reviewer says; required to return and to accept in part. */
  words: string;
  person_id: number;
}

export type ReviewOutcome =
  | { kind: 'reviewed'; late: boolean }
  | { kind: 'not_found' }
  | { kind: 'already_reviewed'; decision: Decision; by: string }
  | { kind: 'own_report' }
  | { kind: 'not_to_decide' };

/**
 * Records what was decided about a report; nobody reviews a report of their own, and a part is not accepted as the
 * whole. Confirming that a condition did not come about also waives the deadline.
 */
export async function reviewSubmission(db: Db, review: Review, asked: Moment): Promise<ReviewOutcome> {
  return inTransaction(db, async (trx) => {
    const reported = await trx
      .selectFrom('submission')
      .innerJoin('deadline', 'deadline.id', 'submission.deadline_id')
      .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
      .innerJoin('process', 'process.id', 'obligation.process_id')
      .where('submission.id', '=', review.submission_id)
      .select(['process_id', 'direction_area_id', 'area_id'])
      .executeTakeFirst();
    if (!reported) return { kind: 'not_found' };
    // As whoever moves dates does, before anything of the deadline: accepting settles it and may move others.
    const moment = await lockProcess(trx, reported.process_id, asked);
    const submission = await trx
      .selectFrom('submission')
      .innerJoin('deadline_version as v', (join) =>
        join.onRef('v.deadline_id', '=', 'submission.deadline_id').on('v.superseded_at', 'is', null),
      )
      .where('submission.id', '=', review.submission_id)
      .select([
        'submission.deadline_id',
        'submitted_by',
        'act_on',
        'act_time',
        'example',
        'fulfilment',
        'note',
        'medium',
        'document_number',
        'v.due_on',
        'v.due_time',
      ])
      .forUpdate('submission')
      .executeTakeFirst();
    if (!submission) return { kind: 'not_found' };
    if (submission.submitted_by === review.person_id) return { kind: 'own_report' };
    const earlier = await trx
      .selectFrom('review')
      .innerJoin('person', 'person.id', 'review.reviewed_by')
      .where('submission_id', '=', review.submission_id)
      .select(['decision', 'words', 'reviewed_by', 'person.name'])
      .executeTakeFirst();
    const late = review.decision === 'accepted' && !actIsOnTime(submission, submission);
    // The same click twice is one decision.
    if (
      earlier?.reviewed_by === review.person_id &&
      earlier.decision === review.decision &&
      earlier.words === review.words
    ) {
      return { kind: 'reviewed', late };
    }
    if (earlier) return { kind: 'already_reviewed', decision: earlier.decision, by: earlier.name };
    if (!DECISIONS[submission.fulfilment].includes(review.decision)) return { kind: 'not_to_decide' };

    const { person_id, ...columns } = review;
    await trx
      .insertInto('review')
      .values({ ...columns, reviewed_by: person_id, recorded_at: moment.at })
      .execute();
    if (review.decision === 'condition_not_met') {
      const { deadline_id, note, medium, document_number } = submission;
      await trx
        .insertInto('waiver')
        .values({
          deadline_id,
          kind: 'condition_not_met',
          reason: note,
          document: `${MEDIUM_WORDS[medium]} ${document_number}`,
          recorded_by: person_id,
          recorded_at: moment.at,
        })
        .execute();
    }
    // A decision recorded as of a past moment is history being loaded: nobody is written to about it.
    if (LEAVES_WORK.includes(review.decision) && moment.live) {
      const mail = { kind: 'returned' as const, submission_id: review.submission_id };
      const { submitted_by } = submission;
      const { direction_area_id, area_id } = reported;
      const responsible = (await responsiblePeople(trx, moment))(direction_area_id, area_id) ?? submitted_by;
      await oweMails(
        trx,
        [
          { ...mail, person_id: responsible, area_id },
          // Whoever reported knows what was sent, but what is to be done now is the area's.
          ...(responsible === submitted_by ? [] : [{ ...mail, person_id: submitted_by }]),
        ],
        moment,
      );
    }
    if (review.decision === 'accepted') await recomputeDependants(trx, submission.deadline_id, moment);
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: DECISION_VERBS[review.decision],
      subject: `vencimiento ${submission.deadline_id}`,
      detail: { submission_id: review.submission_id, words: review.words },
    });
    await wakeWorker(trx);
    return { kind: 'reviewed', late };
  });
}

const DECISION_VERBS: Record<Decision, string> = {
  accepted: 'aceptó el reporte',
  accepted_in_part: 'aceptó en parte el reporte',
  condition_not_met: 'confirmó que la condición no se actualizó',
  returned: 'devolvió el reporte',
};

/** Reports nobody has decided about yet, the one waiting longest first. */
export async function listPendingReviews(db: Db, moment: Moment) {
  return db
    .selectFrom('submission')
    .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
    .innerJoin('deadline', 'deadline.id', 'submission.deadline_id')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .innerJoin('process as p', 'p.id', 'obligation.process_id')
    .innerJoin('area', 'area.id', 'submission.area_id')
    .innerJoin('deadline_version as v', (join) =>
      join.onRef('v.deadline_id', '=', 'deadline.id').on('v.superseded_at', 'is', null),
    )
    .where('submission.decided_at', 'is', null)
    .select([
      'submission.id',
      'submission.deadline_id',
      'receipt.folio',
      'obligation.ref',
      'obligation.title',
      'area.name as area_name',
      'v.due_on',
      'v.due_time',
      'submission.act_on',
      'submission.act_time',
      'submission.fulfilment',
      'submission.recorded_at',
      sql<number>`${moment.today}::date - (submission.recorded_at at time zone 'America/Mexico_City')::date`.as(
        'waiting_days',
      ),
      PROCESS_NAME.as('process_name'),
    ])
    .orderBy('submission.recorded_at')
    .execute();
}
