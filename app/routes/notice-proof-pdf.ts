// The record of everything that was sent about a deadline, as a file to keep.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { outlinePdf } from '../documents/outline-pdf.ts';
import { requireActor } from '../server/access.ts';
import { mayHaveNoticeProof, requireDeadline } from '../server/deadline-access.ts';
import { noticeProof } from '../server/notice-proof.ts';
import { download } from '../server/report-download.ts';
import { notFound, readId } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'notice-proof-pdf');
  const { deadline, areas } = await requireDeadline(context.db, moment, actor, readId(params.id));
  if (!mayHaveNoticeProof(actor, areas)) throw notFound();
  const outline = await noticeProof(context.db, moment, deadline);
  return download(request, 'application/pdf', `constancia-${deadline.ref}-${deadline.id}.pdf`, () =>
    outlinePdf(outline),
  );
}
