// A Redis server of the test's own, where redis-server is installed; where it is not, that is said aloud.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Whether redis-server is on this machine. In CI its absence is a failure, elsewhere the tests are left out. */
export const redisFound = spawnSync('redis-server', ['--version']).status === 0;

if (!redisFound) {
  if (process.env['CI']) throw new Error('redis-server is not installed; .ci/run installs it');
  console.info('redis-server was not found: the tests of the queue on Redis are LEFT OUT.');
}

/** Starts Redis on a free loopback port in a folder of its own; both go with the test. */
export async function startRedis(): Promise<{ url: string; stop: () => void }> {
  const folder = await mkdtemp(join(tmpdir(), 'convenio-redis-'));
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error('redis-server did not start')));
    server.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve();
    });
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  return { url: `redis://127.0.0.1:${port}`, stop: () => void server.kill('SIGKILL') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
