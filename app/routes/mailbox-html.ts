// The HTML part of a mail, alone, for the frame that shows it: it may style itself and nothing else.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { findSentMail } from '../../db/messages.ts';
import { requireDemo } from '../server/access.ts';
import { notFound, readId } from '../server/request-input.ts';

const POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  requireDemo({ request, context }, 'mailbox-html');
  const mail = await findSentMail(context.db, readId(params.id));
  if (!mail?.html) throw notFound();
  return new Response(mail.html, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-store',
    },
  });
}
