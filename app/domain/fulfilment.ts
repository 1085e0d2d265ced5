// How far a report says an obligation was met, what the Dirección may decide about it, and the words for both.

export type Fulfilment = 'full' | 'partial' | 'not_applicable';

export const FULFILMENT_WORDS: Record<Fulfilment, string> = {
  full: 'Totalmente',
  partial: 'En parte',
  not_applicable: 'No procede (la condición no se actualizó)',
};

export type Decision = 'accepted' | 'accepted_in_part' | 'condition_not_met' | 'returned';

/** The words of each decision, to be followed by who took it. */
export const DECISION_WORDS: Record<Decision, { sign: string; done: string }> = {
  accepted: { sign: '✓', done: 'Aceptado por' },
  accepted_in_part: { sign: '◐', done: 'Aceptado en parte por' },
  condition_not_met: { sign: '⊘', done: 'Confirmado que no procede por' },
  returned: { sign: '↩', done: 'Devuelto por' },
};

/** What may be decided about a report of each kind: a part is never accepted as the whole. */
export const DECISIONS: Record<Fulfilment, readonly Decision[]> = {
  full: ['accepted', 'accepted_in_part', 'returned'],
  partial: ['accepted_in_part', 'returned'],
  not_applicable: ['condition_not_met', 'returned'],
};

/** The decisions after which the area still has something to do, and must be told what. */
export const LEAVES_WORK: readonly Decision[] = ['accepted_in_part', 'returned'];
