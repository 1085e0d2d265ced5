// What a deadline is counted from, and what is counted from it: events, milestones and other obligations.
import { sql } from 'kysely';
import {
  keyOfObligation,
  milestonesOf,
  obligationOfKey,
  parseDeadlineRule,
} from '../app/domain/deadline-rule.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { countsFrom } from './deadline-schedule.ts';
import { listDeadlinesById } from './deadlines.ts';

interface Counted {
  id: number;
  ref: string;
  version: number;
}

/** What the rule of a deadline's version counts from, by key; empty for a date of the rule's own. */
export async function listAnchors(db: Db, moment: Moment, { id, version }: Counted) {
  const row = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline_rule as r', 'r.id', 'v.rule_id')
    .innerJoin('obligation as o', 'o.id', 'r.obligation_id')
    .where('v.deadline_id', '=', id)
    .where('v.version', '=', version)
    .select(['r.rule', 'o.process_id'])
    .executeTakeFirstOrThrow();
  const read = parseDeadlineRule(row.rule);
  if (!read.ok) return { milestones: [], obligations: [] };
  const keys = [
    ...milestonesOf(read.rule).map(({ key }) => key),
    ...(read.rule.type === 'each' ? [read.rule.trigger] : []),
  ];
  const milestones = await db
    .selectFrom('milestone')
    .where('process_id', '=', row.process_id)
    .where(sql<boolean>`key = any (${keys})`)
    .select(['key', 'name', 'repeatable'])
    .orderBy('name')
    .execute();
  const refs = keys.flatMap((key) => obligationOfKey(key) ?? []);
  const deadlines = await db
    .selectFrom('deadline as d')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .where('o.process_id', '=', row.process_id)
    .where(sql<boolean>`o.ref = any (${refs})`)
    .select('d.id')
    .execute();
  return {
    milestones,
    obligations: await listDeadlinesById(
      db,
      moment,
      deadlines.map((deadline) => deadline.id),
    ),
  };
}

/** The deadlines of the obligations whose rule in force counts from this one's. */
export async function listDependants(db: Db, moment: Moment, { id, ref }: Counted) {
  const deadlines = await db
    .selectFrom('deadline_rule')
    .innerJoin('deadline as d', 'd.obligation_id', 'deadline_rule.obligation_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .where(countsFrom(keyOfObligation(ref)))
    .where(
      sql<boolean>`o.process_id = (
        select process_id from obligation join deadline on deadline.obligation_id = obligation.id
        where deadline.id = ${id})`,
    )
    .where(
      sql<boolean>`not exists (
        select from deadline_rule later
        where later.obligation_id = deadline_rule.obligation_id and later.version > deadline_rule.version)`,
    )
    .select('d.id')
    .execute();
  return listDeadlinesById(
    db,
    moment,
    deadlines.map((deadline) => deadline.id),
  );
}
