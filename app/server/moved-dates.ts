// What a change of date would move, in words, and what somebody should know before applying it.
import { dateWords } from '../components/history-words.ts';
import type { MovedDate } from '../components/moved-dates.tsx';
import { formatLongDate, type IsoDate } from '../domain/plain-date.ts';
import type { ChangedDeadline } from '../../db/change-mails.ts';

export function viewMoved(moved: ChangedDeadline[]): MovedDate[] {
  return moved.map(({ deadline_id, ref, title, area_name, old, new: next }) => ({
    deadline_id,
    ref,
    title,
    area: area_name,
    before: old ? dateWords(old) : 'No existía',
    after: next ? dateWords(next) : 'Deja de existir',
  }));
}

/** A window that the new date would cut off, a date that has passed. */
export function dateWarnings(due_on: IsoDate, opens_on: IsoDate | null, today: IsoDate): string[] {
  const warnings: string[] = [];
  if (opens_on !== null && due_on < opens_on) {
    const opening = formatLongDate(opens_on);
    warnings.push(`La fecha límite es anterior al inicio de su ventana (${opening}): la ventana se quita.`);
  }
  if (due_on < today) {
    warnings.push('La fecha límite es anterior a hoy: el vencimiento quedará vencido en cuanto se aplique.');
  }
  return warnings;
}
