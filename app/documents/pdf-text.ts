// Measuring and breaking text for a PDF: every word is measured once, whatever the number of rows it stands in.

export type Face = 'regular' | 'bold';

/** Width of a text in points at a size of one point. */
export type Measure = (text: string, face: Face) => number;

/** A measure that remembers: `widthOf` is asked once for each word and face. */
export function rememberWidths(widthOf: Measure): Measure {
  const known = { regular: new Map<string, number>(), bold: new Map<string, number>() };
  return (text, face) => {
    const width = known[face].get(text) ?? widthOf(text, face);
    known[face].set(text, width);
    return width;
  };
}

export interface Style {
  face: Face;
  /** In points. */
  size: number;
}

/** Breaks a text into lines of at most `width` points; a word that is longer is broken where it has to be. */
export function breakLines(text: string, width: number, { face, size }: Style, measure: Measure): string[] {
  const lines: string[] = [];
  const space = measure(' ', face) * size;
  for (const part of text.split('\n')) {
    let line = '';
    let used = 0;
    const close = () => {
      lines.push(line);
      line = '';
      used = 0;
    };
    for (const word of part.split(/\s+/)) {
      if (word === '') continue;
      const wide = measure(word, face) * size;
      if (line !== '' && used + space + wide > width) close();
      if (wide <= width) {
        used += (line === '' ? 0 : space) + wide;
        line += line === '' ? word : ` ${word}`;
        continue;
      }
      for (const character of word) {
        const step = measure(character, face) * size;
        if (line !== '' && used + step > width) close();
        line += character;
        used += step;
      }
    }
    close();
  }
  return lines;
}
