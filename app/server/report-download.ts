// The Commission's report as a file to download, in any of its formats, complete or public.
import { Readable } from 'node:stream';
import { createReadableStreamFromReadable } from '@remix-run/node';
import { REPORT_FILES, reportFileName, type ReportFormat } from '../documents/report-files.ts';
import { publicVersion } from '../domain/overdue-report.ts';
import type { Moment } from '../domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { listPersonNames } from '../../db/report-cuts.ts';
import { readReport } from './report-request.ts';

/** The file an address asks for. Throws 400 with the first thing that is wrong with it. */
export async function reportDownload(
  db: Db,
  request: Request,
  present: Moment,
  format: ReportFormat,
): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const version = params.get('version') ?? '';
  if (version !== '' && version !== 'publica')
    throw new Response('La versión es «publica» o ninguna.', { status: 400 });
  const answer = await readReport(db, params, present);
  if (!answer.ok) throw new Response(Object.values(answer.errors)[0], { status: 400 });
  const { report, stamp } = answer.stamped;
  const shown = version === 'publica' ? publicVersion(report, await listPersonNames(db)) : report;
  const marked = { ...stamp, public: version === 'publica' };
  const { type, write } = REPORT_FILES[format];
  return download(request, type, reportFileName(shown, marked, format), () => write(shown, marked));
}

/** An answer whose body is written while it is sent. */
export function download(
  request: Request,
  type: string,
  name: string,
  write: () => AsyncIterable<Uint8Array | string>,
): Response {
  const body =
    request.method === 'HEAD'
      ? null
      : createReadableStreamFromReadable(Readable.from(write(), { objectMode: false }));
  return new Response(body, {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}
