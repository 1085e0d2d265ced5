// Addenda on their way: what was typed or uploaded, the text in force it is compared with, and what it would do.
import { sql } from 'kysely';
import { z } from 'zod';
import {
  planAddendum,
  type AddendumPlan,
  type CurrentClause,
  type KnownArea,
  type PlannedClause,
  type PlannedObligation,
  type TextInForce,
} from '../app/domain/addendum.ts';
import { COLUMNS, type TableRow } from '../app/domain/addendum-table.ts';
import { keyOfObligation, parseDeadlineRule } from '../app/domain/deadline-rule.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { computeSchedule, type ScheduledDate } from '../app/domain/schedule.ts';
import type { ScheduleEffect } from '../app/domain/schedule-effect.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { previewSchedule } from './deadline-schedule.ts';
import { listHolders } from './deadlines.ts';
import { countPlannedNotices } from './notices.ts';
import type { InstrumentRow } from './instruments.ts';
import { loadScheduleInputs } from './schedule-inputs.ts';
import { inTransaction } from './transaction.ts';

export interface AddendumFacts {
  title: string;
  signed_on: IsoDate;
  in_force_from: IsoDate;
  source: string;
}

const storedRows = z.array(z.object({ row: z.number(), cells: z.record(z.enum(COLUMNS), z.string()) }));

/** Keeps an addendum to be looked at and applied later; returns its id. Nothing of the instrument changes. */
export async function saveAddendum(
  db: Db,
  instrument: InstrumentRow,
  facts: AddendumFacts,
  rows: readonly TableRow[],
  personId: number,
  moment: Moment,
): Promise<number> {
  return inTransaction(db, async (trx) => {
    const { id } = await trx
      .insertInto('addendum_draft')
      .values({
        ...facts,
        instrument_id: instrument.id,
        rows: JSON.stringify(rows),
        recorded_by: personId,
        recorded_at: moment.at,
        closed_at: null,
        instrument_version_id: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${personId}`,
      verb: 'cargó una adenda sin aplicar',
      subject: `instrumento ${instrument.key} del proceso ${instrument.process_key}`,
      detail: { draft: id, ...facts, rows: rows.length },
    });
    return id;
  });
}

/** The addenda of an instrument that were neither applied nor discarded. */
export async function listOpenAddenda(db: Db, instrumentId: number) {
  return db
    .selectFrom('addendum_draft')
    .where('instrument_id', '=', instrumentId)
    .where('closed_at', 'is', null)
    .select(['id', 'title'])
    .orderBy('id')
    .execute();
}

export type AddendumDraft = NonNullable<Awaited<ReturnType<typeof findAddendum>>>;

/** An addendum that is still open, with its rows; undefined when there is none of that instrument. */
export async function findAddendum(db: Db, instrumentId: number, id: number) {
  const draft = await db
    .selectFrom('addendum_draft')
    .innerJoin('person', 'person.id', 'addendum_draft.recorded_by')
    .where('addendum_draft.id', '=', id)
    .where('instrument_id', '=', instrumentId)
    .where('closed_at', 'is', null)
    .select([
      'addendum_draft.id',
      'title',
      'signed_on',
      'in_force_from',
      'source',
      'rows',
      'recorded_at',
      'person.name as recorded_by_name',
    ])
    .executeTakeFirst();
  return draft && { ...draft, rows: storedRows.parse(draft.rows) as TableRow[] };
}

/** Discards an open addendum; false when it is not open any more. */
export async function discardAddendum(
  db: Db,
  draftId: number,
  personId: number,
  moment: Moment,
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('addendum_draft')
      .set({ closed_at: moment.at })
      .where('id', '=', draftId)
      .where('closed_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${personId}`,
      verb: 'descartó una adenda',
      subject: `adenda ${draftId}`,
      detail: {},
    });
    return true;
  });
}

