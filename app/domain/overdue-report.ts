// The arithmetic of the Commission's report: one way to count, used by every screen and file.
import type { DeadlineStatus } from './deadline-status.ts';

export interface ComplianceTotals {
  /** Deadlines whose term had run out at the cut; waived and waiting ones are not among them. */
  due: number;
  concluded_on_time: number;
  concluded_late: number;
  in_review: number;
  overdue: number;
}

const DUE_STATUSES = ['concluded_on_time', 'concluded_late', 'in_review', 'overdue'] as const;

/**
 * Counts the deadlines whose term has run out (`lapsed`) by state. By construction
 * due = concluded_on_time + concluded_late + in_review + overdue.
 */
export function complianceTotals(
  counts: Iterable<{ status: DeadlineStatus; lapsed: boolean; count: number }>,
): ComplianceTotals {
  const totals: ComplianceTotals = {
    due: 0,
    concluded_on_time: 0,
    concluded_late: 0,
    in_review: 0,
    overdue: 0,
  };
  for (const { status, lapsed, count } of counts) {
    const dueStatus = DUE_STATUSES.find((candidate) => candidate === status);
    if (!lapsed || !dueStatus) continue;
    totals[dueStatus] += count;
    totals.due += count;
  }
  return totals;
}

/** Share in percent with one decimal, as the report prints it; 0 when there is nothing to share. */
export function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10;
}
