// Listens to what the program asks of PostgreSQL, to ask it once more with nothing in between.
import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely';
import pg from 'pg';
import { connectionConfig, type Db } from '../../db/client.ts';
import type { Schema } from '../../db/schema.ts';

export interface Recorder {
  db: Db;
  /** The statements `work` sends through `db`, in their order. */
  record(work: () => Promise<unknown>): Promise<CompiledQuery[]>;
  /** Sends statements one after the other over one connection of `pg`. */
  replay(queries: CompiledQuery[]): Promise<void>;
  close(): Promise<void>;
}

export async function openRecorder(url: string): Promise<Recorder> {
  let heard: CompiledQuery[] = [];
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ ...connectionConfig(url), max: 10 }) }),
    log: ({ query }) => void heard.push(query),
  });
  const bare = new pg.Client(connectionConfig(url));
  await bare.connect();
  return {
    db,
    async record(work) {
      heard = [];
      await work();
      // What is heard from here on goes elsewhere.
      const queries = heard;
      heard = [];
      return queries;
    },
    async replay(queries) {
      for (const { sql, parameters } of queries) await bare.query(sql, [...parameters]);
    },
    async close() {
      await bare.end();
      await db.destroy();
    },
  };
}
