// Owns the form in which a part travels over any mail server: quoted-printable (RFC 2045 §6.7).

/** Columns of a line before the `=` of a soft line break (RFC 2045 §6.7, rule 5). */
const WIDTH = 75;

const [TAB, LF, CR, SPACE, EQUALS] = [0x09, 0x0a, 0x0d, 0x20, 0x3d];
const HEX = Buffer.from('0123456789ABCDEF');

/** The bytes that stand for themselves, wherever in a line. */
const LITERAL = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte > SPACE && byte < 0x7f && byte !== EQUALS),
);

/**
 * `text` in UTF-8 as quoted-printable: every line break becomes CRLF, and no line is longer than 76 characters. Written
 * byte by byte, because a mail is some thirty thousand of them.
 */
export function quotedPrintable(text: string): Buffer {
  const bytes = Buffer.from(text);
  const { length } = bytes;
  // Three for each byte, and three more for the break of a line that then holds 25 of them.
  const encoded = Buffer.allocUnsafe(Math.ceil(length * (3 + 3 / 25)) + 3);
  let size = 0;
  let column = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at]!;
    const literal = LITERAL[byte] === 1 || ((byte === SPACE || byte === TAB) && !endsLine(bytes, at));
    if (!literal && (byte === LF || byte === CR)) {
      if (byte === CR && bytes[at + 1] === LF) at += 1;
      encoded[size++] = CR;
      encoded[size++] = LF;
      column = 0;
      continue;
    }
    if (column + (literal ? 1 : 3) > WIDTH) {
      encoded[size++] = EQUALS;
      encoded[size++] = CR;
      encoded[size++] = LF;
      column = 0;
    }
    if (literal) {
      encoded[size++] = byte;
      column += 1;
    } else {
      encoded[size++] = EQUALS;
      encoded[size++] = HEX[byte >> 4]!;
      encoded[size++] = HEX[byte & 15]!;
      column += 3;
    }
  }
  return encoded.subarray(0, size);
}

/** White space at the end of a line is taken away on the way, so it is encoded there. */
function endsLine(bytes: Buffer, at: number): boolean {
  const next = bytes[at + 1];
  return next === undefined || next === LF || next === CR;
}
