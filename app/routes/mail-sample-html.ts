// The HTML part of a sample, alone, for the frame that shows it.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { requireActor } from '../server/access.ts';
import { framedMail, requireSample } from '../server/mail-samples.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'mail-sample-html');
  return framedMail(requireSample(context, params['id']).render().html);
}
