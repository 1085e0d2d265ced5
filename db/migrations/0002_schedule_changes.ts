// What changes the schedule after it was first computed: acts that move dates, dates said by hand, events to watch.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One act that changed dates, applied all or nothing, and undone as a whole by compensating versions.
    create table schedule_change (
      id bigint generated always as identity primary key,
      -- Null when it concerns every process, as a non-working day does.
      process_id bigint references process (id),
      kind text not null check (kind in
        ('milestone', 'trigger', 'non_working_days', 'rule', 'manual_date', 'addendum')),
      summary text not null check (btrim(summary) <> ''),
      -- The document that orders it.
      act text not null check (btrim(act) <> '' and length(act) <= 200),
      recorded_by bigint not null references person (id),
      recorded_at timestamptz not null,
      undone_at timestamptz check (undone_at >= recorded_at),
      undone_by bigint references person (id),
      check ((undone_at is null) = (undone_by is null))
    );
    create index on schedule_change (recorded_at);

    alter table milestone add owner_area_id bigint references area (id);
    alter table milestone_version
      add expected_on date check (expected_on between date '2000-01-01' and date '2100-12-31'),
      add change_id bigint references schedule_change (id),
      add constraint expected_while_undated check (expected_on is null or on_date is null);
    alter table milestone_occurrence add change_id bigint references schedule_change (id);
    -- A version without rule repeals: from then on the obligation has no dates.
    alter table deadline_rule
      add change_id bigint references schedule_change (id),
      alter column rule drop not null;
    -- Who counts from a milestone or an obligation is looked for inside the rules.
    create index on deadline_rule using gin (rule jsonb_path_ops);
    alter table deadline_version
      add change_id bigint references schedule_change (id),
      -- The act after which the rule gives this date no more; no version follows then.
      add ended_by_change_id bigint references schedule_change (id);
    create index on deadline_version (change_id) where change_id is not null;
    create index on deadline_version (ended_by_change_id) where ended_by_change_id is not null;

    -- A version whose date an agreement or a notice of the INE says, not the rule. Its steps still tell what the
    -- rule gives, which is the computed date beside it.
    create table manual_date (
      deadline_id bigint not null,
      deadline_version integer not null,
      ground text not null check (ground in ('agreement', 'ine_notice')),
      reason text not null check (btrim(reason) <> '' and length(reason) <= 4000),
      document text not null check (btrim(document) <> '' and length(document) <= 200),
      recorded_by bigint not null references person (id),
      recorded_at timestamptz not null,
      primary key (deadline_id, deadline_version),
      foreign key (deadline_id, deadline_version) references deadline_version (deadline_id, version)
    );

    -- A version that somebody decided to leave as it is when a change would have moved it; no longer once undone.
    create table kept_date (
      deadline_id bigint not null,
      deadline_version integer not null,
      change_id bigint not null references schedule_change (id),
      primary key (deadline_id, deadline_version, change_id),
      foreign key (deadline_id, deadline_version) references deadline_version (deadline_id, version)
    );

    -- One who settles waits for whoever is moving the dates of the process, and then sees the version in force.
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
      perform from process where id = (
        select o.process_id from deadline d join obligation o on o.id = d.obligation_id where d.id = settled
      ) for no key update;
      update deadline_version set settled_at = new.recorded_at
        where deadline_id = settled and superseded_at is null;
      return null;
    end $$;

    -- One mail per area and change of dates; and to the owner of an event whose expected day has passed.
    alter table message
      drop constraint message_kind_check,
      add constraint message_kind_check check (kind in ('digest', 'escalation', 'login_code', 'receipt', 'returned',
        'date_change', 'rectification', 'milestone_watch')),
      add schedule_change_id bigint references schedule_change (id),
      add area_id bigint references area (id),
      add milestone_id bigint references milestone (id),
      add constraint message_tells_of_a_change check
        ((kind in ('date_change', 'rectification')) = (schedule_change_id is not null and area_id is not null)),
      add constraint message_watches_a_milestone check ((kind = 'milestone_watch') = (milestone_id is not null));
    create unique index one_mail_per_change_and_area on message (schedule_change_id, kind, area_id)
      where schedule_change_id is not null;
  `.execute(db);
}
