// Moving a milestone: what it would do, and doing it all or nothing with the act that orders it.
import { createHash } from 'node:crypto';
import type { Moment } from '../app/domain/moment.ts';
import { formatShortDate, type IsoDate } from '../app/domain/plain-date.ts';
import { defaultDecision, isDecidable, type Decision } from '../app/domain/schedule-effect.ts';
import { recordAudit } from './audit.ts';
import { queueChangeMails } from './change-mails.ts';
import type { Db } from './client.ts';
import { recordChange } from './schedule-changes.ts';
import {
  lockProcess,
  previewSchedule,
  recomputeDeadlines,
  type Decisions,
  type ScheduleChange,
  type ScheduleEffect,
} from './deadline-schedule.ts';
import { findMilestone, type MilestoneRow } from './milestones.ts';
import { inTransaction } from './transaction.ts';

export interface MilestoneMove {
  process_id: number;
  key: string;
  /** Null takes the date away. */
  on_date: IsoDate | null;
  at_time: string | null;
  firm: boolean;
  /** The document that orders it. */
  act: string;
  note: string | null;
}

export interface MovePreview {
  milestone: MilestoneRow;
  effects: ScheduleEffect[];
  /** Names this preview: it differs when anything a person would decide on does. */
  fingerprint: string;
}

/** What the move would do; undefined when there is no such milestone. Throws RuleError when a rule could not follow. */
export async function previewMove(
  db: Db,
  move: MilestoneMove,
  moment: Moment,
): Promise<MovePreview | undefined> {
  const milestone = await findMilestone(db, move.process_id, move.key);
  if (!milestone) return undefined;
  const { on_date: date, at_time: time, firm, act: source } = move;
  const draft = { date, ...(time ? { time } : {}), firm, source };
  const effects = await previewSchedule(db, move.process_id, moment, {
    milestones: new Map([[move.key, draft]]),
  });
  const seen = effects.map(({ deadline_id, obligation_id, key, kind, reason, current, proposed }) => [
    deadline_id,
    obligation_id,
    key,
    kind,
    reason,
    current,
    proposed,
  ]);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([milestone.version, seen]))
    .digest('hex');
  return { milestone, effects, fingerprint };
}

/** The areas whose people will be written to if everything is decided as proposed. */
export function affectedAreas(
  effects: readonly ScheduleEffect[],
): { id: number; name: string; count: number }[] {
  const areas = new Map<number, { id: number; name: string; count: number }>();
  for (const effect of effects) {
    if (defaultDecision(effect) === 'keep') continue;
    const { area_id: id, area_name: name } = effect;
    areas.set(id, { id, name, count: (areas.get(id)?.count ?? 0) + 1 });
  }
  return [...areas.values()].sort((a, b) => a.name.localeCompare(b.name));
}

export interface MoveOrder {
  move: MilestoneMove;
  /** Fingerprint of the preview the person decided on. */
  seen: string;
  /** By deadline; what is not named is decided as proposed. */
  decisions: ReadonlyMap<number, Decision>;
  person_id: number;
}

export type MoveOutcome =
  | { kind: 'applied'; change_id: number; schedule: ScheduleChange; mails: number }
  /** Somebody or something changed what the person saw: nothing was done. */
  | { kind: 'changed'; preview: MovePreview }
  | { kind: 'not_found' };

/**
 * Moves the milestone as decided: its new version, the versions of its deadlines, the cancelled notices, one mail
 * per area and the entry in the record, in one transaction. Of two who move at once one wins and the other is told.
 */
export async function applyMove(
  db: Db,
  { move, seen, decisions, person_id }: MoveOrder,
  asked: Moment,
): Promise<MoveOutcome> {
  return inTransaction(db, async (trx) => {
    const moment = await lockProcess(trx, move.process_id, asked);
    const preview = await previewMove(trx, move, moment);
    if (!preview) return { kind: 'not_found' };
    if (preview.fingerprint !== seen) return { kind: 'changed', preview };
    const { milestone, effects } = preview;
    const changeId = await recordChange(
      trx,
      {
        process_id: move.process_id,
        kind: 'milestone',
        summary: summaryOf(milestone, move),
        act: move.act,
        person_id,
      },
      moment,
    );
    await trx
      .insertInto('milestone_version')
      .values({
        milestone_id: milestone.id,
        version: milestone.version + 1,
        on_date: move.on_date,
        at_time: move.at_time,
        firm: move.firm,
        approximate: null,
        source: move.act,
        note: move.note,
        expected_on: null,
        recorded_at: moment.at,
        recorded_by: person_id,
        change_id: changeId,
      })
      .execute();
    const decided = decide(effects, decisions);
    const schedule = await recomputeDeadlines(trx, move.process_id, moment, {
      changeId,
      ...decided,
    });
    const mails = await queueChangeMails(trx, changeId, 'date_change', moment);
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: move.on_date === null ? 'quitó la fecha del hito' : 'movió el hito',
      subject: `hito ${move.key}`,
      detail: {
        change_id: changeId,
        from: milestone.on_date,
        to: move.on_date,
        firm: move.firm,
        act: move.act,
        ...schedule,
        kept: decided.keep.size,
        mails,
      },
    });
    return { kind: 'applied', change_id: changeId, schedule, mails };
  });
}

function decide(
  effects: readonly ScheduleEffect[],
  decisions: ReadonlyMap<number, Decision>,
): Required<Decisions> {
  const keep = new Set<number>();
  const move = new Set<number>();
  for (const effect of effects) {
    const { deadline_id, kind } = effect;
    if (deadline_id === null || !isDecidable(effect)) continue;
    const decision = decisions.get(deadline_id) ?? defaultDecision(effect);
    if (kind === 'protected' && decision === 'move') move.add(deadline_id);
    // What is protected already stays by itself.
    if (kind !== 'protected' && decision === 'keep') keep.add(deadline_id);
  }
  return { keep, move };
}

function summaryOf({ name, on_date }: MilestoneRow, move: MilestoneMove): string {
  const words = (date: IsoDate | null) => (date === null ? 'sin fecha' : formatShortDate(date));
  if (on_date === move.on_date) return `${name}: ${words(on_date)}, ${move.firm ? 'firme' : 'provisional'}`;
  return `${name}: ${words(on_date)} → ${words(move.on_date)}`;
}
