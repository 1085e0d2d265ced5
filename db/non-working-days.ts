// The days on which an institution does not work: reading them, and what changing them does to the deadlines.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { workingCalendar, type WorkingCalendar } from '../app/domain/business-days.ts';
import { editWords, type CalendarEdit } from '../app/domain/calendar-form.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { defaultDecision } from '../app/domain/schedule-effect.ts';
import { unconfirmedYear } from '../app/domain/trail.ts';
import { recordAudit } from './audit.ts';
import { queueChangeMails } from './change-mails.ts';
import type { Db } from './client.ts';
import { recordChange } from './schedule-changes.ts';
import {
  lockProcess,
  previewSchedule,
  recomputeDeadlines,
  type ScheduleEffect,
} from './deadline-schedule.ts';
import { inTransaction } from './transaction.ts';

/** The non-working days of an institution between two days, both included, each with its name and source. */
export async function listNonWorkingDays(db: Db, institution: string, from: IsoDate, to: IsoDate) {
  return db
    .selectFrom('non_working_day')
    .where('institution', '=', institution)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .select(['day', 'name', 'source'])
    .orderBy('day')
    .execute();
}

/** Whether the calendar of a year was confirmed and by what; undefined when nothing was said of that year. */
export async function findWorkingYear(db: Db, institution: string, year: number) {
  return db
    .selectFrom('working_year')
    .where('institution', '=', institution)
    .where('year', '=', year)
    .select(['confirmed', 'source'])
    .executeTakeFirst();
}

async function readCalendar(db: Db, institution: string): Promise<WorkingCalendar> {
  const [days, years] = await Promise.all([
    db.selectFrom('non_working_day').where('institution', '=', institution).selectAll().execute(),
    db
      .selectFrom('working_year')
      .where('institution', '=', institution)
      .where('confirmed', '=', true)
      .select('year')
      .execute(),
  ]);
  return workingCalendar(
    days,
    years.map(({ year }) => year),
  );
}

function edited({ days, confirmedYears }: WorkingCalendar, { put, remove, confirm }: CalendarEdit) {
  const after = new Map(days);
  for (const day of remove) after.delete(day);
  for (const day of put) after.set(day.day, day);
  return workingCalendar(after.values(), confirm === null ? confirmedYears : [...confirmedYears, confirm]);
}

export interface CalendarPreview {
  effects: ScheduleEffect[];
  /** Open deadlines that rest on the year and that its confirmation makes surer; `firm` when nothing else is in doubt. */
  settled: {
    deadline_id: number;
    ref: string;
    title: string;
    area_name: string;
    due_on: IsoDate;
    firm: boolean;
  }[];
  /** Names this preview: it differs when anything a person would decide on does. */
  fingerprint: string;
}

/** What the edit would do to the published processes; nothing is written. */
export async function previewCalendar(db: Db, edit: CalendarEdit, moment: Moment): Promise<CalendarPreview> {
  const published = await db
    .selectFrom('process')
    .where('published_at', 'is not', null)
    .select('id')
    .orderBy('id')
    .execute();
  const effects: ScheduleEffect[] = [];
  for (const { id } of published) effects.push(...(await effectsIn(db, id, edit, moment)));
  const moved = effects.flatMap(({ deadline_id }) => (deadline_id === null ? [] : [deadline_id]));
  const settled = await listSettled(db, edit, moved);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([edit, effects, settled.map(({ deadline_id, firm }) => [deadline_id, firm])]))
    .digest('hex');
  return { effects, settled, fingerprint };
}

async function effectsIn(db: Db, processId: number, edit: CalendarEdit, moment: Moment) {
  const calendar = edited(await readCalendar(db, edit.institution), edit);
  return previewSchedule(db, processId, moment, { calendars: new Map([[edit.institution, calendar]]) });
}

