// The running program in a test: the web on a free port, a worker with the built-in mailbox, people who log in.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { inject } from 'vitest';
import { startWeb } from '../../app/server/http.ts';
import { connect, type Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { openEvidenceStore, type EvidenceStore } from '../../db/evidence-store.ts';
import { secretSeal } from '../../db/secret-seal.ts';
import { mailboxMailer } from '../../emails/mailer.ts';
import { previews } from '../../emails/previews.ts';
import { ensureBuilt, loadBuild } from '../../jobs/page-build.ts';
import { openQueueDesk } from '../../jobs/queue-desk.ts';
import { startWorker } from '../../jobs/worker.ts';
import { startBucket } from './bucket.ts';
import { openClient, type Client } from './client.ts';
import { copyDatabase } from './database.ts';
import { askForCode, readCode, typeCode } from './login.ts';

/** What people are told to type; the tests themselves come in over loopback. */
export const APP_URL = 'http://convenio.example';

export interface Program {
  /** Where the demo's web listens. */
  url: string;
  db: Db;
  databaseUrl: string;
  evidence: EvidenceStore;
  /** Where evidence arrives, and lies unless it has a bucket. */
  folder: string;
  /** Somebody who has not logged in. */
  visitor: () => Client;
  /** Somebody who logged in as people do: asks for a code, reads it in the mailbox, types it. */
  logInAs: (email: string) => Promise<Client>;
  /** The address of a liaison that this was never asked for before: what happens to one is no other test's business. */
  somebody: () => string;
  /** One more web on the same database, reached over connections of its own when there are any; returns its address. */
  openWeb: (kind: { demo?: boolean; appUrl?: string; db?: Db }) => Promise<string>;
  /** Ends the worker early: from then on no mail goes out. */
  stopWorker: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Starts the demo: a fresh copy of its database, the built pages, the worker; its evidence in a folder, or in a
 * bucket of an S3 server. The caller closes it.
 */
export async function startProgram({ bucket = false } = {}): Promise<Program> {
  await buildOnce();
  const build = await loadBuild();
  const database = await copyDatabase('demo');
  const { db } = database;
  const folder = await mkdtemp(join(tmpdir(), 'convenio-evidence-'));
  const server = bucket ? await startBucket() : undefined;
  const evidence = await openEvidenceStore(folder, server?.address);
  const closers: (() => Promise<void>)[] = [
    database.drop,
    () => rm(folder, { recursive: true, force: true }),
    async () => server?.close(),
  ];

  const openWeb: Program['openWeb'] = async ({ demo = true, appUrl = APP_URL, db: reached = db }) => {
    const web = await startWeb({
      db: reached,
      evidence,
      seal: secretSeal({ file: join(folder, 'secret-key') }),
      demo,
      appUrl,
      mailSamples: previews,
      queues: openQueueDesk({ redisUrl: undefined, databaseUrl: database.url }),
      host: '127.0.0.1',
      port: 0,
      build,
    });
    closers.push(() => web.close());
    return `http://127.0.0.1:${web.port}`;
  };
  const url = await openWeb({});

  let working = true;
  const worker = startWorker({
    delivery: {
      db,
      mailer: mailboxMailer(),
      clock: () => now(db),
      appUrl: APP_URL,
      mailFrom: 'avisos@convenio.example',
      scrubSecrets: false,
      // What it says once it was told to stop is about connections that go with the database.
      log: (line) => void (working && console.error(line)),
    },
    databaseUrl: database.url,
    redisUrl: undefined,
  });
  const stopWorker = async () => {
    if (!working) return;
    working = false;
    await worker.close();
  };
  closers.push(stopWorker);

  const liaisons = await db.selectFrom('person').where('email', 'like', 'enlace.%').select('email').execute();
  const visitor = () => openClient(url);
  return {
    url,
    db,
    databaseUrl: database.url,
    evidence,
    folder,
    visitor,
    openWeb,
    stopWorker,
    somebody() {
      const liaison = liaisons.shift();
      if (!liaison) throw new Error('The demo has no further liaison');
      return liaison.email;
    },
    async logInAs(email) {
      const client = visitor();
      const asked = await askForCode(client, email);
      const entered = await typeCode(client, asked, await readCode(visitor(), email, asked));
      if (entered.status !== 303) throw new Error(`${email} could not log in: ${await entered.text()}`);
      return client;
    },
    async close() {
      for (const closer of closers.reverse()) await closer();
    },
  };
}

/** Two test files may need the pages at once: one builds, the other waits and finds them built. */
async function buildOnce(): Promise<void> {
  const gate = connect(inject('postgresUrl'), 1);
  await gate.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection);
    await sql`select pg_advisory_lock(43)`.execute(connection);
    await ensureBuilt((line) => console.info(line));
    await sql`select pg_advisory_unlock(43)`.execute(connection);
  });
  await gate.destroy();
}
