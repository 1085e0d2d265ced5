// What the pages about milestones share: which process they are about, and the changes that can still be undone.
import type { ChangeBannerView } from '../components/change-banner.tsx';
import { instantWords } from '../components/moment-words.ts';
import { instantPlusMinutes, type Moment } from '../domain/moment.ts';
import type { Db } from '../../db/client.ts';
import { findMilestone, listMilestoneProcesses, type MilestoneRow } from '../../db/milestones.ts';
import type { Actor } from '../../db/people.ts';
import { listUndoableChanges, UNDO_HOURS } from '../../db/schedule-undo.ts';
import { notFound } from './request-input.ts';

/** The process an address names with `proceso`, or the newest published one. Throws 404 when there is none. */
export async function requireProcess(db: Db, request: Request) {
  const processes = await listMilestoneProcesses(db);
  const key = new URL(request.url).searchParams.get('proceso');
  const process = key === null ? processes[0] : processes.find((known) => known.key === key);
  if (!process) throw notFound();
  // Only a process that is not the usual one is named again in the addresses of the page.
  return { process, processes, named: process === processes[0] ? null : process.key };
}

/** The milestone of an address and its process. Throws 404 when there is none. */
export async function requireMilestone(
  db: Db,
  request: Request,
  key: string | undefined,
): Promise<{ milestone: MilestoneRow; process: { id: number; name: string }; named: string | null }> {
  const { process, named } = await requireProcess(db, request);
  const milestone = await findMilestone(db, process.id, key ?? '');
  if (!milestone) throw notFound();
  return { milestone, process, named };
}

/** For the Dirección: the changes of the last day, each with how long it can be undone. */
export async function undoableChanges(db: Db, actor: Actor, moment: Moment): Promise<ChangeBannerView[]> {
  if (!actor.roles.includes('direction') || !moment.live) return [];
  const changes = await listUndoableChanges(db, moment);
  return changes.map(({ id, summary, recorded_at, name }) => ({
    id,
    summary,
    by: name,
    recorded: instantWords(recorded_at),
    until: instantWords(instantPlusMinutes(recorded_at, UNDO_HOURS * 60)),
  }));
}
