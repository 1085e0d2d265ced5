// What the forms that record facts have in common: days already lived, reasons, documents, and reading all fields at once.
import { parseFreeText } from './free-text.ts';
import type { Moment } from './moment.ts';
import { localDateTime, parseIsoDate, parseTime, type IsoDate, type Parsed } from './plain-date.ts';

type Read<Fields> = { [Name in keyof Fields]: Fields[Name] extends Parsed<infer Value> ? Value : never };

export type FieldErrors<Name extends string> = Partial<Record<Name, string>>;

export type FormRead<Value, Name extends string> =
  { ok: true; value: Value } | { ok: false; errors: FieldErrors<Name> };

/** The values of all fields, or the message of each field that has one. */
export function readForm<Fields extends Record<string, Parsed<unknown>>>(
  fields: Fields,
): FormRead<Read<Fields>, Extract<keyof Fields, string>> {
  const entries = Object.entries(fields);
  const errors = entries.flatMap(([name, field]) => (field.ok ? [] : [[name, field.message] as const]));
  if (errors.length > 0) {
    return { ok: false, errors: Object.fromEntries(errors) as FieldErrors<Extract<keyof Fields, string>> };
  }
  const values = entries.map(([name, field]) => [name, field.ok ? field.value : undefined] as const);
  return { ok: true, value: Object.fromEntries(values) as Read<Fields> };
}

/** A day that has been lived; `what` names it in the messages: «la fecha del evento». */
export function parsePastDay(typed: string, { today }: Moment, what: string): Parsed<IsoDate> {
  if (typed.trim() === '') return { ok: false, message: `Indica ${what}` };
  const day = parseIsoDate(typed);
  if (!day.ok || day.value <= today) return day;
  return { ok: false, message: `${what[0]!.toUpperCase()}${what.slice(1)} no puede ser posterior a hoy` };
}

/** The hour of a day that has been lived, null when none was written; `required` is the message when it must be. */
export function parsePastHour(
  typed: { day: string; hour: string },
  { at, today }: Moment,
  required: string | null,
): Parsed<string | null> {
  if (typed.hour.trim() === '') {
    return required === null ? { ok: true, value: null } : { ok: false, message: required };
  }
  const hour = parseTime(typed.hour);
  if (hour.ok && typed.day.trim() === today && hour.value > localDateTime(at).slice(11)) {
    return { ok: false, message: 'La hora no puede ser posterior a este momento' };
  }
  return hour;
}

/** Why something was decided: up to 4,000 characters. */
export function parseReason(typed: string, required: string): Parsed<string> {
  return parseFreeText(typed, { max: 4000, required });
}

/** The document behind a fact, by its number: one line of up to 200 characters. */
export function parseDocument(typed: string): Parsed<string> {
  return parseFreeText(typed, {
    max: 200,
    line: true,
    required: 'Escribe el número del acuerdo, oficio o documento',
  });
}

/** One of the words a choice may take; `Object.prototype` has none of them. */
export function parseChoice<const Words extends readonly string[]>(
  typed: string,
  words: Words,
  message: string,
): Parsed<Words[number]> {
  const value = words.find((word) => word === typed);
  return value === undefined ? { ok: false, message } : { ok: true, value };
}
