// Signed texts with their versions and clauses.
import { sql } from 'kysely';
import { addMonths, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';

/** The published instruments, of one process or of all, with how much the version in force holds. */
export async function listInstruments(db: Db, process?: string) {
  return db
    .selectFrom('instrument')
    .innerJoin('process', 'process.id', 'instrument.process_id')
    .innerJoin('instrument_version as version', 'version.instrument_id', 'instrument.id')
    .where('process.published_at', 'is not', null)
    .$if(process !== undefined, (query) => query.where('process.key', '=', process!))
    .where(
      sql<boolean>`version.version = (select max(v.version) from instrument_version v where v.instrument_id = instrument.id)`,
    )
    .select([
      'instrument.id',
      'instrument.key',
      'instrument.kind',
      'instrument.title',
      'process.id as process_id',
      'process.key as process_key',
      'process.name as process_name',
      'process.direction_area_id',
      'version.id as version_id',
      'version.version',
      'version.signed_on',
      'version.in_force_from',
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

export type InstrumentRow = Awaited<ReturnType<typeof listInstruments>>[number];

/** All versions of an instrument, the newest first. */
export async function listVersions(db: Db, instrumentId: number) {
  return db
    .selectFrom('instrument_version')
    .where('instrument_id', '=', instrumentId)
    .select(['id', 'version', 'title', 'signed_on', 'in_force_from', 'in_force_until', 'source'])
    .orderBy('version', 'desc')
    .execute();
}

/**
 * The instruments to choose from on `today`: those with deadlines of the last or the next year, or waiting for an
 * event, and the one with the key `asked`.
 */
export async function listInstrumentsInUse(db: Db, today: IsoDate, asked: string, process?: string) {
  return db
    .selectFrom('instrument')
    .innerJoin('process', 'process.id', 'instrument.process_id')
    .where('process.published_at', 'is not', null)
    .$if(process !== undefined, (query) => query.where('process.key', '=', process!))
    .where((eb) =>
      eb.or([
        eb('instrument.key', '=', asked),
        sql<boolean>`instrument.id in (
          select version.instrument_id from deadline_version v
          join deadline d on d.id = v.deadline_id
          join obligation o on o.id = d.obligation_id
          join clause c on c.id = o.clause_id
          join instrument_version version on version.id = c.instrument_version_id
          where v.superseded_at is null
            and (v.due_on between ${addMonths(today, -12)} and ${addMonths(today, 12)}
              or v.due_on is null and v.settled_at is null))`,
      ]),
    )
    .select(['instrument.key', 'instrument.title'])
    .orderBy('instrument.id')
    .execute();
}

/**
 * A published instrument by its key in a process, or with only one process published by its key alone. Undefined
 * when there is none.
 */
export async function findInstrument(
  db: Db,
  key: string,
  process?: string,
): Promise<InstrumentRow | undefined> {
  return (await listInstruments(db, process)).find((candidate) => candidate.key === key);
}

/** The clauses of one version in the order of their numbers, each with the obligations that hang from it. */
export async function listClauses(db: Db, versionId: number) {
  const clauses = await db
    .selectFrom('clause')
    .leftJoin('area', 'area.id', 'clause.responsible_area_id')
    .where('clause.instrument_version_id', '=', versionId)
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
  const { rows: obligations } = await sql<{
    clause_id: number;
    ref: string;
    title: string;
    obligor: 'INE' | 'IEM' | 'both';
    verification: string;
    legal_basis: string;
    sentence: string;
    repealed: boolean;
    area_name: string;
  }>`
    select o.clause_id, o.ref, o.title, o.obligor, o.verification, o.legal_basis, area.name as area_name,
           coalesce(rule.sentence, draft.sentence, '') as sentence,
           rule.id is not null and rule.rule is null as repealed
    from obligation o
    join clause c on c.id = o.clause_id and c.instrument_version_id = ${versionId}
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area on area.id = oa.area_id
    left join lateral (
      select id, rule, sentence from deadline_rule where obligation_id = o.id order by version desc limit 1
    ) rule on true
    left join rule_draft draft on draft.obligation_id = o.id
    order by o.id`.execute(db);
  return clauses.map((clause) => ({
    ...clause,
    obligations: obligations.filter((obligation) => obligation.clause_id === clause.id),
  }));
}
