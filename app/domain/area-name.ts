// The names of areas inside a sentence.

const ARTICLES: [pattern: RegExp, withDe: string][] = [
  [/^(Consejos|Órganos|Comités) /, 'de los'],
  [/^(Juntas|Vocalías) /, 'de las'],
  [/^(Consejo|Órgano|Comité|Área) /, 'del'],
  [/^\d/, 'de la'],
];

/** "de la Dirección Ejecutiva de…", "del Consejo General", "de los Consejos distritales…". */
export function ofArea(name: string): string {
  const [, article = 'de la'] = ARTICLES.find(([pattern]) => pattern.test(name)) ?? [];
  return `${article} ${name}`;
}
