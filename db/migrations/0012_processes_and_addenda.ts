// A process made from another one before it is published, and addenda: new versions of an instrument.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table process
      add source_process_id bigint references process (id) check (source_process_id <> id),
      add discarded_at timestamptz,
      add constraint what_was_published_stays check (discarded_at is null or published_at is null);
    -- An instrument in preparation is not in force yet.
    alter table instrument_version
      alter in_force_from drop not null,
      -- What an addendum is called, and the change of dates it ordered.
      add title text check (btrim(title) <> ''),
      add change_id bigint references schedule_change (id);

    -- 'signed': the term was read in the signed text itself.
    alter table obligation
      drop constraint obligation_verification_check,
      add constraint obligation_verification_check
        check (verification in ('law', 'calendar', 'signed', 'unverified'));

    -- A rule that names days of another process: kept beside the obligation, it gives no deadline until somebody
    -- says the days of this one. An obligation without any deadline_rule owes nothing.
    create table rule_draft (
      obligation_id bigint primary key references obligation (id) on delete cascade,
      rule jsonb not null,
      sentence text not null,
      -- Why it is set aside; null while it only waits for its days.
      left_out text check (btrim(left_out) <> '' and length(left_out) <= 500),
      left_out_by bigint references person (id),
      left_out_at timestamptz,
      check ((left_out is null) = (left_out_at is null))
    );

    -- What somebody typed or uploaded, compared and shown before it is applied.
    create table addendum_draft (
      id bigint generated always as identity primary key,
      instrument_id bigint not null references instrument (id),
      title text not null check (btrim(title) <> '' and length(title) <= 200),
      signed_on date not null,
      in_force_from date not null,
      source text not null check (btrim(source) <> '' and length(source) <= 200),
      rows jsonb not null,
      recorded_by bigint not null references person (id),
      recorded_at timestamptz not null,
      closed_at timestamptz,
      -- The version it became; null while it waits, and for one that was discarded.
      instrument_version_id bigint references instrument_version (id),
      check (instrument_version_id is null or closed_at is not null)
    );
    create index on addendum_draft (instrument_id) where closed_at is null;
  `.execute(db);
}
