// Owns the server process of one cluster: finding it, starting it, asking it and stopping it.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { ClusterPlace } from './cluster-place.ts';
import { clusterProcesses, errorCode, processMark, until } from './local-process.ts';

/** The account inside PostgreSQL that owns everything. */
export const SUPERUSER = 'convenio';
/** How long a server may take to accept connections, crash recovery included, in ms. */
const START_WAIT = 60_000;
/** How long a fast shutdown may take before an immediate one is asked for, in ms. */
const STOP_WAIT = 15_000;

/** The cluster of one data folder; all its functions are called inside the cluster lock. */
export interface Cluster extends ClusterPlace {
  /** The file that keeps `password`, named in errors. */
  passwordFile: string;
  password: string;
  logFile: string;
}

/** The port of the server that already runs on this cluster; waits while it is starting or stopping. */
export async function findRunningServer(cluster: Cluster): Promise<number | undefined> {
  let port: number | undefined;
  const settled = await until(async () => {
    const recorded = readPidFile(cluster);
    const processes = clusterProcesses(cluster.cluster, recorded?.pid);
    port = recorded && processes.includes(recorded.pid) ? recorded.port : undefined;
    return processes.length === 0 || (port !== undefined && (await answers(cluster, port)));
  }, START_WAIT);
  if (settled) return port;
  throw new Error(
    `Ya hay un proceso de PostgreSQL en ${cluster.cluster} que no responde. ` +
      `Deténgalo, o si ya no existe borre el archivo postmaster.pid de esa carpeta.\n${logTail(cluster, 0)}`,
  );
}

/** Starts the server on a free port and waits until it answers; when it does not, leaves no process behind. */
export async function startServer(cluster: Cluster, settings: Record<string, string>): Promise<number> {
  // No process works on this cluster, so whoever has the pid in a left-over file is somebody else.
  if (process.platform === 'linux') rmSync(pidFile(cluster), { force: true });
  const port = await findFreePort();
  const values = {
    listen_addresses: '127.0.0.1',
    port: `${port}`,
    unix_socket_directories: '',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ...settings,
  };
  const log = openSync(cluster.logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  const server = spawn(
    join(cluster.native, 'bin', 'postgres'),
    ['-D', cluster.cluster, ...Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      // Out of the terminal's process group: Ctrl-C must not stop it before the web and the worker have closed.
      detached: true,
      stdio: ['ignore', log, log],
      // Already its own working folder, by which other processes of ours recognise it from its first moment.
      cwd: cluster.cluster,
      env: serverEnvironment(),
      ...cluster.account,
    },
  );
  server.unref();
  closeSync(log);
  await once(server, 'spawn');
  try {
    const settled = await until(async () => hasExited(server) || (await answers(cluster, port)), START_WAIT);
    if (settled && !hasExited(server)) return port;
  } catch (error) {
    await kill(server);
    throw error;
  }
  await kill(server);
  throw new Error(
    `La base de datos incluida no pudo iniciar. Lo último de su bitácora (${cluster.logFile}):\n${logTail(cluster, logStart)}`,
  );
}

function hasExited(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}

async function kill(server: ChildProcess): Promise<void> {
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    if (!hasExited(server)) server.kill(signal);
    if (await until(() => hasExited(server), 5_000)) return;
  }
}

/** Stops the server of this cluster, if one runs, and waits until it is gone. Throws when it stays. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const recorded = readPidFile(cluster);
  if (!recorded || !clusterProcesses(cluster.cluster, recorded.pid).includes(recorded.pid)) return;
  const mark = processMark(recorded.pid);
  const isGone = () => processMark(recorded.pid) !== mark;
  // Fast shutdown closes the connections and writes everything; the immediate one leaves recovery to the next start.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (isGone()) return;
    process.kill(recorded.pid, signal);
    if (await until(isGone, STOP_WAIT)) return;
  }
  throw new Error(`La base de datos incluida (proceso ${recorded.pid}) no se detuvo. Deténgala a mano.`);
}

function pidFile({ cluster }: Cluster): string {
  return join(cluster, 'postmaster.pid');
}

/** What PostgreSQL wrote in postmaster.pid (pidfile.h): the pid on line 1, the port on line 4. */
function readPidFile(cluster: Cluster): { pid: number; port: number } | undefined {
  if (!existsSync(pidFile(cluster))) return undefined;
  const lines = readFileSync(pidFile(cluster), 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 1 && port > 0 ? { pid, port } : undefined;
}

/** Whether the server at `port` knows our password and serves this very cluster. */
async function answers(cluster: Cluster, port: number): Promise<boolean> {
  try {
    const sql = "select current_setting('data_directory') as folder";
    const rows = await query<{ folder: string }>(cluster, port, sql);
    return rows[0]?.folder === cluster.cluster;
  } catch (error) {
    // invalid_password (PostgreSQL, appendix A): the only refusal that waiting does not cure.
    if (errorCode(error) !== '28P01') return false;
    throw new Error(
      `La contraseña guardada en ${cluster.passwordFile} no es la de la base de datos ` +
        `de ${cluster.cluster}. Restaure ese archivo de su respaldo.`,
    );
  }
}

/** Creates `database` when the server at `port` does not have it yet. */
export async function createDatabase(cluster: Cluster, port: number, database: string): Promise<void> {
  const found = await query(cluster, port, 'select 1 from pg_database where datname = $1', [database]);
  if (found.length === 0) await query(cluster, port, `create database ${pg.escapeIdentifier(database)}`);
}

async function query<Row extends pg.QueryResultRow>(
  { password }: Cluster,
  port: number,
  sql: string,
  values: string[] = [],
): Promise<Row[]> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: 5_000,
  });
  // A server that stops under an open connection emits an error nobody else would hear.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** A free port of 127.0.0.1 below the ranges that systems hand out to outgoing connections. */
async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(20_000, 32_768);
    const probe = createServer();
    probe.listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
    } catch {
      continue;
    }
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new Error('No se encontró un puerto libre en 127.0.0.1 para la base de datos incluida.');
}

/** Only what the server needs: this program's own secrets stay out of its environment. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  // NODE_ENV means nothing to the server; Remix's types ask for it in every environment.
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', NODE_ENV: 'production' };
}

function logTail({ logFile }: Cluster, from: number): string {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile).subarray(from).toString('utf8').trim().split('\n').slice(-15).join('\n');
}
