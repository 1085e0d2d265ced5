// What the heartbeat measures, and the mails that tell of no single deadline: Monday's, the Dirección's, the weekly one, the assignment.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Since when the mail server refuses our log-in; the reason alone does not say how long nobody is told.
    alter table installation add sender_paused_since timestamptz;
    -- How long the newest pass of the day took, by the database's real clock.
    alter table pass add duration_ms integer;

    create index message_that_failed on message (closed_at) where state in ('failed', 'bounced');
    create index notice_still_planned on notice (planned_on) where state = 'planned';

    alter table message
      add process_id bigint references process (id),
      drop constraint message_kind_check,
      drop constraint message_tells_notices,
      add constraint message_kind_check check (kind in ('digest', 'escalation', 'hour_reminder', 'login_code',
        'receipt', 'returned', 'date_change', 'rectification', 'milestone_watch', 'all_clear', 'desk', 'weekly',
        'assignment')),
      add constraint message_belongs_to_a_morning check ((kind in ('digest', 'escalation', 'hour_reminder', 'all_clear',
        'desk', 'weekly')) = (run_on is not null)),
      add constraint message_assigns_a_process check ((kind = 'assignment') = (process_id is not null));
    create unique index one_assignment_per_process_and_area on message (process_id, area_id)
      where process_id is not null;

    -- The weekly mail is the only one that can be stopped: its address holds this token, nobody else's rights.
    alter table person
      add weekly_off_at timestamptz,
      add weekly_token uuid not null unique default gen_random_uuid();
  `.execute(db);
}
