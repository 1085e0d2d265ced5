// Applying an addendum: a new version of its instrument and every date that follows from it, all or nothing.
import { sql } from 'kysely';
import type { PlannedClause, PlannedObligation } from '../app/domain/addendum.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays } from '../app/domain/plain-date.ts';
import { addendumEffects, planned, planOf, type AddendumDraft, type AddendumFacts } from './addenda.ts';
import { recordAudit } from './audit.ts';
import { queueChangeMails } from './change-mails.ts';
import type { Db } from './client.ts';
import { recordChange } from './schedule-changes.ts';
import { lockProcess, recomputeDeadlines } from './deadline-schedule.ts';
import { findInstrument, type InstrumentRow } from './instruments.ts';
import { cancelPlannedNotices } from './notices.ts';
import { inTransaction } from './transaction.ts';

export type AddendumOutcome =
  | { kind: 'applied'; change_id: number; version: number; mails: number }
  /** It was applied or discarded meanwhile. */
  | { kind: 'closed' }
  /** Nothing in it differs from the text in force. */
  | { kind: 'nothing_new' }
  | { kind: 'errors'; errors: string[] };

/**
 * Applies an open addendum in one transaction: the new version with every clause in force, the obligations moved to
 * it, the versions of the rules that changed, new obligations, repealed ones closed, the dates computed, the notices
 * that told of old ones withdrawn, one mail per area, and the entry in the record. The version before stays readable,
 * in force until the eve. Throws RuleError when a rule cannot be computed; then nothing is recorded.
 */
