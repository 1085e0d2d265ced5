// Watching the events without date: who looks after each, when it was expected, and asking once that day has passed.
import { sql } from 'kysely';
import { isAttended } from '../app/domain/attention.ts';
import type { Moment } from '../app/domain/moment.ts';
import { instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import { loadAttention } from './attention.ts';
import { recordAudit } from './audit.ts';
import { responsiblePeople } from './change-mails.ts';
import type { Db } from './client.ts';
import { oweMails } from './messages.ts';
import { findMilestone, listMilestones } from './milestones.ts';
import { inTransaction } from './transaction.ts';

/** Days between two mails about the same event. */
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

/**
 * Queues a mail to the owner of each event of a published process whose expected day has passed without a date: once
 * for that day and then weekly. The Dirección is asked where there is no owner. Before the morning's hour, and when
 * run again, it queues nothing. Returns how many mails it made.
 */
export async function planMilestoneWatch(db: Db, moment: Moment): Promise<number> {
  const attention = await loadAttention(db);
  if (!isAttended(attention, moment.today)) return 0;
  if (Date.parse(moment.at) < Date.parse(instantOf(`${moment.today}T${attention.hour}`))) return 0;
  return inTransaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('convenio pass'))`.execute(trx);
    const { rows } = await sql<{ milestone_id: number; area_id: number; direction_area_id: number }>`
      select m.id as milestone_id, coalesce(m.owner_area_id, p.direction_area_id) as area_id, p.direction_area_id
      from milestone m
      join process p on p.id = m.process_id and p.published_at is not null
      join milestone_version v on v.milestone_id = m.id
        and v.version = (select max(version) from milestone_version n where n.milestone_id = m.id)
      where v.on_date is null and v.expected_on < ${moment.today}::date
        and not exists (
          select from message
          where message.milestone_id = m.id and message.kind = 'milestone_watch'
            and (message.created_at at time zone 'America/Mexico_City')::date
              > greatest(v.expected_on, ${moment.today}::date - ${WATCH_DAYS}::integer)
        )
      order by m.id`.execute(trx);
    if (rows.length === 0) return 0;
    const people = await responsiblePeople(trx, moment);
    const mails = rows.flatMap(({ milestone_id, area_id, direction_area_id }) => {
      const person_id = people(direction_area_id, area_id);
      return person_id === undefined ? [] : [{ kind: 'milestone_watch' as const, milestone_id, person_id }];
    });
    return oweMails(trx, mails, moment);
  });
}

/** What a mail about an event says; undefined when there is no such milestone. */
export async function findWatchedMilestone(db: Db, milestoneId: number) {
  const stored = await db
    .selectFrom('milestone')
    .innerJoin('process', 'process.id', 'milestone.process_id')
    .where('milestone.id', '=', milestoneId)
    .select(['process_id', 'milestone.key', 'process.key as process_key'])
    .executeTakeFirst();
  if (!stored) return undefined;
  const milestone = (await listMilestones(db, stored.process_id)).find(({ id }) => id === milestoneId);
  return milestone && { ...milestone, process_key: stored.process_key };
}
