// How instants and cuts are written on the screens; called by loaders, so that the browser gets plain text.
import type { Moment } from '../domain/moment.ts';
import { formatHour, formatLongDate, formatShortDate, localDateTime } from '../domain/plain-date.ts';

/** `mié 15 may 2024, 9:04 h`, in Mexico City. */
export function instantWords(instant: string): string {
  const [date = '', time = ''] = localDateTime(instant).split('T');
  return `${formatShortDate(date)}, ${formatHour(time)}`;
}

/** `miércoles 15 de mayo de 2024, 9:04 h`. */
export function longInstantWords(instant: string): string {
  const [date = '', time = ''] = localDateTime(instant).split('T');
  return `${formatLongDate(date)}, ${formatHour(time)}`;
}

/** `mié 15 may 2024, 9:04 h`, or the day alone for a cut at its end. */
export function cutWords(moment: Moment): string {
  return moment.live ? instantWords(moment.at) : `${formatShortDate(moment.today)}, al cierre del día`;
}
