// The HTML part of a mail, alone, for the frame that shows it.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { findSentMail } from '../../db/messages.ts';
import { requireDemo } from '../server/access.ts';
import { framedMail } from '../server/mail-samples.ts';
import { notFound, readId } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  requireDemo({ request, context }, 'mailbox-html');
  const mail = await findSentMail(context.db, readId(params.id));
  if (!mail?.html) throw notFound();
  return framedMail(mail.html);
}
