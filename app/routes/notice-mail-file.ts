// A mail as it is kept, as a file: whoever computes its SHA-256 finds the fingerprint that the records state.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { mailFolio } from '../domain/mail-folio.ts';
import { storedMailText } from '../../db/stored-mail.ts';
import { requireActor } from '../server/access.ts';
import { requireMail } from '../server/mail-access.ts';
import { notFound } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'notice-mail-file');
  const mail = await requireMail(context.db, params.folio);
  const text = storedMailText(mail);
  if (text === undefined) throw notFound();
  return new Response(request.method === 'HEAD' ? null : text, {
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': `attachment; filename="${mailFolio(mail)}.txt"`,
      'Cache-Control': 'no-store',
    },
  });
}
