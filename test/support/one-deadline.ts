// One open deadline alone in a database, and what its ledger says.
import { sql } from 'kysely';
import type { LadderClass } from '../../app/domain/ladder.ts';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { LADDER_CLASS } from '../../db/ladders.ts';

/** Leaves one open deadline of a class, due on that day (at that hour), known for long; returns its id. */
export async function onlyDeadline(
  db: Db,
  name: LadderClass,
  due_on: string,
  due_time: string | null = null,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select v.deadline_id as id from deadline_version v
    join deadline d on d.id = v.deadline_id join obligation o on o.id = d.obligation_id
    where v.settled_at is null and v.superseded_at is null and v.due_on is not null and ${LADDER_CLASS} = ${name}
      and not exists (select from submission s where s.deadline_id = v.deadline_id)
    order by v.due_on desc limit 1`.execute(db);
  const { id } = rows[0]!;
  await sql`update deadline_version set settled_at = known_from where deadline_id <> ${id} and settled_at is null`.execute(
    db,
  );
  const lapses = due_time === null ? `${addDays(due_on, 1)}T00:00` : `${due_on}T${due_time}`;
  await db
    .updateTable('deadline_version')
    .set({ opens_on: null, due_on, due_time, lapses_at: instantOf(lapses) })
    .where('deadline_id', '=', id)
    .execute();
  return id;
}

/** What was told about a deadline so far, to everybody or to one person: rung, state, day of the mail and its kind. */
export async function told(db: Db, id: number, personId?: number): Promise<string[]> {
  let query = db
    .selectFrom('notice')
    .leftJoin('message', 'message.id', 'notice.message_id')
    .where('notice.deadline_id', '=', id)
    .select(['notice.rung', 'notice.state', 'message.run_on', 'message.kind'])
    .orderBy('notice.id');
  if (personId !== undefined) query = query.where('notice.person_id', '=', personId);
  const rows = await query.execute();
  const lines = rows.map(({ rung, state, run_on, kind }) => [rung, state, run_on, kind].join(' ').trim());
  return [...new Set(lines)];
}
