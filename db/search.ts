// Finding obligations, clauses, reports and closed cuts by their words, each only for whom it is theirs to see.
import { sql, type RawBuilder } from 'kysely';
import type { Stretch } from '../app/domain/list-page.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { folioSearched, searchExpression, type Search } from '../app/domain/search.ts';
import type { Db } from './client.ts';
import type { Actor } from './people.ts';

/** So many of each kind are shown together; so many are looked at to choose the best of them. */
const SHOWN = 20;
const LOOKED_AT = 300;

export interface Found<Row> {
  rows: Row[];
  /** How many there are; when no stretch was asked for, up to `LOOKED_AT`. */
  count: number;
  /** There are more than were looked at. */
  more: boolean;
}

const asked = (search: Search) => sql`to_tsquery('simple', ${searchExpression(search)})`;

/** Whether somebody may read what hangs from the obligation `o`: the rule of `requireObligation`, in SQL. */
function readable(actor: Actor): RawBuilder<boolean> {
  if (actor.roles.length > 0) return sql`true`;
  const mine = sql`any (${actor.areas.map(({ id }) => id)}::bigint[])`;
  return sql`(o.counterpart_area_id = ${mine} or exists (
    select from obligation_area oa where oa.obligation_id = o.id and oa.area_id = ${mine}))`;
}

/** How much of what is found is read: a stretch of all of it, or the best of the first. */
interface Reach {
  /** Null for all. */
  most: number | null;
  stretch: RawBuilder<unknown>;
}

/** Each row of `query` says as `of` how many there are. */
async function found<Row extends object>(
  db: Db,
  stretch: Stretch | undefined,
  query: (reach: Reach) => RawBuilder<Row & { of: number }>,
): Promise<Found<Row>> {
  const read = async ({ offset, size }: Stretch) => {
    const most = stretch === undefined ? LOOKED_AT + 1 : null;
    return (await query({ most, stretch: sql`limit ${size} offset ${offset}` }).execute(db)).rows;
  };
  const rows = await read(stretch ?? { offset: 0, size: SHOWN });
  // Beyond the last row nobody says how many there are.
  const [counted] = rows.length === 0 && stretch !== undefined ? await read({ offset: 0, size: 1 }) : rows;
  const of = counted?.of ?? 0;
  const more = stretch === undefined && of > LOOKED_AT;
  return { rows, count: more ? LOOKED_AT : of, more };
}

export interface ObligationFound {
  ref: string;
  title: string;
  description: string;
  process_key: string;
  /** Null while only one is published. */
  process_name: string | null;
  area_name: string;
  clause_number: string;
  /** The first day on which something of it is still to be done. */
  due_on: IsoDate | null;
}

/** Obligations by ref, numeral or words; the one whose ref was typed first, then by ref, the newest process first. */
export function searchObligations(
  db: Db,
  search: Search,
  actor: Actor,
  stretch?: Stretch,
): Promise<Found<ObligationFound>> {
  return found<ObligationFound>(
    db,
    stretch,
    (reach) => sql`
    with hit as (
      (select o.id from obligation o join process p on p.id = o.process_id
        where folded(o.ref) = ${search.folded} and p.published_at is not null and ${readable(actor)}
        order by o.id desc limit ${SHOWN})
      union
      (select o.id from obligation o join process p on p.id = o.process_id
        where o.words @@ ${asked(search)} and p.published_at is not null and ${readable(actor)}
        limit ${reach.most})
    ),
    best as (
      select o.id, o.ref, o.title, o.description, o.process_id, o.clause_id, count(*) over () as of, folded(o.ref) = ${search.folded} as exact
      from hit join obligation o on o.id = hit.id
      order by exact desc, o.process_id desc, o.id ${reach.stretch}
    )
    select o.of, o.ref, o.title, o.description, p.key as process_key, a.name as area_name,
      c.number as clause_number,
      case when (select count(*) from process where published_at is not null) > 1 then p.name end as process_name,
      (select min(v.due_on) from deadline d join deadline_version v on v.deadline_id = d.id
        where d.obligation_id = o.id and v.superseded_at is null and v.settled_at is null) as due_on
    from best o
    join process p on p.id = o.process_id
    join clause c on c.id = o.clause_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area a on a.id = oa.area_id
    order by o.exact desc, o.process_id desc, o.id`,
  );
}

