// The cut (corte): the day at whose end a report or a list is asked about.
import { momentOf, type Moment } from './moment.ts';
import { instantOf, parseIsoDate, type Parsed } from './plain-date.ts';

/**
 * Reads the day of a cut. Nothing written, or today, is the present; an earlier day is its last instant in
 * Mexico City, so that what was due on it has not run out yet. A later day is refused: it has not been lived.
 */
export function parseCut(text: string | null, present: Moment): Parsed<Moment> {
  if (text === null || text.trim() === '') return { ok: true, value: present };
  const day = parseIsoDate(text);
  if (!day.ok) return day;
  if (day.value > present.today) return { ok: false, message: 'El corte no puede ser posterior a hoy' };
  if (day.value === present.today) return { ok: true, value: present };
  return { ok: true, value: momentOf(instantOf(`${day.value}T23:59:59.999999`)) };
}
