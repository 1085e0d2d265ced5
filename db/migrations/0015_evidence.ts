// What areas hand in and ask for: files of evidence, drafts, reports in part or of no occasion, and their requests.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A file's content, once, whoever handed it in; the bytes are kept outside, under the same fingerprint.
    create table evidence_file (
      sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
      bytes bigint not null check (bytes > 0),
      media_type text not null,
      stored_at timestamptz not null
    );

    -- full: the obligation was met. partial: something is missing yet. not_applicable: its condition did not come about.
    alter table submission
      add fulfilment text not null default 'full' check (fulfilment in ('full', 'partial', 'not_applicable')),
      -- The report this one was handed in with: one evidence for several obligations.
      add part_of bigint references submission (id) check (part_of <> id),
      add constraint less_than_full_says_why check (fulfilment = 'full' or btrim(note) <> '');
    create index on submission (part_of) where part_of is not null;

    create table submission_file (
      id bigint generated always as identity primary key,
      submission_id bigint not null references submission (id),
      sha256 text not null references evidence_file (sha256),
      name text not null check (btrim(name) <> '' and length(name) <= 200),
      position integer not null check (position between 1 and 10),
      unique (submission_id, sha256),
      unique (submission_id, position)
    );
    create index on submission_file (sha256);

    -- What somebody has typed and attached so far; as typed, so nothing in it is checked.
    create table report_draft (
      id bigint generated always as identity primary key,
      person_id bigint not null references person (id),
      deadline_id bigint not null references deadline (id),
      fields jsonb not null,
      also bigint[] not null default '{}',
      -- A new one with every change: whoever sends a draft sends what they saw, and sends it once.
      form_key uuid not null unique,
      saved_at timestamptz not null,
      unique (person_id, deadline_id)
    );
    create table draft_file (
      draft_id bigint not null references report_draft (id) on delete cascade,
      sha256 text not null references evidence_file (sha256),
      name text not null check (btrim(name) <> '' and length(name) <= 200),
      position integer not null check (position between 1 and 10),
      primary key (draft_id, sha256),
      unique (draft_id, position)
    );
    create index on draft_file (sha256);

    -- Only 'accepted' concludes the deadline; 'condition_not_met' goes with a waiver, which closes it.
    alter table review
      drop constraint review_decision_check,
      drop constraint a_return_says_why,
      add constraint review_decision_check
        check (decision in ('accepted', 'accepted_in_part', 'condition_not_met', 'returned')),
      add constraint a_return_says_why
        check (decision in ('accepted', 'condition_not_met') or btrim(words) <> '');

    -- What an area asks of the Dirección about one deadline: more time, or that it is not theirs.
    create table area_request (
      id bigint generated always as identity primary key,
      kind text not null check (kind in ('extension', 'not_ours')),
      deadline_id bigint not null references deadline (id),
      area_id bigint not null references area (id),
      asked_by bigint not null references person (id),
      asked_at timestamptz not null,
      reason text not null check (btrim(reason) <> '' and length(reason) <= 4000),
      document text not null default '' check (length(document) <= 200),
      due_on date check ((kind = 'extension') = (due_on is not null)),
      decision text check (decision in ('granted', 'denied')),
      decision_words text not null default '' check (length(decision_words) <= 4000),
      new_area_id bigint references area (id),
      decided_by bigint references person (id),
      decided_at timestamptz,
      check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null)),
      constraint a_denial_says_why check (decision is distinct from 'denied' or btrim(decision_words) <> ''),
      constraint who_takes_it_over
        check ((new_area_id is not null) = (kind = 'not_ours' and coalesce(decision = 'granted', false)))
    );
    create unique index one_open_request on area_request (deadline_id, kind) where decision is null;
  `.execute(db);
}
