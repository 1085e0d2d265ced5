// Which installation a database is; and the mails about a reopened deadline and about somebody's second proof.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- What is noted outside of this database must never be taken for another one's.
    alter table installation
      add identity uuid not null default gen_random_uuid(),
      -- The cluster and database mails were last sent from: a copy that was read into another one lies elsewhere.
      add sender_place text;

    alter table message
      add waiver_id bigint references waiver (id),
      add second_factor_id bigint references second_factor (id),
      add constraint message_tells_of_a_reopening check ((kind = 'reopened') = (waiver_id is not null)),
      add constraint message_tells_of_a_second_factor
        check ((kind in ('second_factor_on', 'second_factor_off')) = (second_factor_id is not null));
    -- More kinds of mail, whatever kinds there are by now.
    do $$
    declare kinds text;
    begin
      select pg_get_constraintdef(oid) into strict kinds from pg_constraint
        where conrelid = 'message'::regclass and conname = 'message_kind_check';
      alter table message drop constraint message_kind_check;
      execute 'alter table message add constraint message_kind_check '
        || replace(kinds, 'ARRAY[', 'ARRAY[''reopened''::text, ''second_factor_on''::text, ''second_factor_off''::text, ');
    end $$;
  `.execute(db);
}
