// What the screens say of events that repeat and of each time they happened; worded on the server.
import { formatHour, formatLongDate, formatShortDate } from '../domain/plain-date.ts';
import type { listOccurrences } from '../../db/triggers.ts';
import { instantWords } from './moment-words.ts';

type Occurrence = Awaited<ReturnType<typeof listOccurrences>>[number];

export interface EventView {
  id: number;
  /** `lunes 20 de mayo de 2024, 9:00 h`. */
  when: string;
  description: string;
  document: string;
  recorded: string;
  withdrawn: { by: string; reason: string } | null;
}

/** `lunes 20 de mayo de 2024, 9:00 h`. */
export function eventDay({ on_date, at_time }: { on_date: string; at_time: string | null }): string {
  return [formatLongDate(on_date), ...(at_time ? [formatHour(at_time)] : [])].join(', ');
}

/** One time an event happened, in words. */
export function viewEvent(event: Occurrence): EventView {
  const { withdrawn_at, withdrawn_by, withdrawal_reason } = event;
  const signed = (name: string | null, instant: string) =>
    [name, instantWords(instant)].filter(Boolean).join(', ');
  return {
    id: event.id,
    when: eventDay(event),
    description: event.description,
    document: event.source,
    recorded: signed(event.recorded_by, event.recorded_at),
    withdrawn:
      withdrawn_at === null
        ? null
        : { by: signed(withdrawn_by, withdrawn_at), reason: withdrawal_reason ?? '' },
  };
}

/** `1 vez, la última el lun 20 may 2024`; `Sin registros`. */
export function timesWords(times: number, last_on: string | null): string {
  if (last_on === null) return 'Sin registros';
  return `${times === 1 ? '1 vez' : `${times} veces`}, la última el ${formatShortDate(last_on)}`;
}

/** The address of a trigger; the process is named only when it is not the newest one with that key. */
export function triggerPath(key: string, processKey: string | null, end = ''): string {
  const query = processKey === null ? '' : `?proceso=${encodeURIComponent(processKey)}`;
  return `/eventos/${encodeURIComponent(key)}${end}${query}`;
}
