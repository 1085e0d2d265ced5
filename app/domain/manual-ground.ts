// What may fix a date against its rule, and the words for it.

export type ManualGround = 'agreement' | 'ine_notice';

export const GROUND_WORDS: Record<ManualGround, { option: string; mark: string; sentence: string }> = {
  agreement: { option: 'Un acuerdo', mark: 'Fecha por acuerdo', sentence: 'Fecha fijada por acuerdo' },
  ine_notice: {
    option: 'Un oficio del INE',
    mark: 'Fecha por oficio del INE',
    sentence: 'Fecha fijada por oficio del INE',
  },
};
