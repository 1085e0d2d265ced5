// The receipt of a report as a file to keep.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { requireActor } from '../server/access.ts';
import { attachment } from '../server/attachment.ts';
import { receiptPdf } from '../server/receipt-pdf.ts';
import { requireReceipt } from '../server/receipt-view.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'receipt-pdf');
  const receipt = await requireReceipt(context, moment, actor, params.folio);
  return new Response(await receiptPdf(receipt), {
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': attachment(`Acuse ${receipt.report.folio}.pdf`),
      'Cache-Control': 'private, no-store',
    },
  });
}
