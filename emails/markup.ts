// Owns the markup of elements: strings of one piece, that many mails copy.
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

/**
 * The elements as HTML. React hands over a rope of some hundred short strings, which whoever joins or measures it walks
 * once more each time; bytes and back, it is one.
 */
export function markup(elements: ReactNode): string {
  return Buffer.from(renderToStaticMarkup(elements)).toString();
}
