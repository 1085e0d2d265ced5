// How long before its date a deadline is worked on: from the first notice of the ladder it climbs.
import { sql, type RawBuilder } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { LADDER_CLASS } from './ladders.ts';

/**
 * Natural days between the first notice of a deadline and its date, over the aliases `v` and `o`; 0 when its ladder
 * tells nobody beforehand. The ladders are those in force on the day of the moment, read once per query.
 */
export function leadDays(moment: Moment): RawBuilder<number> {
  return sql`coalesce(((
    select jsonb_object_agg(process_id || ' ' || key, days) from (
      select l.process_id, l.key, ceil(-min(rung.offset_hours) / 24.0)::int as days
      from ladder l join rung on rung.ladder_id = l.id
      where rung.offset_hours < 0 and l.version = (
        select max(version) from ladder n
        where n.process_id = l.process_id and n.key = l.key and n.from_on <= ${moment.today})
      group by l.process_id, l.key
    ) as lead
  ) ->> (o.process_id || ' ' || (${LADDER_CLASS})))::int, 0)`;
}