export async function applyAddendum(
  db: Db,
  instrument: Pick<InstrumentRow, 'key' | 'process_key' | 'process_id'>,
  draft: AddendumDraft,
  personId: number,
  asked: Moment,
): Promise<AddendumOutcome> {
  return inTransaction(db, async (trx): Promise<AddendumOutcome> => {
    const moment = await lockProcess(trx, instrument.process_id, asked);
    const open = await trx
      .selectFrom('addendum_draft')
      .where('id', '=', draft.id)
      .where('closed_at', 'is', null)
      .select('id')
      .forUpdate()
      .executeTakeFirst();
    const before = await findInstrument(trx, instrument.key, instrument.process_key);
    if (!open || !before) return { kind: 'closed' };
    const plan = await planOf(trx, before, draft.rows);
    if (!plan.ok) return { kind: 'errors', errors: plan.errors };
    const clauses = plan.clauses.filter(({ change }) => change !== 'same');
    if (clauses.length === 0) return { kind: 'nothing_new' };
    const obligations = planned(clauses).filter(({ change }) => change !== 'same');
    const effects = await addendumEffects(trx, before, draft, obligations, moment);

    const changeId = await recordChange(
      trx,
      {
        process_id: before.process_id,
        kind: 'addendum',
        summary: `${draft.title} (${before.title})`,
        act: draft.source,
        person_id: personId,
      },
      moment,
    );
    const versionId = await insertVersion(trx, before, draft, changeId);
    await insertClauses(trx, before.version_id, versionId, clauses, draft);
    await moveObligations(trx, before.version_id, versionId);
    for (const { change, before: old, after, differences } of obligations) {
      if (change === 'modified' && old && after) await modify(trx, old.id, after, differences);
      if (change === 'new' && after)
        await insertObligation(
          trx,
          before,
          versionId,
          { ...after, number: numberOf(clauses, after.ref) },
          draft,
        );
    }
    await insertRules(trx, before.process_id, obligations, draft, changeId, personId, moment);
    const closed = effects.filter(({ closes }) => closes).flatMap(({ deadline_id }) => deadline_id ?? []);
    await close(trx, closed, draft, changeId, personId, moment);
    const schedule = await recomputeDeadlines(trx, before.process_id, moment, {
      changeId,
      keep: new Set(
        effects
          .filter(({ repealed, closes, reason }) => (repealed && !closes) || reason === 'in_review')
          .flatMap(({ deadline_id }) => deadline_id ?? []),
      ),
    });
    const mails = await queueChangeMails(trx, changeId, 'date_change', moment);
    await trx
      .updateTable('addendum_draft')
      .set({ closed_at: moment.at, instrument_version_id: versionId })
      .where('id', '=', draft.id)
      .execute();
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${personId}`,
      verb: 'aplicó una adenda',
      subject: `instrumento ${before.key} del proceso ${before.process_key}`,
      detail: {
        change_id: changeId,
        title: draft.title,
        source: draft.source,
        clauses: clauses.map(({ number, change }) => ({ number, change })),
        obligations: obligations.map(({ ref, change }) => ({ ref, change })),
        ...schedule,
        closed: closed.length,
        mails,
      },
    });
    return { kind: 'applied', change_id: changeId, version: before.version + 1, mails };
  });
}

async function insertVersion(
  db: Db,
  before: InstrumentRow,
  { title, signed_on, in_force_from, source }: AddendumFacts,
  changeId: number,
): Promise<number> {
  await db
    .updateTable('instrument_version')
    .set({ in_force_until: addDays(in_force_from, -1) })
    .where('id', '=', before.version_id)
    .execute();
  const { id } = await db
    .insertInto('instrument_version')
    .values({
      instrument_id: before.id,
      version: before.version + 1,
      signed_on,
      in_force_from,
      in_force_until: null,
      source,
      title,
      change_id: changeId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Numbers padded so that text order is the order of the document: "C.a.4" to "C.a.0004". */
const sortablePath = (number: string) => number.replace(/\d+/g, (digits) => digits.padStart(4, '0'));

/** Every clause of the version before, as the addendum leaves it, and the new ones. */
async function insertClauses(
  db: Db,
  fromVersion: number,
  toVersion: number,
  clauses: readonly PlannedClause[],
  { title, source }: AddendumFacts,
): Promise<void> {
  const touched = JSON.stringify(
    clauses.map(({ number, change, heading, text }) => ({
      number,
      change,
      path: sortablePath(number),
      heading: heading.after,
      text: text.after,
    })),
  );
  await sql`
    with touched as (
      select * from jsonb_to_recordset(${touched}::jsonb)
        as t (number text, change text, path text, heading text, text text)
    )
    insert into clause (instrument_version_id, number, path, heading, text, summary, period_from, period_to,
                        responsible_area_id, deliverable, source, note)
    select ${toVersion}::bigint, coalesce(c.number, t.number), coalesce(c.path, t.path), coalesce(t.heading, c.heading),
           case when t.number is null then c.text else t.text end, c.summary, c.period_from, c.period_to,
           c.responsible_area_id, c.deliverable,
           case when t.number is null then c.source else ${`${title}; ${source}`} end, c.note
    from (select * from clause where instrument_version_id = ${fromVersion}) c
    full join touched t on t.number = c.number
    where t.change is distinct from 'repealed'
    order by coalesce(c.path, t.path)`.execute(db);
}

/** Obligations follow their clause; those of a repealed clause stay with the text that had it. */
async function moveObligations(db: Db, fromVersion: number, toVersion: number): Promise<void> {
  await sql`
    update obligation o set clause_id = kept.id
    from clause old join clause kept on kept.number = old.number and kept.instrument_version_id = ${toVersion}
    where o.clause_id = old.id and old.instrument_version_id = ${fromVersion}`.execute(db);
}

type After = NonNullable<PlannedObligation['after']>;

const numberOf = (clauses: readonly PlannedClause[], ref: string) =>
  clauses.find(({ obligations }) => obligations.some((one) => one.ref === ref))!.number;

async function modify(
  db: Db,
  obligationId: number,
  after: After,
  differences: readonly string[],
): Promise<void> {
  const termRead = differences.includes('regla') || differences.includes('plazo');
  await sql`
    update obligation set title = ${after.title}, obligor = ${after.obligor}, evidence_expected = ${after.evidence},
      condition = ${after.condition},
      verification = case when ${termRead} then 'signed' else verification end,
      counterpart_area_id = (select id from area where key = ${after.counterpart})
    where id = ${obligationId}`.execute(db);
  await db
    .deleteFrom('obligation_area')
    .where('obligation_id', '=', obligationId)
    .where('role', 'in', ['responsible', 'co_responsible'])
    .execute();
  await insertAreas(db, obligationId, after.areas);
}

/** The first area answers, the others answer with it. */
async function insertAreas(db: Db, obligationId: number, keys: readonly string[]): Promise<void> {
  await sql`
    insert into obligation_area (obligation_id, area_id, role)
    select ${obligationId}::bigint, area.id, case listed.place when 1 then 'responsible' else 'co_responsible' end
    from unnest(${keys}::text[]) with ordinality as listed (key, place)
    join area on area.key = listed.key`.execute(db);
}

async function insertObligation(
  db: Db,
  instrument: InstrumentRow,
  versionId: number,
  after: After & { number: string },
  { title, source }: AddendumFacts,
): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    insert into obligation (process_id, clause_id, ref, subject, title, description, obligor, counterpart_area_id,
                            evidence_expected, priority, condition, legal_basis, verification)
    select ${instrument.process_id}::bigint, c.id, ${after.ref}, c.heading, ${after.title}, coalesce(c.text, c.heading),
           ${after.obligor}, coalesce((select id from area where key = ${after.counterpart}), ${instrument.direction_area_id}::bigint),
           ${after.evidence || 'El documento con el que se cumplió'}, 'medium', ${after.condition}::text,
           ${`${title}, numeral ${after.number}; ${source}`}, 'signed'
    from clause c where c.instrument_version_id = ${versionId} and c.number = ${after.number}
    returning id`.execute(db);
  await insertAreas(db, rows[0]!.id, after.areas);
}

/** A version of the rule wherever it or its words changed; for a repealed obligation one without rule. */
async function insertRules(
  db: Db,
  processId: number,
  obligations: readonly PlannedObligation[],
  { title }: AddendumFacts,
  changeId: number,
  personId: number,
  moment: Moment,
): Promise<void> {
  const rules = obligations
    .filter(
      ({ change, differences }) =>
        change === 'new' ||
        change === 'repealed' ||
        differences.includes('regla') ||
        differences.includes('plazo'),
    )
    .map(({ ref, after }) => ({
      ref,
      rule: after?.rule ?? null,
      sentence: after?.sentence ?? `Derogada por ${title}`,
    }));
  await sql`
    insert into deadline_rule (obligation_id, version, rule, sentence, recorded_at, recorded_by, change_id)
    select o.id, coalesce((select max(version) from deadline_rule r where r.obligation_id = o.id), 0) + 1,
           nullif(t.rule, 'null'::jsonb), t.sentence, ${moment.at}::timestamptz, ${personId}::bigint, ${changeId}::bigint
    from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as t (ref text, rule jsonb, sentence text)
    join obligation o on o.process_id = ${processId} and o.ref = t.ref`.execute(db);
}

/** What a repealed obligation still owed is owed no more: a fact with its reason, and a version this change ended. */
async function close(
  db: Db,
  deadlineIds: number[],
  { title, source }: AddendumFacts,
  changeId: number,
  personId: number,
  moment: Moment,
): Promise<void> {
  if (deadlineIds.length === 0) return;
  await db
    .insertInto('waiver')
    .values(
      deadlineIds.map((deadline_id) => ({
        deadline_id,
        kind: 'waived' as const,
        reason: `Derogada por ${title}`,
        document: source,
        recorded_by: personId,
        recorded_at: moment.at,
      })),
    )
    .execute();
  await sql`
    update deadline_version set ended_by_change_id = ${changeId}
    where superseded_at is null and deadline_id = any (${deadlineIds})`.execute(db);
  await cancelPlannedNotices(db, deadlineIds, `Derogada por ${title}`, moment);
}
