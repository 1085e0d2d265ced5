// The form that records that an event happened: a trigger from which terms are counted each time.
import { parseDocument, parsePastDay, parsePastHour, parseReason, readForm } from './form-fields.ts';
import { parseFreeText } from './free-text.ts';
import type { Moment } from './moment.ts';
import { formatLongDate, type IsoDate, type Parsed } from './plain-date.ts';

export const EVENT_FIELDS = ['on_date', 'at_time', 'description', 'source'] as const;
export type EventField = (typeof EVENT_FIELDS)[number];
export type TypedEvent = Record<EventField, string>;

export const NO_EVENT: TypedEvent = { on_date: '', at_time: '', description: '', source: '' };

/**
 * Reads the form. The event has happened by the moment and not before `since`, the day from which its instruments
 * are followed; its hour is required only when some term is counted from it in hours (`timed`).
 */
export function parseEvent(typed: TypedEvent, moment: Moment, timed: boolean, since: IsoDate | null) {
  return readForm({
    on_date: notBefore(parsePastDay(typed.on_date, moment, 'la fecha del evento'), since),
    at_time: parsePastHour(
      { day: typed.on_date, hour: typed.at_time },
      moment,
      timed ? 'Indica la hora: hay plazos que se cuentan en horas desde este evento' : null,
    ),
    description: parseFreeText(typed.description, {
      max: 500,
      line: true,
      required: 'Escribe de qué se trata: quién, sobre qué',
    }),
    source: parseDocument(typed.source),
  });
}

/** Reads the reason for which the record of an event is taken back. */
export function parseWithdrawal(typed: { reason: string }) {
  return readForm({ reason: parseReason(typed.reason, 'Escribe por qué se retira') });
}

function notBefore(day: Parsed<IsoDate>, since: IsoDate | null): Parsed<IsoDate> {
  if (!day.ok || since === null || day.value >= since) return day;
  return {
    ok: false,
    message: `La fecha del evento es anterior al ${formatLongDate(since)}, desde cuando se sigue el convenio`,
  };
}
