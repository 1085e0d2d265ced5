// Drafts of reports: what a person has typed and attached for a deadline, kept until it is sent.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { EVIDENCE_FILES, type EvidenceFile } from '../app/domain/evidence.ts';
import type { Moment } from '../app/domain/moment.ts';
import { EMPTY_REPORT, type TypedReport } from '../app/domain/report-form.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { keepEvidence } from './evidence.ts';
import type { ReceivedFile } from './evidence-incoming.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { inTransaction } from './transaction.ts';

export interface Draft {
  fields: TypedReport;
  /** Other deadlines the same evidence is for. */
  also: number[];
  files: EvidenceFile[];
  /** What sends this draft as it is; null while nothing was saved. */
  form_key: string | null;
  saved_at: string | null;
}

interface Whose {
  person_id: number;
  deadline_id: number;
}

/**
 * The draft of a person for a deadline. While there is none it holds what the newest report said when that came
 * back to be corrected, its files included, and is empty otherwise.
 */
export async function findDraft(db: Db, { person_id, deadline_id }: Whose): Promise<Draft> {
  const draft = await db
    .selectFrom('report_draft')
    .where('person_id', '=', person_id)
    .where('deadline_id', '=', deadline_id)
    .select(['id', 'fields', 'also', 'form_key', 'saved_at'])
    .executeTakeFirst();
  if (draft) {
    const { id, ...rest } = draft;
    return { ...rest, also: rest.also.map(Number), files: await filesOf(db, id) };
  }
  const newest = await db
    .selectFrom('submission as s')
    .leftJoin('review as r', 'r.submission_id', 's.id')
    .where('s.deadline_id', '=', deadline_id)
    .select([
      's.id',
      's.fulfilment',
      's.act_on',
      's.act_time',
      's.medium',
      's.document_number',
      's.note',
      'r.decision',
    ])
    .orderBy('attempt', 'desc')
    .executeTakeFirst();
  const unsaved = { also: [], form_key: null, saved_at: null };
  if (newest?.decision !== 'returned') return { ...unsaved, fields: EMPTY_REPORT, files: [] };
  const { id, decision: _, ...said } = newest;
  const files = await db
    .selectFrom('submission_file as f')
    .innerJoin('evidence_file as e', 'e.sha256', 'f.sha256')
    .where('f.submission_id', '=', id)
    .select(['f.name', 'e.bytes', 'e.sha256'])
    .orderBy('f.position')
    .execute();
  return { ...unsaved, fields: { ...said, act_time: said.act_time ?? '' }, files };
}

function filesOf(db: Db, draftId: number): Promise<EvidenceFile[]> {
  return db
    .selectFrom('draft_file as f')
    .innerJoin('evidence_file as e', 'e.sha256', 'f.sha256')
    .where('f.draft_id', '=', draftId)
    .select(['f.name', 'e.bytes', 'e.sha256'])
    .orderBy('f.position')
    .execute();
}

export interface DraftChange extends Whose {
  fields: TypedReport;
  also: number[];
  /** Fingerprints of files to take out. */
  removed: string[];
  added: (ReceivedFile & { name: string; media_type: string })[];
}

/**
 * Saves a draft. New files go after those it had; one it already has, or beyond the tenth, is left out and said
 * so, in Spanish. Whatever is not kept of `added` is discarded. Saving the same twice changes nothing.
 */
export async function saveDraft(
  db: Db,
  store: EvidenceStore,
  change: DraftChange,
  moment: Moment,
): Promise<{ draft: Draft; refusals: string[] }> {
  const { person_id, deadline_id, added } = change;
  try {
    return await inTransaction(db, async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtext(${`draft ${person_id} ${deadline_id}`}))`.execute(trx);
      const before = await findDraft(trx, change);
      const files = before.files.filter(({ sha256 }) => !change.removed.includes(sha256));
      const refusals: string[] = [];
      const fresh: typeof added = [];
      for (const file of added) {
        const same = files.find(({ sha256 }) => sha256 === file.sha256);
        if (same) {
          refusals.push(`«${file.name}»: ya está adjunto (misma huella que «${same.name}»)`);
        } else if (files.length >= EVIDENCE_FILES) {
          refusals.push(`«${file.name}»: máximo ${EVIDENCE_FILES} archivos por reporte`);
        } else {
          files.push({ name: file.name, bytes: file.bytes, sha256: file.sha256 });
          fresh.push(file);
        }
      }
      const fields = storable(change.fields);
      const said = JSON.stringify([fields, change.also, files]);
      if (
        before.form_key !== null &&
        said === JSON.stringify([inOrder(before.fields), before.also, before.files])
      ) {
        return { draft: before, refusals };
      }
      const nothing =
        Object.values(fields).every((text) => text === '') && change.also.length + files.length === 0;
      if (before.form_key === null && nothing) return { draft: before, refusals };
      for (const file of fresh) await keepEvidence(trx, store, file, moment);
      const draft: Draft = { fields, also: change.also, files, form_key: randomUUID(), saved_at: moment.at };
      await writeDraft(trx, change, draft);
      await recordAudit(trx, {
        at: moment.at,
        actor: `persona ${person_id}`,
        verb: 'guardó un borrador de reporte',
        subject: `vencimiento ${deadline_id}`,
        detail: { files },
      });
      return { draft, refusals };
    });
  } finally {
    await Promise.all(added.map((file) => store.discard(file)));
  }
}

async function writeDraft(trx: Db, { person_id, deadline_id }: Whose, draft: Draft): Promise<void> {
  const columns = {
    fields: JSON.stringify(draft.fields),
    also: draft.also,
    form_key: draft.form_key!,
    saved_at: draft.saved_at!,
  };
  const { id } = await trx
    .insertInto('report_draft')
    .values({ person_id, deadline_id, ...columns })
    .onConflict((conflict) => conflict.columns(['person_id', 'deadline_id']).doUpdateSet(columns))
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx.deleteFrom('draft_file').where('draft_id', '=', id).execute();
  if (draft.files.length === 0) return;
  await trx
    .insertInto('draft_file')
    .values(
      draft.files.map(({ name, sha256 }, index) => ({ draft_id: id, sha256, name, position: index + 1 })),
    )
    .execute();
}

/** The one character that typed text may bring and jsonb cannot hold is left out. */
function storable(fields: TypedReport): TypedReport {
  return inOrder(
    Object.fromEntries(
      Object.entries(fields).map(([name, text]) => [name, text.replaceAll('\0', '')]),
    ) as TypedReport,
  );
}

/** The fields in the order of the form: jsonb keeps none. */
function inOrder(fields: TypedReport): TypedReport {
  return Object.fromEntries(
    Object.keys(EMPTY_REPORT).map((name) => [name, fields[name as keyof TypedReport]]),
  ) as TypedReport;
}

/** Throws a draft away; its files go with the next sweeps. */
export async function discardDraft(db: Db, { person_id, deadline_id }: Whose, moment: Moment): Promise<void> {
  await inTransaction(db, async (trx) => {
    const gone = await trx
      .deleteFrom('report_draft')
      .where('person_id', '=', person_id)
      .where('deadline_id', '=', deadline_id)
      .returning('id')
      .executeTakeFirst();
    if (!gone) return;
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: 'descartó un borrador de reporte',
      subject: `vencimiento ${deadline_id}`,
      detail: {},
    });
  });
}
