// `convenio evidence move` between a folder and a bucket of a real S3 server.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { now } from '../../db/clock.ts';
import { keepEvidence } from '../../db/evidence.ts';
import { openEvidenceStore, type EvidenceStore } from '../../db/evidence-store.ts';
import { startBucket } from '../support/bucket.ts';
import { freshDatabase } from '../support/database.ts';
import { convenio } from '../support/program.ts';

const MAY = '2024-05-15T15:00:00.000Z';
const TEXTS = ['acuse', 'oficio', 'minuta', 'x'.repeat(3_000_000)];
const shaOf = (text: string) => createHash('sha256').update(text).digest('hex');

const everything = TEXTS.map(shaOf).sort();

/** A folder with those texts as evidence the database knows of, an empty bucket, and the command on both. */
async function places() {
  const data = await mkdtemp(join(tmpdir(), 'convenio-move-'));
  const server = await startBucket();
  onTestFinished(async () => {
    await server.close();
    await rm(data, { recursive: true, force: true });
  });
  const { db, url } = await freshDatabase('catalogue');
  const folder = await openEvidenceStore(join(data, 'evidence'));
  const bucket = await openEvidenceStore(join(data, 'elsewhere'), server.address);
  const moment = { ...(await now(db)), at: MAY };
  for (const text of TEXTS) {
    const received = (await folder.receive(Readable.from([Buffer.from(text)]), 10_000_000, MAY))!;
    await db
      .transaction()
      .execute((trx) => keepEvidence(trx, folder, { ...received, media_type: 'application/pdf' }, moment));
  }
  return {
    db,
    folder,
    bucket,
    incoming: join(data, 'evidence', 'incoming'),
    placeOf: (sha256: string) => join(data, 'evidence', sha256.slice(0, 2), sha256.slice(2, 4), sha256),
    move: (...words: string[]) =>
      convenio(['evidence', 'move', ...words], {
        DATABASE_URL: url,
        DATA_DIR: data,
        EVIDENCE_S3_URL: server.url,
      }),
  };
}

async function all(store: EvidenceStore): Promise<string[]> {
  const names: string[] = [];
  for await (const page of store.list()) names.push(...page);
  return names.sort();
}

describe('evidence taken to a bucket and back', () => {
  test('a dry run says how much and changes nothing', async () => {
    const { move, folder, bucket } = await places();
    const { code, stdout } = await move('--to', 's3', '--dry-run', '--delete-source');
    expect([code, stdout]).toEqual([
      0,
      'Se copiarían: 4. Ya estaban: 0. Borrados del origen: 0. Con problemas: 0. Faltan: 0.\n',
    ]);
    expect([await all(folder), await all(bucket)]).toEqual([everything, []]);
  });

  test('goes on where it was interrupted, keeps the day of each file and leaves the source alone', async () => {
    const { move, folder, bucket, incoming } = await places();
    const [first] = TEXTS;
    const received = (await bucket.receive(Readable.from([Buffer.from(first!)]), 100, MAY))!;
    await bucket.keep(received, MAY);
    const { code, stdout } = await move('--to', 's3');
    expect([code, stdout]).toEqual([
      0,
      'Copiados: 3. Ya estaban: 1. Borrados del origen: 0. Con problemas: 0. Faltan: 0.\n',
    ]);
    expect([await all(folder), await all(bucket)]).toEqual([everything, everything]);
    for (const text of TEXTS) {
      expect(await buffer(await bucket.read(shaOf(text)))).toEqual(Buffer.from(text));
      expect(await bucket.keptAt(shaOf(text))).toBe(MAY);
    }
    expect(await readdir(incoming)).toEqual([]);
  });

  test('a file damaged at its source is neither copied nor deleted, and the rest is', async () => {
    const { move, folder, bucket, placeOf } = await places();
    const sha256 = shaOf('oficio');
    const place = placeOf(sha256);
    await writeFile(place, 'otra cosa');
    const damaged = await move('--to', 's3', '--delete-source');
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toContain(`${sha256}: está dañado donde está`);
    expect(damaged.stdout).toBe(
      'Copiados: 3. Ya estaban: 0. Borrados del origen: 3. Con problemas: 1. Faltan: 1.\n',
    );
    expect(await all(folder)).toEqual([sha256]);
    await writeFile(place, 'oficio');
    expect(await move('--to', 's3', '--delete-source')).toMatchObject({ code: 0 });
    expect([await all(folder), await all(bucket)]).toEqual([[], everything]);
  });

  test('comes back, a damaged copy made anew, and every run is in the record', async () => {
    const { move, db, folder, bucket, placeOf } = await places();
    const sha256 = shaOf('minuta');
    await move('--to', 's3', '--delete-source');
    await move('--to', 'folder');
    await writeFile(placeOf(sha256), 'cortad');
    const { code, stdout } = await move('--to', 'folder', '--delete-source');
    expect([code, stdout]).toEqual([
      0,
      'Copiados: 1. Ya estaban: 3. Borrados del origen: 4. Con problemas: 0. Faltan: 0.\n',
    ]);
    expect([await all(folder), await all(bucket)]).toEqual([everything, []]);
    expect(await buffer(await folder.read(sha256))).toEqual(Buffer.from('minuta'));
    const entries = await db
      .selectFrom('audit_entry')
      .where('verb', '=', 'movió la evidencia')
      .select('subject')
      .orderBy('seq')
      .execute();
    expect(entries.map(({ subject }) => subject)).toEqual(['al depósito', 'a la carpeta', 'a la carpeta']);
  });

  test('needs to be told where to, and which bucket', async () => {
    const bucket = { EVIDENCE_S3_URL: 'http://K:S@127.0.0.1:9/evidencia' };
    expect(await convenio(['evidence', 'move', '--to', 'nube'], bucket)).toMatchObject({ code: 2 });
    const without = await convenio(['evidence', 'move', '--to', 's3'], {});
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('EVIDENCE_S3_URL');
  });
});
