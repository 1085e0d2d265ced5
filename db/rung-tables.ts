// The mornings of every rung as tables the planner joins: the rules say the days, the database the deadlines.
import { sql, type RawBuilder } from 'kysely';
import { nextAttendedDay, type Attention } from '../app/domain/attention.ts';
import { hoursOf, ladderDays, periods, type Rung } from '../app/domain/ladder.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { inForceSql, unsettledSql } from './deadline-state.ts';
import type { SharedLadder } from './ladders.ts';

/** The last due date that can have a rung by today: what falls on days without attention goes out before them. */
function lastDueDate(ladders: readonly SharedLadder[], attention: Attention, today: IsoDate): IsoDate {
  const rungs = ladders.flatMap(({ versions }) => versions.flatMap((version) => version.rungs));
  const lead = Math.max(0, ...rungs.map((rung) => Math.ceil(-hoursOf(rung) / 24)));
  return addDays(nextAttendedDay(attention, today), lead);
}

async function openDueDates(db: Db, moment: Moment, until: IsoDate): Promise<IsoDate[]> {
  const { rows } = await sql<{ due_on: string }>`
    select distinct v.due_on from deadline_version v
    where ${inForceSql(moment)} and ${unsettledSql(moment)} and v.due_on <= ${until}`.execute(db);
  return rows.map(({ due_on }) => due_on);
}

export interface RungTables {
  /** No open deadline due later has a rung by now. */
  until: IsoDate;
  /** Common table expressions: `climber`; `step` and `step_day`. */
  tables: { climber: RawBuilder<unknown>; step: RawBuilder<unknown> };
}

/**
 * Works out the rungs of every due date that is open. `step_day` holds those in days that go out by today, each in
 * the period of its ladder's version; the instants of those in hours depend on each deadline and are left to SQL.
 */
export async function rungTables(
  db: Db,
  moment: Moment,
  ladders: readonly SharedLadder[],
  attention: Attention,
): Promise<RungTables> {
  const until = lastDueDate(ladders, attention, moment.today);
  const dueDates = await openDueDates(db, moment, until);
  const climbers = ladders.flatMap((shared, ladder) =>
    shared.climbers.map((climber) => ({ ...climber, ladder })),
  );
  const steps = ladders.flatMap(({ versions }, ladder) =>
    periods(versions).flatMap(({ version, from, until: to }) =>
      version.rungs.map((rung) => ({ rung, ladder, from_on: from, until_on: to })),
    ),
  );
  const numberOf = new Map<Rung, number>(steps.map(({ rung }, number) => [rung, number]));
  const days = ladders.flatMap(({ versions }) =>
    dueDates.flatMap((due_on) =>
      ladderDays(versions, due_on, attention)
        .filter(({ on }) => on <= moment.today)
        .map(({ rung, falls_on, on }) => ({ step: numberOf.get(rung)!, due_on, falls_on, on })),
    ),
  );
  const stepRows = steps.map(({ rung, ...row }, step) => ({
    ...row,
    step,
    key: rung.key,
    kind: rung.kind,
    audience: rung.audience,
    offset_hours: hoursOf(rung),
    in_hours: rung.unit === 'hours',
  }));
  const climber = sql`
    climber as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(climbers)}::jsonb)
        as c (process_id bigint, class text, ladder integer)
    )`;
  const step = sql`
    step as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(stepRows)}::jsonb) as s (step integer, ladder integer,
        from_on date, until_on date, key text, kind text, audience text[], offset_hours integer, in_hours boolean)
    ),
    step_day as materialized (
      select * from unnest(${days.map(({ step }) => step)}::integer[], ${days.map(({ due_on }) => due_on)}::date[],
        ${days.map(({ falls_on }) => falls_on)}::date[], ${days.map(({ on }) => on)}::date[])
        as d (step, due_on, falls_on, goes_on)
    )`;
  return { until, tables: { climber, step } };
}
