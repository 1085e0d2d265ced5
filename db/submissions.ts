// Reports of compliance: handing one in, its receipt, and the review that accepts or returns it.
import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { actIsOnTime } from '../app/domain/deadline-status.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import type { Medium } from './schema.ts';
import { wakeWorker } from './wake.ts';

export interface Report {
  deadline_id: number;
  area_id: number;
  person_id: number;
  act_on: IsoDate;
  /** HH:MM; needed only when the term is counted in hours. */
  act_time: string | null;
  medium: Medium;
  document_number: string;
  note: string;
  /** One per rendered form: sending the same form twice gives the first result. */
  form_key: string;
  example: boolean;
}

/** What a report says; the same said twice with one form is one report. */
const SAID = ['deadline_id', 'act_on', 'act_time', 'medium', 'document_number', 'note'] as const;

export type ReportOutcome =
  | { kind: 'received'; folio: string; submission_id: number }
  | { kind: 'closed'; status: 'waived' | 'concluded' }
  | { kind: 'already_in_review'; folio: string; by: string; at: string };

/**
 * Records a report, issues its receipt and stops the deadline's pending notices, all or nothing. The moment is
 * the instant of the report; the caller has checked that the act is not later and that the area answers for it.
 */
export async function submitReport(db: Db, report: Report, moment: Moment): Promise<ReportOutcome> {
  return db.transaction().execute(async (trx) => {
    await trx
      .selectFrom('deadline')
      .where('id', '=', report.deadline_id)
      .select('id')
      .forUpdate()
      .executeTakeFirstOrThrow();
    const repeated = await trx
      .selectFrom('submission')
      .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
      .where('form_key', '=', report.form_key)
      .select(['submission.id', 'receipt.folio', ...SAID])
      .executeTakeFirst();
    if (repeated && SAID.every((fact) => repeated[fact] === report[fact])) {
      return { kind: 'received', folio: repeated.folio, submission_id: repeated.id };
    }

    const waived = await trx
      .selectFrom('waiver')
      .where('deadline_id', '=', report.deadline_id)
      .select('kind')
      .executeTakeFirst();
    if (waived) return { kind: 'closed', status: 'waived' };
    const latest = await trx
      .selectFrom('submission')
      .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
      .innerJoin('person', 'person.id', 'submission.submitted_by')
      .leftJoin('review', 'review.submission_id', 'submission.id')
      .where('deadline_id', '=', report.deadline_id)
      .select(['attempt', 'decision', 'folio', 'person.name', 'submission.recorded_at'])
      .orderBy('attempt', 'desc')
      .executeTakeFirst();
    if (latest?.decision === 'accepted') return { kind: 'closed', status: 'concluded' };
    if (latest && latest.decision === null) {
      return { kind: 'already_in_review', folio: latest.folio, by: latest.name, at: latest.recorded_at };
    }

    const { person_id, ...columns } = report;
    const { id } = await trx
      .insertInto('submission')
      .values({
        ...columns,
        submitted_by: person_id,
        attempt: (latest?.attempt ?? 0) + 1,
        recorded_at: moment.at,
        // A page left open sends its form again, corrected: that is a report of its own.
        form_key: repeated ? randomUUID() : report.form_key,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { rows } = await sql<{ number: number }>`select nextval('receipt_number') as number`.execute(trx);
    const folio = `R-${String(rows[0]!.number).padStart(4, '0')}`;
    const { form_key, example, ...facts } = report;
    const content = JSON.stringify({ folio, received_at: moment.at, ...facts });
    await trx
      .insertInto('receipt')
      .values({
        submission_id: id,
        folio,
        content,
        sha256: createHash('sha256').update(content).digest('hex'),
        issued_at: moment.at,
      })
      .execute();
    await trx
      .updateTable('notice')
      .set({ state: 'cancelled', reason: `reportada con folio ${folio}`, closed_at: moment.at })
      .where('deadline_id', '=', report.deadline_id)
      .where('state', '=', 'planned')
      .where('message_id', 'is', null)
      .execute();
    if (!report.example) await queueMail(trx, 'receipt', person_id, id, moment);
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: 'reportó cumplimiento',
      subject: `vencimiento ${report.deadline_id}`,
      detail: {
        folio,
        act_on: report.act_on,
        document_number: report.document_number,
        example: report.example,
      },
    });
    await wakeWorker(trx);
    return { kind: 'received', folio, submission_id: id };
  });
}

