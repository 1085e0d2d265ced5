// Owns who may start or stop the embedded server of a data folder, and who is still using it.
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, processMark, until } from './local-process.ts';

/** Longer than the slowest start (initdb on a slow disk plus the bounded wait for the server), in ms. */
const LOCK_WAIT = 180_000;

/**
 * Runs `work` while no other process (nor another call in this one) holds the lock of `dataDir`. A lock
 * whose process died is taken over. Throws when a live process keeps it for over three minutes.
 */
export async function withClusterLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const lock = join(dataDir, 'postgres.lock');
  const draft = `${lock}.${randomUUID()}`;
  writeFileSync(draft, `${process.pid} ${processMark(process.pid)} ${randomUUID()}\n`);
  try {
    if (!(await until(() => take(lock, draft), LOCK_WAIT))) {
      throw new Error(
        `Otro proceso lleva más de ${LOCK_WAIT / 60_000} minutos iniciando o deteniendo la base de datos. ` +
          `Su número de proceso está en ${lock}.`,
      );
    }
  } finally {
    rmSync(draft, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string, draft: string): boolean {
  try {
    // A hard link is an exclusive create that already has its content: nobody ever reads an empty lock.
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const found = readIfThere(lock);
  const [pid, mark] = found.split(' ');
  if (found !== '' && processMark(Number(pid)) !== mark) breakLock(lock, found, `${draft}.stale`);
  return false;
}

function breakLock(lock: string, stale: string, grave: string): void {
  try {
    renameSync(lock, grave);
    // Between reading and renaming another process may have broken it first and taken it: give that one back.
    if (readFileSync(grave, 'utf8') !== stale) linkSync(grave, lock);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(grave, { force: true });
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/**
 * Notes that this process uses the server of `dataDir` and returns the note's path; a process may hold
 * several. Call it, `countLiveHolders` and the note's removal only inside `withClusterLock`.
 */
export function addHolder(dataDir: string): string {
  const folder = join(dataDir, 'holders');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const holder = join(folder, `${process.pid}-${randomUUID().slice(0, 8)}`);
  writeFileSync(holder, `${processMark(process.pid)}\n`);
  return holder;
}

/** How many users of `dataDir` are alive; the notes of dead processes and of reused pids are removed. */
export function countLiveHolders(dataDir: string): number {
  const folder = join(dataDir, 'holders');
  return readdirSync(folder).filter((name) => {
    const holder = join(folder, name);
    const alive = processMark(Number.parseInt(name, 10)) === readFileSync(holder, 'utf8').trim();
    if (!alive) rmSync(holder, { force: true });
    return alive;
  }).length;
}
