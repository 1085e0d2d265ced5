// The bytes of evidence on disk, each file once, under the fingerprint of its content.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

/** A file that has arrived whole and lies apart until it is kept or discarded. */
export interface ReceivedFile {
  path: string;
  sha256: string;
  bytes: number;
}

export interface EvidenceStore {
  /**
   * Writes a stream aside, fingerprinting it as it passes; `at` is the ISO instant. Undefined when more than
   * `limit` bytes came: then it was not read any further. Leaves nothing of what it does not return.
   */
  receive(source: Readable, limit: number, at: string): Promise<ReceivedFile | undefined>;
  /** Moves a received file to its place, durably. What is already there stays, as if kept at `at`. */
  keep(file: ReceivedFile, at: string): Promise<void>;
  discard(file: ReceivedFile): Promise<void>;
  /** The bytes under a fingerprint. Rejects when they are not there. */
  read(sha256: string): Promise<Readable>;
  remove(sha256: string): Promise<void>;
  /** Fingerprints last kept before `before` (ISO instant). */
  keptBefore(before: string): AsyncGenerator<string>;
  /** Deletes what began to arrive before `before` and was never kept or discarded; returns how many files. */
  sweepReceived(before: string): Promise<number>;
}

const FINGERPRINT = /^[0-9a-f]{64}$/;

/** Opens the store in `folder`, which is made when it is missing. */
export async function openEvidenceStore(folder: string): Promise<EvidenceStore> {
  const root = resolve(folder);
  const incoming = join(root, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });

  const placeOf = (sha256: string) => {
    if (!FINGERPRINT.test(sha256)) throw new Error('Not a fingerprint');
    return join(root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  };

  return {
    async receive(source, limit, at) {
      // The name says when it began, by the clock of the installation, which is not the file system's.
      const path = join(incoming, `${Date.parse(at)}-${randomUUID()}`);
      const file = await open(path, 'wx', 0o600);
      try {
        const hash = createHash('sha256');
        let bytes = 0;
        for await (const chunk of source as AsyncIterable<Buffer>) {
          bytes += chunk.length;
          if (bytes > limit) break;
          hash.update(chunk);
          await file.appendFile(chunk);
        }
        if (bytes > limit) {
          await file.close();
          await rm(path, { force: true });
          return undefined;
        }
        await file.sync();
        await file.close();
        return { path, sha256: hash.digest('hex'), bytes };
      } catch (error) {
        await file.close().catch(() => undefined);
        await rm(path, { force: true });
        throw error;
      }
    },
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
    discard: ({ path }) => rm(path, { force: true }),
    async read(sha256) {
      const place = placeOf(sha256);
      await access(place);
      return createReadStream(place);
    },
    remove: (sha256) => rm(placeOf(sha256), { force: true }),
    async *keptBefore(before) {
      for (const first of await readdir(root)) {
        if (!/^[0-9a-f]{2}$/.test(first)) continue;
        for (const second of await readdir(join(root, first))) {
          for (const sha256 of await readdir(join(root, first, second))) {
            const { mtimeMs } = await stat(placeOf(sha256));
            if (mtimeMs < Date.parse(before)) yield sha256;
          }
        }
      }
    },
    async sweepReceived(before) {
      const stale = (await readdir(incoming)).filter(
        (name) => Number.parseInt(name, 10) < Date.parse(before),
      );
      await Promise.all(stale.map((name) => rm(join(incoming, name), { force: true })));
      return stale.length;
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
