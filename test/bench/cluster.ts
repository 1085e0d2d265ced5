// A PostgreSQL of the bench's own, with the durability of a real installation, gone when the bench ends.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { connect, type Db } from '../../db/client.ts';
import { openEmbeddedPostgres } from '../../db/embedded-postgres.ts';

export interface Cluster {
  /** Address of one of its databases. */
  url(database: string): string;
  /** Makes a database, a copy of `template` or an empty one, and lets `fill` put data into it. */
  create(database: string, template: string | undefined, fill: (db: Db) => Promise<void>): Promise<void>;
  /** Ends every connection, stops the server and removes its files. */
  close(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const dataDir = await mkdtemp(join(tmpdir(), 'convenio-bench-'));
  // Otherwise root's cluster would go to a folder of the system, outside of this one.
  await chmod(dataDir, 0o755);
  const server = await openEmbeddedPostgres({ dataDir });
  const admin = connect(server.url, 1);
  const url = (database: string) => Object.assign(new URL(server.url), { pathname: `/${database}` }).href;
  return {
    url,
    async create(database, template, fill) {
      await sql`create database ${sql.id(database)} template ${sql.id(template ?? 'template1')}`.execute(
        admin,
      );
      const db = connect(url(database), 2);
      await fill(db);
      await db.destroy();
    },
    async close() {
      await admin.destroy();
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
