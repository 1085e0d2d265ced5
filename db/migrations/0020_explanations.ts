// Why something is overdue and until when it is promised; and the Dirección asking an area to say so.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The newest one that was known at a cut is what the report says; none is ever changed.
    create table explanation (
      id bigint generated always as identity primary key,
      deadline_id bigint not null references deadline (id),
      -- The area that explains; when the Dirección writes it down, the one it speaks for.
      area_id bigint not null references area (id),
      cause text not null check (btrim(cause) <> '' and length(cause) <= 1000),
      committed_on date not null,
      recorded_by bigint not null references person (id),
      recorded_at timestamptz not null
    );
    create index on explanation (deadline_id, recorded_at);

    create table explanation_request (
      id bigint generated always as identity primary key,
      deadline_id bigint not null references deadline (id),
      area_id bigint not null references area (id),
      words text not null default '' check (length(words) <= 1000),
      asked_by bigint not null references person (id),
      asked_at timestamptz not null
    );
    create index on explanation_request (deadline_id, asked_at);

    alter table message
      add explanation_request_id bigint references explanation_request (id),
      add constraint message_asks_for_an_explanation
        check ((kind = 'explanation_request') = (explanation_request_id is not null));
    -- One more kind of mail, whatever kinds there are by now.
    do $$
    declare kinds text;
    begin
      select pg_get_constraintdef(oid) into strict kinds from pg_constraint
        where conrelid = 'message'::regclass and conname = 'message_kind_check';
      alter table message drop constraint message_kind_check;
      execute 'alter table message add constraint message_kind_check '
        || replace(kinds, 'ARRAY[', 'ARRAY[''explanation_request''::text, ');
    end $$;
  `.execute(db);
}
