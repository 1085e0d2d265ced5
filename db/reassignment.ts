// Passing several obligations to another area at once: what would pass, and passing it, all or nothing.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { reassign } from './area-requests.ts';
import { recordAudit } from './audit.ts';
import { fingerprintOf, type ChosenOrder, type ChosenOutcome } from './chosen-order.ts';
import type { Db } from './client.ts';
import { lockProcess } from './deadline-schedule.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

/** An obligation of which deadlines were chosen; all of its deadlines pass with it. */
export interface PassingObligation {
  id: number;
  process_id: number;
  ref: string;
  title: string;
  area_id: number;
  area_name: string;
  institution: string;
  /** Of its deadlines: how many were chosen, how many are still to be done, how many are closed. */
  chosen: number;
  open: number;
  settled: number;
}

export interface Passing {
  obligations: PassingObligation[];
  /** Of what somebody was shown; whoever applies something else is told so. */
  fingerprint: string;
}

/** The obligations of those deadlines, by ref; undefined when one of the ids is no published deadline in force. */
export async function findPassing(db: Db, deadlineIds: readonly number[]): Promise<Passing | undefined> {
  const { rows } = await sql<PassingObligation>`
    select o.id, o.process_id, o.ref, o.title, a.id as area_id, a.name as area_name, a.institution,
      count(*) filter (where d.id = any (${deadlineIds}::bigint[])) as chosen,
      count(*) filter (where v.settled_at is null) as open, count(v.settled_at) as settled
    from obligation o
    join process p on p.id = o.process_id and p.published_at is not null
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area a on a.id = oa.area_id
    join deadline d on d.obligation_id = o.id
    join deadline_version v on v.deadline_id = d.id and v.superseded_at is null
    where o.id in (select obligation_id from deadline where id = any (${deadlineIds}::bigint[]))
    group by o.id, a.id
    order by o.ref, o.id`.execute(db);
  if (rows.reduce((sum, { chosen }) => sum + chosen, 0) !== new Set(deadlineIds).size) return undefined;
  const seen = rows.map(({ id, area_id, open, settled }) => [id, area_id, open, settled]);
  return { obligations: rows, fingerprint: fingerprintOf(seen) };
}

/** Passes the obligations to the area in one transaction, with an entry of the record for each of them. */
export async function passObligations(
  db: Db,
  order: ChosenOrder & { area_id: number },
  asked: Moment,
): Promise<ChosenOutcome> {
  const first = await findPassing(db, order.deadline_ids);
  if (!first) return { kind: 'not_found' };
  const processes = [...new Set(first.obligations.map(({ process_id }) => process_id))].sort((a, b) => a - b);
  return inTransaction(db, async (trx) => {
    let moment = asked;
    for (const id of processes) moment = await lockProcess(trx, id, moment);
    const passing = await findPassing(trx, order.deadline_ids);
    if (passing?.fingerprint !== order.seen) return { kind: 'changed' };
    for (const obligation of passing.obligations) {
      await reassign(
        trx,
        { obligation_id: obligation.id, area_id: obligation.area_id },
        order.area_id,
        moment,
      );
      await recordAudit(trx, {
        at: moment.at,
        actor: `persona ${order.person_id}`,
        verb: 'reasignó la obligación',
        subject: `obligación ${obligation.id}`,
        detail: {
          ref: obligation.ref,
          from_area: obligation.area_id,
          to_area: order.area_id,
          reason: order.reason,
          together: passing.obligations.length,
        },
      });
    }
    await wakeWorker(trx, 'pass');
    return { kind: 'done', obligations: passing.obligations.length };
  });
}
