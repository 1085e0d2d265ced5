// Where the bytes of evidence are kept, each file once, under the fingerprint of its content: a folder or a bucket.
import { join } from 'node:path';
import { bucketStore, type BucketAddress } from './evidence-bucket.ts';
import { folderStore } from './evidence-folder.ts';
import { openIncoming, type Incoming } from './evidence-incoming.ts';
import type { EvidencePlace } from './evidence-place.ts';

export type EvidenceStore = Incoming & EvidencePlace;

/**
 * Opens the store: files arrive in `folder`, which is made when it is missing, and stay there, or in `bucket` when
 * there is one. Rejects in Spanish when the bucket cannot be reached.
 */
export async function openEvidenceStore(folder: string, bucket?: BucketAddress): Promise<EvidenceStore> {
  const incoming = await openIncoming(join(folder, 'incoming'));
  return { ...incoming, ...(bucket ? await bucketStore(bucket) : folderStore(folder)) };
}