/** The text an addendum is compared with: the newest version, the areas and what a rule may count from. */
export async function loadTextInForce(db: Db, instrument: InstrumentRow): Promise<TextInForce> {
  const { rows: clauses } = await sql<
    Omit<CurrentClause, 'obligations'> & { obligations: StoredObligation[] }
  >`
    select c.number, c.heading, c.text, coalesce(jsonb_agg(jsonb_build_object(
      'id', o.id, 'ref', o.ref, 'title', o.title, 'obligor', o.obligor, 'evidence', o.evidence_expected,
      'condition', o.condition, 'counterpart', cp.key, 'rule', rule.rule, 'sentence', coalesce(rule.sentence, ''),
      'areas', (
        select jsonb_agg(area.key order by oa.role = 'responsible' desc, area.id)
        from obligation_area oa join area on area.id = oa.area_id
        where oa.obligation_id = o.id and oa.role in ('responsible', 'co_responsible')
      )) order by o.id) filter (where o.id is not null), '[]') as obligations
    from clause c
    left join obligation o on o.clause_id = c.id
    left join area cp on cp.id = o.counterpart_area_id
    left join lateral (
      select rule, sentence from deadline_rule where obligation_id = o.id order by version desc limit 1
    ) rule on true
    where c.instrument_version_id = ${instrument.version_id}
    group by c.id order by c.path`.execute(db);
  const areas: KnownArea[] = await db
    .selectFrom('area')
    .select(['key', 'name', 'acronym', 'aliases', 'institution'])
    .orderBy('id')
    .execute();
  const milestones = await db
    .selectFrom('milestone')
    .where('process_id', '=', instrument.process_id)
    .select('key')
    .execute();
  const refs = await db
    .selectFrom('obligation')
    .where('process_id', '=', instrument.process_id)
    .select('ref')
    .execute();
  const own = new Set(clauses.flatMap(({ obligations }) => obligations.map(({ ref }) => ref)));
  return {
    clauses: clauses.map((clause) => ({ ...clause, obligations: clause.obligations.map(current) })),
    areas,
    anchors: [...milestones.map(({ key }) => key), ...refs.map(({ ref }) => keyOfObligation(ref))],
    otherRefs: refs.map(({ ref }) => ref).filter((ref) => !own.has(ref)),
  };
}

type StoredObligation = Omit<CurrentClause['obligations'][number], 'rule'> & { rule: unknown };

function current({ rule, ...obligation }: StoredObligation): CurrentClause['obligations'][number] {
  const read = parseDeadlineRule(rule);
  return { ...obligation, rule: read.ok ? read.rule : null };
}

/** What happens to one deadline: beyond the engine's classes, a repealed one is closed or, once fallen due, stays owed. */
export type AddendumEffect = ScheduleEffect & { repealed: boolean; closes: boolean };

export interface AddendumPreview {
  clauses: PlannedClause[];
  effects: AddendumEffect[];
  /** Dates of new obligations, by ref. */
  added: { ref: string; title: string; dates: Pick<ScheduledDate, 'opens_on' | 'due_on' | 'due_time'>[] }[];
  notices: number;
  people: { area: string; names: string[] }[];
}

export const planned = (clauses: readonly PlannedClause[]): PlannedObligation[] =>
  clauses.flatMap(({ obligations }) => obligations);

/** Plans an addendum against the text in force now. */
export async function planOf(
  db: Db,
  instrument: InstrumentRow,
  rows: readonly TableRow[],
): Promise<AddendumPlan> {
  return planAddendum(rows, await loadTextInForce(db, instrument));
}

/**
 * What an addendum would do, without writing anything: to dates, to notices that have not gone out, to people. Throws
 * RuleError when a rule could not be computed.
 */
