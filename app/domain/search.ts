// Searching as people type: without accents, hyphens or plurals, and showing where the words were found.

/** Longest search, in characters. */
export const LONGEST_SEARCH = 120;

/** Beyond so many words a search finds nothing more. */
const MOST_WORDS = 8;

/** Words that every text has. */
const EMPTY_WORDS = new Set('de del la las el los lo un una y o en por para con al que se'.split(' '));

/** The twin of `folded` in SQL: letters without accents or case and digits; everything else becomes one space. */
export function foldText(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

export interface Search {
  /** The whole of it, folded: what a ref or a numeral is compared with. */
  folded: string;
  terms: Term[];
}

export interface Term {
  word: string;
  /** Words of three letters or more also stand for those they begin; refs and numbers only for themselves. */
  prefix: boolean;
}

/** What somebody searches for; without a letter or a digit there is no term, and nothing to look for. */
export function parseSearch(typed: string): Search {
  const folded = foldText(typed);
  const words = [...new Set(folded.split(' ').filter(Boolean))];
  const telling = words.filter((word) => !EMPTY_WORDS.has(word));
  const terms = (telling.length > 0 ? telling : words).slice(0, MOST_WORDS).map((word): Term => {
    const prefix = /^[a-z]{3,}$/.test(word);
    return { word: prefix ? singular(word) : word, prefix };
  });
  return { folded, terms };
}

/** Without the ending of a plural, so that `bodegas` finds `bodega`; short words are left alone. */
const singular = (word: string) => (word.length < 5 ? word : word.replace(/(es|s)$/, ''));

/** The search as PostgreSQL's `to_tsquery('simple', …)` reads it: every term has to be there. */
export function searchExpression({ terms }: Search): string {
  return terms.map(({ word, prefix }) => (prefix ? `${word}:*` : word)).join(' & ');
}

/** The folio that was typed, `R-0187` for `r 187`; undefined when it is none. */
export function folioSearched(typed: string): string | undefined {
  const match = /^r[\s-]*(\d{1,12})(?:[\s-]+(\d{1,2}))?$/i.exec(typed.trim());
  if (!match) return undefined;
  const [, number = '', part] = match;
  return `R-${number.padStart(4, '0')}${part === undefined ? '' : `-${part}`}`;
}

export interface Piece {
  text: string;
  /** One of the words that were searched for. */
  found: boolean;
}

/** The text in pieces, those that the search found apart from the rest; joined they are the text again. */
export function markFound(text: string, { terms }: Search): Piece[] {
  const pieces: Piece[] = [];
  for (const [piece] of text.matchAll(/[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+/gu)) {
    const folded = foldText(piece);
    const found = terms.some(({ word, prefix }) => (prefix ? folded.startsWith(word) : folded === word));
    const last = pieces.at(-1);
    if (last?.found === found) last.text += piece;
    else pieces.push({ text: piece, found });
  }
  return pieces;
}

/** Characters of a long text that are shown around what was found. */
const EXCERPT = 220;

/** A stretch of the text around the first word found, or its beginning; whole words, with dots where it was cut. */
export function excerpt(text: string, search: Search): Piece[] {
  if (text.length <= EXCERPT) return markFound(text, search);
  let before = 0;
  for (const { text: piece, found } of markFound(text, search)) {
    if (found) break;
    before += piece.length;
  }
  const start = before >= text.length ? 0 : Math.max(0, before - Math.floor(EXCERPT / 3));
  const words = text
    .slice(start, start + EXCERPT)
    .replace(start > 0 ? /^\S*\s/ : /^/, '')
    .replace(start + EXCERPT < text.length ? /\s\S*$/ : /$/, '');
  const cut = `${start > 0 ? '… ' : ''}${words}${start + EXCERPT < text.length ? ' …' : ''}`;
  return markFound(cut, search);
}
