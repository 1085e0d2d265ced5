// The forms that close a deadline nobody has to comply with, and that open it again.
import { parseChoice, parseDocument, parseReason, readForm } from './form-fields.ts';
import type { Parsed } from './plain-date.ts';

export const CLOSING_FIELDS = ['kind', 'reason', 'document'] as const;
export type ClosingField = (typeof CLOSING_FIELDS)[number];

const KINDS = ['condition_not_met', 'waived'] as const;

/** Reads the form that closes; a duty without condition cannot be closed because its condition was not met. */
export function parseClosing(typed: Record<ClosingField, string>, conditional: boolean) {
  return readForm({
    kind: parseKind(typed.kind, conditional),
    reason: parseReason(typed.reason, 'Escribe el fundamento o motivo'),
    document: parseDocument(typed.document),
  });
}

/** Reads the reason for which a closed deadline is opened again. */
export function parseReopening(typed: { reason: string }) {
  return readForm({ reason: parseReason(typed.reason, 'Escribe por qué se reabre') });
}

function parseKind(typed: string, conditional: boolean): Parsed<(typeof KINDS)[number]> {
  const kind = parseChoice(typed, KINDS, 'Elige por qué se cierra');
  if (!kind.ok || kind.value === 'waived' || conditional) return kind;
  return { ok: false, message: 'Esta obligación no depende de una condición' };
}
