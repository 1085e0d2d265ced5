// The folio of a mail: what people quote when they ask about one.

/** `A-2024-000123`: the year (UTC) in which the mail was made and its number. */
export const mailFolio = (message: { id: number; created_at: string }) =>
  `A-${message.created_at.slice(0, 4)}-${String(message.id).padStart(6, '0')}`;

/** The year and number in a folio; undefined for anything else. */
export function parseMailFolio(text: string | null | undefined): { year: number; id: number } | undefined {
  const [, year, id] = /^A-(\d{4})-(\d{6,15})$/.exec(text ?? '') ?? [];
  return year === undefined || id === undefined ? undefined : { year: Number(year), id: Number(id) };
}