export interface ClauseFound {
  id: number;
  number: string;
  heading: string;
  text: string | null;
  instrument_key: string;
  instrument_title: string;
  process_key: string;
  process_name: string | null;
}

/** Clauses in force of the published instruments, which everybody may read; the numeral that was typed first. */
export function searchClauses(db: Db, search: Search, stretch?: Stretch): Promise<Found<ClauseFound>> {
  const inForce = sql`join instrument_version iv on iv.id = c.instrument_version_id and iv.version = (
      select max(version) from instrument_version n where n.instrument_id = iv.instrument_id)
    join instrument i on i.id = iv.instrument_id
    join process p on p.id = i.process_id and p.published_at is not null`;
  return found<ClauseFound>(
    db,
    stretch,
    (reach) => sql`
    with hit as (
      (select c.id from clause c ${inForce} where folded(c.number) = ${search.folded}
        order by c.id desc limit ${SHOWN})
      union
      (select c.id from clause c ${inForce} where c.words @@ ${asked(search)} limit ${reach.most})
    )
    select count(*) over () as of, c.id, c.number, c.heading, coalesce(c.text, c.summary) as text,
      i.key as instrument_key, i.title as instrument_title, p.key as process_key,
      case when (select count(*) from process where published_at is not null) > 1 then p.name end as process_name
    from hit join clause c on c.id = hit.id ${inForce}
    order by folded(c.number) = ${search.folded} desc, p.id desc, i.id, c.path, c.id
    ${reach.stretch}`,
  );
}

export interface ReportFound {
  folio: string;
  document_number: string;
  ref: string;
  title: string;
  area_name: string;
  recorded_at: string;
}

/** Reports by folio or by the number of the document they were handed in with, the newest first. */
export function searchReports(
  db: Db,
  typed: string,
  search: Search,
  actor: Actor,
  stretch?: Stretch,
): Promise<Found<ReportFound>> {
  const folio = folioSearched(typed);
  const tables = sql`submission s join deadline d on d.id = s.deadline_id
    join obligation o on o.id = d.obligation_id join process p on p.id = o.process_id`;
  const theirs = sql`p.published_at is not null and ${readable(actor)}`;
  return found<ReportFound>(
    db,
    stretch,
    (reach) => sql`
    with hit as (
      (select s.id from ${tables} join receipt on receipt.submission_id = s.id
        where receipt.folio = any (${folio === undefined ? [] : family(folio)}::text[]) and ${theirs})
      union
      (select s.id from ${tables} where s.words @@ ${asked(search)} and ${theirs}
        limit ${reach.most})
    )
    select count(*) over () as of, receipt.folio, s.document_number, o.ref, o.title, a.name as area_name,
      s.recorded_at
    from hit join ${tables} on s.id = hit.id
    join receipt on receipt.submission_id = s.id
    join area a on a.id = s.area_id
    order by s.id desc ${reach.stretch}`,
  );
}

/** A folio and those of the other obligations that may have been reported with it: R-0187, R-0187-2… */
function family(folio: string): string[] {
  return [folio, ...Array.from({ length: SHOWN - 1 }, (_, index) => `${folio}-${index + 2}`)];
}

export interface CutFound {
  folio: string;
  cut_at: string;
}

/** Closed cuts by their folio, the latest first; none for somebody who may not read the report. */
export function searchCuts(
  db: Db,
  { folded }: Search,
  actor: Actor,
  stretch?: Stretch,
): Promise<Found<CutFound>> {
  const theirs = actor.roles.length > 0 && folded.startsWith('inf');
  return found<CutFound>(
    db,
    stretch,
    (reach) => sql`
    select count(*) over () as of, folio, cut_at from report_cut
    where ${theirs} and starts_with(folded(folio), ${folded})
    order by cut_at desc, id desc ${reach.stretch}`,
  );
}
