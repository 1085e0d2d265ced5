// The Commission's report, as its canonical text, whose hash is printed on every copy.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { requireActor } from '../server/access.ts';
import { reportDownload } from '../server/report-download.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'overdue-report-json');
  return reportDownload(context.db, request, moment, 'json');
}
