// Reports of compliance: handing one in, its receipt, and the review that accepts or returns it.
import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { actIsOnTime } from '../app/domain/deadline-status.ts';
import type { EvidenceFile } from '../app/domain/evidence.ts';
import { DECISIONS, LEAVES_WORK, type Decision, type Fulfilment } from '../app/domain/fulfilment.ts';
import { MEDIUM_WORDS } from '../app/domain/medium.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { lockProcess, recomputeDependants } from './deadline-schedule.ts';
import { PROCESS_NAME } from './deadline-state.ts';
import { listSubmissionFiles } from './evidence.ts';
import type { Medium } from './schema.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

export interface Report {
  deadline_id: number;
  area_id: number;
  person_id: number;
  /** `full` unless said otherwise. */
  fulfilment?: Fulfilment;
  act_on: IsoDate;
  /** HH:MM; needed only when the term is counted in hours. */
  act_time: string | null;
  medium: Medium;
  document_number: string;
  note: string;
  /** The evidence, already kept. */
  files?: EvidenceFile[];
  /** Other deadlines that the same evidence is for: each gets a report and a folio of its own. */
  also?: number[];
  /** One per version of a draft: sending the same twice gives the first result. */
  form_key: string;
  example: boolean;
}

export type ReportOutcome =
  | { kind: 'received'; folio: string; submission_id: number }
  | { kind: 'closed'; deadline_id: number; status: 'waived' | 'concluded' }
  | { kind: 'already_in_review'; deadline_id: number; folio: string; by: string; at: string };

/**
 * Records a report on a deadline and, with the same files, on those it is also for; issues their receipts and
 * stops their pending notices, all or nothing. The folios are one family: R-0187, R-0187-2… The moment is the
 * instant of the report; the caller has checked that the act is not later and that the area answers for all of it.
 */
export async function submitReport(db: Db, report: Report, moment: Moment): Promise<ReportOutcome> {
  const targets = [report.deadline_id, ...(report.also ?? []).filter((id) => id !== report.deadline_id)];
  return inTransaction(db, async (trx) => {
    await trx
      .selectFrom('deadline')
      .where('id', 'in', targets)
      .select('id')
      .orderBy('id')
      .forUpdate()
      .execute();
    const repeated = await findSentBefore(trx, report);
    if (repeated) return { kind: 'received', ...repeated };
    const attempts = new Map<number, number>();
    for (const deadline_id of targets) {
      const state = await stateOf(trx, deadline_id);
      if (typeof state !== 'number') return state;
      attempts.set(deadline_id, state + 1);
    }
    const { rows } = await sql<{ number: number }>`select nextval('receipt_number') as number`.execute(trx);
    const folio = `R-${String(rows[0]!.number).padStart(4, '0')}`;
    const folios = targets.map((_, index) => (index === 0 ? folio : `${folio}-${index + 1}`));
    let first: number | null = null;
    for (const [index, deadline_id] of targets.entries()) {
      const attempt = attempts.get(deadline_id)!;
      first ??= await recordOne(trx, { report, deadline_id, attempt, folio, folios, part_of: null }, moment);
      if (index === 0) continue;
      await recordOne(
        trx,
        { report, deadline_id, attempt, folio: folios[index]!, folios, part_of: first },
        moment,
      );
    }
    await trx.deleteFrom('report_draft').where('form_key', '=', report.form_key).execute();
    if (!report.example) await queueMail(trx, 'receipt', report.person_id, first!, moment);
    await wakeWorker(trx);
    return { kind: 'received', folio, submission_id: first! };
  });
}

/** The report somebody already sent with that key; undefined when there is none. */
export async function findSentBefore(
  db: Db,
  { form_key, person_id, deadline_id }: Pick<Report, 'form_key' | 'person_id' | 'deadline_id'>,
): Promise<{ folio: string; submission_id: number } | undefined> {
  return db
    .selectFrom('submission')
    .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
    .where('form_key', '=', form_key)
    .where('submitted_by', '=', person_id)
    .where('deadline_id', '=', deadline_id)
    .select(['submission.id as submission_id', 'receipt.folio'])
    .executeTakeFirst();
}

