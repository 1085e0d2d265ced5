// The kinds of instrument in words, and where each is found.

export const INSTRUMENT_WORDS = {
  general_agreement: 'Convenio general',
  technical_annex: 'Anexo técnico',
  financial_annex: 'Anexo financiero',
  addendum: 'Adenda',
  annual_programme: 'Programa anual de trabajo',
  official_letter: 'Oficio',
} as const;

/** The address of an instrument; its key is its own only inside a process, which is named when there are several. */
export function instrumentPath(
  key: string,
  process: string | undefined,
  page = '',
  version?: number,
): string {
  const params = new URLSearchParams({
    ...(process === undefined ? {} : { proceso: process }),
    ...(version === undefined ? {} : { version: String(version) }),
  });
  return `/instrumentos/${key}${page}${params.size === 0 ? '' : `?${params.toString()}`}`;
}
