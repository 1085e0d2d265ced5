// What the computing of a whole process reads of every obligation, kept so that it need not be computed or looked up.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Obligations that share a rule are computed once: this names the rule, without writing it out for each of them.
    alter table deadline_rule add rule_hash uuid generated always as (md5(rule::text)::uuid) stored;
    -- Which obligations a process has, without reading them: their rows carry texts and words to search.
    create index obligation_of_process on obligation (process_id) include (id);
  `.execute(db);
}
