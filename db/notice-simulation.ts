// Who would receive what and when: the real planner over a span of days, on copies that are thrown away.
import { sql } from 'kysely';
import { momentOf, type Moment } from '../app/domain/moment.ts';
import { addDays, instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import { loadAttention } from './attention.ts';
import type { Db } from './client.ts';
import { planInTransaction } from './notice-plan.ts';
import { mailedNotices } from './notices.ts';
import { onCopies } from './planned-notices.ts';
import type { MessageKind } from './schema.ts';

export interface SimulatedNotice {
  deadline_id: number;
  obligation: string;
  title: string;
  area: string;
  area_name: string;
  due_on: string;
  due_time: string | null;
  rung: string;
  kind: 'reminder' | 'escalation';
  person_id: number;
  to: string;
  name: string;
  capacity: string;
  /** The local day of the mail, and its instant (ISO, UTC). */
  on: string;
  at: string;
  mail: MessageKind;
}

export interface SimulationScope {
  from: IsoDate;
  to: IsoDate;
  /** Key of the responsible area. */
  area?: string;
  /** Ref of an obligation. */
  obligation?: string;
  /** Id of a process. */
  process?: number;
}

/**
 * Who would receive what and when from `from` to `to`, both included, if nothing else were reported: the real planner,
 * pass after pass with the clock given, each mail counting as sent. What had left before `present` is left out.
 * `suppose` does what is supposed to have happened first; it is thrown away with the rest.
 */
export function simulateNotices(
  db: Db,
  present: Moment,
  scope: SimulationScope,
  suppose: (trx: Db) => Promise<void> = async () => {},
): Promise<SimulatedNotice[]> {
  return onCopies(db, async (trx) => {
    await suppose(trx);
    for (const at of await passInstants(trx, present, scope.to)) {
      await planInTransaction(trx, momentOf(at));
      await countAsSent(trx, at);
    }
    return listSimulated(trx, present, scope);
  });
}

/** The present, each morning up to `to`, and each instant at which something counted in hours is to be told. */
async function passInstants(db: Db, present: Moment, to: IsoDate): Promise<string[]> {
  const { hour } = await loadAttention(db);
  const instants = [present.at];
  for (let day = present.today; day <= to; day = addDays(day, 1)) instants.push(instantOf(`${day}T${hour}`));
  const end = instantOf(`${addDays(to, 1)}T00:00`);
  const { rows } = await sql<{ at: string }>`
    select distinct v.lapses_at + rung.offset_hours * interval '1 hour' as at
    from deadline_version v
    join deadline_rule rule on rule.id = v.rule_id and rule.in_hours
    join rung on rung.unit = 'hours'
    where v.superseded_at is null and v.settled_at is null and v.due_time is not null
      and v.lapses_at + rung.offset_hours * interval '1 hour' between ${present.at} and ${end}`.execute(db);
  return [...new Set([...instants, ...rows.map(({ at }) => at)].map((at) => new Date(at).toISOString()))]
    .filter((at) => at >= new Date(present.at).toISOString() && at < new Date(end).toISOString())
    .sort();
}

async function countAsSent(db: Db, at: string): Promise<void> {
  await sql`
    with sent as (
      update message set state = 'accepted', closed_at = ${at}, lease_token = null
      where run_on is not null and state not in ('accepted', 'failed', 'cancelled')
      returning id
    )
    update notice set state = 'accepted', closed_at = ${at} from sent
    where notice.message_id = sent.id and notice.state = 'planned'`.execute(db);
}

async function listSimulated(
  db: Db,
  present: Moment,
  { from, to, area, obligation, process }: SimulationScope,
): Promise<SimulatedNotice[]> {
  let query = mailedNotices(db)
    .innerJoin('obligation_area as oa', (join) =>
      join.onRef('oa.obligation_id', '=', 'obligation.id').on('oa.role', '=', 'responsible'),
    )
    .innerJoin('area', 'area.id', 'oa.area_id')
    .where('notice.state', '=', 'accepted')
    .where('message.closed_at', '>=', present.at)
    .where('message.run_on', '>=', from)
    .where('message.run_on', '<=', to)
    .select([
      'notice.deadline_id',
      'obligation.ref as obligation',
      'obligation.title',
      'area.key as area',
      'area.name as area_name',
      sql<string>`v.due_on`.as('due_on'),
      'v.due_time',
      'notice.rung',
      'notice.kind',
      'notice.person_id',
      'person.email as to',
      'person.name',
      'notice.capacity',
      sql<string>`message.run_on`.as('on'),
      'message.created_at as at',
      'message.kind as mail',
    ]);
  if (area !== undefined) query = query.where('area.key', '=', area);
  if (obligation !== undefined) query = query.where('obligation.ref', '=', obligation);
  if (process !== undefined) query = query.where('obligation.process_id', '=', process);
  return query
    .orderBy('message.created_at')
    .orderBy('v.due_on')
    .orderBy('obligation.ref')
    .orderBy('person.email')
    .execute();
}
