// Indexes from which the calendar counts what is open without reading the rows, which carry their derivations.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index deadline_version_open;
    create index deadline_version_open on deadline_version (due_on) include (deadline_id, lapses_at)
      where superseded_at is null and settled_at is null;
    create index deadline_version_waiting on deadline_version (waiting_for_id) include (deadline_id)
      where superseded_at is null and settled_at is null and due_on is null;
    create index deadline_version_provisional on deadline_version (deadline_id)
      where superseded_at is null and settled_at is null and provisional <> '{}';
    create index deadline_with_obligation on deadline (id) include (obligation_id);
    create index obligation_unverified on obligation (id) where verification = 'unverified';
  `.execute(db);
}
