// Why nobody has to comply with a deadline any more, and the words for it.

export type WaiverKind = 'waived' | 'condition_not_met' | 'event_withdrawn';

export const WAIVER_WORDS: Record<WaiverKind, string> = {
  waived: 'Exceptuada',
  condition_not_met: 'La condición no se actualizó',
  event_withdrawn: 'Exceptuada: el evento se retiró',
};
