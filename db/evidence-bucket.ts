// Evidence in a bucket of an S3-compatible store, so that web and worker need not share a disk.
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream as WebReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { fingerprint, type EvidencePlace } from './evidence-place.ts';

export interface BucketAddress {
  /** Address of the server, without user, path or query. */
  endpoint: string;
  region: string;
  access_key: string;
  secret_key: string;
  bucket: string;
  /** Put before every fingerprint to make its key; empty, or ends with a slash. */
  prefix: string;
}

/**
 * Reads `https://KEY:SECRET@server/bucket/folder?region=us-east-1`; folder and region may be left out. Undefined
 * when it is not such an address. Names of buckets: 3 to 63 lower-case letters, digits, dots and hyphens, as S3 has it.
 */
export function parseBucketAddress(text: string): BucketAddress | undefined {
  let url: URL;
  let access_key: string, secret_key: string, path: string;
  try {
    url = new URL(text);
    [access_key, secret_key, path] = [url.username, url.password, url.pathname].map(decodeURIComponent) as [
      string,
      string,
      string,
    ];
  } catch {
    return undefined;
  }
  const [, bucket = '', prefix = ''] = /^\/([^/]+)(?:\/(.*?))?\/?$/.exec(path) ?? [];
  const region = url.searchParams.get('region') ?? 'us-east-1';
  const known =
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    access_key !== '' &&
    secret_key !== '' &&
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) &&
    /^[\w./-]*$/.test(prefix) &&
    /^[a-z0-9-]+$/.test(region) &&
    [...url.searchParams.keys()].every((name) => name === 'region');
  if (!known) return undefined;
  return {
    endpoint: url.origin,
    region,
    access_key,
    secret_key,
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
  };
}

/** The bucket could not be opened; the message says in Spanish which variable to look at, never its value. */
export class BucketUnreachable extends Error {}

const PATIENCE_MS = 60_000;
const ATTEMPTS = 3;

/**
 * Opens the bucket, which must exist: its objects are its files, each under its fingerprint (S3 REST API, addressed by
 * path, signed with Signature Version 4). It is listed `page_size` files at a time. Rejects with BucketUnreachable when
 * it cannot be listed.
 */
export async function bucketStore(address: BucketAddress, page_size = 1000): Promise<EvidencePlace> {
  const { bucket, prefix } = address;
  const signer = new AwsClient({
    accessKeyId: address.access_key,
    secretAccessKey: address.secret_key,
    region: address.region,
    service: 's3',
  });
  const objectPath = (sha256: string) => `/${bucket}/${prefix}${fingerprint(sha256)}`;

  /** Asks until the server takes the question; `init` is made anew each time, for a body can be sent once. */
  async function ask(path: string, init: () => RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      // Only until it answers: whoever reads a file may take longer.
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
      try {
        const request = await signer.sign(`${address.endpoint}${path}`, init());
        const response = await fetch(request, { signal: patience.signal });
        if (response.status < 500 || attempt === ATTEMPTS) return response;
        await response.body?.cancel();
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      } finally {
        clearTimeout(timer);
      }
      await sleep(200 * attempt);
    }
  }

  /** Fails unless the answer is good; what it says stays out of the message, for it may repeat the question. */
  async function good(asked: Promise<Response>): Promise<Response> {
    const response = await asked;
    if (response.ok) return response;
    await response.body?.cancel();
    throw new Error(`The bucket answered ${response.status}`);
  }

  /** One answer of ListObjects: the keys after `marker`, in their order. */
  async function listPage(marker: string): Promise<{ keys: string[]; more: boolean }> {
    const query = new URLSearchParams({ prefix, marker, 'max-keys': String(page_size) });
    const page = await (await good(ask(`/${bucket}?${query.toString()}`, () => ({ method: 'GET' })))).text();
    return {
      keys: [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key),
      more: page.includes('<IsTruncated>true<'),
    };
  }

  await listPage('').catch((error: unknown) => {
    throw new BucketUnreachable(
      `No se pudo abrir el depósito de EVIDENCE_S3_URL (${error instanceof Error ? error.message : 'error'}). ` +
        'Revisa que exista, su región y que la clave pueda listar, leer, escribir y borrar.',
    );
  });

  return {
    async keep({ path, sha256, bytes }, at) {
      const put = () => ({
        method: 'PUT',
        headers: {
          // The fingerprint is what is signed: the server refuses bytes that changed on their way.
          'x-amz-content-sha256': fingerprint(sha256),
          'x-amz-meta-kept-at': at,
          'Content-Length': String(bytes),
          // Whoever opens the bucket by hand gets a file to save, never a page.
          'Content-Type': 'application/octet-stream',
          'Content-Disposition': 'attachment',
        },
        body: Readable.toWeb(createReadStream(path)) as ReadableStream,
      });
      await (await good(ask(objectPath(sha256), put))).body?.cancel();
      await rm(path, { force: true });
    },
    async read(sha256) {
      const { body } = await good(ask(objectPath(sha256), () => ({ method: 'GET' })));
      return Readable.fromWeb(body as WebReadableStream);
    },
    async remove(sha256) {
      await (await good(ask(objectPath(sha256), () => ({ method: 'DELETE' })))).body?.cancel();
    },
    async *list() {
      let page = { keys: [''], more: true };
      while (page.more) {
        page = await listPage(page.keys.at(-1) ?? '');
        yield page.keys.flatMap((key) => {
          const name = key.slice(prefix.length);
          return /^[0-9a-f]{64}$/.test(name) ? [name] : [];
        });
      }
    },
    async keptAt(sha256) {
      const head = await ask(objectPath(sha256), () => ({ method: 'HEAD' }));
      if (head.status === 404) return undefined;
      return (await good(Promise.resolve(head))).headers.get('x-amz-meta-kept-at') ?? undefined;
    },
  };
}
