// Deadlines as events of a calendar: what a subscription and an invitation tell of them, under one numbering.
import { sql } from 'kysely';
import type { FeedItem } from '../app/domain/calendar-feed.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { deadlinesAt, lapsedSql, IN_REVIEW } from './deadline-state.ts';
import type { AreaRole } from './schema.ts';

/** How an area stands to what its people find in their calendars. */
export const ANSWERING: AreaRole[] = ['responsible', 'co_responsible'];

/** The deadlines that have, or had, a date at the moment; over the aliases of `deadlinesAt` and `dated`, their last day. */
export function selectCalendarItems(db: Db, moment: Moment) {
  return (
    deadlinesAt(db, moment)
      .innerJoin('clause as c', 'c.id', 'o.clause_id')
      .innerJoin('instrument_version as iv', 'iv.id', 'c.instrument_version_id')
      .innerJoin('instrument as i', 'i.id', 'iv.instrument_id')
      .innerJoin('obligation_area as oa', (join) =>
        join.onRef('oa.obligation_id', '=', 'o.id').on('oa.role', '=', 'responsible'),
      )
      .innerJoin('area as a', 'a.id', 'oa.area_id')
      // What lost its date stays on the day it last had, called off.
      .innerJoinLateral(
        (eb) =>
          eb
            .selectFrom('deadline_version as last')
            .whereRef('last.deadline_id', '=', 'v.deadline_id')
            .whereRef('last.version', '<=', 'v.version')
            .where('last.due_on', 'is not', null)
            .select(['last.due_on', 'last.due_time'])
            .orderBy('last.version', 'desc')
            .limit(1)
            .as('dated'),
        (join) => join.onTrue(),
      )
      .select([
        'v.deadline_id as id',
        'o.id as obligation_id',
        'o.ref',
        // Waivers taken back count too: what is reopened must come after what was called off.
        sql<number>`v.version - 1 + (
          select count(*) from waiver
          where waiver.deadline_id = v.deadline_id and waiver.recorded_at <= ${moment.at}
        )`.as('sequence'),
        'dated.due_on',
        'dated.due_time',
        'o.title',
        'i.title as instrument_title',
        'c.number',
        'a.acronym as area',
        sql<FeedItem['state']>`case
          when w.deadline_id is not null or v.due_on is null then 'cancelled'
          when r.decision = 'accepted' then 'concluded'
          when ${IN_REVIEW} then 'in_review'
          when ${lapsedSql(moment)} then 'overdue'
          else 'open' end`.as('state'),
        sql<boolean>`v.provisional <> '{}'`.as('provisional'),
        sql<string | null>`coalesce(w.reason,
          case when v.due_on is null then 'espera un evento que aún no tiene fecha' end)`.as('reason'),
        sql<string>`greatest(v.recorded_at, s.recorded_at, r.recorded_at, w.recorded_at,
          case when v.lapses_at <= ${moment.at} then v.lapses_at end)`.as('changed_at'),
      ])
  );
}

/** A deadline as `selectCalendarItems` reads it. */
export type CalendarRow = Awaited<
  ReturnType<ReturnType<typeof selectCalendarItems>['executeTakeFirstOrThrow']>
>;

/** A row of `selectCalendarItems` as a calendar takes it. */
export function calendarItem(row: CalendarRow): FeedItem {
  const { id, sequence, title, area, due_on, due_time, state, provisional, reason, changed_at } = row;
  const citation = `${row.instrument_title}, numeral ${row.number}`;
  return {
    id,
    sequence,
    title,
    citation,
    area,
    due_on: due_on!,
    due_time,
    state,
    provisional,
    reason,
    changed_at,
  };
}
