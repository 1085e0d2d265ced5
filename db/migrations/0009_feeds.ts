// Calendars that people subscribe to: one secret address each, revocable.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table feed (
      id bigint generated always as identity primary key,
      -- Only the hash of the address's secret part is kept.
      token_hash text not null unique,
      owner_id bigint not null references person (id),
      -- What the owner answers for, one area, or everything that is published.
      scope text not null check (scope in ('person', 'area', 'all')),
      area_id bigint references area (id),
      created_at timestamptz not null,
      revoked_at timestamptz check (revoked_at >= created_at),
      -- Real clock: how often calendar programs read it is no fact of the demo.
      last_read_at timestamptz,
      hour_from timestamptz,
      hour_reads integer not null default 0,
      check ((scope = 'area') = (area_id is not null))
    );
    create unique index one_feed_each on feed (owner_id, scope, coalesce(area_id, 0)) where revoked_at is null;
  `.execute(db);
}
