// Putting several obligations on the ladder of another priority at once: what would change, and changing it.
import { sql } from 'kysely';
import {
  ladderClass,
  rungChanges,
  type LadderClass,
  type Priority,
  type RungChanges,
} from '../app/domain/ladder.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { loadAttention } from './attention.ts';
import { recordAudit } from './audit.ts';
import { fingerprintOf, type ChosenOrder, type ChosenOutcome } from './chosen-order.ts';
import type { Db } from './client.ts';
import { unsettledSql } from './deadline-state.ts';
import { ladderFinder, loadLadders } from './ladders.ts';
import type { Obligor } from './schema.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

/** An obligation of which deadlines were chosen; all of its deadlines change their ladder with it. */
export interface ClimbingObligation {
  id: number;
  ref: string;
  title: string;
  area_name: string;
  priority: Priority;
  /** The ladder it climbs now. */
  class: LadderClass;
  /** How many of its deadlines have a date and are still to be done. */
  open: number;
  /** Of all of those: the notices from today on that would no longer go out, and those that would instead. */
  gone: number;
  added: number;
  /** The same of the next one that changes. */
  example: ({ due_on: IsoDate } & RungChanges) | null;
}

export interface Climbing {
  obligations: ClimbingObligation[];
  /** Those that would climb another ladder: neither what the INE owes nor what is counted in hours depends on it. */
  changing: ClimbingObligation[];
  /** Of what somebody was shown; whoever applies something else is told so. */
  fingerprint: string;
}

interface Row {
  id: number;
  process_id: number;
  ref: string;
  title: string;
  area_name: string;
  obligor: Obligor;
  priority: Priority;
  chosen: boolean;
  due_on: IsoDate | null;
  due_time: string | null;
  lapses_at: string | null;
  in_hours: boolean;
  open: boolean;
}

/**
 * The obligations of those deadlines, by ref, with what the ladder of `to` would change from the moment's day on;
 * undefined when one of the ids is no published deadline in force.
 */
export async function findClimbing(
  db: Db,
  deadlineIds: readonly number[],
  to: Priority | undefined,
  moment: Moment,
): Promise<Climbing | undefined> {
  const { rows } = await sql<Row>`
    select o.id, o.process_id, o.ref, o.title, a.name as area_name, o.obligor, o.priority,
      d.id = any (${deadlineIds}::bigint[]) as chosen, v.due_on, v.due_time, v.lapses_at, rule.in_hours,
      ${unsettledSql(moment)} as open
    from obligation o
    join process p on p.id = o.process_id and p.published_at is not null
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area a on a.id = oa.area_id
    join deadline d on d.obligation_id = o.id
    join deadline_version v on v.deadline_id = d.id and v.superseded_at is null
    join deadline_rule rule on rule.id = v.rule_id
    where o.id in (select obligation_id from deadline where id = any (${deadlineIds}::bigint[]))
    order by o.ref, o.id, v.due_on, d.id`.execute(db);
  if (rows.filter(({ chosen }) => chosen).length !== new Set(deadlineIds).size) return undefined;
  const ladderOf = ladderFinder(await loadLadders(db));
  const attention = await loadAttention(db);
  const byObligation = new Map<number, Row[]>();
  for (const row of rows) byObligation.set(row.id, [...(byObligation.get(row.id) ?? []), row]);
  const obligations = [...byObligation.values()].map((deadlines): ClimbingObligation => {
    const { id, ref, title, area_name, priority, process_id } = deadlines[0]!;
    const open = deadlines.filter((row) => row.open && row.due_on !== null);
    const changes = open.map((row) => ({
      due_on: row.due_on!,
      ...rungChanges(
        ladderOf(process_id, ladderClass(row)),
        ladderOf(process_id, ladderClass({ ...row, priority: to ?? priority })),
        { due_on: row.due_on!, lapses_at: row.due_time === null ? null : row.lapses_at },
        moment.today,
        attention,
      ),
    }));
    const sum = (of: 'gone' | 'added') => changes.reduce((total, change) => total + change[of].length, 0);
    return {
      id,
      ref,
      title,
      area_name,
      priority,
      class: ladderClass(open[0] ?? deadlines[0]!),
      open: open.length,
      gone: sum('gone'),
      added: sum('added'),
      example: changes.find(({ gone, added }) => gone.length + added.length > 0) ?? null,
    };
  });
  return {
    obligations,
    changing: obligations.filter(
      (one) => one.class !== 'ine' && one.class !== 'hours' && to !== undefined && one.priority !== to,
    ),
    fingerprint: fingerprintOf([to, obligations]),
  };
}

/**
 * Puts the obligations on the ladder of that priority from the moment's day on, in one transaction and with an entry
 * of the record for each. What went out or was planned before stays; the rungs of earlier days go out by the ladder
 * that was in force on them.
 */
export async function changeLadders(
  db: Db,
  order: ChosenOrder & { to: Priority },
  moment: Moment,
): Promise<ChosenOutcome> {
  return inTransaction(db, async (trx) => {
    await sql`select from obligation
      where id in (select obligation_id from deadline where id = any (${order.deadline_ids}::bigint[]))
      order by id for update`.execute(trx);
    const climbing = await findClimbing(trx, order.deadline_ids, order.to, moment);
    if (!climbing) return { kind: 'not_found' };
    if (climbing.fingerprint !== order.seen) return { kind: 'changed' };
    for (const { id, ref, priority } of climbing.changing) {
      await sql`update obligation set priority = ${order.to}, priority_from = ${moment.today},
        -- Changed twice on one day: what was in force until then is what it was in the morning.
        priority_before = case when priority_from = ${moment.today} then priority_before else priority end
        where id = ${id}`.execute(trx);
      await recordAudit(trx, {
        at: moment.at,
        actor: `persona ${order.person_id}`,
        verb: 'cambió la escalera de la obligación',
        subject: `obligación ${id}`,
        detail: {
          ref,
          from: priority,
          to: order.to,
          from_on: moment.today,
          reason: order.reason,
          together: climbing.changing.length,
        },
      });
    }
    await wakeWorker(trx, 'pass');
    return { kind: 'done', obligations: climbing.changing.length };
  });
}
