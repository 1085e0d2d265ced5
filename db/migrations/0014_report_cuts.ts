// The Commission's closed cuts: numbered copies of its report, frozen, and which reasons may not be published.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table report_cut (
      id bigint generated always as identity primary key,
      year integer not null,
      number integer not null check (number > 0),
      folio text not null unique check (folio = 'INF-' || year || '-' || lpad(number::text, 2, '0')),
      -- Null while only one process was published.
      process_key text references process (key),
      cut_at timestamptz not null,
      -- Its two first numbers, for a list of cuts.
      due integer not null,
      overdue integer not null check (overdue between 0 and due),
      -- The canonical text of the report, to the byte: text, because jsonb would write it anew.
      content text not null,
      sha256 text not null unique check (sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
      -- Head of the audit record when the cut was closed; its own entry comes after.
      audit_seq bigint not null,
      audit_hash text not null check (audit_hash ~ '^[0-9a-f]{64}$'),
      closed_by bigint not null references person (id),
      closed_at timestamptz not null,
      unique (year, number),
      constraint a_cut_is_not_in_the_future check (cut_at <= closed_at)
    );
    create index on report_cut (cut_at);
    create index on report_cut (closed_at);
    create function refuse_report_cut_change() returns trigger language plpgsql as
      $$ begin raise exception 'report_cut is append-only' using errcode = '42501'; end $$;
    create trigger report_cut_append_only before update or delete on report_cut
      for each row execute function refuse_report_cut_change();
    create trigger report_cut_not_truncated before truncate on report_cut
      for each statement execute function refuse_report_cut_change();
    alter table report_cut enable always trigger report_cut_append_only;
    alter table report_cut enable always trigger report_cut_not_truncated;

    -- A version of a date keeps its number when its grounds become firm; a report at an earlier cut still says
    -- that they were not. \`until\` is the instant at which these reasons were replaced.
    create table provisional_history (
      deadline_id bigint not null,
      version integer not null,
      provisional text[] not null,
      until timestamptz not null,
      foreign key (deadline_id, version) references deadline_version (deadline_id, version)
    );
    create index on provisional_history (deadline_id, version, until);
    create function keep_provisional() returns trigger language plpgsql as $$
    begin
      insert into provisional_history values (old.deadline_id, old.version, old.provisional, app_now());
      return null;
    end $$;
    create trigger provisional_kept after update of provisional on deadline_version for each row
      when (old.provisional is distinct from new.provisional) execute function keep_provisional();

    -- Reasons that the public version of a report leaves out.
    alter table waiver add reserved boolean not null default false;
    alter table extension add reserved boolean not null default false;
  `.execute(db);
}
