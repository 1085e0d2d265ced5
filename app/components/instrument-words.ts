// The kinds of instrument in words.

export const INSTRUMENT_WORDS = {
  general_agreement: 'Convenio general',
  technical_annex: 'Anexo técnico',
  financial_annex: 'Anexo financiero',
  addendum: 'Adenda',
  annual_programme: 'Programa anual de trabajo',
  official_letter: 'Oficio',
} as const;
