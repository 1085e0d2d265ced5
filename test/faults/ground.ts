// The ground the faults are tried on: a PostgreSQL of their own with some offices on one morning, and the judge.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { connect, type Db } from '../../db/client.ts';
import { openEmbeddedPostgres } from '../../db/embedded-postgres.ts';
import { ensureInstallation } from '../../db/installation.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { prepareDemo } from '../../jobs/demo.ts';
import { addOffices } from '../bench/dataset.ts';
import type { Arrival } from './history.ts';

/** Some 2,000 mails are due on the demo's first morning. */
const OFFICES = 60;

export interface Ground {
  /** A folder that is gone when the ground is. */
  folder: string;
  postgresPort: number;
  /** A fresh copy of the many offices or of the demo's one, by its address; `port` when it is not PostgreSQL's own. */
  copy(of: 'many' | 'one', port?: number): Promise<{ db: Db; url: string }>;
  /** How often PostgreSQL said so in its log. */
  countInLog(words: string): Promise<number>;
  close(): Promise<void>;
}

export async function prepareGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'convenio-faults-'));
  await chmod(folder, 0o755);
  const server = await openEmbeddedPostgres({ dataDir: folder, settings: { log_min_messages: 'warning' } });
  const admin = connect(server.url, 1);
  const urlOf = (database: string) => Object.assign(new URL(server.url), { pathname: `/${database}` });
  const made = async (name: string, template: string, fill: (db: Db) => Promise<void>) => {
    await sql`create database ${sql.id(name)} template ${sql.id(template)}`.execute(admin);
    const db = connect(urlOf(name).href, 2);
    await fill(db);
    await db.destroy();
  };
  await made('one', 'template1', async (db) => {
    await migrateToLatest(db);
    await ensureInstallation(db, 'demo');
    await prepareDemo(db, () => undefined);
  });
  await made('many', 'one', (db) => addOffices(db, OFFICES, OFFICES));
  const open: Db[] = [];
  let copies = 0;
  return {
    folder,
    postgresPort: Number(new URL(server.url).port),
    async copy(of, port) {
      copies += 1;
      const name = `fault_${copies}`;
      await sql`create database ${sql.id(name)} template ${sql.id(of)}`.execute(admin);
      const db = connect(urlOf(name).href);
      open.push(db);
      const url = urlOf(name);
      return { db, url: (port === undefined ? url : Object.assign(url, { port: String(port) })).href };
    },
    async countInLog(words) {
      const log = await readFile(join(folder, 'postgres.log'), 'utf8').catch(() => '');
      return log.split(words).length - 1;
    },
    async close() {
      await Promise.all(open.map((db) => db.destroy()));
      await admin.destroy();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What became of the mails of a run. */
export interface Judgement {
  /** Accepted by the ledger or still open, and not in the history. */
  lost: number;
  /** Mails in the history. */
  arrived: number;
  /** Message-IDs in the history and in the ledger. */
  distinct: number;
  owed: number;
  copies: number;
  most_copies: number;
  /** Repetitions that differ in a byte from the first, or that the ledger does not call possible. */
  unrecognised: number;
  /** Messages and notices without an end. */
  open: number;
}

/** Compares the ledger with what arrived; what it calls failed is owed unless `some_fail`. */
export async function judge(db: Db, arrivals: readonly Arrival[], some_fail: boolean): Promise<Judgement> {
  const messages = await db
    .selectFrom('message')
    .where('state', 'not in', some_fail ? ['cancelled', 'failed'] : ['cancelled'])
    .select(['message_id', 'state', 'possible_duplicate'])
    .execute();
  const { planned } = await db
    .selectFrom('notice')
    .where('state', '=', 'planned')
    .select(sql<number>`count(*)`.as('planned'))
    .executeTakeFirstOrThrow();
  const copies = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    copies.set(arrival.message_id, [...(copies.get(arrival.message_id) ?? []), arrival]);
  }
  const repeated = [...copies].filter(([, all]) => all.length > 1);
  const suspected = new Set(
    messages.filter(({ possible_duplicate }) => possible_duplicate).map(({ message_id }) => message_id),
  );
  return {
    lost: messages.filter(({ message_id }) => message_id === null || !copies.has(message_id)).length,
    arrived: arrivals.length,
    distinct: copies.size,
    owed: messages.length,
    copies: arrivals.length - copies.size,
    most_copies: Math.max(0, ...[...copies.values()].map((all) => all.length)),
    unrecognised: repeated.filter(
      ([id, [first, ...others]]) => !suspected.has(id) || others.some(({ bytes }) => bytes !== first!.bytes),
    ).length,
    open: messages.filter(({ state }) => state !== 'accepted' && state !== 'failed').length + planned,
  };
}
