// The built pages the web serves: made when they are missing or older than what they are made of.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const BUILT = `${ROOT}build/server/index.js`;

/** Builds the pages when they were never built or something they are made of is newer than the build. */
export async function ensureBuilt(log: (line: string) => void): Promise<void> {
  const builtAt = existsSync(BUILT) ? (await stat(BUILT)).mtimeMs : 0;
  const sources = ['app', 'db', 'public', 'package.json', 'remix.config.js', 'vite.config.ts'];
  const newest = Math.max(...(await Promise.all(sources.map((name) => newestChange(`${ROOT}${name}`)))));
  if (builtAt > newest) return;
  log('Construyendo las páginas (sólo la primera vez o después de un cambio)…');
  const remix = createRequire(import.meta.url).resolve('@remix-run/dev/dist/cli.js');
  const output: Buffer[] = [];
  const builder = spawn(process.execPath, [remix, 'vite:build'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  builder.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  builder.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve) => builder.on('close', resolve));
  if (code !== 0)
    throw new Error(`No se pudieron construir las páginas:\n${Buffer.concat(output).toString('utf8')}`);
}

/** The pages as they were last built. */
export async function loadBuild(): Promise<ServerBuild> {
  return (await import(pathToFileURL(BUILT).href)) as ServerBuild;
}

async function newestChange(path: string): Promise<number> {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = await stat(path);
  const names = (await stat(path)).isDirectory() ? await readdir(path) : [];
  return Math.max(mtimeMs, ...(await Promise.all(names.map((name) => newestChange(`${path}/${name}`)))));
}
