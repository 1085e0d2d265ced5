// What the page of a deadline tells besides its date: who fixed it, what it counts from, its history, what can be done.
import { z } from 'zod';
import type { Anchor, DateByHand, DeadlineAction } from '../components/deadline-facts.tsx';
import { viewDeadline, type DeadlineView } from '../components/deadline-view.ts';
import { dateWords, viewHistory, type HistoryView } from '../components/history-words.ts';
import { milestonePath } from '../components/milestone-words.ts';
import { instantWords } from '../components/moment-words.ts';
import { triggerPath } from '../components/trigger-words.ts';
import { OPEN_STATUSES } from '../domain/deadline-status.ts';
import { GROUND_WORDS } from '../domain/manual-ground.ts';
import type { Moment } from '../domain/moment.ts';
import { listAnchors, listDependants } from '../../db/anchors.ts';
import type { Db } from '../../db/client.ts';
import { deadlineHistory } from '../../db/deadline-history.ts';
import type { DeadlineRow, findDeadline } from '../../db/deadlines.ts';
import { findManualDate } from '../../db/manual-dates.ts';
import type { Actor } from '../../db/people.ts';
import { findWaiver } from '../../db/waivers.ts';
import { canRemindIne } from './ine-reminder.ts';

type Waiver = Awaited<ReturnType<typeof findWaiver>>;
type Deadline = NonNullable<Awaited<ReturnType<typeof findDeadline>>>;

export interface DeadlineFacts {
  waiver: Waiver;
  /** Whoever reads may also see milestones, events and changes of dates. */
  overview: boolean;
  byHand: DateByHand | null;
  anchors: Anchor[];
  dependants: DeadlineView[];
  history: HistoryView[];
  actions: DeadlineAction[];
}

/** Reads and words it for somebody who may see the deadline; other areas' deadlines are named but not opened. */
export async function deadlineFacts(
  db: Db,
  moment: Moment,
  actor: Actor,
  deadline: Deadline,
): Promise<DeadlineFacts> {
  const [manual, waiver, anchors, dependants, history] = await Promise.all([
    findManualDate(db, moment, deadline.id),
    findWaiver(db, moment, deadline.id),
    listAnchors(db, moment, deadline),
    listDependants(db, moment, deadline),
    deadlineHistory(db, moment, deadline.id),
  ]);
  const overview = actor.roles.length > 0;
  const mine = (row: DeadlineRow) => overview || actor.areas.some(({ id }) => id === row.area_id);
  return {
    waiver,
    overview,
    byHand: manual
      ? {
          sentence: `${GROUND_WORDS[manual.ground].sentence}: ${manual.document}`,
          reason: manual.reason,
          by: `${manual.name}, ${instantWords(manual.recorded_at)}`,
          computed: computedWords(deadline.steps),
        }
      : null,
    anchors: [
      ...anchors.milestones.map(({ key, name, repeatable }) => ({
        name,
        note: null,
        to: overview ? (repeatable ? triggerPath(key, null) : milestonePath(key, null)) : null,
      })),
      ...anchors.obligations.map((row) => ({
        name: `${row.ref} · ${row.title}`,
        note: anchorNote(row),
        to: mine(row) ? `/vencimientos/${row.id}` : null,
      })),
    ],
    dependants: dependants.filter(mine).map((row) => viewDeadline(row, moment.today)),
    history: history.map(viewHistory),
    actions: actor.roles.includes('direction') ? actionsOn(deadline, waiver) : [],
  };
}

/** Which of its dates an obligation serves as an anchor with. */
function anchorNote({ act_on, act_time, decision, due_on, due_time, waiting_for }: DeadlineRow): string {
  if (decision === 'accepted' && act_on !== null) {
    return `su acto aceptado: ${dateWords({ due_on: act_on, due_time: act_time })}`;
  }
  return `su vencimiento, mientras no se acepte su cumplimiento: ${dateWords({ due_on, due_time, waiting_for })}`;
}

const storedSteps = z.array(
  z.object({ op: z.string().optional(), due_on: z.string().optional(), due_time: z.string().optional() }),
);

/** The date a stored derivation ends in, in words; null when it ends in none. */
export function computedWords(steps: unknown): string | null {
  const result = storedSteps.parse(steps).find(({ op }) => op === 'result');
  if (result?.due_on === undefined) return null;
  return dateWords({ due_on: result.due_on, due_time: result.due_time ?? null });
}

function actionsOn(deadline: Deadline, waiver: Waiver): DeadlineAction[] {
  const { id, status } = deadline;
  const page = `/vencimientos/${id}`;
  if (waiver) return waiver.kind === 'event_withdrawn' ? [] : [{ to: `${page}/reabrir`, label: 'Reabrir' }];
  const fix = { to: `${page}/fecha`, label: 'Fijar la fecha' };
  if (status === 'in_review') return [fix];
  if (!OPEN_STATUSES.includes(status)) return [];
  return [
    ...(canRemindIne(deadline)
      ? [{ to: `${page}/recordatorio.docx`, label: 'Recordatorio oficial (DOCX)', file: true as const }]
      : []),
    fix,
    { to: `${page}/cerrar`, label: 'Cerrar sin cumplimiento' },
  ];
}
