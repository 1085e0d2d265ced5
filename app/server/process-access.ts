// The process an address names, for the screens that prepare and publish one.
import type { Db } from '../../db/client.ts';
import type { Actor } from '../../db/people.ts';
import { findProcess, type Author, type ProcessRow } from '../../db/processes.ts';
import { notFound } from './request-input.ts';

/** The process with that key. Throws 404 when there is none. */
export async function requireProcess(db: Db, key = ''): Promise<ProcessRow> {
  const process = await findProcess(db, key);
  if (!process) throw notFound();
  return process;
}

/** The same for what may only be done before publication. Throws 409 when it is published already. */
export async function requireUnpublished(db: Db, key?: string): Promise<ProcessRow> {
  const process = await requireProcess(db, key);
  if (process.published_at !== null) throw published();
  return process;
}

export const published = () => new Response('Este proceso ya está publicado.', { status: 409 });

/** A person as the audit trail names them. */
export function authorOf({ id }: Actor): Author {
  return { actor: `persona ${id}`, person_id: id };
}
