// The rows of the Commission's report as a file for a spreadsheet.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { parseCut } from '../domain/cut.ts';
import { overdueCsv } from '../../db/overdue-csv.ts';
import { overdueReport } from '../../db/overdue-report.ts';
import { requireActor } from '../server/access.ts';
import { inReportOrder } from '../server/overdue-rows.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'overdue-report-csv');
  const cut = parseCut(new URL(request.url).searchParams.get('corte'), moment);
  if (!cut.ok) throw new Response(cut.message, { status: 400 });
  const report = await overdueReport(context.db, cut.value);
  return new Response(overdueCsv({ ...report, overdue: inReportOrder(report.overdue) }), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="vencidas-al-${cut.value.today}.csv"`,
      'Cache-Control': 'no-store',
    },
  });
}
