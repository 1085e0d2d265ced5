// How fast mail may leave, whether it may leave at all after a restore, and the headers a mail was sent with.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table installation
      -- Mails a minute that the mail server bears; null for as many as there are.
      add sender_pace integer check (sender_pace > 0),
      -- Until when the mails of the minute under way are used up, on the real clock.
      add sender_rests_until timestamptz,
      -- How often mails were taken from the outbox. Workers note it outside the database: one that lies behind what
      -- they noted was restored from a copy and does not know what has left since.
      add sender_claims bigint not null default 0,
      -- Since when nothing is sent because of that; an administrator ends it.
      add sender_held_since timestamptz;

    -- The headers of the newest attempt, in their order: a repetition carries the same.
    alter table message add headers json;
  `.execute(db);
}
