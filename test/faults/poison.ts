// A deadline whose stored derivation cannot be read: the mails that tell of it cannot be composed.
import { sql } from 'kysely';
import { now } from '../../db/clock.ts';
import { planNotices } from '../../db/notice-plan.ts';
import type { Ground } from './ground.ts';
import { play, type Row } from './scene.ts';

export async function poison(ground: Ground): Promise<Row[]> {
  const bounds = { fault: 'a mail that cannot be composed', copies: 0, late_s: 120, some_fail: true };
  const row = await play(
    ground,
    { of: 'many', patience: () => Math.random() * 40, bounds },
    async ({ db, start, settled }) => {
      await planNotices(db, await now(db));
      const { rows } = await sql<{ id: number }>`
        with target as (
          select n.deadline_id, n.deadline_version from notice n
          join deadline_version v on v.deadline_id = n.deadline_id and v.version = n.deadline_version
          where n.message_id is not null and v.steps @> '[{"op": "anchor"}]' order by n.id limit 1
        )
        update deadline_version v set steps = (
          select jsonb_agg(case when step ->> 'op' = 'anchor' then step || '{"date": "nunca"}' else step end)
          from jsonb_array_elements(v.steps) as step)
        from target where v.deadline_id = target.deadline_id and v.version = target.deadline_version
        returning v.deadline_id as id`.execute(db);
      const poisoned = await sql<{ mails: number }>`
        select count(distinct message_id) as mails from notice
        where state = 'planned' and deadline_id = ${rows[0]!.id}`.execute(db);
      start();
      start();
      await settled(180);
      const failed = await sql<{ mails: number; said: number }>`
        select count(*) as mails, count(*) filter (where reply like 'no se pudo componer:%') as said
        from message where state = 'failed'`.execute(db);
      const { mails, said } = failed.rows[0]!;
      return {
        done: 'one deadline’s stored derivation made unreadable before its morning, two workers',
        seen: `${mails} of ${poisoned.rows[0]!.mails} mails that tell of it failed, ${said} with their reason; the others left`,
        good: mails > 0 && mails === said && mails === poisoned.rows[0]!.mails,
      };
    },
  );
  return [row];
}