async function listSettled(db: Db, { institution, confirm }: CalendarEdit, moved: number[]) {
  if (confirm === null) return [];
  const { rows } = await sql<CalendarPreview['settled'][number]>`
    select d.id as deadline_id, o.ref, o.title, a.name as area_name, v.due_on, cardinality(v.provisional) = 1 as firm
    from deadline_version v
    join deadline d on d.id = v.deadline_id
    join obligation o on o.id = d.obligation_id
    join process p on p.id = o.process_id and p.published_at is not null
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area a on a.id = oa.area_id
    where v.superseded_at is null and v.settled_at is null and v.due_on is not null
      and v.provisional @> array[${unconfirmedYear(confirm)}]
      and (o.obligor = 'INE') = (${institution} = 'INE')
      and d.id <> all (${moved}::bigint[])
    order by v.due_on, o.ref, d.id`.execute(db);
  return rows;
}

export type CalendarOutcome =
  | { kind: 'applied'; change_id: number; moved: number; mails: number }
  /** What the person saw is no longer what would happen: nothing was done. */
  | { kind: 'changed'; preview: CalendarPreview };

/**
 * Applies an edit that somebody previewed: the days, the dates that rest on them in every process, one mail per
 * affected area and the entry in the record, in one transaction. What is protected stays; so does what is in review.
 */
export async function applyCalendarEdit(
  db: Db,
  order: { edit: CalendarEdit; act: string; seen: string; person_id: number },
  asked: Moment,
): Promise<CalendarOutcome> {
  const { edit, act, seen, person_id } = order;
  return inTransaction(db, async (trx) => {
    const processes = await trx.selectFrom('process').select('id').orderBy('id').execute();
    let moment = asked;
    for (const { id } of processes) moment = await lockProcess(trx, id, moment);
    const preview = await previewCalendar(trx, edit, moment);
    if (preview.fingerprint !== seen) return { kind: 'changed', preview };
    const keep = new Map<number, ReadonlySet<number>>();
    for (const { id } of processes) keep.set(id, keptOf(await effectsIn(trx, id, edit, moment)));
    const changeId = await recordChange(
      trx,
      {
        process_id: null,
        kind: 'non_working_days',
        summary: editWords(edit),
        act,
        person_id,
      },
      moment,
    );
    await writeDays(trx, edit, act);
    let moved = 0;
    for (const { id } of processes) {
      const done = await recomputeDeadlines(trx, id, moment, { changeId, keep: keep.get(id)! });
      moved += done.added + done.moved + done.removed;
    }
    const mails = await queueChangeMails(trx, changeId, 'date_change', moment);
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: edit.confirm === null ? 'cambió los días inhábiles' : 'confirmó el año',
      subject: `días inhábiles del ${edit.institution}`,
      detail: { change_id: changeId, act, ...edit, moved, mails },
    });
    return { kind: 'applied', change_id: changeId, moved, mails };
  });
}

/** What stays although its rule would move it: a report on it waits for a decision. */
function keptOf(effects: readonly ScheduleEffect[]): Set<number> {
  return new Set(
    effects.flatMap((effect) =>
      effect.kind !== 'protected' && effect.deadline_id !== null && defaultDecision(effect) === 'keep'
        ? [effect.deadline_id]
        : [],
    ),
  );
}

async function writeDays(
  db: Db,
  { institution, put, remove, confirm }: CalendarEdit,
  act: string,
): Promise<void> {
  if (remove.length > 0) {
    await db
      .deleteFrom('non_working_day')
      .where('institution', '=', institution)
      .where('day', 'in', remove)
      .execute();
  }
  if (put.length > 0) {
    await db
      .insertInto('non_working_day')
      .values(put.map((day) => ({ institution, ...day })))
      .onConflict((conflict) =>
        conflict
          .columns(['institution', 'day'])
          .doUpdateSet({ name: sql`excluded.name`, source: sql`excluded.source` }),
      )
      .execute();
  }
  if (confirm !== null) {
    await db
      .insertInto('working_year')
      .values({ institution, year: confirm, confirmed: true, source: act })
      .onConflict((conflict) =>
        conflict.columns(['institution', 'year']).doUpdateSet({ confirmed: true, source: act }),
      )
      .execute();
  }
}
