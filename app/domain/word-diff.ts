// The difference between two texts, word by word.

export interface DiffPart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Beyond so many pairs of words what differs is shown as a whole: comparing costs their product. */
const MOST_PAIRS = 4_000_000;

/** Words with the space after them, so that the parts of one side joined together are its text. */
const wordsOf = (text: string) => text.match(/\s*\S+\s*/g) ?? [];

/** What was taken out of `before` and put into `after`, in reading order; the removed comes before the added. */
export function diffWords(before: string, after: string): DiffPart[] {
  const a = wordsOf(before);
  const b = wordsOf(after);
  const same = (i: number, j: number) => a[i]!.trim() === b[j]!.trim();
  let head = 0;
  while (head < a.length && head < b.length && same(head, head)) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && same(a.length - 1 - tail, b.length - 1 - tail)) {
    tail += 1;
  }
  const parts: DiffPart[] = [];
  const put = (kind: DiffPart['kind'], text: string) => {
    const last = parts.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text !== '') parts.push({ kind, text });
  };
  for (let j = 0; j < head; j += 1) put('same', b[j]!);
  const middle = { a: a.slice(head, a.length - tail), b: b.slice(head, b.length - tail) };
  for (const [kind, text] of middleParts(middle.a, middle.b)) put(kind, text);
  for (let j = b.length - tail; j < b.length; j += 1) put('same', b[j]!);
  return parts;
}

/** The longest common subsequence, told as steps. */
function middleParts(a: string[], b: string[]): [DiffPart['kind'], string][] {
  if (a.length * b.length > MOST_PAIRS)
    return [
      ['removed', a.join('')],
      ['added', b.join('')],
    ];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        a[i]!.trim() === b[j]!.trim()
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const steps: [DiffPart['kind'], string][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i]!.trim() === b[j]!.trim()) {
      steps.push(['same', b[j]!]);
      i += 1;
      j += 1;
    } else if (
      j >= b.length ||
      (i < a.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)
    ) {
      steps.push(['removed', a[i]!]);
      i += 1;
    } else {
      steps.push(['added', b[j]!]);
      j += 1;
    }
  }
  return steps;
}
