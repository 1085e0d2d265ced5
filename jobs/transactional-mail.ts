// The mails that are no notices: a log-in code, a receipt, a report sent back, a change of dates, a question.
import { mailFolio } from '../app/domain/mail-folio.ts';
import type { Moment } from '../app/domain/moment.ts';
import { OPEN_STATUSES } from '../app/domain/deadline-status.ts';
import { FULFILMENT_WORDS } from '../app/domain/fulfilment.ts';
import { MEDIUM_WORDS } from '../app/domain/medium.ts';
import { daysBetween, formatHour, formatLongDate, localDateTime } from '../app/domain/plain-date.ts';
import { REVIEW_DAYS } from '../app/domain/review-clock.ts';
import { storedRuleWords } from '../app/domain/rule-words.ts';
import { findAssignment } from '../db/assignments.ts';
import { findScheduleChange, listChangedDeadlines } from '../db/change-mails.ts';
import type { Db } from '../db/client.ts';
import { findDeadline } from '../db/deadlines.ts';
import { CODE_MINUTES, issueLoginCode } from '../db/login-challenges.ts';
import { loadMailFacts } from '../db/mail-facts.ts';
import type { ClaimedMessage } from '../db/messages.ts';
import { findExplanationRequest } from '../db/explanations.ts';
import { listSubmissionFiles } from '../db/evidence.ts';
import { listWatchedEvents } from '../db/milestone-watch.ts';
import { findActor } from '../db/people.ts';
import { findFactorChange } from '../db/second-factor.ts';
import { findSubmission, listFamily } from '../db/submissions.ts';
import { findReopening } from '../db/waivers.ts';
import { assignmentMail } from '../emails/assignment.tsx';
import { dateChangeMail, rectificationMail, type DateChangeProps } from '../emails/date-change.tsx';
import { explanationRequestMail } from '../emails/explanation-request.ts';
import type { MailContent } from '../emails/layout.tsx';
import { loginCodeMail } from '../emails/login-code.tsx';
import { milestoneWatchMail } from '../emails/milestone-watch.ts';
import { receiptMail } from '../emails/receipt.tsx';
import { reopenedMail } from '../emails/reopened.tsx';
import { returnedMail } from '../emails/returned.tsx';
import { secondFactorMail } from '../emails/second-factor.tsx';
import { deadlineItem } from './mail-content.ts';

/**
 * The mail of a message that belongs to no morning; undefined when it has nothing left to say. Throws when what it is
 * about is gone: a bug.
 */
export async function transactionalMail(
  db: Db,
  message: ClaimedMessage,
  moment: Moment,
  appUrl: string,
): Promise<MailContent | undefined> {
  if (message.kind === 'login_code' && message.login_challenge_id !== null) {
    return loginCodeMail({
      code: await issueLoginCode(db, message.login_challenge_id),
      expires_minutes: CODE_MINUTES,
      url: `${appUrl}/entrar/codigo?d=${message.login_challenge_id}`,
      folio: mailFolio(message),
    });
  }
  if (message.schedule_change_id !== null) return changeMail(db, message, appUrl);
  if (message.process_id !== null) return assignmentOf(db, message, moment, appUrl);
  if (message.milestone_id !== null) return watchMail(db, message, moment, appUrl);
  if (message.waiver_id !== null) return reopeningMail(db, message, moment, appUrl);
  if (message.second_factor_id !== null) return factorMail(db, message);
  if (message.explanation_request_id !== null) return questionMail(db, message, moment, appUrl);
  const submission =
    message.submission_id === null ? undefined : await findSubmission(db, { id: message.submission_id });
  const deadline = submission && (await findDeadline(db, moment, submission.deadline_id));
  if (!submission || !deadline) throw new Error(`Message ${message.id} has no report to tell of`);
  if (message.kind === 'receipt') {
    const files = await listSubmissionFiles(db, [submission.id]);
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
      ...(submission.fulfilment === 'full' ? {} : { fulfilment: FULFILMENT_WORDS[submission.fulfilment] }),
      files: files.get(submission.id) ?? [],
      family: await listFamily(db, submission.id),
      review_days: REVIEW_DAYS,
      url: `${appUrl}/acuses/${submission.folio}`,
      sha256: submission.sha256,
    });
  }
  const facts = await loadMailFacts(db, moment, [message]);
  const why = storedRuleWords(deadline.rule, deadline.steps) ?? deadline.sentence;
  return returnedMail({
    item: deadlineItem({ rung: '', toldTo: message.person_id }, { ...deadline, why }, facts, moment, appUrl),
    reviewer_words: submission.reviewer_words ?? '',
    reviewer: submission.reviewer_name ?? 'la Dirección de Vinculación',
    in_part: submission.decision === 'accepted_in_part',
    url: `${appUrl}/vencimientos/${deadline.id}/reportar`,
  });
}

