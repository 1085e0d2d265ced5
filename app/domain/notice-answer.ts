// What somebody may answer to a notice: that they know and attend to it, or that it should come on a later day.
import { isAttended, type Attention } from './attention.ts';
import { formatLongDate, formatShortDate, parseIsoDate, type IsoDate, type Parsed } from './plain-date.ts';

/** A notice is postponed only while at least so many natural days are left: the last ones are for doing it. */
export const POSTPONABLE_DAYS = 2;

/**
 * Reads the day until which a notice is postponed: one on which mail is read, after `today` and not after the due
 * date. What is not postponable any more is for the caller to refuse.
 */
export function parsePostponement(
  text: string,
  { today, due_on }: { today: IsoDate; due_on: IsoDate },
  attention: Attention,
): Parsed<IsoDate> {
  if (text.trim() === '') return { ok: false, message: 'Indica el día en que quieres el aviso' };
  const day = parseIsoDate(text);
  if (!day.ok) return day;
  if (day.value <= today) return { ok: false, message: 'Elige un día posterior a hoy' };
  if (day.value > due_on) {
    return {
      ok: false,
      message: `El aviso no puede ser después del vencimiento (${formatShortDate(due_on)})`,
    };
  }
  if (!isAttended(attention, day.value)) {
    return { ok: false, message: `El ${formatLongDate(day.value)} no se envían avisos; elige otro día` };
  }
  return day;
}

/** What the ledger says of a notice that was not sent because its person had answered the one before. */
export function answerReason(person: string, on: IsoDate, until: IsoDate | null): string {
  return until === null
    ? `acuse de ${person}, ${formatShortDate(on)}`
    : `pospuesto por ${person} hasta el ${formatShortDate(until)}`;
}
