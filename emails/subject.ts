// Owns subject lines: one line, at most 78 characters, with what matters first.

/** Longest subject, in characters: one unfolded line of RFC 5322 §2.1.1. */
export const SUBJECT_WIDTH = 78;

/** Below this a shortened title says nothing, and the end of the subject gives way to it. */
const SHORTEST_TITLE = 24;

const DANGLING_WORDS =
  /(?:[\s,;:]+(?:a|al|con|de|del|e|el|en|la|las|lo|los|o|para|por|que|su|sus|u|y))*[\s,;:]*$/i;

/** One line: runs of white space become one space and control characters go away. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** `text` in at most `room` characters, cut between words, without a dangling preposition, and with `…`. */
export function shorten(text: string, room: number): string {
  const characters = Array.from(oneLine(text));
  if (characters.length <= room) return characters.join('');
  const cut = characters.slice(0, Math.max(room - 1, 0)).join('');
  const words = characters[room - 1] === ' ' ? cut : cut.replace(/\s+\S*$/, '');
  return `${words.replace(DANGLING_WORDS, '')}…`;
}

/**
 * `lead` + `what` + the first of `tails` that leaves room for `what`, which is shortened to fit. `lead` is the
 * state and the distance and is never cut.
 */
export function fitSubject(lead: string, what: string, ...tails: string[]): string {
  const room = (tail: string) => SUBJECT_WIDTH + 1 - Array.from(oneLine(`${lead}_${tail}`)).length;
  const needed = Math.min(SHORTEST_TITLE, Array.from(oneLine(what)).length);
  const tail = tails.find((candidate) => room(candidate) >= needed) ?? '';
  return oneLine(`${lead}${shorten(what, room(tail))}${tail}`);
}

/** The areas as they fit before what is said of them: without the words most areas begin with. */
export function areaPrefix(areas: readonly string[]): string {
  const [first, ...others] = areas;
  if (first === undefined) return 'Convenio INE–IEM';
  if (others.length > 0) return `${areas.length} áreas`;
  return shorten(first.replace(/^(?:Dirección Ejecutiva|Coordinación|Unidad) de (?:las? |los? )?/, ''), 26);
}
