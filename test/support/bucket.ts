// A real S3 server with one empty bucket, for the tests of evidence.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { parseBucketAddress, type BucketAddress } from '../../db/evidence-bucket.ts';

/** Starts it on a free port; the only keys it knows are these. */
export async function startBucket(): Promise<{
  address: BucketAddress;
  url: string;
  close(): Promise<void>;
}> {
  const directory = await mkdtemp(join(tmpdir(), 'convenio-bucket-'));
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: 'evidencia' }],
  });
  const { port } = await server.run();
  const url = `http://S3RVER:S3RVER@127.0.0.1:${port}/evidencia/convenio`;
  return {
    url,
    address: parseBucketAddress(url)!,
    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
