// Mails that came back after the server had taken them, and the addresses they could not reach.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$
    declare stale record;
    begin
      for stale in
        select conname from pg_constraint
        where conrelid = 'message'::regclass and contype = 'c' and pg_get_constraintdef(oid) ~ 'state = ANY'
      loop
        execute format('alter table message drop constraint %I', stale.conname);
      end loop;
    end $$;
    alter table message
      add constraint message_state_check check (state in
        ('queued', 'sending', 'retry', 'uncertain', 'accepted', 'failed', 'cancelled', 'bounced')),
      add constraint message_closed_check check
        ((state in ('accepted', 'failed', 'cancelled', 'bounced')) = (closed_at is not null));
    alter table notice
      drop constraint notice_state_check,
      add constraint notice_state_check check (state in
        ('planned', 'superseded', 'accepted', 'failed', 'cancelled', 'bounced'));

    -- Set while mail to the address comes back; cleared when the address is corrected or trusted again.
    alter table person add bounced_at timestamptz;

    -- Everything that arrived at the return address, whether it could be believed or not.
    create table bounce (
      id bigint generated always as identity primary key,
      received_at timestamptz not null,
      message_id bigint references message (id),
      outcome text not null check (outcome in ('recorded', 'repeated', 'delayed', 'unbelievable', 'unreadable')),
      recipient text,
      status text,
      diagnostic text not null
    );
  `.execute(db);
}
