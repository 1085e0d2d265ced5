// Who may read a deadline with everything on it, and in the name of which area somebody may report on it.
import type { Moment } from '../domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { findDeadline, listObligationAreas } from '../../db/deadlines.ts';
import type { Actor } from '../../db/people.ts';
import { notFound } from './request-input.ts';

type Deadline = NonNullable<Awaited<ReturnType<typeof findDeadline>>>;
export type ObligationArea = Awaited<ReturnType<typeof listObligationAreas>>[number];

/**
 * The deadline with the areas of its obligation. Readers are the roles that see everything, and whoever holds a
 * post in an area of the obligation or in its counterpart. Throws the same 404 for what is not theirs as for
 * what does not exist.
 */
export async function requireDeadline(
  db: Db,
  moment: Moment,
  actor: Actor,
  id: number,
): Promise<{ deadline: Deadline; areas: ObligationArea[] }> {
  const deadline = await findDeadline(db, moment, id);
  if (!deadline) throw notFound();
  const areas = await listObligationAreas(db, deadline.obligation_id);
  const readers = new Set([deadline.counterpart_area_id, ...areas.map((area) => area.id)]);
  if (actor.roles.length === 0 && !actor.areas.some((area) => readers.has(area.id))) throw notFound();
  return { deadline, areas };
}

/**
 * The area somebody reports for: their own, the responsible one first, or for the Dirección the responsible one;
 * undefined when the report is not theirs to make.
 */
export function reportingArea(actor: Actor, areas: readonly ObligationArea[]): ObligationArea | undefined {
  const answering = areas.filter(({ role }) => role === 'responsible' || role === 'co_responsible');
  const own = answering.find((area) => actor.areas.some(({ id }) => id === area.id));
  return own ?? (actor.roles.includes('direction') ? answering[0] : undefined);
}

/** What somebody does by reporting for an area: the Dirección receives what the INE owes; everybody else hands in. */
export function reportVerb(
  actor: Actor,
  area: ObligationArea,
): 'Registrar la recepción' | 'Reportar cumplimiento' {
  const receives = area.institution === 'INE' && !actor.areas.some(({ id }) => id === area.id);
  return receives ? 'Registrar la recepción' : 'Reportar cumplimiento';
}
