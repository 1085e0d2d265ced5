// The real program's workers, each in a process of its own, and the Redis they may use.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/convenio.js', import.meta.url));
const SHIFT = new URL('shift-clock.js', import.meta.url).href;
const BLOCK = new URL('block-loop.js', import.meta.url).href;

/** Connections of a worker to the mail server. */
export const CONNECTIONS = 5;
/** Mails in doubt when a worker is gone: for each connection the one under way, and one whose answer was being written. */
export const IN_DOUBT = 2 * CONNECTIONS;

export interface WorkerOptions {
  databaseUrl: string;
  smtpPort: number;
  dataDir: string;
  redisUrl?: string | undefined;
  /** How far its clock is off. */
  clockShiftMs?: number;
  /** How long SIGUSR2 blocks its event loop. */
  blockLoopMs?: number;
  /** The program to run; this one otherwise. */
  program?: string;
}

export interface WorkerProcess {
  /** Resolves when it says that it runs; rejects when it ended instead. */
  ready: Promise<void>;
  /** What it wrote to its error output. */
  errors(): string;
  /** Stops it where it is, lets it go on, or blocks its event loop. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void;
  /** Ends it by that signal; resolves with its exit code. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

const alive = new Set<ChildProcess>();
process.on('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

/** Starts `convenio worker`. */
export function startWorkerProcess(options: WorkerOptions): WorkerProcess {
  const { databaseUrl, smtpPort, dataDir, redisUrl, clockShiftMs, blockLoopMs, program = PROGRAM } = options;
  const before = [
    ...(clockShiftMs === undefined ? [] : ['--import', SHIFT]),
    ...(blockLoopMs === undefined ? [] : ['--import', BLOCK]),
  ];
  const child = spawn(process.execPath, [...before, program, 'worker'], {
    // Its own settings for TypeScript.
    cwd: dirname(dirname(program)),
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      DATA_DIR: dataDir,
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      ...(clockShiftMs === undefined ? {} : { CLOCK_SHIFT_MS: String(clockShiftMs) }),
      ...(blockLoopMs === undefined ? {} : { BLOCK_LOOP_MS: String(blockLoopMs) }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const gone = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      alive.delete(child);
      resolve(code);
    }),
  );
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => resolve());
    void gone.then((code) => reject(new Error(`A worker ended with ${code}: ${errors}`)));
  });
  // Whoever is killed before it was ready is no failure.
  ready.catch(() => undefined);
  return {
    ready,
    errors: () => errors,
    signal: (name) => void child.kill(name),
    end(signal) {
      child.kill(signal);
      return gone;
    },
  };
}

export const redisFound = spawnSync('redis-server', ['--version']).status === 0;

/** Starts Redis on a port without keeping anything on disk; `stop` is kill −9. */
export async function startRedis(port: number, folder: string): Promise<{ stop(): Promise<void> }> {
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  alive.add(server);
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    void gone.then(() => reject(new Error('redis-server did not start')));
    server.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve();
    });
  });
  return {
    async stop() {
      server.kill('SIGKILL');
      await gone;
      alive.delete(server);
    },
  };
}
