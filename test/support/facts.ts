// What a database holds, table by table, so that a test can say that nothing changed.
import { sql } from 'kysely';
import type { Db } from '../../db/client.ts';

/** Each table's rows as one hash; when a session was last seen is not a fact. */
export async function factsOf(db: Db): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(db);
  const facts: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ count: number; hash: string }>`
      select count(*), coalesce(md5(string_agg((to_jsonb(t) - 'last_seen_at')::text, '|' order by t::text)), '') as hash
      from ${sql.table(name)} t`.execute(db);
    facts[name] = `${rows[0]!.count} ${rows[0]!.hash}`;
  }
  return facts;
}
