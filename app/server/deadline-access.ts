// Who may read a deadline with everything on it, and in the name of which area somebody may report on it.
import type { Moment } from '../domain/moment.ts';
import { addDays } from '../domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import {
  findDeadline,
  findEndedDeadline,
  listDeadlinesOfAreas,
  listObligationAreas,
} from '../../db/deadlines.ts';
import type { Actor } from '../../db/people.ts';
import { notFound } from './request-input.ts';

type Deadline = NonNullable<Awaited<ReturnType<typeof findDeadline>>>;
export type ObligationArea = Awaited<ReturnType<typeof listObligationAreas>>[number];

/**
 * The deadline with the areas of its obligation. Readers are the roles that see everything, and whoever holds a
 * post in an area of the obligation or in its counterpart. Throws the same 404 for what is not theirs as for
 * what does not exist, and 410 for a date that a rule gives no more.
 */
export async function requireDeadline(
  db: Db,
  moment: Moment,
  actor: Actor,
  id: number,
): Promise<{ deadline: Deadline; areas: ObligationArea[] }> {
  const deadline = await findDeadline(db, moment, id);
  const known = deadline ?? (await findEndedDeadline(db, id));
  if (!known) throw notFound();
  const areas = await listObligationAreas(db, known.obligation_id);
  const readers = new Set([known.counterpart_area_id, ...areas.map((area) => area.id)]);
  if (actor.roles.length === 0 && !actor.areas.some((area) => readers.has(area.id))) throw notFound();
  if (!deadline) throw new Response('Esta fecha dejó de existir.', { status: 410 });
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

/**
 * Who may download what was handed in: the areas that answer for the obligation, the Dirección and the Commission.
 * Whom it was delivered to, and whoever only administers the program, see that it exists.
 */
export function mayReadEvidence(
  actor: Actor,
  areas: readonly ObligationArea[],
  submission: { area_id: number },
): boolean {
  if (actor.roles.some((role) => role === 'direction' || role === 'commission')) return true;
  const answering = areas.filter(({ role }) => role !== 'informed').map(({ id }) => id);
  return actor.areas.some(({ id }) => id === submission.area_id || answering.includes(id));
}

/** Who may have the record of what was sent about a deadline: the areas that answer for it and every role. */
export function mayHaveNoticeProof(actor: Actor, areas: readonly ObligationArea[]): boolean {
  return (
    actor.roles.length > 0 ||
    areas.some(({ id, role }) => role !== 'informed' && actor.areas.some((own) => own.id === id))
  );
}

/** The deadline somebody may report on, with the area they report for. Throws 404 when it is not theirs to. */
export async function requireReportable(
  db: Db,
  moment: Moment,
  actor: Actor,
  id: number,
): Promise<{ deadline: Deadline; areas: ObligationArea[]; area: ObligationArea }> {
  const { deadline, areas } = await requireDeadline(db, moment, actor, id);
  const area = reportingArea(actor, areas);
  if (!area) throw notFound();
  return { deadline, areas, area };
}

/** How far ahead other obligations of an area are offered for the same evidence, in natural days. */
const SIBLING_DAYS = 45;

/**
 * Other open deadlines of an area that one evidence might also be for, by date. Those counted in hours are left
 * out: each needs the hour of its own act.
 */
export async function listSiblings(db: Db, moment: Moment, areaId: number, deadlineId: number) {
  const rows = await listDeadlinesOfAreas(db, moment, [areaId], moment.today);
  const until = addDays(moment.today, SIBLING_DAYS);
  return rows.filter(
    ({ id, status, due_on, due_time }) =>
      id !== deadlineId &&
      (status === 'overdue' || status === 'due_soon' || status === 'on_track') &&
      due_time === null &&
      due_on !== null &&
      due_on <= until,
  );
}
