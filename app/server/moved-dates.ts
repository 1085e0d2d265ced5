// What a change of date would move, in words, and what somebody should know before applying it.
import { dateWords } from '../components/history-words.ts';
import type { MovedDate } from '../components/moved-dates.tsx';
import { formatLongDate, type IsoDate } from '../domain/plain-date.ts';
import type { MovedDeadline } from '../../db/manual-dates.ts';

export function viewMoved(moved: MovedDeadline[]): MovedDate[] {
  return moved.map(({ deadline_id, ref, title, area_name, before, after }) => ({
    deadline_id,
    ref,
    title,
    area: area_name,
    before: dateWords(before),
    after: dateWords(after),
  }));
}

/** A window that the new date cuts off, a date that has passed. */
export function dateWarnings(moved: MovedDeadline[], deadlineId: number, today: IsoDate): string[] {
  const changed = moved.find(({ deadline_id }) => deadline_id === deadlineId);
  if (!changed) return [];
  const { before, after } = changed;
  const warnings: string[] = [];
  if (after.due_on !== null && before.opens_on !== null && after.due_on < before.opens_on) {
    const opening = formatLongDate(before.opens_on);
    warnings.push(`La fecha límite es anterior al inicio de su ventana (${opening}): la ventana se quita.`);
  }
  if (after.due_on !== null && after.due_on < today) {
    warnings.push('La fecha límite es anterior a hoy: el vencimiento quedará vencido desde que se aplique.');
  }
  return warnings;
}