export interface Review {
  submission_id: number;
  decision: 'accepted' | 'returned';
  /** What the reviewer says; required to return. */
  words: string;
  person_id: number;
}

export type ReviewOutcome =
  | { kind: 'reviewed'; late: boolean }
  | { kind: 'not_found' }
  | { kind: 'already_reviewed'; decision: 'accepted' | 'returned'; by: string }
  | { kind: 'own_report' };

/** Records what was decided about a report; nobody reviews a report of their own. */
export async function reviewSubmission(db: Db, review: Review, moment: Moment): Promise<ReviewOutcome> {
  return db.transaction().execute(async (trx) => {
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

    const { person_id, ...columns } = review;
    await trx
      .insertInto('review')
      .values({ ...columns, reviewed_by: person_id, recorded_at: moment.at })
      .execute();
    // A decision recorded as of a past moment is history being loaded: nobody is written to about it.
    if (review.decision === 'returned' && moment.live) {
      await queueMail(trx, 'returned', submission.submitted_by, review.submission_id, moment);
    }
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: review.decision === 'accepted' ? 'aceptó el reporte' : 'devolvió el reporte',
      subject: `vencimiento ${submission.deadline_id}`,
      detail: { submission_id: review.submission_id, words: review.words },
    });
    await wakeWorker(trx);
    return { kind: 'reviewed', late };
  });
}

async function queueMail(
  db: Db,
  kind: 'receipt' | 'returned',
  personId: number,
  submissionId: number,
  moment: Moment,
) {
  await db
    .insertInto('message')
    .values({
      kind,
      person_id: personId,
      submission_id: submissionId,
      created_at: moment.at,
      next_attempt_at: moment.at,
    })
    .execute();
}

/** Everything a report's receipt, review page and mails show; undefined when there is no such report. */
export async function findSubmission(db: Db, by: { id: number } | { folio: string }) {
  return db
    .selectFrom('submission')
    .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
    .innerJoin('person', 'person.id', 'submission.submitted_by')
    .innerJoin('area', 'area.id', 'submission.area_id')
    .leftJoin('review', 'review.submission_id', 'submission.id')
    .leftJoin('person as reviewer', 'reviewer.id', 'review.reviewed_by')
    .where((eb) => ('id' in by ? eb('submission.id', '=', by.id) : eb('receipt.folio', '=', by.folio)))
    .select([
      'submission.id',
      'submission.deadline_id',
      'submission.attempt',
      'submission.act_on',
      'submission.act_time',
      'submission.medium',
      'submission.document_number',
      'submission.note',
      'submission.recorded_at',
      'submission.example',
      'submission.submitted_by',
      'submission.area_id',
      'person.name as submitted_by_name',
      'area.name as area_name',
      'receipt.folio',
      'receipt.sha256',
      'review.decision',
      'review.words as reviewer_words',
      'review.recorded_at as reviewed_at',
      'reviewer.name as reviewer_name',
    ])
    .executeTakeFirst();
}

/** The reports on a deadline, newest first. */
export async function listSubmissions(db: Db, deadlineId: number) {
  const ids = await db
    .selectFrom('submission')
    .where('deadline_id', '=', deadlineId)
    .select('id')
    .orderBy('attempt', 'desc')
    .execute();
  const submissions = await Promise.all(ids.map(({ id }) => findSubmission(db, { id })));
  return submissions.filter((submission) => submission !== undefined);
}

/** Reports nobody has decided about yet, the one waiting longest first. */
export async function listPendingReviews(db: Db, moment: Moment) {
  return db
    .selectFrom('submission')
    .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
    .innerJoin('deadline', 'deadline.id', 'submission.deadline_id')
    .innerJoin('obligation', 'obligation.id', 'deadline.obligation_id')
    .innerJoin('area', 'area.id', 'submission.area_id')
    .innerJoin('deadline_version as v', (join) =>
      join.onRef('v.deadline_id', '=', 'deadline.id').on('v.superseded_at', 'is', null),
    )
    .leftJoin('review', 'review.submission_id', 'submission.id')
    .where('review.submission_id', 'is', null)
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
      'submission.recorded_at',
      sql<number>`${moment.today}::date - (submission.recorded_at at time zone 'America/Mexico_City')::date`.as(
        'waiting_days',
      ),
    ])
    .orderBy('submission.recorded_at')
    .execute();
}
