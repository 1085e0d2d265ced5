// What a place for evidence must do, be it a folder or a bucket: files are known by their fingerprint alone.
import type { Readable } from 'node:stream';
import type { ReceivedFile } from './evidence-incoming.ts';

/** The place where received files stay. */
export interface EvidencePlace {
  /** Puts a received file in its place, durably, as kept at the ISO instant `at`; the file apart is used up. */
  keep(file: ReceivedFile, at: string): Promise<void>;
  /** The bytes under a fingerprint. Rejects when they are not there. */
  read(sha256: string): Promise<Readable>;
  remove(sha256: string): Promise<void>;
  /** Every fingerprint that is kept, some at a time. */
  list(): AsyncGenerator<string[]>;
  /** ISO instant at which a file was last kept; undefined when it is not there. */
  keptAt(sha256: string): Promise<string | undefined>;
}

const FINGERPRINT = /^[0-9a-f]{64}$/;

/** Only a fingerprint ever becomes part of a path or a key. Throws for anything else. */
export function fingerprint(text: string): string {
  if (!FINGERPRINT.test(text)) throw new Error('Not a fingerprint');
  return text;
}
