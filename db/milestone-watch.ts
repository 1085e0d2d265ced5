// Watching the events without date: who looks after each, when it was expected, and asking once that day has passed.
import { sql } from 'kysely';
import { isAttended } from '../app/domain/attention.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import { loadAttention } from './attention.ts';
import { recordAudit } from './audit.ts';
import { responsiblePeople } from './change-mails.ts';
import type { Db } from './client.ts';
import { oweMails } from './messages.ts';
import { findMilestone, listMilestones } from './milestones.ts';
import { inTransaction } from './transaction.ts';

/** Days between two mails to a person about the same events. */
const WATCH_DAYS = 7;

export interface Watch {
  process_id: number;
  key: string;
  /** Version of the milestone the person saw. */
  seen: number;
  owner_area_id: number | null;
  expected_on: IsoDate | null;
  person_id: number;
}

export type WatchOutcome = 'saved' | 'not_found' | 'changed' | 'dated';

/** Says who looks after an event without date and when it is expected; it has a new version only if that day changes. */
export async function saveWatch(db: Db, watch: Watch, moment: Moment): Promise<WatchOutcome> {
  return inTransaction(db, async (trx) => {
    const milestone = await findMilestone(trx, watch.process_id, watch.key);
    if (!milestone) return 'not_found';
    await trx.selectFrom('milestone').where('id', '=', milestone.id).select('id').forNoKeyUpdate().execute();
    const current = await findMilestone(trx, watch.process_id, watch.key);
    if (current?.version !== watch.seen) return 'changed';
    if (current.on_date !== null) return 'dated';
    await trx
      .updateTable('milestone')
      .set({ owner_area_id: watch.owner_area_id })
      .where('id', '=', current.id)
      .execute();
    if (current.expected_on !== watch.expected_on) {
      await sql`
        insert into milestone_version (milestone_id, version, firm, approximate, source, note, expected_on,
          recorded_at, recorded_by)
        select milestone_id, version + 1, false, approximate, source, note, ${watch.expected_on}::date,
          ${moment.at}::timestamptz, ${watch.person_id}::bigint
        from milestone_version where milestone_id = ${current.id} and version = ${current.version}`.execute(
        trx,
      );
    }
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${watch.person_id}`,
      verb: 'dijo quién vigila el evento',
      subject: `hito ${watch.key}`,
      detail: { owner_area_id: watch.owner_area_id, expected_on: watch.expected_on },
    });
    return 'saved';
  });
}

/** An event of a published process whose expected day has passed without a date, and who is asked about it. */
interface Overdue {
  milestone_id: number;
  process_id: number;
  process_key: string;
  expected_on: IsoDate;
  /** Local day on which somebody said what is known of it. */
  said_on: IsoDate;
  person_id: number;
}

/** Those events, the one that was expected first at the top. The Dirección is asked where there is no owner. */
async function listOverdueEvents(db: Db, moment: Moment): Promise<Overdue[]> {
  const { rows } = await sql<Omit<Overdue, 'person_id'> & { area_id: number; direction_area_id: number }>`
    select m.id as milestone_id, p.id as process_id, p.key as process_key, v.expected_on,
      (v.recorded_at at time zone 'America/Mexico_City')::date as said_on,
      coalesce(m.owner_area_id, p.direction_area_id) as area_id, p.direction_area_id
    from milestone m
    join process p on p.id = m.process_id and p.published_at is not null
    join milestone_version v on v.milestone_id = m.id
      and v.version = (select max(version) from milestone_version n where n.milestone_id = m.id)
    where v.on_date is null and v.expected_on < ${moment.today}::date
    order by v.expected_on, m.id`.execute(db);
  if (rows.length === 0) return [];
  const people = await responsiblePeople(db, moment);
  return rows.flatMap(({ area_id, direction_area_id, ...event }) => {
    const person_id = people(direction_area_id, area_id);
    return person_id === undefined ? [] : [{ ...event, person_id }];
  });
}

/**
 * Queues one mail to each person who looks after such events, about all of them: when one has passed that they were not
 * asked about, and then weekly. It takes the place of an earlier one that has not left. Before the morning's hour, and
 * when run again, it queues nothing. Returns how many mails it made.
 */
export async function planMilestoneWatch(db: Db, moment: Moment): Promise<number> {
  const attention = await loadAttention(db);
  if (!isAttended(attention, moment.today)) return 0;
  if (Date.parse(moment.at) < Date.parse(instantOf(`${moment.today}T${attention.hour}`))) return 0;
  return inTransaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('convenio pass'))`.execute(trx);
    const events = await listOverdueEvents(trx, moment);
    if (events.length === 0) return 0;
    const asked = await lastAsked(trx);
    const weekAgo = addDays(moment.today, -WATCH_DAYS);
    const unasked = events.filter(({ person_id, expected_on, said_on }) => {
      const last = asked.get(person_id);
      return last === undefined || [expected_on, said_on, weekAgo].some((day) => last <= day);
    });
    const people = [...new Set(unasked.map(({ person_id }) => person_id))];
    if (people.length === 0) return 0;
    await trx
      .updateTable('message')
      .set({ state: 'cancelled', reason: 'un correo posterior pregunta por lo mismo', closed_at: moment.at })
      .where('kind', '=', 'milestone_watch')
      .where('person_id', 'in', people)
      .where('state', 'in', ['queued', 'retry'])
      .execute();
    const mails = people.map((person_id) => ({
      kind: 'milestone_watch' as const,
      person_id,
      milestone_id: events.find((event) => event.person_id === person_id)!.milestone_id,
    }));
    return oweMails(trx, mails, moment);
  });
}

/** The local day of each person's newest mail of this kind. */
async function lastAsked(db: Db): Promise<Map<number, IsoDate>> {
  const rows = await db
    .selectFrom('message')
    .where('kind', '=', 'milestone_watch')
    .where('state', '<>', 'cancelled')
    .groupBy('person_id')
    .select([
      'person_id',
      sql<IsoDate>`max((created_at at time zone 'America/Mexico_City')::date)::text`.as('day'),
    ])
    .execute();
  return new Map(rows.map(({ person_id, day }) => [person_id, day]));
}

/** The events a person is asked about by now, with what waits for each; the one that was expected first at the top. */
export async function listWatchedEvents(db: Db, personId: number, moment: Moment) {
  const events = (await listOverdueEvents(db, moment)).filter(({ person_id }) => person_id === personId);
  const processes = [...new Set(events.map(({ process_id }) => process_id))];
  const listed = (await Promise.all(processes.map((id) => listMilestones(db, id)))).flat();
  const milestones = new Map(listed.map((milestone) => [milestone.id, milestone]));
  return events.map((event) => ({ ...milestones.get(event.milestone_id)!, ...event }));
}
