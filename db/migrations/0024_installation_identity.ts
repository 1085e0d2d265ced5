// Which installation a database is, so that what is noted outside of it is never taken for another one's.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table installation add identity uuid not null default gen_random_uuid();
  `.execute(db);
}
