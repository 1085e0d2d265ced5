// When mail is read, and one ladder of notices per class of deadline, with versions.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One row: on which days and from which hour the office reads mail. It decides when notices go out, never a date.
    create table attention (
      only_row boolean primary key default true check (only_row),
      weekdays integer[] not null check (weekdays <> '{}' and weekdays <@ array[1, 2, 3, 4, 5, 6, 7]),
      on_rest_days boolean not null,
      hour time not null check (hour between '05:00' and '12:00')
    );
    insert into attention (weekdays, on_rest_days, hour) values ('{1,2,3,4,5}', false, '08:00');
    create table attention_exception (
      day date primary key check (day between date '2000-01-01' and date '2100-12-31'),
      attended boolean not null,
      reason text not null check (btrim(reason) <> '' and length(reason) <= 200)
    );

    -- A ladder has versions; of those whose day has come the newest is in force. None reaches back: what was told
    -- stays told, and a rung that went out under an earlier version does not go out again.
    alter table ladder
      drop constraint ladder_process_id_key_key,
      drop column name,
      add version integer not null default 1 check (version > 0),
      add from_on date not null default '2000-01-01',
      add recorded_at timestamptz,
      add recorded_by bigint references person (id);
    update ladder set key = 'high' where key = 'default';
    alter table ladder
      alter column version drop default,
      alter column from_on drop default,
      add constraint ladder_key_check check (key in ('high', 'medium', 'low', 'hours', 'ine')),
      add unique (process_id, key, version),
      add constraint ladders_never_reach_back check
        (version = 1 or from_on > (recorded_at at time zone 'America/Mexico_City')::date);

    alter table rung rename column offset_days to amount;
    alter table rung
      drop constraint rung_ladder_id_offset_days_key,
      add unit text not null default 'days' check (unit in ('days', 'hours')),
      add offset_hours integer generated always as (amount * case unit when 'days' then 24 else 1 end) stored,
      add unique (ladder_id, offset_hours),
      add constraint the_key_says_the_distance check
        (key = case when amount > 0 then '+' else '' end || amount || case unit when 'hours' then 'h' else '' end),
      add constraint a_reminder_comes_before check ((kind = 'escalation') = (amount > 0));
    alter table rung alter column unit drop default;

    insert into ladder (process_id, key, version, from_on)
      select process_id, other.key, version, from_on
      from ladder, (values ('medium'), ('low'), ('hours'), ('ine')) other (key);
    insert into rung (ladder_id, key, amount, unit, kind, audience)
      select copy.id, rung.key, rung.amount, rung.unit, rung.kind, rung.audience
      from ladder copy
      join ladder original on original.process_id = copy.process_id and original.key = 'high'
      join rung on rung.ladder_id = original.id
      where copy.key in ('medium', 'low', 'ine');
    insert into rung (ladder_id, key, amount, unit, kind, audience)
      select id, r.key, r.amount, r.unit, case when r.amount > 0 then 'escalation' else 'reminder' end,
        (array['responsible', 'deputy', 'head', 'direction', 'technical_secretary'])[1:r.people]
      from ladder, (values ('-10', -10, 'days', 2), ('-5', -5, 'days', 2), ('-24h', -24, 'hours', 2),
        ('-4h', -4, 'hours', 2), ('+1h', 1, 'hours', 3), ('+1', 1, 'days', 4), ('+3', 3, 'days', 5))
        r (key, amount, unit, people)
      where ladder.key = 'hours';

    -- Whether the term a rule states, or the last of a chain, is counted in hours.
    alter table deadline_rule add in_hours boolean not null generated always as
      (coalesce(coalesce(rule ->> 'unit', rule -> 'steps' -> -1 ->> 'unit') = 'hours', false)) stored;

    alter table notice rename column offset_days to offset_hours;
    update notice set offset_hours = offset_hours * 24;

    -- What is counted in hours is told at once, in a mail of its own.
    alter table message
      drop constraint message_kind_check,
      drop constraint message_check,
      drop constraint message_check1,
      add constraint message_kind_check check (kind in ('digest', 'escalation', 'hour_reminder', 'login_code',
        'receipt', 'returned', 'date_change', 'rectification', 'milestone_watch')),
      add constraint message_tells_notices check
        ((kind in ('digest', 'escalation', 'hour_reminder')) = (run_on is not null)),
      add constraint message_tells_one_rung check ((kind in ('escalation', 'hour_reminder')) = (rung is not null));
    -- Two terms of one day may lapse at different hours: each is told at its own.
    drop index one_mail_per_person_and_morning;
    create unique index one_mail_per_person_and_morning on message (person_id, run_on, kind, coalesce(rung, ''))
      where run_on is not null and coalesce(rung, '') not like '%h';

    -- Null while only the passes of the night looked, which plan nothing but what is counted in hours.
    alter table pass alter column first_at drop not null;
  `.execute(db);
}
