import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { processMark } from '../../db/local-process.ts';
import { cleanEnvironment, convenio, dataFolder, jsonLines } from '../support/program.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/convenio.js', import.meta.url));

/** Starts the worker part, which needs no built pages, and waits until it says that it is ready. */
async function startProgram(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, 'worker'], {
    env: cleanEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('en marcha')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`It ended before it was ready:\n${said}`)));
  });
  return child;
}

const ended = (child: ChildProcess) => new Promise<void>((resolve) => child.once('exit', () => resolve()));

/** The id of the running server of a data folder, or undefined. */
async function serverPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text.split('\n')[0]);
}

test('killed again and again, the program starts again and has lost nothing', async () => {
  const DATA_DIR = await dataFolder();
  const env = { DATA_DIR };
  const before: Record<string, unknown>[][] = [];
  for (let round = 0; round < 4; round += 1) {
    const child = await startProgram(env);
    // Every other time the database server dies with it.
    const pid = await serverPid(DATA_DIR);
    child.kill('SIGKILL');
    await ended(child);
    if (round % 2 === 1 && pid !== undefined) process.kill(pid, 'SIGKILL');
    const { code, stdout } = await convenio(['deadlines', '--json'], env);
    expect(code).toBe(0);
    before.push(jsonLines(stdout));
  }
  for (const rows of before) expect(rows).toEqual(before[0]);
  expect(await readdir(join(DATA_DIR, 'holders'))).toEqual([]);
});

test('told to stop, the program stops its database too', async () => {
  const DATA_DIR = await dataFolder();
  const child = await startProgram({ DATA_DIR });
  const pid = await serverPid(DATA_DIR);
  expect(pid).toBeGreaterThan(0);
  child.kill('SIGINT');
  await ended(child);
  expect(child.exitCode).toBe(0);
  // Its zombie may stay until somebody collects it: a container's first process may never do so.
  expect(processMark(pid!)).toBeUndefined();
});
