// The deadlines somebody ticked in the calendar, as an address or a form names them.
import { readId } from './request-input.ts';

/** More than any page of the calendar shows. */
const MOST_CHOSEN = 300;

/** The ids, each once. Throws 404 for one that is none and 400 for more than a list holds. */
export function readSelection(values: readonly string[]): number[] {
  if (values.length > MOST_CHOSEN) {
    throw new Response(`Elige a lo más ${MOST_CHOSEN} vencimientos.`, { status: 400 });
  }
  return [...new Set(values.map(readId))];
}
