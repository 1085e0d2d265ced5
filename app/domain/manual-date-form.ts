// The form that says a deadline's date by hand, because an agreement or a notice of the INE fixed it.
import { parseChoice, parseDocument, parseReason, readForm } from './form-fields.ts';
import { formatLongDate, parseIsoDate, parseTime, type IsoDate, type Parsed } from './plain-date.ts';

export const MANUAL_DATE_FIELDS = ['which', 'due_on', 'due_time', 'ground', 'reason', 'document'] as const;
export type ManualDateField = (typeof MANUAL_DATE_FIELDS)[number];
export type TypedManualDate = Record<ManualDateField, string>;

export const NO_MANUAL_DATE: TypedManualDate = {
  which: 'said',
  due_on: '',
  due_time: '',
  ground: '',
  reason: '',
  document: '',
};

export const GROUNDS = ['agreement', 'ine_notice'] as const;

/** Reads which date is to hold: one that a document says, not before `since`, or again the one the rule gives. */
export function parseManualDate(typed: TypedManualDate, since: IsoDate) {
  const shared = {
    reason: parseReason(typed.reason, 'Escribe por qué cambia la fecha'),
    document: parseDocument(typed.document),
  };
  if (typed.which === 'computed') return readForm({ which: given('computed' as const), ...shared });
  return readForm({
    which: given('said' as const),
    due_on: parseDue(typed.due_on, since),
    due_time: parseHour(typed.due_time),
    ground: parseChoice(typed.ground, GROUNDS, 'Elige qué fija la fecha'),
    ...shared,
  });
}

const given = <Value>(value: Value): Parsed<Value> => ({ ok: true, value });

function parseDue(typed: string, since: IsoDate): Parsed<IsoDate> {
  if (typed.trim() === '') return { ok: false, message: 'Indica la nueva fecha' };
  const day = parseIsoDate(typed);
  if (!day.ok || day.value >= since) return day;
  const start = formatLongDate(since);
  return { ok: false, message: `La fecha límite es anterior a la vigencia del instrumento (${start})` };
}

function parseHour(typed: string): Parsed<string | null> {
  return typed.trim() === '' ? given(null) : parseTime(typed);
}
