// Owns the form in which a part travels over any mail server: quoted-printable (RFC 2045 §6.7).

/** Columns of a line before the `=` of a soft line break (RFC 2045 §6.7, rule 5). */
const WIDTH = 75;

const [TAB, LF, CR, SPACE, EQUALS] = [0x09, 0x0a, 0x0d, 0x20, 0x3d];
const HEX = Buffer.from('0123456789ABCDEF');

/** The bytes that stand for themselves, wherever in a line. */
const LITERAL = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte > SPACE && byte < 0x7f && byte !== EQUALS),
);

/** Where a text is encoded before its length is known; as long as the longest so far needed. */
let desk = new Uint8Array(0);

/**
 * A text in UTF-8 as quoted-printable: every line break becomes CRLF, and no line is longer than 76 characters. Written
 * byte by byte, because a mail is some thirty thousand of them.
 */
export function quotedPrintable(bytes: Uint8Array): Buffer {
  // Three for each byte, and three more for the break of a line that then holds 25 of them.
  const room = Math.ceil(bytes.length * (3 + 3 / 25)) + 3;
  if (desk.length < room) desk = new Uint8Array(room);
  return Buffer.from(desk.subarray(0, encode(bytes, desk)));
}

/** Writes `bytes` encoded, and returns how many bytes that took. */
function encode(bytes: Uint8Array, encoded: Uint8Array): number {
  const { length } = bytes;
  let size = 0;
  let column = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at]!;
    if (LITERAL[byte] === 1 || ((byte === SPACE || byte === TAB) && !endsLine(bytes, at))) {
      if (column === WIDTH) {
        size = breakLine(encoded, size);
        column = 0;
      }
      encoded[size++] = byte;
      column += 1;
    } else if (byte === LF || byte === CR) {
      if (byte === CR && bytes[at + 1] === LF) at += 1;
      encoded[size++] = CR;
      encoded[size++] = LF;
      column = 0;
    } else {
      if (column + 3 > WIDTH) {
        size = breakLine(encoded, size);
        column = 0;
      }
      encoded[size++] = EQUALS;
      encoded[size++] = HEX[byte >> 4]!;
      encoded[size++] = HEX[byte & 15]!;
      column += 3;
    }
  }
  return size;
}

/** White space at the end of a line is taken away on the way, so it is encoded there. */
function endsLine(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  return next === undefined || next === LF || next === CR;
}

/** Writes a soft line break, which a reader takes away, and returns where the next line begins. */
function breakLine(encoded: Uint8Array, size: number): number {
  encoded[size] = EQUALS;
  encoded[size + 1] = CR;
  encoded[size + 2] = LF;
  return size + 3;
}
