// The program's own web server over a database of the bench, asked for pages as the head of the Dirección.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import { startWeb } from '../../app/server/http.ts';
import type { Db } from '../../db/client.ts';
import { openEvidenceStore } from '../../db/evidence-store.ts';
import { secretSeal } from '../../db/secret-seal.ts';
import { openSession } from '../../db/sessions.ts';
import { openQueueDesk } from '../../jobs/queue-desk.ts';

const SERVER_BUILD = fileURLToPath(new URL('../../build/server/index.js', import.meta.url));

/** The pages as they were built; undefined when nobody built them. */
export async function serverBuild(): Promise<ServerBuild | undefined> {
  return existsSync(SERVER_BUILD) ? ((await import(SERVER_BUILD)) as ServerBuild) : undefined;
}

export interface Pages {
  /** The whole answer to a GET, as it arrives uncompressed. Throws unless it is a 200. */
  read(path: string): Promise<Buffer>;
  close(): Promise<void>;
}

export async function openPages(db: Db, url: string, build: ServerBuild): Promise<Pages> {
  const folder = join(tmpdir(), 'convenio-bench-evidence');
  const web = await startWeb({
    db,
    evidence: await openEvidenceStore(folder),
    seal: secretSeal({ file: join(folder, 'secret-key') }),
    demo: true,
    appUrl: 'http://127.0.0.1',
    mailSamples: [],
    queues: openQueueDesk({ redisUrl: undefined, databaseUrl: url }),
    host: '127.0.0.1',
    port: 0,
    build,
  });
  const { person_id } = await db
    .selectFrom('role_grant')
    .where('role', '=', 'direction')
    .select('person_id')
    .executeTakeFirstOrThrow();
  const headers = { Cookie: `convenio=${await openSession(db, person_id)}` };
  return {
    async read(path) {
      const response = await fetch(`http://127.0.0.1:${web.port}${path}`, { headers, redirect: 'error' });
      const body = Buffer.from(await response.arrayBuffer());
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
      return body;
    },
    close: () => web.close(),
  };
}
