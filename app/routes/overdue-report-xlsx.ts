// The Commission's report, as a workbook.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { requireActor } from '../server/access.ts';
import { reportDownload } from '../server/report-download.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'overdue-report-xlsx');
  return reportDownload(context.db, request, moment, 'xlsx');
}
