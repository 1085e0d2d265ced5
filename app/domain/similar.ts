// The word somebody probably meant.

/** How many letters must be changed, added or dropped to turn one word into the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      current[j] = Math.min(
        previous[j]! + 1,
        current[j - 1]! + 1,
        previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    previous = current;
  }
  return previous[b.length]!;
}

/** A word without case, accents and double spaces. */
export function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/\s+/g, ' ');
}

/** The candidate nearest to what was typed, when it is near enough to be a slip; undefined otherwise. */
export function mostSimilar(typed: string, candidates: readonly string[]): string | undefined {
  const word = plain(typed);
  let best: { candidate: string; score: number } | undefined;
  for (const candidate of candidates) {
    const other = plain(candidate);
    const contained = word.length >= 4 && other.includes(word);
    const score = contained ? 1 : distance(word, other);
    if (!best || score < best.score) best = { candidate, score };
  }
  return best && best.score <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}