async function changeMail(db: Db, message: ClaimedMessage, appUrl: string): Promise<MailContent> {
  const { schedule_change_id, area_id } = message;
  const change = await findScheduleChange(db, schedule_change_id!);
  const items = await listChangedDeadlines(db, schedule_change_id!, area_id!);
  const [first] = items;
  if (!change || !first) throw new Error(`Message ${message.id} has no change to tell of`);
  const { milestone_name, old_date, new_date, new_firm } = change;
  const props: DateChangeProps = {
    area: first.area_name,
    name: milestone_name ?? change.summary,
    ...(milestone_name === null ? {} : { event: { old: old_date, new: new_date, firm: new_firm ?? false } }),
    summary: change.summary,
    act: change.act,
    note: change.note ?? change.reason ?? '',
    items,
    folio: mailFolio(message),
    home_url: `${appUrl}/mis-obligaciones`,
  };
  return message.kind === 'rectification' ? rectificationMail(props) : dateChangeMail(props);
}

async function watchMail(
  db: Db,
  message: ClaimedMessage,
  moment: Moment,
  appUrl: string,
): Promise<MailContent | undefined> {
  const [first, ...others] = await listWatchedEvents(db, message.person_id, moment);
  // All of them have a date by now, or somebody else looks after them.
  if (!first) return undefined;
  const actor = await findActor(db, message.person_id, moment.today);
  const registers = actor?.roles.includes('direction') ?? false;
  const told = ({ name, expected_on, waiting, owner_name }: typeof first) => ({
    name,
    expected_on,
    days: daysBetween(expected_on, moment.today),
    waiting,
    area: owner_name ?? 'la Dirección de Vinculación',
  });
  const register = others.length === 0 ? `/${first.key}?proceso=${first.process_key}` : '';
  return milestoneWatchMail({
    events: [told(first), ...others.map(told)],
    ...(registers ? { register_url: `${appUrl}/hitos${register}` } : {}),
    home_url: `${appUrl}/mis-obligaciones`,
    folio: mailFolio(message),
  });
}

async function assignmentOf(
  db: Db,
  message: ClaimedMessage,
  moment: Moment,
  appUrl: string,
): Promise<MailContent | undefined> {
  const assigned = await findAssignment(db, moment, message.process_id!, message.area_id!);
  if (assigned.items.length + assigned.waiting + assigned.others.length === 0) return undefined;
  return assignmentMail({
    ...assigned,
    instruments_url: `${appUrl}/instrumentos`,
    folio: mailFolio(message),
    home_url: `${appUrl}/mis-obligaciones`,
    help_url: `${appUrl}/por-que-recibo-esto`,
  });
}

async function questionMail(
  db: Db,
  message: ClaimedMessage,
  moment: Moment,
  appUrl: string,
): Promise<MailContent> {
  const asked = await findExplanationRequest(db, message.explanation_request_id!);
  const deadline = asked && (await findDeadline(db, moment, asked.deadline_id));
  if (!asked || !deadline?.due_on) throw new Error(`Message ${message.id} has nothing to ask about`);
  return explanationRequestMail({
    title: deadline.title,
    ref: deadline.ref,
    citation: `${deadline.instrument_title}, numeral ${deadline.clause_number}`,
    area: asked.area_name,
    due_on: deadline.due_on,
    days_late: daysBetween(deadline.due_on, moment.today),
    words: asked.words,
    url: `${appUrl}/vencimientos/${deadline.id}/causa`,
    folio: mailFolio(message),
  });
}

async function reopeningMail(
  db: Db,
  message: ClaimedMessage,
  moment: Moment,
  appUrl: string,
): Promise<MailContent | undefined> {
  const reopening = await findReopening(db, message.waiver_id!);
  const deadline = reopening && (await findDeadline(db, moment, reopening.deadline_id));
  if (!reopening || !deadline) throw new Error(`Message ${message.id} has no reopening to tell of`);
  // Closed again meanwhile, or reported.
  if (!OPEN_STATUSES.includes(deadline.status)) return undefined;
  const facts = await loadMailFacts(db, moment, [message]);
  const why = storedRuleWords(deadline.rule, deadline.steps) ?? deadline.sentence;
  return reopenedMail({
    item: deadlineItem({ rung: '', toldTo: message.person_id }, { ...deadline, why }, facts, moment, appUrl),
    reason: reopening.withdrawal_reason ?? '',
    by: reopening.by,
    url: `${appUrl}/vencimientos/${deadline.id}/reportar`,
    folio: mailFolio(message),
  });
}

async function factorMail(db: Db, message: ClaimedMessage): Promise<MailContent> {
  const change = await findFactorChange(db, message.second_factor_id!);
  const added = message.kind === 'second_factor_on';
  const at = added ? change?.confirmed_at : change?.revoked_at;
  if (!change || !at) throw new Error(`Message ${message.id} has no change of an account to tell of`);
  const [day = '', time = ''] = localDateTime(at).split('T');
  const byAnother = !added && change.revoked_by !== change.person_id && change.revoker_name !== null;
  return secondFactorMail({
    added,
    when: `el ${formatLongDate(day)} a las ${formatHour(time)}`,
    ...(byAnother ? { by: change.revoker_name! } : {}),
    folio: mailFolio(message),
  });
}
