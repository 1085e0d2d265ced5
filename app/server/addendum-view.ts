// What the page of an addendum shows: its clauses with the words that differ, and its effect on dates in words.
import type { ComparedClause } from '../components/clause-comparison.tsx';
import type { Change, PlannedClause, PlannedObligation } from '../domain/addendum.ts';
import { formatDateAndTime } from '../domain/derivation.ts';
import type { DeadlineDates } from '../domain/schedule-effect.ts';
import { diffWords } from '../domain/word-diff.ts';
import type { AddendumEffect, AddendumPreview } from '../../db/addenda.ts';

const CLAUSE_WORDS: Record<Change, string> = {
  new: 'Nuevo',
  modified: 'Modificado',
  repealed: 'Derogado',
  same: 'Sin cambio',
};
const OBLIGATION_WORDS: Record<Change, string> = {
  new: 'Nueva',
  modified: 'Modificada',
  repealed: 'Derogada',
  same: 'Sin cambio',
};

export function comparedClauses(clauses: readonly PlannedClause[]): ComparedClause[] {
  return clauses.map(({ number, change, heading, text, obligations }) => {
    const parts = diffWords(text.before ?? '', text.after ?? '');
    return {
      number,
      heading: heading.after ?? heading.before ?? '',
      change: CLAUSE_WORDS[change],
      before: text.before === null ? null : parts.filter(({ kind }) => kind !== 'added'),
      after: text.after === null ? null : parts.filter(({ kind }) => kind !== 'removed'),
      obligations: obligations.map((obligation) => ({
        ref: obligation.ref,
        title: obligation.after?.title ?? obligation.before?.title ?? '',
        change: OBLIGATION_WORDS[obligation.change],
        details: detailsOf(obligation),
      })),
    };
  });
}

function detailsOf({ change, before, after, differences }: PlannedObligation): string[] {
  if (change === 'new') return after ? [after.sentence] : [];
  if (change !== 'modified' || !before || !after) return [];
  const words = differences.includes('plazo') || differences.includes('regla');
  return [
    `cambia: ${differences.join(', ')}`,
    ...(words ? [`antes «${before.sentence}», ahora «${after.sentence}»`] : []),
  ];
}

export interface EffectRow {
  id: string;
  ref: string;
  title: string;
  current: string;
  proposed: string;
  outcome: string;
}

/** Dates that change, then those of new obligations. */
export function effectRows({ effects, added }: AddendumPreview): EffectRow[] {
  return [
    ...effects.map((effect) => ({
      id: `${effect.obligation_id}/${effect.key}`,
      ref: effect.ref,
      title: effect.title,
      current: dateWords(effect.current),
      proposed: effect.repealed ? '' : dateWords(effect.proposed),
      outcome: outcomeOf(effect),
    })),
    ...added.flatMap(({ ref, title, dates }) =>
      (dates.length > 0 ? dates : [null]).map((date, index) => ({
        id: `${ref}/${index}`,
        ref,
        title,
        current: '',
        proposed: date ? dateWords(date) : 'Sin fecha propia',
        outcome: 'Obligación nueva',
      })),
    ),
  ];
}

function dateWords(dates: DeadlineDates | null): string {
  if (dates === null) return '';
  if (dates.due_on === null) return 'En espera';
  return formatDateAndTime({ date: dates.due_on, ...(dates.due_time ? { time: dates.due_time } : {}) });
}

function outcomeOf({ repealed, closes, kind, reason, days }: AddendumEffect): string {
  if (reason === 'concluded' || reason === 'waived') return 'Ya está concluida: no cambia';
  if (closes) return 'Se cierra: derogada';
  if (reason === 'in_review') return 'Hay un reporte en revisión: no cambia';
  if (repealed) return 'Venció antes de la adenda: se sigue debiendo';
  if (reason === 'manual_date' || reason === 'extension' || reason === 'kept')
    return 'Su fecha se fijó aparte: no cambia';
  if (kind === 'removed') return 'Deja de tener esta fecha';
  if (kind === 'added') return 'Fecha nueva';
  if (kind === 'waits') return 'Queda en espera de un hito';
  const moved =
    days === null
      ? 'Cambia'
      : days === 0
        ? 'Cambia la hora'
        : `Se mueve ${days > 0 ? '+' : '−'}${Math.abs(days)} días`;
  return kind === 'past' ? `${moved}; cae antes de hoy` : moved;
}
