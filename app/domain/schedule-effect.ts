// What a change would do to one deadline: its class, the reason for it, and what is decided unless a person says otherwise.
import { daysBetween, type IsoDate } from './plain-date.ts';

/** Dates of a deadline; all null while it waits for an event. */
export interface DeadlineDates {
  opens_on: IsoDate | null;
  due_on: IsoDate | null;
  due_time: string | null;
}

export type EffectKind = 'moves' | 'protected' | 'decision' | 'past' | 'waits' | 'removed' | 'added';

/** Why a deadline does not move by itself. */
export type Protection = 'concluded' | 'waived' | 'manual_date' | 'extension' | 'kept';
/** `in_review`: a report waits for a decision. `mailed`: its area was told that it falls due in days, or is overdue. */
export type EffectReason = Protection | 'in_review' | 'mailed';

export interface ScheduleEffect {
  obligation_id: number;
  /** Null for a date that does not exist yet. */
  deadline_id: number | null;
  key: string;
  ref: string;
  title: string;
  area_id: number;
  area_name: string;
  kind: EffectKind;
  reason: EffectReason | null;
  /** Null when there is none in force. */
  current: DeadlineDates | null;
  /** What the rule would give; null when it would not give this date any more. */
  proposed: DeadlineDates | null;
  /** Calendar days from the current date to the proposed one, when both are dates. */
  days: number | null;
}

export interface EffectFacts {
  protection: Protection | null;
  in_review: boolean;
  mailed: boolean;
}

/**
 * The class of a change. What is settled, said by hand, extended or kept is protected; what an area already acted
 * on, or was told of in its last five days, asks for a decision; what would fall due before today is set apart.
 */
export function classifyEffect(
  current: DeadlineDates | null,
  proposed: DeadlineDates | null,
  { protection, in_review, mailed }: EffectFacts,
  today: IsoDate,
): Pick<ScheduleEffect, 'kind' | 'reason' | 'days'> {
  const days = current?.due_on && proposed?.due_on ? daysBetween(current.due_on, proposed.due_on) : null;
  const as = (kind: EffectKind, reason: EffectReason | null = null) => ({ kind, reason, days });
  if (protection) return as('protected', protection);
  if (in_review) return as('decision', 'in_review');
  if (mailed) return as('decision', 'mailed');
  if (!proposed) return as('removed');
  if (proposed.due_on === null) return as(current ? 'waits' : 'added');
  if (proposed.due_on < today) return as('past');
  return as(current ? 'moves' : 'added');
}

export type Decision = 'move' | 'keep';

/** What is done with a deadline unless somebody decides otherwise. */
export function defaultDecision({ kind, reason }: Pick<ScheduleEffect, 'kind' | 'reason'>): Decision {
  return kind === 'protected' || reason === 'in_review' ? 'keep' : 'move';
}

/** Whether a person may decide: nothing settled ever moves, and a new date cannot keep what it never had. */
export function isDecidable({ reason, deadline_id, current }: ScheduleEffect): boolean {
  return reason !== 'concluded' && reason !== 'waived' && deadline_id !== null && current !== null;
}
