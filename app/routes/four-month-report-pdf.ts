// The four-month report as a tagged PDF.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { outlinePdf } from '../documents/outline-pdf.ts';
import { requireActor } from '../server/access.ts';
import { readFourMonths } from '../server/four-month-request.ts';
import { download } from '../server/report-download.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'four-month-report-pdf');
  const { period, outline, error, choice } = await readFourMonths(context.db, request, moment);
  if (!outline) throw new Response(error ?? choice.error, { status: 400 });
  return download(request, 'application/pdf', `cuatrimestral-${period.year}-${period.number}.pdf`, () =>
    outlinePdf(outline),
  );
}
