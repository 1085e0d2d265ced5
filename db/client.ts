// The connection to PostgreSQL: one pool with the type parsers the whole program relies on.
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;

const OID = { int8: 20, date: 1082, time: 1083, timestamptz: 1184 } as const;

/** `2024-05-15 15:00:00.12+00` (the session runs in UTC) to `2024-05-15T15:00:00.120000Z`: sorts as text. */
export function isoInstant(postgresText: string): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(postgresText);
  if (!match) throw new Error(`Not an instant in UTC: ${postgresText}`);
  return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(6, '0')}Z`;
}

const PARSERS: Record<number, (text: string) => unknown> = {
  [OID.int8]: Number,
  // node-postgres would turn a date into a local JavaScript Date, a day off in half of the world.
  [OID.date]: (text) => text,
  [OID.time]: (text) => text.slice(0, 5),
  [OID.timestamptz]: isoInstant,
};

function typeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  return PARSERS[oid] ?? (pg.types.getTypeParser(oid, format) as (text: string) => unknown);
}

/** Settings every connection of the program uses, for pools and single clients alike. */
export function connectionConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'convenio',
    options: '-c timezone=UTC -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  };
}

/** Opens a pool of at most `max` connections; `db.destroy()` closes it. */
export function connect(url: string, max = 10): Db {
  const pool = new pg.Pool({ ...connectionConfig(url), max });
  // A connection that the server drops, idle or between two statements of a transaction, is replaced by the pool, and
  // the next statement on it fails; without a listener it would end the program.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}
