// Taking evidence from one place to another, file by file: each is compared with its fingerprint before it counts.
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Incoming } from './evidence-incoming.ts';
import type { EvidencePlace } from './evidence-place.ts';

export interface EvidenceMove {
  from: EvidencePlace;
  to: EvidencePlace;
  /** Where a file lies on its way, on the file system of the folder. */
  incoming: Incoming;
  /** ISO instant, by the installation's clock. */
  at: string;
  /** Only says what would be done. */
  dryRun: boolean;
  /** Deletes each file from where it was, once its copy was read back whole. */
  deleteSource: boolean;
  /** Hears of each file that was not moved, in Spanish. */
  complain: (message: string) => void;
}

export interface EvidenceMoved {
  copied: number;
  /** Already there, and whole. */
  present: number;
  deleted: number;
  /** Not whole where they were, or not whole once copied: nothing of these was deleted. */
  failed: number;
}

/**
 * Copies every file and reads the copy back. Run again it copies only what is missing; interrupted at any point it
 * leaves no file less, and the next run goes on. A file damaged where it is, is not copied; a damaged copy is made
 * anew. Rejects when a place cannot be listed.
 */
export async function moveEvidence(move: EvidenceMove): Promise<EvidenceMoved> {
  const done: EvidenceMoved = { copied: 0, present: 0, deleted: 0, failed: 0 };
  for await (const page of move.from.list()) {
    for (const sha256 of page) {
      try {
        const was = await moveFile(sha256, move);
        done[was] += 1;
        if (!move.deleteSource || move.dryRun) continue;
        await move.from.remove(sha256);
        done.deleted += 1;
      } catch (error) {
        done.failed += 1;
        move.complain(`${sha256}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return done;
}

async function moveFile(sha256: string, move: EvidenceMove): Promise<'copied' | 'present'> {
  const { from, to, incoming, at, dryRun } = move;
  const isThere = (await to.keptAt(sha256)) !== undefined;
  if (isThere && (await hashOf(await to.read(sha256))) === sha256) return 'present';
  if (dryRun) return 'copied';
  if (isThere) await to.remove(sha256);
  const received = (await incoming.receive(await from.read(sha256), Number.POSITIVE_INFINITY, at))!;
  if (received.sha256 !== sha256) {
    await incoming.discard(received);
    throw new Error('está dañado donde está: su contenido no corresponde a su huella; no se copió');
  }
  await to.keep(received, (await from.keptAt(sha256)) ?? at);
  if ((await hashOf(await to.read(sha256))) !== sha256) {
    throw new Error('la copia no se leyó igual; vuelve a dar la orden');
  }
  return 'copied';
}

async function hashOf(bytes: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
