// What the screens say of the history of a deadline; worded on the server.
import { GROUND_WORDS } from '../domain/manual-ground.ts';
import { formatHour, formatShortDate } from '../domain/plain-date.ts';
import { WAIVER_WORDS } from '../domain/waiver.ts';
import type { HistoryEntry } from '../../db/deadline-history.ts';
import { instantWords } from './moment-words.ts';

export interface HistoryView {
  when: string;
  what: string;
  /** Reason or act behind it, as somebody wrote it. */
  why: string | null;
  by: string;
  /** The change of dates it was part of. */
  change: number | null;
}

/** `lun 20 may 2024, 18:00 h`, or what it waits for. */
export function dateWords(dates: {
  due_on: string | null;
  due_time: string | null;
  waiting_for?: string | null;
}): string {
  const { due_on, due_time, waiting_for } = dates;
  if (due_on === null) return waiting_for ? `sin fecha, en espera de «${waiting_for}»` : 'sin fecha';
  return [formatShortDate(due_on), ...(due_time ? [formatHour(due_time)] : [])].join(', ');
}

/** One thing that happened, in words. */
export function viewHistory(entry: HistoryEntry): HistoryView {
  return { when: instantWords(entry.at), by: entry.by ?? 'El sistema', change: null, ...told(entry) };
}

function told(entry: HistoryEntry): Pick<HistoryView, 'what' | 'why'> & { change?: number | null } {
  switch (entry.kind) {
    case 'dated': {
      const { first, dates, act } = entry;
      const opened = act?.kind === 'trigger' ? 'Se abrió' : 'Se calculó';
      const undone = act?.kind === 'trigger' ? '. El registro se retiró después.' : '. Después se deshizo.';
      return {
        what: `${first ? opened : 'Cambió la fecha'}: ${dateWords(dates)}`,
        why: act && `${act.summary} (${act.act})${act.undone ? undone : ''}`,
        change: act && act.id,
      };
    }
    case 'dated_by_hand':
      return {
        what: `${GROUND_WORDS[entry.ground].sentence}: ${dateWords(entry.dates)}`,
        why: `${entry.reason} (${entry.document})`,
        change: entry.change,
      };
    case 'closed':
      return { what: WAIVER_WORDS[entry.waiver], why: `${entry.reason} (${entry.document})` };
    case 'reopened':
      return { what: 'Se reabrió', why: entry.reason };
  }
}
