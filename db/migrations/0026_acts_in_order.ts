// The newest act on the dates of a process, so that whoever waited for it acts later than it.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Null until somebody acts: what was recorded before is older than any moment to come.
    alter table process add last_act_at timestamptz;

    -- As before, except that it notes when.
    create or replace function settle_deadline() returns trigger language plpgsql as $$
    declare settled bigint;
    begin
      if tg_table_name = 'waiver' then
        settled := new.deadline_id;
      else
        update submission set decided_at = new.recorded_at where id = new.submission_id
          returning deadline_id into settled;
        if new.decision <> 'accepted' then return null; end if;
      end if;
      update process set last_act_at = greatest(last_act_at, new.recorded_at) where id = (
        select o.process_id from deadline d join obligation o on o.id = d.obligation_id where d.id = settled
      );
      update deadline_version set settled_at = new.recorded_at
        where deadline_id = settled and superseded_at is null;
      return null;
    end $$;
  `.execute(db);
}
