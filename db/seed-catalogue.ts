// Loads the catalogue of the 2023-2024 INE–IEM convenio into a database; running it again changes nothing.
import { officialNonWorkingDays } from '../app/domain/business-days.ts';
import type { Moment } from '../app/domain/moment.ts';
import { instantOf } from '../app/domain/plain-date.ts';
import { readAnnualProgramme, readAreas, readMilestones, readObligations } from './catalogue.ts';
import type { Db } from './client.ts';
import { recomputeDeadlines, type ScheduleChange } from './deadline-schedule.ts';
import { ensureLadders } from './ladders.ts';
import type { Schema } from './schema.ts';
import { inTransaction } from './transaction.ts';

const PROCESS = 'ordinario-2023-2024';
const PROCESS_NAMES: Record<string, string> = {
  [PROCESS]: 'Proceso Electoral Ordinario Local 2023-2024',
  'extraordinario-irimbo-2024': 'Elección extraordinaria de Irimbo 2024',
};

/**
 * The day from which the catalogue is followed. The date the convenio was signed was not found; the annual
 * programme that asks for its follow-up begins on this day.
 */
const FOLLOWED_FROM = '2023-01-01';
const SIGNATURE_NOT_FOUND =
  'No se encontró el texto firmado; el instrumento se conoce por la ley y el PAT 2023';

const INSTRUMENTS: {
  key: string;
  kind: Schema['instrument']['kind'];
  title: string;
  parent?: string;
  source: string;
}[] = [
  {
    key: 'CG',
    kind: 'general_agreement',
    title: 'Convenio General de Coordinación INE–IEM 2023-2024',
    source: SIGNATURE_NOT_FOUND,
  },
  { key: 'AT', kind: 'technical_annex', title: 'Anexo Técnico', parent: 'CG', source: SIGNATURE_NOT_FOUND },
  {
    key: 'AF',
    kind: 'financial_annex',
    title: 'Anexo Financiero',
    parent: 'CG',
    source: SIGNATURE_NOT_FOUND,
  },
  {
    key: 'PAT-2023',
    kind: 'annual_programme',
    title: 'Programa Anual de Trabajo 2023 de la Comisión de Vinculación y SPE',
    source: 'Programa anual publicado por la Comisión de Vinculación y Servicio Profesional Electoral',
  },
];

/** Ordinary elections held in Michoacán, whose day does not work (LFT 74 IX), with the source of each date. */
const ELECTION_DAYS: Record<number, string> = { 2024: '2024-06-02', 2025: '2025-06-01', 2027: '2027-06-06' };
const CALENDAR_YEARS = [2023, 2024, 2025, 2026, 2027];

const PRIORITIES = { alta: 'high', media: 'medium', baja: 'low' } as const;
const VERIFICATIONS = { ley: 'law', calendario: 'calendar', por_cotejar: 'unverified' } as const;
const OBLIGORS = { INE: 'INE', IEM: 'IEM', ambos: 'both' } as const;

export interface SeedResult {
  areas: number;
  milestones: number;
  obligations: number;
  clauses: number;
  deadlines: ScheduleChange;
}

/** Loads what is missing of the catalogue, in one transaction, and computes its deadlines. */
export async function seedCatalogue(db: Db, moment: Moment): Promise<SeedResult> {
  const result = await inTransaction(db, async (trx) => {
    const areaIds = await seedAreas(trx);
    await seedNonWorkingDays(trx);
    const processIds = await seedProcesses(trx, areaIds, moment);
    const processId = processIds.get(PROCESS)!;
    await ensureLadders(trx, processId);
    const milestones = await seedMilestones(trx, processIds, moment);
    const versionIds = await seedInstruments(trx, processId);
    const obligations = await seedObligations(trx, processId, versionIds, areaIds, moment);
    const programme = await seedAnnualProgramme(trx, versionIds.get('PAT-2023')!, areaIds);
    return {
      processId,
      areas: areaIds.size,
      milestones,
      ...obligations,
      clauses: obligations.clauses + programme,
    };
  });
  const { processId, ...counts } = result;
  return {
    ...counts,
    deadlines: await recomputeDeadlines(db, processId, moment, {
      knownFrom: instantOf(`${FOLLOWED_FROM}T00:00`),
    }),
  };
}

