// A text in which a search found something: the words found are marked, and nothing in it is ever markup.
import type { Piece } from '../domain/search.ts';

export function FoundText({ pieces }: { pieces: Piece[] }) {
  return pieces.map(({ text, found }, index) => (found ? <mark key={index}>{text}</mark> : text));
}
