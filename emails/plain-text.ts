// Owns how the hand-written text parts are laid out: wrapped lines, aligned tables and the format=flowed wire form.

/** Widest line of a text part, in columns. RFC 3676 §4.2 allows 78; two are left for space-stuffing. */
export const TEXT_WIDTH = 76;

/** Characters, each counted once whatever its place in Unicode. */
function columns(text: string): number {
  return text.replace(/[\uDC00-\uDFFF]/g, '').length;
}

/** Greedy lines of at most `width` columns; a word wider than that (a URL) keeps a line of its own, unbroken. */
function fill(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let filled = 0;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const needed = columns(word);
    if (line !== '' && filled + 1 + needed <= width) {
      line += ` ${word}`;
      filled += 1 + needed;
    } else {
      if (line !== '') lines.push(line);
      line = word;
      filled = needed;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/**
 * Prose. The lines of one paragraph end in a space, the soft break of RFC 3676, so that a phone joins them
 * again; line breaks typed by a person stay.
 */
export function paragraph(text: string): string {
  return text
    .split('\n')
    .map((line) => fill(line, TEXT_WIDTH - 1).join(' \n'))
    .join('\n');
}

/** Text set apart by four columns on each line: words somebody wrote, kept with their own line breaks. */
export function indented(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => fill(line, TEXT_WIDTH - 4).map((filled) => `    ${filled}`))
    .join('\n');
}

/** One entry of a list: `- ` and the lines, each wrapped under the first. */
export function bullet(...lines: string[]): string {
  const filled = lines.flatMap((line) => fill(line, TEXT_WIDTH - 2));
  return filled.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)).join('\n');
}

/** Labels in one column, values in the next, wrapped under themselves. */
export function labelTable(rows: readonly (readonly [label: string, value: string])[]): string {
  const labelWidth = Math.max(...rows.map(([label]) => columns(label))) + 4;
  const margin = ' '.repeat(labelWidth);
  return rows
    .flatMap(([label, value]) =>
      fill(value, TEXT_WIDTH - labelWidth).map((line, index) =>
        index === 0 ? `  ${label}${margin.slice(columns(label) + 2)}${line}` : margin + line,
      ),
    )
    .join('\n');
}

/** A link: what it does, then the address alone on its line so that every reader can follow it. */
export function linkLines(label: string, url: string): string {
  return `${paragraph(`${label}:`)}\n${url}`;
}

/** The blocks of a message, one blank line between them; what is empty or false is left out. */
export function textDocument(...blocks: (string | false | undefined)[]): string {
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

/**
 * The form in which a text goes on the wire as `format=flowed`: lines that start with a space, `>` or `From `
 * get one more space, which the reader takes away (space-stuffing, RFC 3676 §4.4).
 */
export function toFlowed(text: string): string {
  return text.replace(/^(?= |>|From )/gm, ' ');
}
