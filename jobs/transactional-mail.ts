// The mails that answer something a person did: a log-in code, the receipt of a report, a report sent back.
import type { Moment } from '../app/domain/moment.ts';
import { MEDIUM_WORDS } from '../app/domain/medium.ts';
import { localDateTime } from '../app/domain/plain-date.ts';
import type { Db } from '../db/client.ts';
import { findDeadline } from '../db/deadlines.ts';
import { CODE_MINUTES, issueLoginCode } from '../db/login-challenges.ts';
import { loadMailFacts } from '../db/mail-facts.ts';
import type { ClaimedMessage } from '../db/messages.ts';
import { findSubmission } from '../db/submissions.ts';
import type { MailContent } from '../emails/layout.tsx';
import { loginCodeMail } from '../emails/login-code.tsx';
import { receiptMail } from '../emails/receipt.tsx';
import { returnedMail } from '../emails/returned.tsx';
import { deadlineItem, mailFolio } from './mail-content.ts';

/** Working days the Dirección takes at most to review a report. */
export const REVIEW_DAYS = 3;

/** The mail of a `login_code`, `receipt` or `returned` message. Throws when what it is about is gone: a bug. */
export async function transactionalMail(
  db: Db,
  message: ClaimedMessage,
  moment: Moment,
  appUrl: string,
): Promise<MailContent> {
  if (message.kind === 'login_code' && message.login_challenge_id !== null) {
    return loginCodeMail({
      code: await issueLoginCode(db, message.login_challenge_id),
      expires_minutes: CODE_MINUTES,
      url: `${appUrl}/entrar/codigo?d=${message.login_challenge_id}`,
      folio: mailFolio(message),
    });
  }
  const submission =
    message.submission_id === null ? undefined : await findSubmission(db, { id: message.submission_id });
  const deadline = submission && (await findDeadline(db, moment, submission.deadline_id));
  if (!submission || !deadline) throw new Error(`Message ${message.id} has no report to tell of`);
  if (message.kind === 'receipt') {
    return receiptMail({
      folio: submission.folio,
      title: deadline.title,
      ref: deadline.ref,
      citation: `${deadline.instrument_title}, numeral ${deadline.clause_number}`,
      act_on: submission.act_on,
      reported_at_local: localDateTime(submission.recorded_at),
      medium: MEDIUM_WORDS[submission.medium],
      document_number: submission.document_number,
      note: submission.note,
      review_days: REVIEW_DAYS,
      url: `${appUrl}/acuses/${submission.folio}`,
      sha256: submission.sha256,
    });
  }
  const facts = await loadMailFacts(db, moment, [message]);
  return returnedMail({
    item: deadlineItem({ rung: '', toldTo: message.person_id }, deadline, facts, moment, appUrl),
    reviewer_words: submission.reviewer_words ?? '',
    reviewer: submission.reviewer_name ?? 'la Dirección de Vinculación',
    url: `${appUrl}/vencimientos/${deadline.id}/reportar`,
  });
}
