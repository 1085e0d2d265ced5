// The receipt of a report as a file to keep.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { outlinePdf } from '../documents/outline-pdf.ts';
import { requireActor } from '../server/access.ts';
import { receiptOutline } from '../server/receipt-outline.ts';
import { requireReceipt } from '../server/receipt-view.ts';
import { download } from '../server/report-download.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'receipt-pdf');
  const receipt = await requireReceipt(context, moment, actor, params.folio);
  return download(request, 'application/pdf', `acuse-${receipt.report.folio}.pdf`, () =>
    outlinePdf(receiptOutline(receipt)),
  );
}
