// The forms about something overdue: its cause with the day it is promised for, and the Dirección asking for them.
import { readForm, type FormRead } from './form-fields.ts';
import { parseFreeText } from './free-text.ts';
import { parseIsoDate, type IsoDate, type Parsed } from './plain-date.ts';

const LONGEST = 1000;

export const EXPLANATION_FIELDS = ['cause', 'committed_on'] as const;
export type ExplanationField = (typeof EXPLANATION_FIELDS)[number];

export interface ExplanationFacts {
  cause: string;
  committed_on: IsoDate;
}

/** Reads a cause and a commitment, which is a day still to come or today. */
export function parseExplanation(
  typed: Record<ExplanationField, string>,
  today: IsoDate,
): FormRead<ExplanationFacts, ExplanationField> {
  return readForm({
    cause: parseFreeText(typed.cause, { max: LONGEST, required: 'Explica por qué no se ha cumplido' }),
    committed_on: parseCommitment(typed.committed_on, today),
  });
}

function parseCommitment(text: string, today: IsoDate): Parsed<IsoDate> {
  if (text.trim() === '') return { ok: false, message: 'Indica para cuándo te comprometes' };
  const day = parseIsoDate(text);
  if (!day.ok || day.value >= today) return day;
  return { ok: false, message: 'El compromiso no puede ser anterior a hoy' };
}

/** Reads what the Dirección adds to its question; it may say nothing. */
export function parseQuestion(text: string): Parsed<string> {
  return parseFreeText(text, { max: LONGEST });
}
