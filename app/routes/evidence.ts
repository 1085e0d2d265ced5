// Downloading a file of evidence: only who may see it, never shown in the site's own name, always noted.
import { Readable } from 'node:stream';
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { findEvidence, recordDownload } from '../../db/evidence.ts';
import { requireActor } from '../server/access.ts';
import { attachment } from '../server/attachment.ts';
import { mayReadEvidence, requireDeadline } from '../server/deadline-access.ts';
import { notFound, readId } from '../server/request-input.ts';

type Asked = LoaderFunctionArgs | ActionFunctionArgs;

/** The file and who asks for it. Throws the same 404 for one of another area as for one that does not exist. */
async function requireFile({ request, context, params }: Asked) {
  const { actor, moment } = await requireActor({ request, context }, 'evidence');
  const file = await findEvidence(context.db, readId(params.id));
  if (!file) throw notFound();
  const { areas } = await requireDeadline(context.db, moment, actor, file.deadline_id);
  if (!mayReadEvidence(actor, areas, file)) throw notFound();
  return { actor, moment, file };
}

/** Following a link downloads nothing; it leads to the receipt, where the button is. */
export async function loader(asked: LoaderFunctionArgs) {
  const { file } = await requireFile(asked);
  return redirect(`/acuses/${file.folio}`);
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, file } = await requireFile(asked);
  const { db, evidence } = asked.context;
  const bytes = await evidence.read(file.sha256);
  await recordDownload(db, file, actor.id, moment);
  return new Response(Readable.toWeb(bytes) as ReadableStream, {
    headers: {
      'Content-Type': file.media_type,
      'Content-Length': String(file.bytes),
      'Content-Disposition': attachment(file.name),
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'Cache-Control': 'private, no-store',
    },
  });
}
