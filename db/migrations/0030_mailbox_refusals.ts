// What mailboxes answer that may pass: that they are unknown for now, or full; and since when without a break.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A table of its own: it is empty nearly always, and the row of a person is not locked by what a server says.
    create table mailbox_refusal (
      person_id bigint primary key references person (id),
      address text not null,
      kind text not null check (kind in ('unknown', 'full')),
      since timestamptz not null,
      last_at timestamptz not null,
      -- The mail that was refused last.
      message_id bigint not null references message (id)
    );
  `.execute(db);
}
