// Who may read an obligation with its rule and its dates, and the address of its page.
import type { Db } from '../../db/client.ts';
import { listObligationAreas } from '../../db/deadlines.ts';
import type { Actor } from '../../db/people.ts';
import { findObligation } from '../../db/rules.ts';
import type { ObligationArea } from './deadline-access.ts';
import { notFound } from './request-input.ts';

export type Obligation = NonNullable<Awaited<ReturnType<typeof findObligation>>>;

/**
 * The obligation of an address (`/obligaciones/AT-C-4?proceso=clave`) with its areas. Readers are those of its
 * deadlines: the roles that see everything, and whoever holds a post in one of its areas or in its counterpart.
 * Throws the same 404 for what is not theirs as for what does not exist.
 */
export async function requireObligation(
  db: Db,
  actor: Actor,
  ref: string | undefined,
  url: string,
): Promise<{ obligation: Obligation; areas: ObligationArea[] }> {
  const process = new URL(url).searchParams.get('proceso');
  const readable = ref !== undefined && ref.length <= 100 && !ref.includes('\0') && !process?.includes('\0');
  const obligation = readable ? await findObligation(db, ref, process) : undefined;
  if (!obligation) throw notFound();
  const areas = await listObligationAreas(db, obligation.id);
  const readers = new Set([obligation.counterpart_area_id, ...areas.map((area) => area.id)]);
  if (actor.roles.length === 0 && !actor.areas.some((area) => readers.has(area.id))) throw notFound();
  return { obligation, areas };
}

/** The page of an obligation; refs repeat from one process to the next, so its process is always said. */
export function obligationPath(
  { ref, process_key }: { ref: string; process_key: string },
  below = '',
): string {
  return `/obligaciones/${encodeURIComponent(ref)}${below}?proceso=${encodeURIComponent(process_key)}`;
}
