// The process an address names, for the screens that prepare and publish one.
import type { AppLoadContext } from '@remix-run/node';
import type { Actor } from '../../db/people.ts';
import { findProcess, type Author, type ProcessRow } from '../../db/processes.ts';
import { requireActor, type RouteName } from './access.ts';
import { notFound } from './request-input.ts';

interface Asked {
  request: Request;
  context: AppLoadContext;
  params: { key?: string };
}

/** Lets a person into a page of one process. Throws 404 when there is none with that key. */
export async function requireProcess(asked: Asked, route: RouteName) {
  const { actor, moment } = await requireActor(asked, route);
  const process = await findProcess(asked.context.db, asked.params.key ?? '');
  if (!process) throw notFound();
  return { actor, moment, process, author: authorOf(actor) };
}

/** The same for what may only be done before publication. Throws 409 when it is published already. */
export async function requireUnpublished(asked: Asked, route: RouteName) {
  const found = await requireProcess(asked, route);
  if (found.process.published_at !== null) throw published();
  return found;
}

export const published = () => new Response('Este proceso ya está publicado.', { status: 409 });

/** A person as the audit trail names them. */
export function authorOf({ id }: Actor): Author {
  return { actor: `persona ${id}`, person_id: id };
}

export type { ProcessRow };
