// QR codes, drawn on the server: nothing is asked of another one, and no script is sent to draw them.
import { encode } from 'uqr';

/** A QR code as the path of its dark squares, in a square of `size` with the white border that cameras need. */
export interface QrDrawing {
  size: number;
  path: string;
}

/** Draws a text, with the error correction that survives a scratched screen. */
export function drawQr(text: string): QrDrawing {
  const { size, data } = encode(text, { ecc: 'M', border: 4 });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: squares.join('') };
}
