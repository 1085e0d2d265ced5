// Everything a receipt says, for its page and for its PDF: both are made of the same words.
import type { AppLoadContext } from '@remix-run/node';
import { viewDeadline } from '../components/deadline-view.ts';
import { longInstantWords } from '../components/moment-words.ts';
import { viewReport } from '../components/report-words.ts';
import type { Moment } from '../domain/moment.ts';
import { listSubmissionFiles } from '../../db/evidence.ts';
import type { Actor } from '../../db/people.ts';
import { findSubmission, listFamily } from '../../db/submissions.ts';
import { mayReadEvidence, requireDeadline } from './deadline-access.ts';
import { notFound } from './request-input.ts';

/** `R-0187`, and `R-0187-2` for the second obligation reported with the same evidence. */
const FOLIO = /^R-\d{4,12}(-\d{1,2})?$/;

/** The receipt of a folio. Throws the same 404 for somebody else's as for one that does not exist. */
export async function requireReceipt(
  { db }: AppLoadContext,
  moment: Moment,
  actor: Actor,
  folio: string | undefined,
) {
  const submission = folio && FOLIO.test(folio) ? await findSubmission(db, { folio }) : undefined;
  if (!submission) throw notFound();
  const { deadline, areas } = await requireDeadline(db, moment, actor, submission.deadline_id);
  const files = (await listSubmissionFiles(db, [submission.id])).get(submission.id) ?? [];
  const download = mayReadEvidence(actor, areas, submission);
  return {
    deadline: viewDeadline(deadline, moment.today),
    report: viewReport(submission, deadline, { files, download }),
    received: longInstantWords(submission.recorded_at),
    issued_at: submission.recorded_at,
    example: submission.example,
    family: await listFamily(db, submission.id),
  };
}

export type ReceiptView = Awaited<ReturnType<typeof requireReceipt>>;

/** Name and value of what the receipt certifies, in its order. */
export function receiptRows({ deadline, report, received }: ReceiptView): [name: string, value: string][] {
  return [
    ['Obligación', `${deadline.ref} · ${deadline.title}`],
    ['Fundamento', `${deadline.citation} · ${deadline.legal_basis}`],
    ['Fecha límite', deadline.due ?? 'Sin fecha'],
    ['¿Se cumplió?', report.fulfilment ?? 'Totalmente'],
    ['Fecha del acto', `${report.act} (${report.timeliness.toLowerCase()})`],
    ['Entregado con', report.document],
    ['Entregado a', deadline.counterpart],
    ['Reportó', report.by],
    ['Recibido', `${received}, tiempo del centro`],
    ['Huella SHA-256 del reporte', report.sha256],
  ];
}
