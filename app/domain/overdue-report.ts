// The Commission's report at a cut: what it holds, its arithmetic, and what of it may be published.
import type { DeadlineStatus } from './deadline-status.ts';
import type { IsoDate } from './plain-date.ts';

export interface ComplianceTotals {
  /** Deadlines whose term had run out at the cut; waived and waiting ones are not among them. */
  due: number;
  concluded_on_time: number;
  concluded_late: number;
  in_review: number;
  overdue: number;
}

export const DUE_STATUSES = ['concluded_on_time', 'concluded_late', 'in_review', 'overdue'] as const;

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

/** What every row says of its deadline. */
export interface ReportRow {
  id: number;
  ref: string;
  /** Which of the obligation's deadlines, and the version of its date. */
  key: string;
  version: number;
  title: string;
  instrument: string;
  clause: string;
  legal_basis: string;
  obligor: 'INE' | 'IEM' | 'both';
  /** The responsible area and its institution. */
  area: string;
  institution: string;
  counterpart: string;
  due_on: IsoDate | null;
  /** HH:MM in Mexico City when the term is counted in hours. */
  due_time: string | null;
}

export interface OverdueRow extends ReportRow {
  due_on: IsoDate;
  /** Natural days. */
  days_late: number;
  /** It was not overdue yet at the cut it is compared with. */
  newly: boolean;
  /** Day on which the mail server took the last notice. */
  last_notice: IsoDate | null;
  /** The newest report was returned, on that day and with those words. */
  returned: { on: IsoDate; words: string } | null;
  /**
   * Why it is overdue and for when it is promised, as its area said last and on which day; absent in cuts that were
   * closed before anybody could say so.
   */
  explained?: { cause: string; committed_on: IsoDate; on: IsoDate } | null;
  /** Day on which the Dirección asked for it last; absent as above. */
  asked_on?: IsoDate | null;
  /** Why the date is not certain; empty when it is. */
  provisional: string[];
  to_verify: boolean;
}

export interface ReviewRow extends ReportRow {
  act_on: IsoDate;
  reported_on: IsoDate;
}

export interface LateRow extends ReportRow {
  act_on: IsoDate;
  /** Natural days from the due date to the act. */
  days_late: number;
  accepted_on: IsoDate;
}

export interface ComingRow extends ReportRow {
  due_on: IsoDate;
  days_left: number;
}

/** A fact that took a deadline out of its first course: an extension, a waiver, a condition not met. */
export interface ExceptionRow extends ReportRow {
  recorded_on: IsoDate;
  document: string;
  reason: string;
  /** The reason may not be published. */
  reserved: boolean;
  /** Of an extension, the date the deadline had at the earlier cut. */
  due_before: IsoDate | null;
}

/** Integers and text only, so that one cut has one canonical text and one hash. */
export interface OverdueReport {
  format: 1;
  /** The electoral process it is about; null while only one is published. */
  process: { key: string; name: string } | null;
  /** Instants are ISO in UTC with six decimals. */
  cut: { at: string; day: IsoDate };
  compared: { at: string; day: IsoDate; folio: string | null; totals: ComplianceTotals };
  /** Day of the next session; `given` when somebody said it. */
  session: { on: IsoDate; given: boolean };
  totals: ComplianceTotals;
  /** What the IEM owes, then what the INE owes, each the oldest first. */
  overdue: OverdueRow[];
  in_review: ReviewRow[];
  /** Accepted in the period between the two cuts, as are all that follow but the coming ones. */
  concluded_late: LateRow[];
  extended: ExceptionRow[];
  waived: ExceptionRow[];
  not_met: ExceptionRow[];
  /** Open ones due after the cut, up to the next session. */
  coming: ComingRow[];
  by_area: { key: string; area: string; institution: string; totals: ComplianceTotals }[];
  /** Events without a date, with how many deadlines wait for each. */
  waiting: { event: string; count: number }[];
}

/** What a copy of the report says of itself; not part of what is hashed. */
export interface ReportStamp {
  /** SHA-256 of the canonical text of the report, in hexadecimal. */
  sha256: string;
  /** Of a closed cut; null is a draft. */
  folio: string | null;
  /** Instant of closing, ISO in UTC. */
  closed_at: string | null;
  /** Last entry of the audit record when the copy was made or the cut closed. */
  audit: { seq: number; hash: string };
  /** Without data of persons. */
  public: boolean;
}

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Ten digits or more, together or set apart as telephones are written, that no folio goes on with. */
const TELEPHONE =
  /(?<![\p{L}\p{N}/-])(?:\+?\d{1,3}[ .-]?)?(?:\(\d{2,3}\)|\d{2,4})(?:[ .-]?\d{2,4}){2,4}(?![\p{L}\p{N}/-])/gu;
const REMOVED = '[dato personal]';

/**
 * The report without data of persons: addresses, telephones and the names in `people` are taken out of what
 * somebody typed, and reserved reasons whole. Rows, counts and dates stay as they are.
 */
export function publicVersion(report: OverdueReport, people: readonly string[]): OverdueReport {
  const names = [...people].filter((name) => name.trim() !== '').sort((a, b) => b.length - a.length);
  const clean = (text: string) =>
    names
      .reduce((rest, name) => rest.replaceAll(name, REMOVED), text)
      .replace(EMAIL, REMOVED)
      .replace(TELEPHONE, (digits) => (digits.replace(/\D/g, '').length >= 10 ? REMOVED : digits));
  const exceptions = (rows: ExceptionRow[]) =>
    rows.map((row) => ({
      ...row,
      document: clean(row.document),
      reason: row.reserved ? '[reservado]' : clean(row.reason),
    }));
  return {
    ...report,
    overdue: report.overdue.map((row) => ({
      ...row,
      returned: row.returned && { ...row.returned, words: clean(row.returned.words) },
      ...(row.explained ? { explained: { ...row.explained, cause: clean(row.explained.cause) } } : {}),
    })),
    extended: exceptions(report.extended),
    waived: exceptions(report.waived),
    not_met: exceptions(report.not_met),
  };
}
