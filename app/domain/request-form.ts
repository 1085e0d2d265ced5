// The forms with which an area asks the Dirección for more time, or says that an obligation is not its own.
import { parseFreeText } from './free-text.ts';
import { parseIsoDate, type IsoDate, type Parsed } from './plain-date.ts';

export const REQUEST_WORDS = {
  extension: 'Solicitar prórroga',
  not_ours: 'No corresponde a mi área',
} as const;
export type RequestKind = keyof typeof REQUEST_WORDS;

export const REQUEST_FIELDS = ['due_on', 'reason', 'document'] as const;
export type RequestField = (typeof REQUEST_FIELDS)[number];

export interface RequestFacts {
  due_on: IsoDate | null;
  reason: string;
  document: string;
}

/** Reads a request about a deadline whose date is `dueOn`: an extension must ask for a later day, and for one to come. */
export function parseRequest(
  kind: RequestKind,
  typed: Record<RequestField, string>,
  dueOn: IsoDate | null,
  today: IsoDate,
): { ok: true; value: RequestFacts } | { ok: false; errors: Partial<Record<RequestField, string>> } {
  const extension = kind === 'extension';
  const due_on: Parsed<IsoDate | null> = extension
    ? parseNewDay(typed.due_on, dueOn, today)
    : { ok: true, value: null };
  const reason = parseFreeText(typed.reason, {
    max: 4000,
    required: extension
      ? 'Explica por qué se necesita más tiempo'
      : 'Explica por qué no corresponde a tu área',
  });
  const document = parseFreeText(typed.document, {
    max: 200,
    line: true,
    ...(extension ? { required: 'Escribe el oficio con el que se pide' } : {}),
  });
  if (due_on.ok && reason.ok && document.ok) {
    return { ok: true, value: { due_on: due_on.value, reason: reason.value, document: document.value } };
  }
  const read = { due_on, reason, document };
  const errors: Partial<Record<RequestField, string>> = {};
  for (const name of REQUEST_FIELDS) {
    const field = read[name];
    if (!field.ok) errors[name] = field.message;
  }
  return { ok: false, errors };
}

function parseNewDay(text: string, dueOn: IsoDate | null, today: IsoDate): Parsed<IsoDate> {
  if (text.trim() === '') return { ok: false, message: 'Indica la fecha que pides' };
  const day = parseIsoDate(text);
  if (!day.ok) return day;
  if (dueOn !== null && day.value <= dueOn) {
    return { ok: false, message: 'La fecha que pides debe ser posterior a la fecha límite' };
  }
  return day.value < today ? { ok: false, message: 'La fecha que pides ya pasó' } : day;
}
