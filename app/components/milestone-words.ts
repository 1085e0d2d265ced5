// How milestones and what their moves do are worded; called by loaders, so that the browser gets plain text.
import { formatHour, formatLongDate, formatShortDate, type IsoDate } from '../domain/plain-date.ts';
import {
  defaultDecision,
  isDecidable,
  type DeadlineDates,
  type EffectKind,
  type EffectReason,
  type ScheduleEffect,
} from '../domain/schedule-effect.ts';

interface DatedMilestone {
  on_date: IsoDate | null;
  at_time: string | null;
  approximate: string | null;
}

/** `domingo 2 de junio de 2024, 8:00 h`; without date, what is known of it. */
export function milestoneDay({ on_date, at_time, approximate }: DatedMilestone): string {
  if (on_date === null) return approximate ? `Sin fecha (${approximate})` : 'Sin fecha';
  return at_time ? `${formatLongDate(on_date)}, ${formatHour(at_time)}` : formatLongDate(on_date);
}

export const milestonePath = (key: string, process: string | null, ...rest: string[]) =>
  `/${['hitos', encodeURIComponent(key), ...rest].join('/')}${process ? `?proceso=${encodeURIComponent(process)}` : ''}`;

const REASONS: Record<EffectReason, string> = {
  concluded: 'Concluida',
  waived: 'Exceptuada',
  manual_date: 'Fecha fijada por acuerdo o por el INE',
  extension: 'Con prórroga',
  kept: 'Se decidió conservarla',
  in_review: 'Su reporte está en revisión',
  mailed: 'Ya se avisó que vence en días o que venció',
};

/** The classes in the order in which a person must look at them. */
const KIND_WORDS: Record<EffectKind, { title: string; hint: string }> = {
  decision: {
    title: 'Requieren decisión',
    hint: 'El área ya reportó o ya se le avisó de la fecha que tiene.',
  },
  past: { title: 'Caen en el pasado', hint: 'Con la fecha nueva quedarían vencidas desde hoy.' },
  moves: { title: 'Se mueven', hint: '' },
  waits: { title: 'Quedan en espera', hint: 'Pierden su fecha hasta que el evento tenga una.' },
  removed: { title: 'Dejan de existir', hint: 'La regla ya no da esta fecha; se cierra a la vista.' },
  added: { title: 'Se agregan', hint: '' },
  protected: {
    title: 'Protegidas',
    hint: 'Lo concluido y exceptuado nunca cambia; lo demás, sólo si lo marcas.',
  },
};
const ORDER: readonly EffectKind[] = ['decision', 'past', 'moves', 'waits', 'removed', 'added', 'protected'];

/** `+189 días`, `189 días antes`, or what happens instead. */
function difference({ days, current, proposed }: ScheduleEffect): string {
  if (proposed === null) return 'deja de existir';
  if (current === null) return 'nueva';
  if (days === null) return proposed.due_on === null ? 'queda sin fecha' : 'tendría fecha';
  if (days === 0) return 'mismo día';
  const amount = Math.abs(days) === 1 ? '1 día' : `${Math.abs(days)} días`;
  return days > 0 ? `${amount} después` : `${amount} antes`;
}

function dayWords(dates: DeadlineDates | null): string {
  if (dates === null) return '—';
  if (dates.due_on === null) return 'sin fecha';
  const hour = dates.due_time ? `, ${formatHour(dates.due_time)}` : '';
  return `${formatShortDate(dates.due_on)}${hour}`;
}

/** The effects by class, worded; classes without any are left out. */
export function viewEffects(effects: readonly ScheduleEffect[]) {
  return ORDER.flatMap((kind) => {
    const rows = effects.filter((effect) => effect.kind === kind);
    if (rows.length === 0) return [];
    return [
      {
        kind,
        ...KIND_WORDS[kind],
        rows: rows.map((effect) => ({
          id: effect.deadline_id,
          row: `${effect.obligation_id}/${effect.key}`,
          ref: effect.ref,
          title: effect.title,
          area: effect.area_name,
          reason: effect.reason && REASONS[effect.reason],
          current: dayWords(effect.current),
          proposed: dayWords(effect.proposed),
          difference: difference(effect),
          decidable: isDecidable(effect),
          moves: defaultDecision(effect) === 'move',
        })),
      },
    ];
  });
}

export type EffectView = ReturnType<typeof viewEffects>[number];
