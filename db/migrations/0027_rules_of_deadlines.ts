// By which rules a deadline was ever dated: one key for each of its versions, instead of one to it and one to the rule.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rule_of_deadline (
      deadline_id bigint not null references deadline (id) on delete cascade,
      rule_id bigint not null references deadline_rule (id) on delete cascade,
      primary key (deadline_id, rule_id)
    );
    insert into rule_of_deadline select distinct deadline_id, rule_id from deadline_version;
    -- That a version's deadline and its rule exist follows from their pair, which nearly always was there before: a
    -- date that moves checks one key and not two.
    alter table deadline_version
      add foreign key (deadline_id, rule_id) references rule_of_deadline (deadline_id, rule_id),
      drop constraint deadline_version_deadline_id_fkey,
      drop constraint deadline_version_rule_id_fkey;
  `.execute(db);
}
