// What every store of evidence does, on a folder and on a bucket of a real S3 server.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { bucketStore, BucketUnreachable, parseBucketAddress } from '../../db/evidence-bucket.ts';
import { openEvidenceStore, type EvidenceStore } from '../../db/evidence-store.ts';
import { startBucket } from '../support/bucket.ts';

const MAY = '2024-05-15T15:00:00.000Z';
const JUNE = '2024-06-15T15:00:00.000Z';
const shaOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.each(['folder', 'bucket'])('evidence in a %s', (kind) => {
  let folder: string;
  let store: EvidenceStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convenio-store-'));
    const server = kind === 'bucket' ? await startBucket() : undefined;
    store = await openEvidenceStore(folder, server?.address);
    return async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    };
  });

  const receive = (bytes: Uint8Array, limit = 30_000_000) =>
    store.receive(Readable.from(bytes.length === 0 ? [] : [Buffer.from(bytes)]), limit, MAY);
  const keep = async (bytes: Uint8Array, at = MAY) => {
    const received = (await receive(bytes))!;
    await store.keep(received, at);
    return received.sha256;
  };
  const all = async () => {
    const names: string[] = [];
    for await (const page of store.list()) names.push(...page);
    return names;
  };

  test('comes back byte by byte under its fingerprint, and nothing is left apart', async () => {
    const bytes = Buffer.alloc(5_000_000, 'evidencia ');
    const sha256 = await keep(bytes);
    expect(sha256).toBe(shaOf(bytes));
    expect(shaOf(await buffer(await store.read(sha256)))).toBe(sha256);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  test('is kept once however often it comes, as of the last time', async () => {
    const bytes = Buffer.from('dos veces');
    const sha256 = await keep(bytes, MAY);
    expect(await store.keptAt(sha256)).toBe(MAY);
    await keep(bytes, JUNE);
    expect(await store.keptAt(sha256)).toBe(JUNE);
    expect((await all()).filter((name) => name === sha256)).toHaveLength(1);
  });

  test('that was removed is not there, and removing it again is no error', async () => {
    const sha256 = await keep(Buffer.from('se va'));
    await store.remove(sha256);
    await store.remove(sha256);
    expect(await store.keptAt(sha256)).toBeUndefined();
    await expect(store.read(sha256)).rejects.toThrow();
    expect(await all()).not.toContain(sha256);
  });

  test('that is too large is not read to its end and leaves nothing', async () => {
    expect(await receive(Buffer.alloc(11), 10)).toBeUndefined();
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  test('is asked for by fingerprint alone', async () => {
    await expect((async () => store.read('../../etc/passwd'))()).rejects.toThrow('Not a fingerprint');
  });

  test('is listed, every file of it', async () => {
    const kept = [];
    for (let number = 0; number < 10; number += 1) kept.push(await keep(Buffer.from(`archivo ${number}`)));
    expect(await all()).toEqual(expect.arrayContaining(kept));
  });
});

describe('a bucket', () => {
  test('is listed page after page', async () => {
    const server = await startBucket();
    const folder = await mkdtemp(join(tmpdir(), 'convenio-store-'));
    try {
      const store = await openEvidenceStore(folder, server.address);
      const kept = [];
      for (const text of ['uno', 'dos', 'tres', 'cuatro', 'cinco']) {
        const received = (await store.receive(Readable.from([Buffer.from(text)]), 10, MAY))!;
        await store.keep(received, MAY);
        kept.push(received.sha256);
      }
      const pages: string[][] = [];
      for await (const page of (await bucketStore(server.address, 2)).list()) pages.push(page);
      expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
      expect(pages.flat()).toEqual(kept.sort());
    } finally {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('that is not there, or does not know the key, is told at the start without its secret', async () => {
    const server = await startBucket();
    const folder = await mkdtemp(join(tmpdir(), 'convenio-store-'));
    try {
      for (const url of [
        server.url.replace('/evidencia/', '/otro-deposito/'),
        server.url.replace('S3RVER:S3RVER', 'S3RVER:secreto-malo'),
        'http://S3RVER:S3RVER@127.0.0.1:1/evidencia',
      ]) {
        const opened = openEvidenceStore(folder, parseBucketAddress(url));
        await expect(opened).rejects.toThrow(BucketUnreachable);
        await expect(opened).rejects.toThrow('EVIDENCE_S3_URL');
        await expect(opened).rejects.not.toThrow('secreto-malo');
      }
    } finally {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
