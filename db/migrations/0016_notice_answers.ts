// What people answer to a notice, and the notices that were not sent because of it.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table notice_answer (
      id bigint generated always as identity primary key,
      deadline_id bigint not null,
      deadline_version integer not null,
      person_id bigint not null references person (id),
      -- The day on which the person wants to be told again; null for 'I know and attend to it'.
      until_on date,
      -- What the ledger says of the notices that this holds back.
      reason text not null check (btrim(reason) <> ''),
      recorded_at timestamptz not null,
      foreign key (deadline_id, deadline_version) references deadline_version (deadline_id, version)
    );
    create index on notice_answer (deadline_id, person_id);

    alter table notice
      add answer_id bigint references notice_answer (id),
      add constraint an_answer_cancels check (answer_id is null or state = 'cancelled');
    create index notice_by_answer on notice (answer_id) where answer_id is not null;
    create index notice_by_day on notice (planned_on desc, id desc);
  `.execute(db);
}
