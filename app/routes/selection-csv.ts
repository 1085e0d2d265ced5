// The deadlines somebody ticked in the calendar, as a file for a spreadsheet.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { deadlinesCsv } from '../documents/deadlines-csv.ts';
import { STATUS_WORDS } from '../domain/deadline-status.ts';
import { listDeadlinesById } from '../../db/deadlines.ts';
import { requireActor } from '../server/access.ts';
import { attachment } from '../server/attachment.ts';
import { notFound } from '../server/request-input.ts';
import { readSelection } from '../server/selection.ts';

const OBLIGORS = { INE: 'INE', IEM: 'IEM', both: 'INE e IEM' } as const;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'selection-csv');
  const ids = readSelection(new URL(request.url).searchParams.getAll('id'));
  if (ids.length === 0) {
    throw new Response('No elegiste ningún vencimiento. Vuelve al calendario y marca alguno.', {
      status: 400,
    });
  }
  const rows = await listDeadlinesById(context.db, moment, ids);
  if (rows.length < ids.length) throw notFound();
  const csv = deadlinesCsv(
    rows.map((row) => ({
      ...row,
      instrument: row.instrument_title,
      clause: row.clause_number,
      obligor: OBLIGORS[row.obligor],
      area: `${row.area_name} (${row.area_institution})`,
      counterpart: `${row.counterpart_name} (${row.counterpart_institution})`,
      status: STATUS_WORDS[row.status].word,
      provisional: row.provisional.length > 0,
    })),
  );
  return new Response(csv, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': attachment(`vencimientos-elegidos-${moment.today}.csv`),
      'Cache-Control': 'private, no-store',
    },
  });
}
