// The instant a question is asked about, with its local day: the only form in which time enters the rules.
import { localDate, type IsoDate } from './plain-date.ts';

export interface Moment {
  /** ISO instant in UTC. */
  at: string;
  /** Its day in America/Mexico_City. */
  today: IsoDate;
  /** True when it is the clock's present: then nothing recorded later can exist and queries may use it. */
  live: boolean;
}

/** The moment of an instant; `live` only when the instant was just read from the clock. */
export function momentOf(at: string, live = false): Moment {
  return { at, today: localDate(at), live };
}

/** The instant so many minutes after another, ISO in UTC. */
export function instantPlusMinutes(instant: string, minutes: number): string {
  return new Date(Date.parse(instant) + minutes * 60_000).toISOString();
}
