// What the screens show of a deadline, worded on the server so that no calendar arithmetic travels to the browser.
import { shortDay } from '../domain/agenda.ts';
import type { DeadlineStatus } from '../domain/deadline-status.ts';
import { daysBetween, formatHour, formatLongDate, localDate, type IsoDate } from '../domain/plain-date.ts';
import type { DeadlineRow } from '../../db/deadlines.ts';

export interface DeadlineView {
  id: number;
  ref: string;
  title: string;
  status: DeadlineStatus;
  /** How far away, after the state's word: `hace 3 días`, `mañana`; null when there is no distance to tell. */
  distance: string | null;
  due_on: IsoDate | null;
  /** The words before the date: `vence el`, `venció el`, `fecha límite:`. */
  due_verb: string;
  /** `sábado 18 de mayo de 2024, 18:00 h`. */
  due: string | null;
  /** `sáb 18 may`. */
  due_short: string | null;
  due_hour: string | null;
  /** First day of the window, when it has one of its own. */
  opens: string | null;
  citation: string;
  legal_basis: string;
  area: string;
  area_acronym: string;
  counterpart: string;
  obligor: DeadlineRow['obligor'];
  condition: string | null;
  waiting_for: string | null;
  /** What fixed the date by hand, when something did. */
  manual: DeadlineRow['manual_ground'];
  provisional: string[];
  to_verify: boolean;
  /** Its process, when several are published. */
  process: string | null;
}

/** The view of a row as it stands on `today`. */
export function viewDeadline(row: DeadlineRow, today: IsoDate): DeadlineView {
  const hour = row.due_time === null ? null : formatHour(row.due_time);
  return {
    id: row.id,
    ref: row.ref,
    title: row.title,
    status: row.status,
    distance: distanceWords(row, today),
    due_on: row.due_on,
    due_verb: dueVerb(row),
    due: row.due_on === null ? null : [formatLongDate(row.due_on), ...(hour ? [hour] : [])].join(', '),
    due_short: row.due_on === null ? null : shortDay(row.due_on, today),
    due_hour: hour,
    opens: row.opens_on === null || row.opens_on === row.due_on ? null : shortDay(row.opens_on, today),
    citation: `${row.instrument_title}, numeral ${row.clause_number}`,
    legal_basis: row.legal_basis,
    area: row.area_name,
    area_acronym: row.area_acronym,
    counterpart: `${row.counterpart_name} (${row.counterpart_institution})`,
    obligor: row.obligor,
    condition: row.condition,
    waiting_for: row.waiting_for,
    manual: row.manual_ground,
    provisional: row.provisional,
    to_verify: row.to_verify,
    process: row.process_name,
  };
}

const SETTLED: readonly DeadlineStatus[] = ['concluded_on_time', 'concluded_late', 'waived'];

function dueVerb(row: DeadlineRow): string {
  if (SETTLED.includes(row.status)) return 'fecha límite:';
  return row.lapsed ? 'venció el' : 'vence el';
}

function distanceWords(row: DeadlineRow, today: IsoDate): string | null {
  switch (row.status) {
    case 'overdue':
      return row.days === 0 ? 'hoy' : ago(-(row.days ?? 0));
    case 'due_soon':
    case 'on_track':
      return ahead(row.days ?? 0);
    case 'in_review':
      return row.submitted_at === null ? null : sinceDay(localDate(row.submitted_at), today);
    default:
      return null;
  }
}

/** `hace 1 día`, `hace 3 días`. */
function ago(days: number): string {
  return days === 1 ? 'hace 1 día' : `hace ${days} días`;
}

function ahead(days: number): string {
  if (days === 0) return 'hoy';
  return days === 1 ? 'mañana' : `en ${days} días`;
}

/** `desde hoy`, `desde ayer`, `desde hace 4 días`. */
export function sinceDay(day: IsoDate, today: IsoDate): string {
  const days = daysBetween(day, today);
  if (days <= 0) return 'desde hoy';
  return days === 1 ? 'desde ayer' : `desde ${ago(days)}`;
}
