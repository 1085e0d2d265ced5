// Secrets that must be computed with lie encrypted in the database; the key is in the environment or in a file beside it.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';

export interface SecretSeal {
  /** Encrypts; `of` says whose it is, so that what is sealed for one row opens in no other. */
  seal(secret: string, of: string): Promise<string>;
  /** Decrypts; undefined when it was sealed with another key, for another row, or was changed. */
  unseal(sealed: string, of: string): Promise<string | undefined>;
}

/** Whether a stored text is sealed; what was stored before sealing is as it is. */
export const isSealed = (text: string) => text.startsWith(VERSION);

/** Reads a key as `openssl rand -base64 32` writes it; undefined for anything else. */
export function parseKey(text: string): Buffer | undefined {
  const key = Buffer.from(text.trim(), 'base64');
  return key.length === KEY_BYTES && key.toString('base64') === text.trim() ? key : undefined;
}

/**
 * Seals with AES-256-GCM (NIST SP 800-38D: 96 random bits for each, a tag of 128) under `key`, or under the one in
 * `file`, which is made with mode 0600 when a secret is first sealed. Its methods reject when the file cannot be read or
 * holds no key.
 */
export function secretSeal({ key, file }: { key?: Buffer | undefined; file: string }): SecretSeal {
  let found = key && Promise.resolve(key);
  const keyOf = () => (found ??= ensureKey(file));
  return {
    async seal(secret, of) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', await keyOf(), iv).setAAD(Buffer.from(of));
      const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return VERSION + sealed.toString('base64url');
    },
    async unseal(sealed, of) {
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
      const opening = createDecipheriv('aes-256-gcm', await keyOf(), bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      opening.setAAD(Buffer.from(of)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const secret = opening.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
        return Buffer.concat([secret, opening.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** The key in the file; of several processes that make it at once the first one's counts. */
async function ensureKey(file: string): Promise<Buffer> {
  await mkdir(dirname(file), { recursive: true });
  try {
    const made = await open(file, 'wx', 0o600);
    try {
      await made.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
      await made.sync();
    } finally {
      await made.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const key = parseKey(await readFile(file, 'utf8'));
  if (!key) throw new Error(`${file} no contiene una clave de 32 bytes en base64`);
  return key;
}
