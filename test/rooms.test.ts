import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The rooms of the house and those each may enter, its own included. */
const MAY_ENTER: Record<string, string[]> = {
  domain: ['domain'],
  db: ['db', 'domain'],
  emails: ['emails', 'domain'],
  components: ['components', 'domain'],
  // Files made from what the rules say, for the web and for the command line.
  documents: ['documents', 'domain'],
  // It prepares what the components show, in their shapes and words.
  server: ['server', 'components', 'documents', 'db', 'domain'],
  routes: ['routes', 'components', 'server', 'documents', 'db', 'domain'],
  // The shell around the routes: root, entries, the table of routes.
  app: ['app', 'components', 'server', 'styles', 'db', 'domain'],
  jobs: ['jobs', 'emails', 'documents', 'db', 'domain'],
};

/** Where the program is put together: the only file of jobs that opens the web's door. */
const COMPOSITION = 'jobs/start.ts';

function roomOf(path: string): string | undefined {
  const [top, second] = path.split('/');
  if (top === 'app') return second && !second.includes('.') ? second : 'app';
  return top === 'db' || top === 'emails' || top === 'jobs' ? top : undefined;
}

async function sourceFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => normalize(join(entry.parentPath, entry.name)).slice(ROOT.length));
}

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)|^import '(\.[^']+)'/gm,
  );
  return [...statements].map(([, typeWord, named, dynamic, bare]) => ({
    from: file,
    to: normalize(join(dirname(file), (named ?? dynamic ?? bare)!.replace(/\?.*$/, ''))),
    typeOnly: typeWord !== undefined,
  }));
}

test('nobody enters a room that the direction of imports forbids', async () => {
  const files = (await Promise.all(['app', 'db', 'emails', 'jobs'].map(sourceFiles))).flat();
  const imports = (await Promise.all(files.map(importsOf))).flat();
  expect(imports.length).toBeGreaterThan(200);
  const forbidden = imports.filter(({ from, to, typeOnly }) => {
    const room = roomOf(from);
    const entered = roomOf(to);
    if (room === undefined || entered === undefined) return false;
    if (from === COMPOSITION && entered === 'server') return false;
    // A component may name the shape of the rows it shows, never a query.
    if (room === 'components' && entered === 'db' && typeOnly) return false;
    return !MAY_ENTER[room]!.includes(entered);
  });
  expect(forbidden.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});
