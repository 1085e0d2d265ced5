// The handover of a post as a file to be printed and signed.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { outlinePdf } from '../documents/outline-pdf.ts';
import { handoverOutline } from '../domain/handover-outline.ts';
import { requireActor } from '../server/access.ts';
import { requireHandover } from '../server/handover-view.ts';
import { download } from '../server/report-download.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'handover-pdf');
  const handover = await requireHandover(context, moment, actor, params);
  const name = `entrega-recepcion-${handover.appointment.id}-al-${handover.today}.pdf`;
  return download(request, 'application/pdf', name, () => outlinePdf(handoverOutline(handover)));
}
