// Owns running the PostgreSQL that comes with the product, for a program that was given no DATABASE_URL.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addHolder, countLiveHolders, withClusterLock } from './cluster-lock.ts';
import { findClusterPlace } from './cluster-place.ts';
import {
  createDatabase,
  findRunningServer,
  serverEnvironment,
  startServer,
  stopServer,
  SUPERUSER,
} from './cluster-server.ts';
import type { Cluster } from './cluster-server.ts';

export interface EmbeddedPostgres {
  /** Connection string of the database, password included: never print it. */
  url: string;
  /** True when a server that was already running was taken over. */
  adopted: boolean;
  /** Ends this use of the server and stops it when no other live process uses it. Calling it again is harmless. */
  close(): Promise<void>;
}

/**
 * Opens the embedded PostgreSQL of `dataDir` (created when missing) and its `database` (default `convenio`):
 * takes over the server that already runs there, starts it otherwise, and creates the cluster the first time.
 * It listens on 127.0.0.1 alone, speaks UTC and sorts as es-MX. Several programs may open one folder at once;
 * the last `close()` stops the server, and a program that dies without it leaves the server to the next one.
 * `settings` are extra server settings (`fsync=off`), used only when this call starts the server. `log` gets
 * one Spanish line for each step worth knowing. Throws an Error in Spanish, never with the password.
 */
export async function openEmbeddedPostgres(options: {
  dataDir: string;
  database?: string;
  log?: (line: string) => void;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const { database = 'convenio', log = () => {}, settings = {} } = options;
  try {
    mkdirSync(options.dataDir, { recursive: true, mode: 0o755 });
    const dataDir = realpathSync(options.dataDir);
    return await withClusterLock(dataDir, () => open(dataDir, database, settings, log));
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new Error(
      `No se pudo preparar la base de datos incluida en ${options.dataDir}: ${error.message}. ` +
        'Revise DATA_DIR y los permisos de esa carpeta.',
      { cause: error },
    );
  }
}

async function open(
  dataDir: string,
  database: string,
  settings: Record<string, string>,
  log: (line: string) => void,
): Promise<EmbeddedPostgres> {
  const place = findClusterPlace(dataDir, log);
  const passwordFile = join(dataDir, 'postgres-password');
  const password = keepPassword(passwordFile, existsSync(place.cluster));
  const cluster: Cluster = { ...place, passwordFile, password, logFile: join(dataDir, 'postgres.log') };
  if (!existsSync(cluster.cluster)) {
    log('Se prepara la base de datos incluida por primera vez.');
    await initialise(cluster);
  }
  const running = await findRunningServer(cluster);
  const port = running ?? (await startServer(cluster, settings));
  const holder = addHolder(dataDir);
  try {
    await createDatabase(cluster, port, database);
  } catch (error) {
    await leave(dataDir, holder, cluster);
    throw error;
  }
  log(
    running === undefined
      ? `Base de datos incluida iniciada en 127.0.0.1:${port}.`
      : `Base de datos incluida: ya estaba en marcha en 127.0.0.1:${port}.`,
  );
  let closing: Promise<void> | undefined;
  return {
    url: `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    adopted: running !== undefined,
    close: () => (closing ??= withClusterLock(dataDir, () => leave(dataDir, holder, cluster))),
  };
}

async function leave(dataDir: string, holder: string, cluster: Cluster): Promise<void> {
  rmSync(holder, { force: true });
  if (countLiveHolders(dataDir) === 0) await stopServer(cluster);
}

function keepPassword(file: string, clusterExists: boolean): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (clusterExists) {
    throw new Error(
      `Falta el archivo ${file}, sin el cual no se puede abrir la base de datos incluida. Restáurelo de su respaldo.`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  writeFileSync(`${file}.new`, `${password}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return password;
}

/** Builds the cluster beside its place and renames it, so that an interrupted initdb is never taken for one. */
async function initialise({ native, cluster, account, password }: Cluster): Promise<void> {
  const draft = `${cluster}.new`;
  const passwordFile = `${cluster}-password.new`;
  rmSync(draft, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [draft, passwordFile]) chownSync(path, account.uid, account.gid);
  try {
    await promisify(execFile)(
      join(native, 'bin', 'initdb'),
      [
        `--pgdata=${draft}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=icu',
        '--icu-locale=es-MX',
        '--no-instructions',
      ],
      { cwd: '/', env: serverEnvironment(), ...account },
    );
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`No se pudo crear la base de datos incluida en ${cluster}.\n${output || String(error)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, cluster);
}
