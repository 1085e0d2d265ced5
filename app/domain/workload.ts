// The work of an area in the order in which it must be done: what came back, what ran out, today, this week, later.
import type { DeadlineStatus } from './deadline-status.ts';
import type { Decision } from './fulfilment.ts';
import { addDays, weekday, type IsoDate } from './plain-date.ts';

export const SECTIONS = [
  'returned',
  'overdue',
  'today',
  'this_week',
  'next',
  'waiting',
  'in_review',
  'later',
  'concluded',
] as const;
export type Section = (typeof SECTIONS)[number];

/** How far *próximas* reaches, in natural days. */
export const NEXT_DAYS = 30;

export interface Work {
  status: DeadlineStatus;
  due_on: IsoDate | null;
  /** What the Dirección decided about the newest report. */
  decision: Decision | null;
}

/** The one section a deadline belongs to. This week ends on its Sunday. */
export function sectionOf({ status, due_on, decision }: Work, today: IsoDate): Section {
  if (status === 'concluded_on_time' || status === 'concluded_late' || status === 'waived')
    return 'concluded';
  if (decision === 'returned') return 'returned';
  if (status === 'overdue' || status === 'in_review') return status;
  if (due_on === null) return 'waiting';
  if (due_on <= today) return 'today';
  if (due_on <= addDays(today, 7 - weekday(today))) return 'this_week';
  return due_on <= addDays(today, NEXT_DAYS) ? 'next' : 'later';
}

/** True for work whose day is between `today` and `days` natural days later, and that somebody still has to do. */
export function isDueWithin(work: Work, today: IsoDate, days: number): boolean {
  const open = work.status === 'on_track' || work.status === 'due_soon';
  return open && work.due_on !== null && work.due_on <= addDays(today, days);
}
