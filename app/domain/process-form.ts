// The forms that prepare a process: its name and key, the dates of its milestones, the days its rules name.
import { readForm, type FormRead } from './form-fields.ts';
import { fixedDatesOf, withDates, type FixedDate } from './fixed-dates.ts';
import { parseFreeText } from './free-text.ts';
import { parseDeadlineRule, type DeadlineRule } from './deadline-rule.ts';
import { parseIsoDate, parseTime, type IsoDate, type Parsed } from './plain-date.ts';

export const NEW_PROCESS_FIELDS = ['from', 'name', 'key'] as const;
export type NewProcessField = (typeof NEW_PROCESS_FIELDS)[number];

/** Reads the form of a new process; the key goes into addresses and commands. */
export function parseNewProcess(
  typed: Record<NewProcessField, string>,
): FormRead<Record<NewProcessField, string>, NewProcessField> {
  return readForm({
    from: parseKey(typed.from, 'Elige de qué proceso se copia'),
    name: parseFreeText(typed.name, { max: 120, line: true, required: 'Escribe el nombre del proceso' }),
    key: parseKey(typed.key, 'Escribe una clave, como ordinario-2026-2027'),
  });
}

/** The key of a process: lower-case letters, digits and hyphens. */
export function parseKey(typed: string, required: string): Parsed<string> {
  const key = typed.trim();
  if (key === '') return { ok: false, message: required };
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(key) && key.length <= 60
    ? { ok: true, value: key }
    : { ok: false, message: 'Usa sólo minúsculas sin acento, números y guiones (hasta 60)' };
}

export interface TypedMilestone {
  key: string;
  date: string;
  time: string;
  /** Not empty when it is firm. */
  firm: string;
  source: string;
}

export interface MilestoneEntry {
  key: string;
  on_date: IsoDate | null;
  at_time: string | null;
  firm: boolean;
  source: string;
}

/**
 * Reads the rows of the milestones. One without date has no hour, is not firm and needs no source; errors are named
 * `date.jornada`, `time.jornada`, `source.jornada`.
 */
export function parseMilestones(typed: readonly TypedMilestone[]): FormRead<MilestoneEntry[], string> {
  const errors: Record<string, string> = {};
  const entries = typed.map((row): MilestoneEntry => {
    const read = <Value>(name: string, parsed: Parsed<Value>): Value | null => {
      if (parsed.ok) return parsed.value;
      errors[`${name}.${row.key}`] = parsed.message;
      return null;
    };
    const undated = row.date.trim() === '';
    const on_date = undated ? null : read('date', parseIsoDate(row.date));
    const at_time = row.time.trim() === '' ? null : read('time', parseTime(row.time));
    if (undated && at_time !== null) errors[`time.${row.key}`] = 'Una hora necesita su fecha';
    const source = read(
      'source',
      parseFreeText(row.source, {
        max: 200,
        line: true,
        ...(undated ? {} : { required: 'Escribe de qué documento sale la fecha' }),
      }),
    );
    return {
      key: row.key,
      on_date,
      at_time,
      firm: !undated && row.firm !== '',
      source: source || 'Sin fecha todavía en este proceso',
    };
  });
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, value: entries };
}

export const DECISIONS = ['later', 'dates', 'leave_out'] as const;

export interface TypedFixedDate {
  ref: string;
  rule: DeadlineRule;
  decision: string;
  /** By field of the rule. */
  dates: Partial<Record<FixedDate['field'], string>>;
  reason: string;
}

export type FixedDateDecision = { ref: string } & (
  | { decision: 'dates'; dates: Partial<Record<FixedDate['field'], IsoDate>> }
  | { decision: 'leave_out'; reason: string }
);

/**
 * Reads the decisions about fixed dates; what is left for later is not among them. Errors are named
 * `decision.AT-C-1`, `from.AT-C-2`, `reason.AT-C-1`.
 */
export function parseFixedDates(typed: readonly TypedFixedDate[]): FormRead<FixedDateDecision[], string> {
  const errors: Record<string, string> = {};
  const decisions = typed.flatMap(({ ref, rule, decision, dates, reason }): FixedDateDecision[] => {
    if (decision === '' || decision === 'later') return [];
    if (decision === 'leave_out') {
      const read = parseFreeText(reason, {
        max: 500,
        line: true,
        required: 'Escribe por qué no se debe en este proceso',
      });
      if (!read.ok) errors[`reason.${ref}`] = read.message;
      return read.ok ? [{ ref, decision, reason: read.value }] : [];
    }
    if (decision !== 'dates') {
      errors[`decision.${ref}`] = 'Elige una de las opciones';
      return [];
    }
    const read: Partial<Record<FixedDate['field'], IsoDate>> = {};
    for (const { field } of fixedDatesOf(rule)) {
      const date = parseIsoDate(dates[field] ?? '');
      if (date.ok) read[field] = date.value;
      else errors[`${field}.${ref}`] = date.message;
    }
    if (read.from && (read.to ?? read.until ?? '~') < read.from) {
      errors[`${read.to ? 'to' : 'until'}.${ref}`] = 'El final es anterior al principio';
    }
    const rewritten = parseDeadlineRule(withDates(rule, read));
    if (!rewritten.ok) errors[`decision.${ref}`] ??= rewritten.errors[0]!.message;
    return [{ ref, decision, dates: read }];
  });
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, value: decisions };
}
