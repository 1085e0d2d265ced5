// Evidence in a folder of this machine, two levels of folders deep.
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fingerprint, type EvidencePlace } from './evidence-place.ts';

/** The place in `folder`, on the same file system as what arrives. */
export function folderStore(folder: string): EvidencePlace {
  const root = resolve(folder);
  const placeOf = (sha256: string) => {
    const name = fingerprint(sha256);
    return join(root, name.slice(0, 2), name.slice(2, 4), name);
  };

  return {
    async keep({ path, sha256 }, at) {
      const place = placeOf(sha256);
      const isThere = await access(place).then(
        () => true,
        () => false,
      );
      if (isThere) {
        await rm(path, { force: true });
      } else {
        const made = await mkdir(dirname(place), { recursive: true, mode: 0o700 });
        await rename(path, place);
        await syncFolder(dirname(place));
        if (made !== undefined) {
          await syncFolder(dirname(dirname(place)));
          await syncFolder(root);
        }
      }
      const seconds = Date.parse(at) / 1000;
      await utimes(place, seconds, seconds);
    },
    async read(sha256) {
      const place = placeOf(sha256);
      await access(place);
      return createReadStream(place);
    },
    remove: (sha256) => rm(placeOf(sha256), { force: true }),
    async *list() {
      for (const first of await readdir(root)) {
        if (!/^[0-9a-f]{2}$/.test(first)) continue;
        const names = await readdir(join(root, first), { recursive: true });
        yield names.flatMap((name) => /[0-9a-f]{64}$/.exec(name)?.[0] ?? []);
      }
    },
    async keptAt(sha256) {
      const file = await stat(placeOf(sha256)).catch(() => undefined);
      return file?.mtime.toISOString();
    },
  };
}

/** A renamed file survives a power cut only once its folder is on disk too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
