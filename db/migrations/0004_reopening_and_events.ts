// Facts that can be taken back: a waiver withdrawn reopens its deadline, an event withdrawn closes those it opened.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table waiver drop constraint waiver_pkey;
    alter table waiver
      add id bigint generated always as identity primary key,
      drop constraint waiver_kind_check,
      add constraint waiver_kind_check check (kind in ('waived', 'condition_not_met', 'event_withdrawn')),
      add withdrawn_at timestamptz check (withdrawn_at > recorded_at),
      add withdrawn_by bigint references person (id),
      add withdrawal_reason text check (btrim(withdrawal_reason) <> ''),
      add constraint withdrawn_by_somebody_for_a_reason check
        (num_nulls(withdrawn_at, withdrawn_by, withdrawal_reason) in (0, 3)),
      -- What an event opened is opened again by registering the event again.
      add constraint an_event_withdrawn_stays_so check (kind <> 'event_withdrawn' or withdrawn_at is null),
      add constraint one_waiver_at_a_time exclude using gist
        (deadline_id with =, tstzrange(recorded_at, withdrawn_at) with &&);
    create index on waiver (deadline_id);

    -- One transaction may reopen a deadline and move it, both at its instant: then the version in between, which
    -- ends when it begins, was never in force.
    alter table deadline_version
      drop constraint deadline_version_check2,
      add constraint superseded_after_known check (superseded_at >= known_from);

    -- Reopening is the same date known anew: the closed version stays settled for those who ask about its days.
    create function reopen_deadline() returns trigger language plpgsql as $$
    declare v deadline_version; closed integer;
    begin
      update deadline_version set superseded_at = new.withdrawn_at
        where deadline_id = new.deadline_id and superseded_at is null
        returning * into strict v;
      closed := v.version;
      v.version := closed + 1;
      v.known_from := new.withdrawn_at;
      v.recorded_at := new.withdrawn_at;
      v.superseded_at := null;
      v.settled_at := null;
      v.change_id := null;
      insert into deadline_version values (v.*);
      -- What protected the date from being computed anew still does.
      insert into manual_date
        select deadline_id, v.version, ground, reason, document, recorded_by, recorded_at
        from manual_date where deadline_id = v.deadline_id and deadline_version = closed;
      insert into extension (deadline_id, deadline_version, reason, document, granted_by, recorded_at)
        select deadline_id, v.version, reason, document, granted_by, recorded_at
        from extension where deadline_id = v.deadline_id and deadline_version = closed;
      insert into kept_date
        select deadline_id, v.version, change_id
        from kept_date where deadline_id = v.deadline_id and deadline_version = closed;
      return null;
    end $$;
    create trigger withdrawn_waiver_reopens after update of withdrawn_at on waiver
      for each row when (old.withdrawn_at is null and new.withdrawn_at is not null)
      execute function reopen_deadline();

    alter table milestone_occurrence
      add withdrawn_by bigint references person (id),
      add check (withdrawn_at is not null or withdrawn_by is null);
    create unique index one_entry_per_event on milestone_occurrence (milestone_id, on_date, at_time, lower(source))
      nulls not distinct where withdrawn_at is null;
  `.execute(db);
}
