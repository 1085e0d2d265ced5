// The Commission's report as a file to download, in any of its formats, complete or public.
import { Readable } from 'node:stream';
import { createReadableStreamFromReadable } from '@remix-run/node';
import { REPORT_FILES, reportFileName, type ReportFormat } from '../documents/report-files.ts';
import { publicVersion } from '../domain/overdue-report.ts';
import { momentOf, type Moment } from '../domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { listPersonNames, type StampedReport } from '../../db/report-cuts.ts';
import { annexSections, dateAnnex } from './date-annex.ts';
import { readReport } from './report-request.ts';

/** Dates that an annex explains at most; each takes a third of a page. */
const LONGEST_ANNEX = 300;

/** The file an address asks for. Throws 400 with the first thing that is wrong with it. */
export async function reportDownload(
  db: Db,
  request: Request,
  present: Moment,
  format: ReportFormat,
): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const wanted = isPublic(params);
  const answer = await readReport(db, params, present);
  if (!answer.ok) throw new Response(Object.values(answer.errors)[0], { status: 400 });
  const { report } = answer.stamped;
  const { report: shown, stamp: marked } = wanted ? await madePublic(db, answer.stamped) : answer.stamped;
  const { type, write } = REPORT_FILES[format];
  // Not in the public version: what somebody typed to fix a date is in its derivation. Asked for apart: the file of a closed cut stays the same to the byte, and why a date is what it is may be told better.
  const annex =
    params.has('anexo') && !wanted
      ? annexSections(await dateAnnex(db, momentOf(report.cut.at), report.overdue.slice(0, LONGEST_ANNEX)))
      : [];
  return download(request, type, reportFileName(shown, marked, format), () => write(shown, marked, annex));
}

/** Whether an address asks for the public version. Throws 400 for a version there is none of. */
export function isPublic(params: URLSearchParams): boolean {
  const version = params.get('version') ?? '';
  if (version !== '' && version !== 'publica')
    throw new Response('La versión es «publica» o ninguna.', { status: 400 });
  return version === 'publica';
}

/** The report without data of persons, and a stamp that says so. */
export async function madePublic(db: Db, { report, stamp }: StampedReport): Promise<StampedReport> {
  return {
    report: publicVersion(report, await listPersonNames(db)),
    stamp: { ...stamp, public: true },
  };
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
