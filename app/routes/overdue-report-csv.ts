// The rows of the Commission's report as a file for a spreadsheet.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { parseCut } from '../domain/cut.ts';
import { overdueCsv } from '../../db/overdue-csv.ts';
import { overdueReport } from '../../db/overdue-report.ts';
import { requireActor } from '../server/access.ts';
import { inReportOrder } from '../server/overdue-rows.ts';
import { chooseProcess, ofProcess } from '../server/process-choice.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'overdue-report-csv');
  const { searchParams } = new URL(request.url);
  const cut = parseCut(searchParams.get('corte'), moment);
  if (!cut.ok) throw new Response(cut.message, { status: 400 });
  const { process, error } = await chooseProcess(context.db, searchParams);
  if (error) throw new Response(error, { status: 400 });
  const report = await overdueReport(context.db, cut.value, ofProcess(process));
  return new Response(overdueCsv({ ...report, overdue: inReportOrder(report.overdue) }), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="vencidas-al-${cut.value.today}.csv"`,
      'Cache-Control': 'no-store',
    },
  });
}
