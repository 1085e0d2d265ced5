// Since when an obligation climbs the ladder of another priority; and secrets of second factors that lie encrypted.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The ladder of an obligation is that of its priority. When it is changed, what went out before that day went out
    -- by the earlier one: a change never reaches back.
    alter table obligation
      add priority_before text check (priority_before in ('high', 'medium', 'low')),
      add priority_from date,
      add constraint a_changed_priority_has_its_day check ((priority_before is null) = (priority_from is null));

    -- Base32, 160 bits; or the same sealed with the installation's key (AES-256-GCM), as it is from its next use on.
    alter table second_factor
      drop constraint second_factor_secret_check,
      add constraint second_factor_secret_check check (secret ~ '^([A-Z2-7]{32}|v1\\.[A-Za-z0-9_-]{80})$');
  `.execute(db);
}
