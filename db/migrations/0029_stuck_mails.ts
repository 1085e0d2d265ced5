// Why a mail failed and how often it was in doubt; and the mail that tells, once a day, of those that do not leave.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table message
      add fault text check (fault in ('composition', 'address', 'refusal')),
      add doubts integer not null default 0 check (doubts >= 0),
      add constraint message_with_a_fault_failed check (fault is null or state = 'failed');
    -- One more kind of mail, whatever kinds there are by now; it is of a day, as those of a morning are.
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
          || replace(kinds, 'ARRAY[', 'ARRAY[''stuck_mails''::text, ');
      end loop;
    end $$;
  `.execute(db);
}
