// The connection to PostgreSQL: one pool with the type parsers the whole program relies on.
import { Socket } from 'node:net';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;

const OID = { int8: 20, date: 1082, time: 1083, timestamptz: 1184 } as const;

/** Milliseconds without a byte after which a connection is asked after; with the asking, less than a sender's lease. */
const SILENCE_MS = 30_000;
/** Milliseconds the server has to say what a connection is doing. */
const ASKING_MS = 5_000;

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

/**
 * Opens a pool of at most `max` connections; `db.destroy()` closes it. A statement whose answer does not come is not
 * waited for once the server, asked over another connection after `silence` milliseconds, is not at work on it.
 */
export function connect(url: string, max = 10, silence = SILENCE_MS): Db {
  const pool = new pg.Pool({ ...connectionConfig(url), max });
  // A connection that the server drops, idle or between two statements of a transaction, is replaced by the pool, and
  // the next statement on it fails; without a listener it would end the program.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    hangUpWhenForgotten(client, url, silence);
  });
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * Ends a connection that swallows what it is given: a host that lost its power or a firewall that forgot it never says
 * so, and the system would go on sending for a quarter of an hour. Time alone does not tell it from a long statement.
 */
function hangUpWhenForgotten(client: pg.PoolClient, url: string, silence: number): void {
  const { stream } = client.connection;
  if (!(stream instanceof Socket)) return;
  stream.setTimeout(silence, () => {
    const heard = stream.bytesRead;
    void isAtWork(client, url).then((atWork) => {
      if (atWork || stream.bytesRead > heard) stream.setTimeout(silence);
      else stream.destroy(new Error('La conexión con la base de datos dejó de responder'));
    });
  });
}

/** Whether the server is at a statement of that connection; false as well when there is no way to ask. */
async function isAtWork(client: pg.PoolClient, url: string): Promise<boolean> {
  const asking = new pg.Client({
    ...connectionConfig(url),
    connectionTimeoutMillis: ASKING_MS,
    query_timeout: ASKING_MS,
  });
  asking.on('error', () => undefined);
  try {
    await asking.connect();
    const active = `select from pg_stat_activity where pid = $1 and state = 'active'`;
    const { rowCount } = await asking.query(active, [Reflect.get(client, 'processID')]);
    return rowCount === 1;
  } catch {
    return false;
  } finally {
    void asking.end();
  }
}