export async function previewAddendum(
  db: Db,
  instrument: InstrumentRow,
  facts: Pick<AddendumFacts, 'in_force_from'>,
  clauses: PlannedClause[],
  moment: Moment,
): Promise<AddendumPreview> {
  const obligations = planned(clauses);
  const effects = await addendumEffects(db, instrument, facts, obligations, moment);
  const fresh = obligations.flatMap(({ change, after }) => (change === 'new' && after ? [after] : []));
  const changing = effects.filter(({ kind, closes }) => closes || kind !== 'protected');
  const areas = await areasOf(db, [
    ...obligations
      .filter(({ change }) => change !== 'same')
      .flatMap(({ before, after }) => [...(before?.areas ?? []), ...(after?.areas ?? [])]),
  ]);
  const holders = await listHolders(
    db,
    areas.map(({ id }) => id),
    moment.today,
  );
  return {
    clauses,
    effects,
    added: await newDates(db, instrument, fresh),
    notices: await countPlannedNotices(
      db,
      changing.flatMap(({ deadline_id }) => (deadline_id === null ? [] : [deadline_id])),
    ),
    people: areas.map(({ id, name }) => ({
      area: name,
      names: holders.filter(({ area_id }) => area_id === id).map((holder) => holder.name),
    })),
  };
}

/** The deadlines of modified and repealed obligations that would change, or that are kept although repealed. */
export async function addendumEffects(
  db: Db,
  instrument: InstrumentRow,
  { in_force_from }: Pick<AddendumFacts, 'in_force_from'>,
  obligations: readonly PlannedObligation[],
  moment: Moment,
): Promise<AddendumEffect[]> {
  const touched = obligations.filter(
    ({ change, differences }) => change === 'repealed' || differences.includes('regla'),
  );
  if (touched.length === 0) return [];
  const rules = new Map(
    touched.flatMap(({ before, after }) =>
      before
        ? [[before.id, after?.rule ? { rule: after.rule, sentence: after.sentence } : null] as const]
        : [],
    ),
  );
  const repealed = new Set(
    touched.flatMap(({ change, before }) => (change === 'repealed' && before ? [before.id] : [])),
  );
  const effects = await previewSchedule(db, instrument.process_id, moment, { rules });
  return effects.map((effect) => {
    const isRepealed = repealed.has(effect.obligation_id);
    return { ...effect, repealed: isRepealed, closes: isRepealed && isClosed(effect, in_force_from) };
  });
}

/**
 * A repealed obligation owes nothing from the day the addendum is in force; what fell due before that day was owed and
 * stays, and so does what a report is in review for.
 */
function isClosed({ reason, current }: ScheduleEffect, inForceFrom: IsoDate): boolean {
  if (reason === 'concluded' || reason === 'waived' || reason === 'in_review') return false;
  return current !== null && (current.due_on === null || current.due_on >= inForceFrom);
}

async function newDates(
  db: Db,
  instrument: InstrumentRow,
  fresh: NonNullable<PlannedObligation['after']>[],
): Promise<AddendumPreview['added']> {
  if (fresh.length === 0) return [];
  const drafts = new Map(
    fresh.flatMap(({ rule, sentence }, index) => (rule ? [[-1 - index, { rule, sentence }] as const] : [])),
  );
  const inputs = await loadScheduleInputs(db, instrument.process_id, { rules: drafts });
  const keyOf = (ref: string) => `new/${ref}`;
  const rules = new Map([
    ...inputs.rules,
    ...fresh.flatMap(({ ref, rule, obligor }) =>
      rule ? [[keyOf(ref), { rule, ref, institution: obligor === 'INE' ? 'INE' : 'IEM' }] as const] : [],
    ),
  ]);
  const schedule = computeSchedule({ ...inputs, rules });
  return fresh.map(({ ref, title }) => ({ ref, title, dates: schedule.get(keyOf(ref)) ?? [] }));
}

async function areasOf(db: Db, keys: string[]) {
  if (keys.length === 0) return [];
  return db
    .selectFrom('area')
    .where('key', 'in', [...new Set(keys)])
    .select(['id', 'name'])
    .orderBy('name')
    .execute();
}
