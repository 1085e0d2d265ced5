// What the screens say of a report of compliance and of its review; worded on the server.
import { actIsOnTime } from '../domain/deadline-status.ts';
import { DECISION_WORDS, FULFILMENT_WORDS, type Decision } from '../domain/fulfilment.ts';
import { MEDIUM_WORDS } from '../domain/medium.ts';
import { formatHour, formatLongDate } from '../domain/plain-date.ts';
import type { SubmissionFile } from '../../db/evidence.ts';
import type { findSubmission } from '../../db/submissions.ts';
import { instantWords } from './moment-words.ts';

type Submission = NonNullable<Awaited<ReturnType<typeof findSubmission>>>;

export interface ReportView {
  id: number;
  folio: string;
  /** `En parte`; null when it was met in full, which is what a report says unless told otherwise. */
  fulfilment: string | null;
  act: string;
  document: string;
  note: string;
  by: string;
  received: string;
  timeliness: string;
  /** `verdict` is the decision in words, with its sign: `✓ Aceptado por`. */
  review: { decision: Decision; verdict: string; by: string; words: string } | null;
  sha256: string;
  files: SubmissionFile[];
  /** Whether whoever looks may download them. */
  download: boolean;
}

/** A report in words, judged against the date its deadline has. */
export function viewReport(
  submission: Submission,
  deadline: { due_on: string | null; due_time: string | null },
  { files, download }: { files: SubmissionFile[]; download: boolean },
): ReportView {
  const { act_on, act_time, decision } = submission;
  return {
    id: submission.id,
    folio: submission.folio,
    fulfilment: submission.fulfilment === 'full' ? null : FULFILMENT_WORDS[submission.fulfilment],
    act: [formatLongDate(act_on), ...(act_time ? [formatHour(act_time)] : [])].join(', '),
    document: `${MEDIUM_WORDS[submission.medium]} ${submission.document_number}`,
    note: submission.note,
    by: submission.submitted_by_name.includes(submission.area_name)
      ? submission.submitted_by_name
      : `${submission.submitted_by_name}, ${submission.area_name}`,
    received: instantWords(submission.recorded_at),
    timeliness: timelinessWords(submission, deadline),
    review:
      decision === null
        ? null
        : {
            decision,
            verdict: `${DECISION_WORDS[decision].sign} ${DECISION_WORDS[decision].done}`,
            by: [submission.reviewer_name, submission.reviewed_at && instantWords(submission.reviewed_at)]
              .filter(Boolean)
              .join(', '),
            words: submission.reviewer_words ?? '',
          },
    sha256: submission.sha256,
    files,
    download,
  };
}

/** Whether the act is within the term; `Sin fecha límite` when there is none to compare with. */
export function timelinessWords(
  act: { act_on: string; act_time: string | null },
  deadline: { due_on: string | null; due_time: string | null },
): string {
  if (deadline.due_on === null) return 'Sin fecha límite';
  return actIsOnTime(deadline, act) ? 'En plazo' : 'Fuera de plazo';
}
