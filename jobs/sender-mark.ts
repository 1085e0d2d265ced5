// The mark a sender leaves outside the database, by which a database that was restored from a copy is told.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../db/client.ts';
import { holdSender, readSenderPlace } from '../db/sender.ts';

/** Minutes since the newest pass within which a database without a mark is one that others work on. */
const ALIVE_MINUTES = 30;

export interface SenderMark {
  /**
   * Holds all sending when the database lies behind the mark, or, in an installation that has sent before, when there is
   * no mark and nobody has worked on the database for a while. Returns whether it did.
   */
  check(db: Db): Promise<boolean>;
  /** Notes how often mails had been taken from the outbox; before the mails that were taken leave. */
  note(db: Db, sequence: number): Promise<void>;
}

/** The marks in a data folder, a file for each installation. */
export function openSenderMark(dataDir: string): SenderMark {
  let file: string | undefined;
  const fileOf = (identity: string) => (file ??= join(dataDir, `sender-${identity}`));
  const read = async (identity: string): Promise<number | undefined> => {
    const text = await readFile(fileOf(identity), 'utf8').catch(() => undefined);
    return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
  };
  const write = async (identity: string, sequence: number) => {
    await mkdir(dataDir, { recursive: true });
    const draft = `${fileOf(identity)}.${process.pid}`;
    await writeFile(draft, `${sequence}\n`);
    await rename(draft, fileOf(identity));
  };
  return {
    async check(db) {
      const { identity, claims, kind, minutes_since_pass } = await readSenderPlace(db);
      const mark = await read(identity);
      if (mark === undefined) {
        const abandoned = (minutes_since_pass ?? Infinity) > ALIVE_MINUTES;
        if (kind === 'production' && claims > 0 && abandoned) {
          await holdSender(db, claims);
          await write(identity, claims);
          return true;
        }
        await write(identity, claims);
        return false;
      }
      if (mark <= claims) return false;
      await holdSender(db, mark);
      return true;
    },
    async note(db, sequence) {
      const { identity } = await readSenderPlace(db);
      if (sequence > ((await read(identity)) ?? 0)) await write(identity, sequence);
    },
  };
}
