// Reports of compliance: handing one in, and its receipt.
import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { EvidenceFile } from '../app/domain/evidence.ts';
import type { Fulfilment } from '../app/domain/fulfilment.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { listSubmissionFiles } from './evidence.ts';
import { oweMails } from './messages.ts';
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
    if (!report.example) {
      const mail = { kind: 'receipt' as const, person_id: report.person_id, submission_id: first! };
      await oweMails(trx, [mail], moment);
    }
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

/** The folio of each of these reports, by its id. */
export async function listFolios(db: Db, submissionIds: number[]): Promise<Map<number, string>> {
  if (submissionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('receipt')
    .where('submission_id', 'in', submissionIds)
    .select(['submission_id', 'folio'])
    .execute();
  return new Map(rows.map(({ submission_id, folio }) => [submission_id, folio]));
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
