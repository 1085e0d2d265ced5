// Signed texts and their clauses.
import { sql } from 'kysely';
import type { Db } from './client.ts';

/** The published processes' instruments with how many clauses and obligations each has. */
export async function listInstruments(db: Db) {
  return db
    .selectFrom('instrument')
    .innerJoin('process', 'process.id', 'instrument.process_id')
    .innerJoin('instrument_version as version', 'version.instrument_id', 'instrument.id')
    .where('process.published_at', 'is not', null)
    .select([
      'instrument.key',
      'instrument.kind',
      'instrument.title',
      'process.name as process_name',
      'version.version',
      'version.signed_on',
      'version.source',
      sql<number>`(select count(*) from clause where clause.instrument_version_id = version.id)`.as(
        'clauses',
      ),
      sql<number>`(select count(*) from obligation join clause on clause.id = obligation.clause_id
        where clause.instrument_version_id = version.id)`.as('obligations'),
    ])
    .orderBy('instrument.id')
    .execute();
}

/** An instrument's clauses in the order of their numbers, each with its obligations; undefined without the key. */
export async function findInstrument(db: Db, key: string) {
  const instrument = (await listInstruments(db)).find((candidate) => candidate.key === key);
  if (!instrument) return undefined;
  const clauses = await db
    .selectFrom('clause')
    .innerJoin('instrument_version as version', 'version.id', 'clause.instrument_version_id')
    .innerJoin('instrument', 'instrument.id', 'version.instrument_id')
    .leftJoin('area', 'area.id', 'clause.responsible_area_id')
    .where('instrument.key', '=', key)
    .where('version.version', '=', instrument.version)
    .select([
      'clause.id',
      'clause.number',
      'clause.heading',
      'clause.text',
      'clause.summary',
      'clause.period_from',
      'clause.period_to',
      'clause.deliverable',
      'clause.source',
      'clause.note',
      'area.name as responsible_name',
    ])
    .orderBy('clause.path')
    .execute();
  const obligations = await db
    .selectFrom('obligation')
    .innerJoin('obligation_area as responsible', (join) =>
      join
        .onRef('responsible.obligation_id', '=', 'obligation.id')
        .on('responsible.role', '=', 'responsible'),
    )
    .innerJoin('area', 'area.id', 'responsible.area_id')
    .innerJoin('deadline_rule as rule', 'rule.obligation_id', 'obligation.id')
    .where('obligation.clause_id', 'in', clauses.length > 0 ? clauses.map(({ id }) => id) : [-1])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('deadline_rule as newer')
            .whereRef('newer.obligation_id', '=', 'obligation.id')
            .whereRef('newer.version', '>', 'rule.version')
            .select('newer.id'),
        ),
      ),
    )
    .select([
      'obligation.clause_id',
      'obligation.ref',
      'obligation.title',
      'obligation.obligor',
      'obligation.verification',
      'obligation.legal_basis',
      'rule.sentence',
      'area.name as area_name',
    ])
    .orderBy('obligation.id')
    .execute();
  return {
    ...instrument,
    clauses: clauses.map((clause) => ({
      ...clause,
      obligations: obligations.filter((obligation) => obligation.clause_id === clause.id),
    })),
  };
}
