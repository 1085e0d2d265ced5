// What a post hands over: whom the first mail in a post is owed, and which mail told it.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Since when the person is owed word of what they receive; null for whoever was there before this was told.
    alter table appointment add handover_since timestamptz;

    -- The appointments whose handover the mail tells: a person may receive two posts on one day.
    alter table message add hands_over bigint[];
    do $$
    declare
      name text;
      kinds text;
    begin
      foreach name in array array['message_kind_check', 'message_belongs_to_a_morning'] loop
        select pg_get_constraintdef(oid) into strict kinds from pg_constraint
          where conrelid = 'message'::regclass and conname = name;
        execute format('alter table message drop constraint %I', name);
        execute format('alter table message add constraint %I ', name)
          || replace(kinds, 'ARRAY[', 'ARRAY[''handover''::text, ');
      end loop;
    end $$;
    alter table message add constraint message_hands_over
      check (kind in ('handover', 'digest') or hands_over is null),
      add constraint message_of_a_handover check (kind <> 'handover' or hands_over is not null);
    create index message_that_hands_over on message (person_id) where hands_over is not null;
  `.execute(db);
}
