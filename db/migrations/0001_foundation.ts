// The whole vocabulary as tables: processes and people, instruments and clauses, obligations and their
// dated deadlines, what areas hand in, and the ledger of notices. Never edited once landed.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create extension if not exists btree_gist;

    -- One row: what kind of installation this is and how far its clock is from the real one.
    create table installation (
      only_row boolean primary key default true check (only_row),
      kind text not null check (kind in ('demo', 'production')),
      clock_offset interval not null default interval '0',
      -- True once a demo's example office is complete; a start that was interrupted goes on from where it was.
      demo_prepared boolean not null default false,
      -- Set after the mail server refused our credentials; sending is tried again from that instant (real clock).
      sender_paused_until timestamptz,
      sender_paused_reason text,
      constraint production_clock_is_real check (kind = 'demo' or clock_offset = interval '0')
    );
    create function app_now() returns timestamptz language sql volatile as
      $$ select clock_timestamp() + coalesce((select clock_offset from installation), interval '0') $$;

    create table institution (
      key text primary key,
      name text not null
    );

    create table area (
      id bigint generated always as identity primary key,
      key text not null unique,
      institution text not null references institution (key),
      name text not null,
      acronym text not null,
      parent_id bigint references area (id),
      kind text not null,
      email text not null,
      aliases text[] not null default '{}',
      source text not null,
      note text,
      check (parent_id <> id)
    );

    create table person (
      id bigint generated always as identity primary key,
      name text not null check (btrim(name) <> ''),
      email text not null unique check (email = lower(email) and email like '%_@_%'),
      example boolean not null default false,
      disabled_at timestamptz
    );

    create table post (
      id bigint generated always as identity primary key,
      area_id bigint not null references area (id),
      kind text not null check (kind in ('head', 'deputy', 'liaison')),
      title text not null,
      unique (area_id, kind)
    );

    create table appointment (
      id bigint generated always as identity primary key,
      post_id bigint not null references post (id),
      person_id bigint not null references person (id),
      from_on date not null,
      until_on date check (until_on >= from_on),
      constraint one_person_per_post exclude using gist
        (post_id with =, daterange(from_on, until_on, '[]') with &&)
    );
    create index on appointment (person_id);

    create table role_grant (
      id bigint generated always as identity primary key,
      person_id bigint not null references person (id),
      role text not null check (role in ('direction', 'commission', 'administrator')),
      from_on date not null,
      until_on date check (until_on >= from_on),
      constraint one_grant_at_a_time exclude using gist
        (person_id with =, role with =, daterange(from_on, until_on, '[]') with &&)
    );

    create table process (
      id bigint generated always as identity primary key,
      key text not null unique,
      name text not null,
      direction_area_id bigint not null references area (id),
      published_at timestamptz
    );

    create table instrument (
      id bigint generated always as identity primary key,
      process_id bigint not null references process (id),
      key text not null,
      kind text not null check (kind in
        ('general_agreement', 'technical_annex', 'financial_annex', 'addendum', 'annual_programme', 'official_letter')),
      title text not null,
      parent_id bigint references instrument (id),
      unique (process_id, key)
    );

    create table instrument_version (
      id bigint generated always as identity primary key,
      instrument_id bigint not null references instrument (id),
      version integer not null check (version > 0),
      signed_on date,
      in_force_from date not null,
      in_force_until date check (in_force_until >= in_force_from),
      source text not null,
      unique (instrument_id, version)
    );

    create table clause (
      id bigint generated always as identity primary key,
      instrument_version_id bigint not null references instrument_version (id),
      number text not null,
      path text not null,
      heading text not null,
      -- The signed wording, word for word; null until somebody has it. A summary is ours.
      text text,
      summary text,
      period_from date,
      period_to date check (period_to >= period_from),
      responsible_area_id bigint references area (id),
      deliverable text,
      source text not null,
      note text,
      unique (instrument_version_id, number)
    );

    create table milestone (
      id bigint generated always as identity primary key,
      process_id bigint not null references process (id),
      key text not null,
      name text not null,
      repeatable boolean not null,
      unique (process_id, key)
    );

    create table milestone_version (
      milestone_id bigint not null references milestone (id),
      version integer not null check (version > 0),
      on_date date check (on_date between date '2000-01-01' and date '2100-12-31'),
      at_time time check (at_time is null or on_date is not null),
      firm boolean not null check (not firm or on_date is not null),
      approximate text,
      source text not null,
      note text,
      recorded_at timestamptz not null,
      recorded_by bigint references person (id),
      primary key (milestone_id, version)
    );

    -- Repeatable milestones get one dated entry each time they happen.
    create table milestone_occurrence (
      id bigint generated always as identity primary key,
      milestone_id bigint not null references milestone (id),
      on_date date not null check (on_date between date '2000-01-01' and date '2100-12-31'),
      at_time time,
      description text not null,
      source text not null,
      recorded_at timestamptz not null,
      recorded_by bigint references person (id),
      withdrawn_at timestamptz,
      withdrawal_reason text,
      check ((withdrawn_at is null) = (withdrawal_reason is null))
    );
    create index on milestone_occurrence (milestone_id);

    create table non_working_day (
      institution text not null references institution (key),
      day date not null,
      name text not null,
      source text not null,
      primary key (institution, day)
    );
    -- A year is confirmed when the institution's own agreement on non-working days has been loaded.
    create table working_year (
      institution text not null references institution (key),
      year integer not null,
      confirmed boolean not null,
      source text not null,
      primary key (institution, year)
    );

    create table obligation (
      id bigint generated always as identity primary key,
      process_id bigint not null references process (id),
      clause_id bigint not null references clause (id),
      ref text not null,
      subject text not null,
      title text not null,
      description text not null,
      obligor text not null check (obligor in ('INE', 'IEM', 'both')),
      counterpart_area_id bigint not null references area (id),
      evidence_expected text not null,
      priority text not null check (priority in ('high', 'medium', 'low')),
      condition text,
      legal_basis text not null,
      verification text not null check (verification in ('law', 'calendar', 'unverified')),
      note text,
      unique (process_id, ref)
    );
    create index on obligation (clause_id);

    create table obligation_area (
      obligation_id bigint not null references obligation (id),
      area_id bigint not null references area (id),
      role text not null check (role in ('responsible', 'co_responsible', 'informed')),
      primary key (obligation_id, area_id, role)
    );
    create unique index one_responsible_area on obligation_area (obligation_id) where role = 'responsible';
    create index on obligation_area (area_id, role, obligation_id);

    create table deadline_rule (
      id bigint generated always as identity primary key,
      obligation_id bigint not null references obligation (id),
      version integer not null check (version > 0),
      rule jsonb not null,
      sentence text not null,
      recorded_at timestamptz not null,
      recorded_by bigint references person (id),
      unique (obligation_id, version)
    );

    create table deadline (
      id bigint generated always as identity primary key,
      obligation_id bigint not null references obligation (id),
      key text not null,
      milestone_occurrence_id bigint references milestone_occurrence (id),
      unique (obligation_id, key)
    );

    -- A deadline's date has versions. The one in force at an instant is the one with
    -- known_from <= instant < superseded_at. settled_at is the instant of the fact that closed it
    -- (an accepted submission or a waiver), set by the triggers below and by nothing else.
    create table deadline_version (
      deadline_id bigint not null references deadline (id),
      version integer not null check (version > 0),
      opens_on date check (opens_on <= due_on),
      due_on date,
      due_time time check (due_time is null or due_on is not null),
      lapses_at timestamptz,
      waiting_for_id bigint references milestone (id),
      provisional text[] not null default '{}',
      steps jsonb not null,
      rule_id bigint not null references deadline_rule (id),
      known_from timestamptz not null,
      recorded_at timestamptz not null,
      superseded_at timestamptz check (superseded_at > known_from),
      settled_at timestamptz,
      primary key (deadline_id, version),
      constraint dated_or_waiting check ((due_on is null) = (waiting_for_id is not null)),
      constraint dated_deadlines_lapse check ((due_on is null) = (lapses_at is null))
    );
    -- Carries what the counts of a whole calendar read, which is far less than the rows with their derivations.
    create unique index one_current_version on deadline_version (deadline_id)
      include (due_on, due_time, lapses_at) where superseded_at is null;
    create index deadline_version_due on deadline_version (due_on, deadline_id);
    create index deadline_version_open on deadline_version (due_on)
      where superseded_at is null and settled_at is null;

    create sequence receipt_number;

    create table submission (
      id bigint generated always as identity primary key,
      deadline_id bigint not null references deadline (id),
      attempt integer not null check (attempt > 0),
      area_id bigint not null references area (id),
      submitted_by bigint not null references person (id),
      act_on date not null,
      act_time time,
      medium text not null check (medium in ('letter', 'sivople', 'email', 'in_person', 'agreement')),
      document_number text not null check (btrim(document_number) <> '' and length(document_number) <= 120),
      note text not null default '' check (length(note) <= 4000),
      recorded_at timestamptz not null,
      form_key uuid not null unique,
      example boolean not null default false,
      -- The instant of its review, set by the trigger below: nearly all are decided, and the few that are not are
      -- looked for on every page.
      decided_at timestamptz,
      unique (deadline_id, attempt),
      constraint acts_are_not_in_the_future
        check (act_on <= (recorded_at at time zone 'America/Mexico_City')::date)
    );
    create index submission_undecided on submission (deadline_id) where decided_at is null;

    create table receipt (
      submission_id bigint primary key references submission (id),
      folio text not null unique,
      content jsonb not null,
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      issued_at timestamptz not null
    );

    create table review (
      submission_id bigint primary key references submission (id),
      decision text not null check (decision in ('accepted', 'returned')),
      words text not null default '' check (length(words) <= 4000),
      reviewed_by bigint not null references person (id),
      recorded_at timestamptz not null,
      constraint a_return_says_why check (decision = 'accepted' or btrim(words) <> '')
    );

    create table waiver (
      deadline_id bigint primary key references deadline (id),
      kind text not null check (kind in ('waived', 'condition_not_met')),
      reason text not null check (btrim(reason) <> ''),
      document text not null,
      recorded_by bigint not null references person (id),
      recorded_at timestamptz not null
    );

    -- An extension is a fact; the date it grants is the next version of the deadline.
    create table extension (
      id bigint generated always as identity primary key,
      deadline_id bigint not null,
      deadline_version integer not null,
      reason text not null check (btrim(reason) <> ''),
      document text not null,
      granted_by bigint not null references person (id),
      recorded_at timestamptz not null,
      foreign key (deadline_id, deadline_version) references deadline_version (deadline_id, version)
    );

    create function settle_deadline() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'waiver' then
        update deadline_version set settled_at = new.recorded_at
          where deadline_id = new.deadline_id and superseded_at is null;
        return null;
      end if;
      update submission set decided_at = new.recorded_at where id = new.submission_id;
      if new.decision = 'accepted' then
        update deadline_version v set settled_at = new.recorded_at
          from submission s
          where s.id = new.submission_id and v.deadline_id = s.deadline_id and v.superseded_at is null;
      end if;
      return null;
    end $$;
    create trigger review_settles after insert on review for each row execute function settle_deadline();
    create trigger waiver_settles after insert on waiver for each row execute function settle_deadline();

    create table ladder (
      id bigint generated always as identity primary key,
      process_id bigint not null references process (id),
      key text not null,
      name text not null,
      unique (process_id, key)
    );
    create table rung (
      ladder_id bigint not null references ladder (id),
      key text not null,
      offset_days integer not null,
      kind text not null check (kind in ('reminder', 'escalation')),
      audience text[] not null check (audience <@ array
        ['responsible', 'deputy', 'head', 'direction', 'technical_secretary']),
      primary key (ladder_id, key),
      unique (ladder_id, offset_days)
    );

    create table login_challenge (
      id uuid primary key,
      email text not null,
      person_id bigint references person (id),
      -- Set when the code is made, which is when its mail goes out; the code itself is never stored here.
      code_hash text,
      code_salt text,
      ip text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      tries integer not null default 0,
      used_at timestamptz
    );
    create index on login_challenge (email, created_at);
    create index on login_challenge (ip, created_at);

    create table message (
      id bigint generated always as identity primary key,
      kind text not null check (kind in ('digest', 'escalation', 'login_code', 'receipt', 'returned')),
      person_id bigint not null references person (id),
      run_on date,
      -- An escalation mail tells of one rung; a digest of any.
      rung text,
      submission_id bigint references submission (id),
      login_challenge_id uuid references login_challenge (id),
      state text not null default 'queued' check (state in
        ('queued', 'sending', 'retry', 'uncertain', 'accepted', 'failed', 'cancelled')),
      reason text,
      to_address text,
      subject text,
      html text,
      text text,
      message_id text unique,
      created_at timestamptz not null,
      next_attempt_at timestamptz not null,
      attempts integer not null default 0,
      lease_token uuid,
      lease_until timestamptz,
      possible_duplicate boolean not null default false,
      reply text,
      closed_at timestamptz,
      check ((kind in ('digest', 'escalation')) = (run_on is not null)),
      check ((kind = 'escalation') = (rung is not null)),
      check ((kind in ('receipt', 'returned')) = (submission_id is not null)),
      check ((kind = 'login_code') = (login_challenge_id is not null)),
      check ((state = 'sending') = (lease_token is not null)),
      check ((state in ('accepted', 'failed', 'cancelled')) = (closed_at is not null))
    );
    create unique index one_mail_per_person_and_morning on message (person_id, run_on, kind, coalesce(rung, ''))
      where run_on is not null;
    create index message_to_send on message (next_attempt_at)
      where state in ('queued', 'sending', 'retry', 'uncertain');

    create table notice (
      id bigint generated always as identity primary key,
      deadline_id bigint not null,
      deadline_version integer not null,
      rung text not null,
      offset_days integer not null,
      kind text not null check (kind in ('reminder', 'escalation')),
      person_id bigint not null references person (id),
      capacity text not null,
      planned_on date not null,
      state text not null check (state in ('planned', 'superseded', 'accepted', 'failed', 'cancelled')),
      reason text,
      message_id bigint references message (id),
      recorded_at timestamptz not null,
      closed_at timestamptz,
      foreign key (deadline_id, deadline_version) references deadline_version (deadline_id, version),
      constraint told_once unique (deadline_id, deadline_version, rung, person_id),
      check ((state = 'planned') = (closed_at is null)),
      check (state not in ('superseded', 'cancelled') or reason is not null)
    );
    create index on notice (message_id);
    create index notice_without_message on notice (person_id) where state = 'planned' and message_id is null;

    -- The heartbeat: one row per day on which the planner looked, with what it planned that day so far.
    create table pass (
      run_on date primary key,
      first_at timestamptz not null,
      last_at timestamptz not null,
      planned integer not null,
      superseded integer not null,
      messages integer not null,
      uncovered integer not null
    );

    create table session (
      token_hash text primary key,
      person_id bigint not null references person (id),
      created_at timestamptz not null,
      last_seen_at timestamptz not null,
      expires_at timestamptz not null,
      revoked_at timestamptz
    );

    -- Append-only and chained: each entry carries the hash of the one before it.
    create table audit_entry (
      seq bigint primary key,
      at timestamptz not null,
      actor text not null,
      verb text not null,
      subject text not null,
      detail jsonb not null,
      previous_hash text not null,
      hash text not null unique
    );
    create table audit_head (
      only_row boolean primary key default true check (only_row),
      seq bigint not null,
      hash text not null
    );
    insert into audit_head (seq, hash) values (0, repeat('0', 64));

    create function chain_audit_entry() returns trigger language plpgsql as $$
    declare head audit_head;
    begin
      select * into head from audit_head for update;
      new.seq := head.seq + 1;
      new.previous_hash := head.hash;
      new.hash := encode(sha256(convert_to(concat_ws('|', new.seq, new.previous_hash,
        to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        new.actor, new.verb, new.subject, new.detail::text), 'UTF8')), 'hex');
      update audit_head set seq = new.seq, hash = new.hash;
      return new;
    end $$;
    create function refuse_audit_change() returns trigger language plpgsql as
      $$ begin raise exception 'audit_entry is append-only' using errcode = '42501'; end $$;
    create trigger audit_chained before insert on audit_entry for each row execute function chain_audit_entry();
    create trigger audit_append_only before update or delete on audit_entry
      for each row execute function refuse_audit_change();
    create trigger audit_not_truncated before truncate on audit_entry
      for each statement execute function refuse_audit_change();
    alter table audit_entry enable always trigger audit_chained;
    alter table audit_entry enable always trigger audit_append_only;
    alter table audit_entry enable always trigger audit_not_truncated;
  `.execute(db);
}
