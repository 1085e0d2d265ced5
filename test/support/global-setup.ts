// One real PostgreSQL for a run of the tests: the embedded one in a folder of its own, gone afterwards.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { connect } from '../../db/client.ts';
import { openEmbeddedPostgres } from '../../db/embedded-postgres.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { seedTemplate, TEMPLATES } from './templates.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server's maintenance database. */
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject) {
  const dataDir = await mkdtemp(join(tmpdir(), 'convenio-test-'));
  // Open to the account PostgreSQL runs as when the tests run as root, so that the cluster stays inside.
  await chmod(dataDir, 0o755);
  const server = await openEmbeddedPostgres({
    dataDir,
    // The tests' data is thrown away: durability would only cost time.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  for (const name of TEMPLATES) {
    const admin = connect(server.url, 1);
    await seedTemplate(admin, server.url, name, migrateToLatest);
    await admin.destroy();
  }
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  };
}
