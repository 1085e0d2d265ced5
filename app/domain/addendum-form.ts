// The form that loads an addendum: what it is called, since when it is in force, and its table.
import { decodeText } from './delimited.ts';
import { readForm, type FormRead } from './form-fields.ts';
import { parseFreeText } from './free-text.ts';
import { parseIsoDate, type IsoDate, type Parsed } from './plain-date.ts';

export const ADDENDUM_FIELDS = ['title', 'signed_on', 'in_force_from', 'source', 'table'] as const;
export type AddendumField = (typeof ADDENDUM_FIELDS)[number];

/** Bytes a table may weigh, pasted or in a file. */
export const TABLE_BYTES = 1_000_000;

/**
 * Reads everything but the table. It cannot be signed later than today, nor be in force before the version it changes
 * (`after`, when that one says since when).
 */
export function parseAddendumFacts(
  typed: Record<AddendumField, string>,
  today: IsoDate,
  after: IsoDate | null,
): FormRead<{ title: string; signed_on: IsoDate; in_force_from: IsoDate; source: string }, AddendumField> {
  return readForm({
    title: parseFreeText(typed.title, { max: 200, line: true, required: 'Escribe cómo se llama la adenda' }),
    signed_on: dated(typed.signed_on, 'Indica cuándo se firmó', (day) =>
      day > today ? 'No puede haberse firmado después de hoy' : null,
    ),
    in_force_from: dated(typed.in_force_from, 'Indica desde cuándo rige', (day) =>
      after !== null && day <= after
        ? `Debe ser posterior al ${after}, desde cuando rige la versión anterior`
        : null,
    ),
    source: parseFreeText(typed.source, {
      max: 200,
      line: true,
      required: 'Escribe el documento del que se toma',
    }),
  });
}

function dated(typed: string, required: string, objection: (day: IsoDate) => string | null): Parsed<IsoDate> {
  if (typed.trim() === '') return { ok: false, message: required };
  const day = parseIsoDate(typed);
  const message = day.ok ? objection(day.value) : null;
  return message === null ? day : { ok: false, message };
}

/** The table as text: of the file if one was chosen, else what was pasted. */
export function tableText(pasted: string, file: Uint8Array): Parsed<{ text: string; encoding: string }> {
  if (file.length > TABLE_BYTES || pasted.length > TABLE_BYTES) {
    return { ok: false, message: 'La tabla pesa más de 1 MB' };
  }
  if (file.length === 0) return { ok: true, value: { text: pasted, encoding: 'texto pegado' } };
  const decoded = decodeText(file);
  return decoded.text.includes('\0') || decoded.text.startsWith('PK\u0003\u0004')
    ? { ok: false, message: 'Ese archivo no es texto: guarda la hoja como CSV, o copia y pega sus celdas' }
    : { ok: true, value: decoded };
}
