// Calendar invitations by mail: who wants them, and which state of which deadline each mail invites to.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Since when the person takes invitations instead of subscribing; null for nobody who chose them.
    alter table person add invited_since timestamptz;

    alter table message
      add invited_deadline_id bigint references deadline (id),
      add invited_sequence integer,
      -- The iCalendar part as it was sent.
      add calendar text,
      add constraint message_invites check (
        (kind = 'invitation') = (invited_deadline_id is not null)
        and (kind = 'invitation') = (invited_sequence is not null)),
      add constraint message_calendar_invites check (calendar is null or kind = 'invitation');
    do $$
    declare kinds text;
    begin
      select pg_get_constraintdef(oid) into strict kinds from pg_constraint
        where conrelid = 'message'::regclass and conname = 'message_kind_check';
      alter table message drop constraint message_kind_check;
      execute 'alter table message add constraint message_kind_check '
        || replace(kinds, 'ARRAY[', 'ARRAY[''invitation''::text, ');
    end $$;

    -- The same state is never invited twice; what did not leave or did not arrive is no invitation.
    create unique index one_invitation_per_state on message (person_id, invited_deadline_id, invited_sequence)
      where invited_deadline_id is not null and state not in ('cancelled', 'failed', 'bounced');
    create index message_that_invites on message (invited_deadline_id) where invited_deadline_id is not null;
  `.execute(db);
}
