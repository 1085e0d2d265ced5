// Text somebody typed: what is accepted, how its length is counted, and how it is shown without being obeyed.
import type { Parsed } from './plain-date.ts';

const LINE_SEPARATORS = /\r\n?|[\u0085\u2028\u2029]/g;
/** Characters that change the direction of the text after them (Unicode UAX #9). */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
/** No script in use stacks more marks on one letter. */
const TOO_MANY_MARKS = /\p{M}{9}/u;

export interface TextLimits {
  /** In characters as PostgreSQL's `length` counts them: code points. */
  max: number;
  /** Message when nothing was written; without it the text may be empty. */
  required?: string;
  /** One line: line breaks become spaces and characters that turn the text around are refused. */
  line?: boolean;
}

/**
 * Reads a text field: line ends become `\n`, letters are composed (NFC), the spaces around are dropped. A field
 * with nothing visible in it is empty. Positions in messages count code points from 1.
 */
export function parseFreeText(typed: string, { max, required, line = false }: TextLimits): Parsed<string> {
  // Before anything is looked at letter by letter.
  if (typed.length > 20 * max) return tooLong(max, typed.length);
  const text = typed.replace(LINE_SEPARATORS, line ? ' ' : '\n').normalize('NFC');
  const refusal = refuseCharacters(text, line);
  if (refusal !== undefined) return { ok: false, message: refusal };
  const value = /^[\s\p{Cf}]*$/u.test(text) ? '' : text.trim();
  if (value === '' && required !== undefined) return { ok: false, message: required };
  if (Array.from(value).length <= max) return { ok: true, value };
  // People count what they see: a family of emoji is one character for them and seven for the database.
  const seen = graphemes(value);
  if (seen > max) return tooLong(max, seen);
  return { ok: false, message: 'El texto ocupa más de lo que se puede guardar; acórtalo' };
}

function tooLong(max: number, length: number): { ok: false; message: string } {
  return { ok: false, message: `Máximo ${grouped(max)} caracteres; llevas ${grouped(length)}` };
}

function refuseCharacters(text: string, line: boolean): string | undefined {
  if (TOO_MANY_MARKS.test(text)) return 'Demasiados signos combinados';
  let position = 0;
  for (const character of text) {
    position += 1;
    if (character === '\0' || /\p{Cs}/u.test(character) || (line && character.search(BIDI_CONTROLS) === 0)) {
      return `Contiene un carácter no permitido (posición ${position})`;
    }
    if (character !== '\n' && character !== '\t' && /\p{Cc}/u.test(character)) {
      return `Contiene un carácter de control (posición ${position})`;
    }
  }
  return undefined;
}

function graphemes(text: string): number {
  return Array.from(new Intl.Segmenter('es', { granularity: 'grapheme' }).segment(text)).length;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The text with every character that would turn it around replaced by its visible name. */
export function visibleText(text: string): string {
  return text.replace(
    BIDI_CONTROLS,
    (control) => `⟦U+${control.codePointAt(0)!.toString(16).toUpperCase()}⟧`,
  );
}
