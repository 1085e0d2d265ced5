// What the screens say of the history of a deadline; worded on the server.
import { formatHour, formatShortDate } from '../domain/plain-date.ts';
import type { HistoryEntry } from '../../db/deadline-history.ts';
import type { ManualGround, WaiverKind } from '../../db/schema.ts';
import { instantWords } from './moment-words.ts';

export interface HistoryView {
  when: string;
  what: string;
  /** Reason or act behind it, as somebody wrote it. */
  why: string | null;
  by: string;
}

export const WAIVER_WORDS: Record<WaiverKind, string> = {
  waived: 'Exceptuada',
  condition_not_met: 'La condición no se actualizó',
  event_withdrawn: 'Exceptuada: el evento se retiró',
};

export const GROUND_WORDS: Record<ManualGround, { mark: string; sentence: string }> = {
  agreement: { mark: 'Fecha por acuerdo', sentence: 'Fecha fijada por acuerdo' },
  ine_notice: { mark: 'Fecha por oficio del INE', sentence: 'Fecha fijada por oficio del INE' },
};

/** `lun 20 may 2024, 18:00 h`, or what it waits for. */
export function dateWords(dates: {
  due_on: string | null;
  due_time: string | null;
  waiting_for: string | null;
}): string {
  if (dates.due_on === null) return `sin fecha, en espera de «${dates.waiting_for ?? ''}»`;
  return [formatShortDate(dates.due_on), ...(dates.due_time ? [formatHour(dates.due_time)] : [])].join(', ');
}

/** One thing that happened, in words. */
export function viewHistory(entry: HistoryEntry): HistoryView {
  return { when: instantWords(entry.at), by: entry.by ?? 'El sistema', ...told(entry) };
}

function told(entry: HistoryEntry): Pick<HistoryView, 'what' | 'why'> {
  switch (entry.kind) {
    case 'dated': {
      const { first, dates, event, act } = entry;
      const opened = event === null ? 'Se calculó' : `Se abrió con el evento «${event}»`;
      const undone = act?.undone ? ' (después se deshizo)' : '';
      return {
        what: `${first ? opened : 'Cambió la fecha'}: ${dateWords(dates)}`,
        why: act && `${act.summary} (${act.act})${undone}`,
      };
    }
    case 'dated_by_hand':
      return {
        what: `${GROUND_WORDS[entry.ground].sentence}: ${dateWords(entry.dates)}`,
        why: `${entry.reason} (${entry.document})`,
      };
    case 'closed':
      return { what: WAIVER_WORDS[entry.waiver], why: `${entry.reason} (${entry.document})` };
    case 'reopened':
      return { what: 'Se reabrió', why: entry.reason };
  }
}
