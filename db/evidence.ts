// Evidence in the database: which files each report carries, who downloaded them, and what nobody refers to any more.
import { sql } from 'kysely';
import type { EvidenceFile } from '../app/domain/evidence.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays } from '../app/domain/plain-date.ts';
import { instantPlusMinutes } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import type { ReceivedFile } from './evidence-incoming.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { inTransaction } from './transaction.ts';

/** Files that nobody refers to stay so long, so that a backup of the database and one of the files agree. */
export const ORPHAN_DAYS = 30;

const STALE_UPLOAD_MINUTES = 24 * 60;

/** Between writing a file's row and its bytes nobody may sweep them away: writers share this lock, the sweep owns it. */
const lockShared = sql`select pg_advisory_xact_lock_shared(hashtext('convenio evidence'))`;
const lockAlone = sql`select pg_advisory_xact_lock(hashtext('convenio evidence'))`;

/** Puts a received file in its place and notes that it is there; the bytes are durable before the row is. */
export async function keepEvidence(
  trx: Db,
  store: EvidenceStore,
  file: ReceivedFile & { media_type: string },
  moment: Moment,
): Promise<void> {
  await lockShared.execute(trx);
  await store.keep(file, moment.at);
  await trx
    .insertInto('evidence_file')
    .values({ sha256: file.sha256, bytes: file.bytes, media_type: file.media_type, stored_at: moment.at })
    .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ stored_at: moment.at }))
    .execute();
}

/** A report's file: what is told of it, and the id it is downloaded by. */
export type SubmissionFile = EvidenceFile & { id: number };

/** The files of those reports, by report, each list in the order in which they were attached. */
export async function listSubmissionFiles(
  db: Db,
  submissionIds: number[],
): Promise<Map<number, SubmissionFile[]>> {
  const files = new Map<number, SubmissionFile[]>(submissionIds.map((id) => [id, []]));
  if (submissionIds.length === 0) return files;
  const rows = await db
    .selectFrom('submission_file as f')
    .innerJoin('evidence_file as e', 'e.sha256', 'f.sha256')
    .where('f.submission_id', 'in', submissionIds)
    .select(['f.submission_id', 'f.id', 'f.name', 'e.bytes', 'e.sha256'])
    .orderBy('f.submission_id')
    .orderBy('f.position')
    .execute();
  for (const { submission_id, ...file } of rows) files.get(submission_id)!.push(file);
  return files;
}

/** A file by the id it has in a report, with the report and deadline it belongs to; undefined when there is none. */
export async function findEvidence(db: Db, id: number) {
  return db
    .selectFrom('submission_file as f')
    .innerJoin('evidence_file as e', 'e.sha256', 'f.sha256')
    .innerJoin('submission as s', 's.id', 'f.submission_id')
    .innerJoin('receipt', 'receipt.submission_id', 's.id')
    .where('f.id', '=', id)
    .select([
      'f.id',
      'f.name',
      'e.sha256',
      'e.bytes',
      'e.media_type',
      's.deadline_id',
      's.area_id',
      'receipt.folio',
    ])
    .executeTakeFirst();
}

/** Notes in the bitácora that somebody downloaded a file. */
export async function recordDownload(
  db: Db,
  { id, name, sha256, folio }: { id: number; name: string; sha256: string; folio: string },
  personId: number,
  moment: Moment,
): Promise<void> {
  await recordAudit(db, {
    at: moment.at,
    actor: `persona ${personId}`,
    verb: 'descargó evidencia',
    subject: `evidencia ${id}`,
    detail: { folio, name, sha256 },
  });
}

/**
 * Deletes what nobody has referred to for 30 days, rows first and then bytes, and uploads that never ended. What
 * is left over by an interruption is found the next time. Returns how many files were deleted.
 */
export async function sweepEvidence(db: Db, store: EvidenceStore, moment: Moment): Promise<number> {
  const before = `${addDays(moment.today, -ORPHAN_DAYS)}T00:00:00Z`;
  await inTransaction(db, async (trx) => {
    await lockAlone.execute(trx);
    const orphans = await trx
      .deleteFrom('evidence_file as e')
      .where('stored_at', '<', before)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb.selectFrom('submission_file as s').whereRef('s.sha256', '=', 'e.sha256').select('s.id'),
          ),
        ),
      )
      .where((eb) =>
        eb.not(
          eb.exists(
            eb.selectFrom('draft_file as d').whereRef('d.sha256', '=', 'e.sha256').select('d.draft_id'),
          ),
        ),
      )
      .returning(['e.sha256', 'e.bytes'])
      .execute();
    if (orphans.length === 0) return;
    await recordAudit(trx, {
      at: moment.at,
      actor: 'sistema',
      verb: 'borró archivos sin reporte',
      subject: 'evidencia',
      detail: { files: orphans },
    });
  });
  let removed = await store.sweepReceived(instantPlusMinutes(moment.at, -STALE_UPLOAD_MINUTES));
  for await (const page of store.list()) {
    for (const sha256 of await withoutRow(db, page)) {
      const keptAt = await store.keptAt(sha256);
      if (keptAt === undefined || Date.parse(keptAt) >= Date.parse(before)) continue;
      removed += await inTransaction(db, async (trx) => {
        await lockAlone.execute(trx);
        if ((await withoutRow(trx, [sha256])).length === 0) return 0;
        await store.remove(sha256);
        return 1;
      });
    }
  }
  return removed;
}

/** Those of the fingerprints that no row knows. */
async function withoutRow(db: Db, fingerprints: string[]): Promise<string[]> {
  if (fingerprints.length === 0) return [];
  const rows = await db
    .selectFrom('evidence_file')
    .where('sha256', 'in', fingerprints)
    .select('sha256')
    .execute();
  const known = new Set(rows.map(({ sha256 }) => sha256));
  return fingerprints.filter((sha256) => !known.has(sha256));
}
