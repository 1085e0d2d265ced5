// The mark a sender leaves outside the database, by which a database that was restored from a copy is told.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../db/client.ts';
import { holdSender, readSenderPlace, settleSender } from '../db/sender.ts';

export interface SenderMark {
  /**
   * Holds all sending when the database lies behind the mark, or elsewhere than where it last sent from. One that never
   * sent a mail has nothing to repeat. Returns whether it held.
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
      const { identity, claims, place, sent_from } = await readSenderPlace(db);
      const mark = (await read(identity)) ?? 0;
      const moved = sent_from !== null && sent_from !== place;
      if (claims > 0 && (mark > claims || moved)) {
        await holdSender(db, mark);
        return true;
      }
      if (sent_from !== place) await settleSender(db);
      return false;
    },
    async note(db, sequence) {
      const { identity } = await readSenderPlace(db);
      if (sequence > ((await read(identity)) ?? 0)) await write(identity, sequence);
    },
  };
}