async function seedAreas(db: Db): Promise<Map<string, number>> {
  await db
    .insertInto('institution')
    .values([
      { key: 'INE', name: 'Instituto Nacional Electoral' },
      { key: 'IEM', name: 'Instituto Electoral de Michoacán' },
    ])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const areas = await readAreas();
  await db
    .insertInto('area')
    .values(areas.map(({ parent, ...area }) => area))
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const ids = new Map(
    (await db.selectFrom('area').select(['key', 'id']).execute()).map(({ key, id }) => [key, id]),
  );
  for (const { key, parent } of areas) {
    if (parent === null) continue;
    await db
      .updateTable('area')
      .set({ parent_id: ids.get(parent)! })
      .where('key', '=', key)
      .where('parent_id', 'is', null)
      .execute();
  }
  return ids;
}

async function seedNonWorkingDays(db: Db): Promise<void> {
  for (const institution of ['INE', 'IEM']) {
    for (const year of CALENDAR_YEARS) {
      const days = officialNonWorkingDays(year, ELECTION_DAYS[year]);
      await db
        .insertInto('non_working_day')
        .values(days.map((day) => ({ institution, ...day })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await db
        .insertInto('working_year')
        .values({
          institution,
          year,
          confirmed: false,
          source: `Sólo los días de LFT 74; falta el acuerdo de días inhábiles del ${institution} para ${year}`,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }
}

async function seedProcesses(
  db: Db,
  areaIds: Map<string, number>,
  moment: Moment,
): Promise<Map<string, number>> {
  for (const [key, name] of Object.entries(PROCESS_NAMES)) {
    await db
      .insertInto('process')
      .values({
        key,
        name,
        direction_area_id: areaIds.get('iem_devspe')!,
        // The extraordinary election has milestones but no instrument of its own yet: it stays unpublished.
        published_at: key === PROCESS ? moment.at : null,
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
  }
  const rows = await db.selectFrom('process').select(['key', 'id']).execute();
  return new Map(rows.map(({ key, id }) => [key, id]));
}

async function seedMilestones(db: Db, processIds: Map<string, number>, moment: Moment): Promise<number> {
  const milestones = await readMilestones();
  for (const milestone of milestones) {
    const inserted = await db
      .insertInto('milestone')
      .values({
        process_id: processIds.get(milestone.process ?? PROCESS)!,
        key: milestone.key,
        name: milestone.name,
        repeatable: milestone.repeatable,
      })
      .onConflict((conflict) => conflict.columns(['process_id', 'key']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!inserted || milestone.repeatable) continue;
    await db
      .insertInto('milestone_version')
      .values({
        milestone_id: inserted.id,
        version: 1,
        on_date: milestone.date,
        at_time: milestone.time,
        firm: milestone.status === 'firme',
        approximate: milestone.approx,
        source: milestone.source,
        note: milestone.note,
        recorded_at: moment.at,
        recorded_by: null,
      })
      .execute();
  }
  return milestones.length;
}

async function seedInstruments(db: Db, processId: number): Promise<Map<string, number>> {
  const versionIds = new Map<string, number>();
  const instrumentIds = new Map<string, number>();
  for (const { key, kind, title, parent, source } of INSTRUMENTS) {
    await db
      .insertInto('instrument')
      .values({
        process_id: processId,
        key,
        kind,
        title,
        parent_id: parent ? instrumentIds.get(parent)! : null,
      })
      .onConflict((conflict) => conflict.columns(['process_id', 'key']).doNothing())
      .execute();
    const { id } = await db
      .selectFrom('instrument')
      .where('process_id', '=', processId)
      .where('key', '=', key)
      .select('id')
      .executeTakeFirstOrThrow();
    instrumentIds.set(key, id);
    await db
      .insertInto('instrument_version')
      .values({
        instrument_id: id,
        version: 1,
        signed_on: null,
        in_force_from: FOLLOWED_FROM,
        in_force_until: null,
        source,
      })
      .onConflict((conflict) => conflict.columns(['instrument_id', 'version']).doNothing())
      .execute();
    const version = await db
      .selectFrom('instrument_version')
      .where('instrument_id', '=', id)
      .where('version', '=', 1)
      .select('id')
      .executeTakeFirstOrThrow();
    versionIds.set(key, version.id);
  }
  return versionIds;
}

/** Numbers padded so that text order is the order of the document: "C.a.4" to "C.a.0004". */
const sortablePath = (number: string) => number.replace(/\d+/g, (digits) => digits.padStart(4, '0'));

async function seedObligations(
  db: Db,
  processId: number,
  versionIds: Map<string, number>,
  areaIds: Map<string, number>,
  moment: Moment,
): Promise<{ obligations: number; clauses: number }> {
  const obligations = await readObligations();
  const clauseIds = new Map<string, number>();
  for (const { instrument, numeral, materia } of obligations) {
    const key = `${instrument}/${numeral}`;
    if (!clauseIds.has(key)) {
      clauseIds.set(
        key,
        await ensureClause(db, { versionId: versionIds.get(instrument)!, numeral, heading: materia }),
      );
    }
  }
  for (const entry of obligations) {
    const inserted = await db
      .insertInto('obligation')
      .values({
        process_id: processId,
        clause_id: clauseIds.get(`${entry.instrument}/${entry.numeral}`)!,
        ref: entry.ref,
        subject: entry.materia,
        title: entry.title,
        description: entry.description,
        obligor: OBLIGORS[entry.obligor],
        counterpart_area_id: areaIds.get(entry.counterpart)!,
        evidence_expected: entry.evidence,
        priority: PRIORITIES[entry.priority],
        condition: entry.condition,
        legal_basis: entry.legal_basis,
        verification: VERIFICATIONS[entry.verification],
        note: entry.note,
      })
      .onConflict((conflict) => conflict.columns(['process_id', 'ref']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!inserted) continue;
    const areasOf = (keys: string[], role: Schema['obligation_area']['role']) =>
      keys.map((key) => ({ obligation_id: inserted.id, area_id: areaIds.get(key)!, role }));
    await db
      .insertInto('obligation_area')
      .values([
        ...areasOf([entry.responsible], 'responsible'),
        ...areasOf(entry.co_responsible, 'co_responsible'),
        ...areasOf(entry.informed, 'informed'),
      ])
      .execute();
    await db
      .insertInto('deadline_rule')
      .values({
        obligation_id: inserted.id,
        version: 1,
        rule: JSON.stringify(entry.deadline),
        sentence: entry.deadline_text,
        recorded_at: moment.at,
        recorded_by: null,
      })
      .execute();
  }
  return { obligations: obligations.length, clauses: clauseIds.size };
}

async function ensureClause(
  db: Db,
  clause: { versionId: number; numeral: string; heading: string },
): Promise<number> {
  await db
    .insertInto('clause')
    .values({
      instrument_version_id: clause.versionId,
      number: clause.numeral,
      path: sortablePath(clause.numeral),
      heading: clause.heading,
      text: null,
      source:
        'Orden del Anexo 1 del Reglamento de Elecciones o del catálogo; el numeral firmado está por cotejar',
    })
    .onConflict((conflict) => conflict.columns(['instrument_version_id', 'number']).doNothing())
    .execute();
  const { id } = await db
    .selectFrom('clause')
    .where('instrument_version_id', '=', clause.versionId)
    .where('number', '=', clause.numeral)
    .select('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function seedAnnualProgramme(db: Db, versionId: number, areaIds: Map<string, number>): Promise<number> {
  const entries = await readAnnualProgramme();
  await db
    .insertInto('clause')
    .values(
      entries.map((entry) => ({
        instrument_version_id: versionId,
        number: entry.code,
        path: sortablePath(entry.code),
        heading: entry.title,
        text: null,
        summary: entry.description,
        period_from: entry.period_from,
        period_to: entry.period_to,
        responsible_area_id: areaIds.get(entry.responsible)!,
        deliverable: entry.deliverable,
        source: entry.source,
        note: entry.quirks,
      })),
    )
    .onConflict((conflict) => conflict.columns(['instrument_version_id', 'number']).doNothing())
    .execute();
  return entries.length;
}
