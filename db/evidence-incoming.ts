// Files of evidence on their way in: written aside and fingerprinted while they arrive, until they are kept or not.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

/** A file that has arrived whole and lies apart until it is kept or discarded. */
export interface ReceivedFile {
  path: string;
  sha256: string;
  bytes: number;
}

export interface Incoming {
  /**
   * Writes a stream aside, fingerprinting it as it passes; `at` is the ISO instant. Undefined when more than
   * `limit` bytes came: then it was not read any further. Leaves nothing of what it does not return.
   */
  receive(source: Readable, limit: number, at: string): Promise<ReceivedFile | undefined>;
  discard(file: ReceivedFile): Promise<void>;
  /** Deletes what began to arrive before `before` and was never kept or discarded; returns how many files. */
  sweepReceived(before: string): Promise<number>;
}

/** Opens the folder for what arrives, which is made when it is missing. */
export async function openIncoming(folder: string): Promise<Incoming> {
  const incoming = resolve(folder);
  await mkdir(incoming, { recursive: true, mode: 0o700 });
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
    discard: ({ path }) => rm(path, { force: true }),
    async sweepReceived(before) {
      const stale = (await readdir(incoming)).filter(
        (name) => Number.parseInt(name, 10) < Date.parse(before),
      );
      await Promise.all(stale.map((name) => rm(join(incoming, name), { force: true })));
      return stale.length;
    },
  };
}
