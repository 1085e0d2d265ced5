// What state a deadline is in, decided from facts and an instant; never stored.
import type { Decision } from './fulfilment.ts';
import { daysBetween, type IsoDate } from './plain-date.ts';

export type DeadlineStatus =
  | 'waiting'
  | 'on_track'
  | 'due_soon'
  | 'overdue'
  | 'in_review'
  | 'concluded_on_time'
  | 'concluded_late'
  | 'waived';

/** From how many natural days before its date a deadline is shown as *por vencer*. */
export const DUE_SOON_DAYS = 5;

export interface DeadlineFacts {
  due_on: IsoDate | null;
  /** HH:MM in America/Mexico_City when the term is counted in hours. */
  due_time: string | null;
  /** First instant (ISO, UTC) at which the term has run out. */
  lapses_at: string | null;
  waived: boolean;
  /** The newest report known at the instant asked about, with what was decided about it by then. */
  submission: { act_on: IsoDate; act_time: string | null; decision: Decision | null } | null;
}

/**
 * Whether an act dated `act_on` (and `act_time` when the term has an hour) is within the term. The date of the
 * act decides, not the day it was reported: a slow review never makes an area late.
 */
export function actIsOnTime(
  facts: Pick<DeadlineFacts, 'due_on' | 'due_time'>,
  act: { act_on: IsoDate; act_time: string | null },
): boolean {
  if (facts.due_on === null || act.act_on < facts.due_on) return true;
  if (act.act_on > facts.due_on) return false;
  return facts.due_time === null || act.act_time === null || act.act_time <= facts.due_time;
}

/**
 * The state at the instant `asOf` (ISO, UTC), whose local day is `today`. Its SQL twin is `statusSql` in
 * db/deadlines.ts; both are compared on random facts in test/db/deadline-status.test.ts.
 */
export function deadlineStatus(facts: DeadlineFacts, asOf: string, today: IsoDate): DeadlineStatus {
  if (facts.waived) return 'waived';
  if (facts.submission?.decision === 'accepted') {
    return actIsOnTime(facts, facts.submission) ? 'concluded_on_time' : 'concluded_late';
  }
  if (facts.due_on === null || facts.lapses_at === null) return 'waiting';
  if (facts.submission && facts.submission.decision === null) return 'in_review';
  if (Date.parse(facts.lapses_at) <= Date.parse(asOf)) return 'overdue';
  return daysBetween(today, facts.due_on) <= DUE_SOON_DAYS ? 'due_soon' : 'on_track';
}

/** The word and the shape of each state: never colour alone. */
export const STATUS_WORDS: Record<DeadlineStatus, { word: string; symbol: string }> = {
  on_track: { word: 'En plazo', symbol: '●' },
  due_soon: { word: 'Por vencer', symbol: '▲' },
  overdue: { word: 'Vencida', symbol: '■' },
  in_review: { word: 'En revisión', symbol: '◆' },
  waiting: { word: 'En espera de un evento', symbol: '○' },
  concluded_on_time: { word: 'Concluida en plazo', symbol: '✓' },
  concluded_late: { word: 'Concluida fuera de plazo', symbol: '✓!' },
  waived: { word: 'Exceptuada', symbol: '⊘' },
};

/** States in which somebody still has to act. */
export const OPEN_STATUSES: readonly DeadlineStatus[] = ['waiting', 'on_track', 'due_soon', 'overdue'];
