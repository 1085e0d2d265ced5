// The Commission's report, the rows of the overdue as a file for a spreadsheet.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { requireActor } from '../server/access.ts';
import { reportDownload } from '../server/report-download.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'overdue-report-csv');
  return reportDownload(context.db, request, moment, 'csv');
}
