// Opening the database the program works on: the one it was given, or the embedded one of the demo.
import { connect, type Db } from './client.ts';
import { openEmbeddedPostgres } from './embedded-postgres.ts';
import { ensureInstallation, type Installation } from './installation.ts';
import { migrateToLatest } from './migrate.ts';

export interface OpenDatabase {
  db: Db;
  url: string;
  kind: Installation['kind'];
  /** Closes the connections, and the embedded server when nobody else uses it. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  databaseUrl: string | undefined;
  dataDir: string;
  log?: (line: string) => void;
}

/**
 * Opens the database with its schema up to date. Without `databaseUrl` the embedded PostgreSQL of `dataDir` is
 * started, or adopted when it is running, and the installation is a demo. Throws an Error with a Spanish message
 * when the database cannot be reached; then nothing of ours is left running.
 */
export async function openDatabase({ databaseUrl, dataDir, log }: DatabaseOptions): Promise<OpenDatabase> {
  const embedded = databaseUrl ? undefined : await openEmbeddedPostgres({ dataDir, ...(log ? { log } : {}) });
  const url = databaseUrl ?? embedded!.url;
  const db = connect(url);
  const close = async () => {
    await db.destroy();
    await embedded?.close();
  };
  try {
    await migrateToLatest(db);
    const { kind } = await ensureInstallation(db, databaseUrl ? 'production' : 'demo');
    return { db, url, kind, close };
  } catch (error) {
    await close();
    throw new Error(
      `No se pudo abrir la base de datos: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}
