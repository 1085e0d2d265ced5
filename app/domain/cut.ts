// The cut (corte): the day at whose end, or the instant at which, a report or a list is asked about.
import { Temporal } from 'temporal-polyfill';
import { momentOf, type Moment } from './moment.ts';
import {
  formatHour,
  formatShortDate,
  instantOf,
  localDateTime,
  parseIsoDate,
  TIME_ZONE,
  type IsoDate,
  type Parsed,
} from './plain-date.ts';

const LAST_INSTANT = '23:59:59.999999';
const INSTANT = /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)$/;

/**
 * Reads a cut. Nothing written, or today, is the present; an earlier day is its last instant in Mexico City, so
 * that what was due on it has not run out yet; `YYYY-MM-DDTHH:MM[:SS.ffffff]` is that instant, Mexico City time.
 * What comes after the present is refused: it has not been lived.
 */
export function parseCut(text: string | null, present: Moment): Parsed<Moment> {
  const written = text?.trim() ?? '';
  if (written === '') return { ok: true, value: present };
  const [, dayPart = written, hour] = INSTANT.exec(written) ?? [];
  const day = parseIsoDate(dayPart);
  if (!day.ok) return day;
  if (hour === undefined && day.value === present.today) return { ok: true, value: present };
  const cut = momentOf(exactInstant(instantOf(`${day.value}T${hour ?? LAST_INSTANT}`)));
  if (cut.at > exactInstant(present.at)) {
    return { ok: false, message: 'El corte no puede ser posterior a hoy' };
  }
  return { ok: true, value: cut };
}

/** The cut as `parseCut` reads it: the day alone when it is its last instant, otherwise the exact local instant. */
export function cutText(at: string): string {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(TIME_ZONE).toPlainDateTime();
  const text = local.toString({ smallestUnit: 'microsecond' });
  return text.endsWith(LAST_INSTANT) ? text.slice(0, 10) : text;
}

/** The cut at the end of a day. */
export function endOfDayCut(day: IsoDate): Moment {
  return momentOf(exactInstant(instantOf(`${day}T${LAST_INSTANT}`)));
}

/** `mié 15 may 2024, 9:04 h`, or `mié 15 may 2024, al cierre del día`. */
export function cutAtWords(at: string): string {
  const text = cutText(at);
  if (text.length === 10) return `${formatShortDate(text)}, al cierre del día`;
  const [date = '', time = ''] = localDateTime(at).split('T');
  return `${formatShortDate(date)}, ${formatHour(time)}`;
}

/** With all six decimals, as the database writes instants: one instant has one text. */
export function exactInstant(instant: string): string {
  return Temporal.Instant.from(instant).toString({ smallestUnit: 'microsecond' });
}
