// Reading forms with files as they arrive: each is set aside and inspected, and too much is not read to its end.
import { createHash } from 'node:crypto';
import { EVIDENCE_BYTES, EVIDENCE_FILES, evidenceName } from '../../domain/evidence.ts';
import type { ReceivedFile } from '../../../db/evidence-incoming.ts';
import type { EvidenceStore } from '../../../db/evidence-store.ts';
import { inspectEvidence } from './inspect.ts';
import { incomplete, readParts } from './multipart.ts';

export interface Upload extends ReceivedFile {
  name: string;
  media_type: string;
}

export interface UploadForm<Field extends string, List extends string> {
  fields: Record<Field, string>;
  lists: Record<List, string[]>;
  /** What arrived well, set aside: to be kept or discarded by the caller. */
  files: Upload[];
  /** What did not, in Spanish; `status` is 413 or 507 when reading was ended by a file too large, or by a full disk. */
  refusals: string[];
  status: 200 | 400 | 413 | 507;
}

export interface UploadShape<Field extends string, List extends string> {
  /** Fields that come at most once. */
  fields: readonly Field[];
  /** Fields that may come several times. */
  lists: readonly List[];
  /** The name of the file inputs. */
  files: string;
}

/**
 * Reads a posted form, multipart or not. Every file is written aside while it arrives and then inspected; `at` is
 * the ISO instant. Throws 400, with nothing left aside, when the form is malformed or was cut off. After a file
 * that is too large, or that the disk has no room for, the rest is not read; the fields that came before are returned.
 */
export async function readUpload<Field extends string, List extends string>(
  request: Request,
  store: EvidenceStore,
  at: string,
  shape: UploadShape<Field, List>,
): Promise<UploadForm<Field, List>> {
  const type = request.headers.get('content-type') ?? '';
  const pairs: [name: string, value: string][] = [];
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    const form = await request.formData().catch(() => {
      throw incomplete();
    });
    for (const [name, value] of form) if (typeof value === 'string') pairs.push([name, value]);
    return { ...sortFields(pairs, shape), files: [], refusals: [], status: 200 };
  }
  const arrived: (Upload | string)[] = [];
  let tooLarge = false;
  let full = false;
  try {
    tooLarge = await readParts(request, type, {
      onField: (name, value) => pairs.push([name, value]),
      onFile: async (field, sent, source) => {
        if (field !== shape.files) throw incomplete();
        const place = arrived.push('') - 1;
        const name = evidenceName(sent);
        const received = await store.receive(source, EVIDENCE_BYTES, at).catch((error: unknown) => {
          if (!isOutOfSpace(error)) throw error;
          return 'full' as const;
        });
        if (received === 'full') {
          full = true;
          arrived[place] =
            `«${name}» no se guardó: al servidor se le acabó el espacio. Avisa a la administración del sistema e inténtalo más tarde`;
          return 'too_large';
        }
        if (!received) {
          arrived[place] = `«${name}» pesa más de 25 MB, que es el máximo por archivo`;
          return 'too_large';
        }
        // An input that was left empty arrives as a file without name and content.
        if (sent === '' && received.bytes === 0) {
          await store.discard(received);
          return 'taken';
        }
        const inspected = await inspectEvidence(received.path, received.bytes, name).catch(async (error) => {
          await store.discard(received);
          throw error;
        });
        if (inspected.ok) {
          arrived[place] = { ...received, name, media_type: inspected.value };
        } else {
          await store.discard(received);
          arrived[place] = `«${name}»: ${inspected.message}`;
        }
        return 'taken';
      },
      onTooMany: () => {
        arrived.push(`Máximo ${EVIDENCE_FILES} archivos por reporte; los demás no se guardaron`);
      },
    });
    const files = arrived.filter((item) => typeof item !== 'string');
    const refusals = arrived.filter((item) => typeof item === 'string' && item !== '') as string[];
    const status = full ? 507 : tooLarge ? 413 : refusals.length > 0 ? 400 : 200;
    return { ...sortFields(pairs, shape), files, refusals, status };
  } catch (error) {
    for (const item of arrived) if (typeof item !== 'string') await store.discard(item);
    throw error;
  }
}

const isOutOfSpace = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

function sortFields<Field extends string, List extends string>(
  pairs: [string, string][],
  { fields, lists }: UploadShape<Field, List>,
) {
  const of = (name: string) => pairs.flatMap(([field, value]) => (field === name ? [value] : []));
  for (const name of fields) {
    if (of(name).length > 1) throw new Response(`Campo repetido: ${name}`, { status: 400 });
  }
  return {
    fields: Object.fromEntries(fields.map((name) => [name, of(name)[0] ?? ''])) as Record<Field, string>,
    lists: Object.fromEntries(lists.map((name) => [name, of(name)])) as Record<List, string[]>,
  };
}

type Fingerprint =
  { ok: true; value: { name: string; sha256: string } } | { ok: false; status: 400 | 413; message: string };

/** The fingerprint of the one file of a form, which passes through and is kept nowhere. Throws 400 as `readUpload`. */
export async function readFingerprint(request: Request, field: string): Promise<Fingerprint> {
  const type = request.headers.get('content-type') ?? '';
  const nothing: Fingerprint = { ok: false, status: 400, message: 'Elige el archivo que quieres verificar' };
  if (!/^multipart\/form-data\s*;/i.test(type)) return nothing;
  let found: Fingerprint = nothing;
  await readParts(request, type, {
    onField: () => undefined,
    onFile: async (name, sent, source) => {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of source as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > EVIDENCE_BYTES) {
          found = {
            ok: false,
            status: 413,
            message: 'Pesa más de 25 MB: no puede ser uno de estos archivos',
          };
          return 'too_large';
        }
        hash.update(chunk);
      }
      if (name === field && bytes > 0) {
        found = { ok: true, value: { name: evidenceName(sent), sha256: hash.digest('hex') } };
      }
      return 'taken';
    },
    onTooMany: () => undefined,
  });
  return found;
}
