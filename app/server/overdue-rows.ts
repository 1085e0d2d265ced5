// The rows of the Commission's report, in its order and worded.
import type { OverdueRow } from '../components/overdue-tables.tsx';
import { formatShortDate } from '../domain/plain-date.ts';
import type { OverdueReport } from '../../db/overdue-report.ts';

type Overdue = OverdueReport['overdue'];

/** What the IEM owes, then what the INE owes, each the oldest first: the order of the page and of the file. */
export function inReportOrder(overdue: Overdue): Overdue {
  return [
    ...overdue.filter(({ obligor }) => obligor !== 'INE'),
    ...overdue.filter(({ obligor }) => obligor === 'INE'),
  ];
}

/** The rows in the order of the report, numbered through. */
export function overdueRows({ overdue }: Pick<OverdueReport, 'overdue'>): OverdueRow[] {
  return inReportOrder(overdue).map((row, index) => ({
    number: index + 1,
    id: row.id,
    ref: row.ref,
    title: row.title,
    basis: `${row.instrument_title}, numeral ${row.clause_number} · ${row.legal_basis}`,
    area: `${row.area_name} (${row.area_institution})`,
    owed_by_ine: row.obligor === 'INE',
    due_on: row.due_on ?? '',
    due: row.due_on === null ? '' : formatShortDate(row.due_on),
    days_late: row.days_late,
    last_notice: row.last_notice && formatShortDate(row.last_notice),
    notes: [
      ...(row.to_verify ? ['Por cotejar con el anexo firmado'] : []),
      ...(row.provisional.length > 0 ? ['Fecha provisional'] : []),
      ...(row.obligor === 'both' ? ['A cargo del INE y del IEM'] : []),
    ],
  }));
}
