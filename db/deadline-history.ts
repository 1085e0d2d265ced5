// What happened to one deadline: the versions of its date with the acts behind them, its closings and reopenings.
import { sql } from 'kysely';
import type { ManualGround } from '../app/domain/manual-ground.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { WaiverKind } from '../app/domain/waiver.ts';
import type { Db } from './client.ts';
import type { ScheduleChangeKind } from './schema.ts';

interface Dates {
  due_on: IsoDate | null;
  due_time: string | null;
  waiting_for: string | null;
}

/** The act that changed a date, and whether it was taken back since. */
interface Act {
  id: number;
  kind: ScheduleChangeKind;
  summary: string;
  act: string;
  undone: boolean;
}

export type HistoryEntry = { at: string; by: string | null } & (
  | { kind: 'dated'; first: boolean; dates: Dates; act: Act | null }
  | {
      kind: 'dated_by_hand';
      dates: Dates;
      ground: ManualGround;
      reason: string;
      document: string;
      change: number | null;
    }
  | { kind: 'closed'; waiver: WaiverKind; reason: string; document: string }
  | { kind: 'reopened'; reason: string }
);

/** Everything that happened to a deadline by the moment, the newest first. */
export async function deadlineHistory(db: Db, moment: Moment, deadlineId: number): Promise<HistoryEntry[]> {
  const versions = await listVersions(db, moment, deadlineId);
  const waivers = await db
    .selectFrom('waiver as w')
    .innerJoin('person as closer', 'closer.id', 'w.recorded_by')
    .leftJoin('person as opener', 'opener.id', 'w.withdrawn_by')
    .where('w.deadline_id', '=', deadlineId)
    .where('w.recorded_at', '<=', moment.at)
    .select([
      'w.kind',
      'w.reason',
      'w.document',
      'w.recorded_at',
      'closer.name as closed_by',
      'w.withdrawn_at',
      'w.withdrawal_reason',
      'opener.name as reopened_by',
    ])
    .execute();
  const reopenings = new Set(waivers.map(({ withdrawn_at }) => withdrawn_at));
  const entries: HistoryEntry[] = waivers.flatMap((waiver): HistoryEntry[] => {
    const { kind, reason, document, recorded_at: at, closed_by: by } = waiver;
    const { withdrawn_at, withdrawal_reason, reopened_by } = waiver;
    const closed = { kind: 'closed', at, by, waiver: kind, reason, document } as const;
    if (withdrawn_at === null || withdrawal_reason === null || withdrawn_at > moment.at) return [closed];
    return [closed, { kind: 'reopened', at: withdrawn_at, by: reopened_by, reason: withdrawal_reason }];
  });
  versions.forEach((version, index) => {
    const before = versions[index - 1];
    // Reopening repeats the date as a version of its own.
    if (before && reopenings.has(version.known_from) && sameDates(before, version)) return;
    entries.push(versionEntry(version, before === undefined));
  });
  // Of the same instant what was closed and reopened comes before the dates it led to.
  return entries.reverse().sort((a, b) => b.at.localeCompare(a.at));
}

type Version = Awaited<ReturnType<typeof listVersions>>[number];

/** The versions that were ever in force, oldest first. */
async function listVersions(db: Db, moment: Moment, deadlineId: number) {
  return db
    .selectFrom('deadline_version as v')
    .leftJoin('milestone as m', 'm.id', 'v.waiting_for_id')
    .leftJoin('schedule_change as c', 'c.id', 'v.change_id')
    .leftJoin('manual_date as said', (join) =>
      join.onRef('said.deadline_id', '=', 'v.deadline_id').onRef('said.deadline_version', '=', 'v.version'),
    )
    .leftJoin('person', (join) =>
      join.on('person.id', '=', sql<number>`coalesce(said.recorded_by, c.recorded_by)`),
    )
    .where('v.deadline_id', '=', deadlineId)
    .where('v.recorded_at', '<=', moment.at)
    .where(sql<boolean>`(v.superseded_at is null or v.superseded_at > v.known_from)`)
    .select([
      'v.version',
      'v.known_from',
      'v.recorded_at',
      'v.due_on',
      'v.due_time',
      'm.name as waiting_for',
      'c.id as change_id',
      'c.kind',
      'c.summary',
      'c.act',
      sql<boolean>`coalesce(c.undone_at <= ${moment.at}, false)`.as('undone'),
      'said.ground',
      'said.reason',
      'said.document',
      'person.name as by',
    ])
    .orderBy('v.version')
    .execute();
}

function versionEntry(version: Version, first: boolean): HistoryEntry {
  const { recorded_at: at, by, due_on, due_time, waiting_for, change_id: id } = version;
  const { kind, summary, act, undone, ground, reason, document } = version;
  const dates = { due_on, due_time, waiting_for };
  if (ground !== null && reason !== null && document !== null) {
    return { kind: 'dated_by_hand', at, by, dates, ground, reason, document, change: id };
  }
  const behind =
    id === null || kind === null || summary === null || act === null
      ? null
      : { id, kind, summary, act, undone };
  return { kind: 'dated', at, by, first, dates, act: behind };
}

function sameDates(a: Version, b: Version): boolean {
  return a.due_on === b.due_on && a.due_time === b.due_time && a.waiting_for === b.waiting_for;
}
