// Tables as people send them: CSV of any spreadsheet, or cells pasted from one, in whichever encoding it was saved.

/** Reads the bytes of a text file: UTF-8, UTF-16 with its mark, or else the encoding of old Windows programs. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: string } {
  const [first, second] = bytes;
  const marked =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;
  for (const encoding of [marked ?? 'utf-8', 'windows-1252']) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
    } catch {
      // Not this one.
    }
  }
  return { text: '', encoding: 'desconocida' };
}

export const DELIMITERS = { ',': 'coma', ';': 'punto y coma', '\t': 'tabulador' } as const;
export type Delimiter = keyof typeof DELIMITERS;

/** The delimiter that the first line uses most, outside quotes. */
export function delimiterOf(text: string): Delimiter {
  const [line = ''] = text.replace(/"[^"]*"/g, '').split(/[\r\n]/, 1);
  const counts = (Object.keys(DELIMITERS) as Delimiter[]).map((delimiter) => ({
    delimiter,
    count: line.split(delimiter).length,
  }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).delimiter;
}

export interface Line {
  /** Where the line begins in the text, counted from 1 as a spreadsheet counts its rows. */
  row: number;
  cells: string[];
}

/**
 * The lines of delimited text (RFC 4180): cells may be quoted, then hold delimiters and line breaks, and a quote is
 * written twice. Lines end in CRLF, LF or CR; empty ones are left out. Every cell is text, never a formula.
 */
export function parseDelimited(text: string, delimiter: Delimiter): Line[] {
  const lines: Line[] = [];
  const body = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  let row = 0;
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  const endLine = () => {
    cells.push(cell);
    row += 1;
    if (cells.some((one) => one.trim() !== '')) lines.push({ row, cells });
    cells = [];
    cell = '';
  };
  for (let at = 0; at < body.length; at += 1) {
    const character = body[at]!;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (body[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (character === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (character === '\n') endLine();
    else cell += character;
  }
  if (cell !== '' || cells.length > 0) endLine();
  return lines;
}
