// Which trigger an address names.
import type { Db } from '../../db/client.ts';
import { findTrigger } from '../../db/triggers.ts';
import { notFound } from './request-input.ts';

/**
 * The trigger with that key, and the process as the address named it. Throws 404 when there is none; a key is a word
 * of letters, digits and underscores.
 */
export async function requireTrigger(db: Db, request: Request, key: string | undefined) {
  const named = new URL(request.url).searchParams.get('proceso');
  if (key === undefined || !/^\w{1,120}$/.test(key) || (named !== null && !/^[\w-]{1,120}$/.test(named))) {
    throw notFound();
  }
  const trigger = await findTrigger(db, key, named);
  if (!trigger) throw notFound();
  return { trigger, named };
}