/** How many reports a deadline has had, or why it takes no other now. */
async function stateOf(
  trx: Db,
  deadline_id: number,
): Promise<number | Exclude<ReportOutcome, { kind: 'received' }>> {
  const waived = await trx
    .selectFrom('waiver')
    .where('deadline_id', '=', deadline_id)
    .where('withdrawn_at', 'is', null)
    .select('kind')
    .executeTakeFirst();
  if (waived) return { kind: 'closed', deadline_id, status: 'waived' };
  const latest = await trx
    .selectFrom('submission')
    .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
    .innerJoin('person', 'person.id', 'submission.submitted_by')
    .leftJoin('review', 'review.submission_id', 'submission.id')
    .where('deadline_id', '=', deadline_id)
    .select(['attempt', 'decision', 'folio', 'person.name', 'submission.recorded_at'])
    .orderBy('attempt', 'desc')
    .executeTakeFirst();
  if (latest?.decision === 'accepted') return { kind: 'closed', deadline_id, status: 'concluded' };
  if (latest && latest.decision === null) {
    const { folio, name, recorded_at } = latest;
    return { kind: 'already_in_review', deadline_id, folio, by: name, at: recorded_at };
  }
  return latest?.attempt ?? 0;
}

interface One {
  report: Report;
  deadline_id: number;
  attempt: number;
  folio: string;
  folios: string[];
  part_of: number | null;
}

async function recordOne(trx: Db, one: One, moment: Moment): Promise<number> {
  const { report, deadline_id, folio, part_of } = one;
  const { person_id, area_id, form_key, example, files = [], also: _, fulfilment = 'full', ...act } = report;
  const { id } = await trx
    .insertInto('submission')
    .values({
      ...act,
      deadline_id,
      area_id,
      fulfilment,
      part_of,
      example,
      submitted_by: person_id,
      attempt: one.attempt,
      recorded_at: moment.at,
      form_key: part_of === null ? form_key : randomUUID(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (files.length > 0) {
    await trx
      .insertInto('submission_file')
      .values(
        files.map(({ name, sha256 }, index) => ({ submission_id: id, sha256, name, position: index + 1 })),
      )
      .execute();
  }
  const content = JSON.stringify({
    folio,
    received_at: moment.at,
    ...act,
    deadline_id,
    area_id,
    person_id,
    fulfilment,
    files,
    ...(one.folios.length > 1 ? { handed_in_with: one.folios.filter((other) => other !== folio) } : {}),
  });
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
    .where('deadline_id', '=', deadline_id)
    .where('state', '=', 'planned')
    .where('message_id', 'is', null)
    .execute();
  await recordAudit(trx, {
    at: moment.at,
    actor: `persona ${person_id}`,
    verb: 'reportó cumplimiento',
    subject: `vencimiento ${deadline_id}`,
    detail: { folio, fulfilment, act_on: act.act_on, document_number: act.document_number, files, example },
  });
  return id;
}

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
      .where('submission.id', '=', review.submission_id)
      .select('process_id')
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
      await queueMail(trx, 'returned', submission.submitted_by, review.submission_id, moment);
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
      'submission.fulfilment',
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

/** The other reports of a report's folio family, with the obligations they are about, in the order of their folios. */
export async function listFamily(db: Db, submissionId: number) {
  return db
    .selectFrom('submission as s')
    .innerJoin('receipt', 'receipt.submission_id', 's.id')
    .innerJoin('deadline as d', 'd.id', 's.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .where(
      sql<boolean>`coalesce(s.part_of, s.id) = (select coalesce(part_of, id) from submission where id = ${submissionId})`,
    )
    .where('s.id', '<>', submissionId)
    .select(['receipt.folio', 's.deadline_id', 'o.ref', 'o.title'])
    .orderBy('s.id')
    .execute();
}

/** The reports on a deadline with their files, newest first. */
export async function listSubmissions(db: Db, deadlineId: number) {
  const ids = await db
    .selectFrom('submission')
    .where('deadline_id', '=', deadlineId)
    .select('id')
    .orderBy('attempt', 'desc')
    .execute();
  const [files, ...submissions] = await Promise.all([
    listSubmissionFiles(
      db,
      ids.map(({ id }) => id),
    ),
    ...ids.map(({ id }) => findSubmission(db, { id })),
  ]);
  return submissions.flatMap((submission) =>
    submission ? [{ ...submission, files: files.get(submission.id) ?? [] }] : [],
  );
}

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
