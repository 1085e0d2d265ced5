// Makes the next process out of an existing one: its texts, obligations, areas, rules and ladders, and no facts.
import { sql } from 'kysely';
import { parseDeadlineRule } from '../app/domain/deadline-rule.ts';
import { fixedDatesOf } from '../app/domain/fixed-dates.ts';
import type { Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { recomputeDeadlines } from './deadline-schedule.ts';
import type { Author } from './processes.ts';
import { inTransaction } from './transaction.ts';

export interface ProcessCopy {
  /** Key of the process to copy. */
  from: string;
  key: string;
  name: string;
}

export type CopyOutcome =
  | { kind: 'copied'; process_id: number; obligations: number; fixed_dates: number; milestones: number }
  | { kind: 'no_source' }
  | { kind: 'key_taken' };

/**
 * Copies a process in one transaction, unpublished: instruments as version 1 in preparation, clauses in force,
 * obligations with their areas, rules and ladders. People, evidence, milestone dates, occurrences and annual
 * programmes without obligations stay behind. A rule that names days of the calendar is copied as a draft that
 * gives no deadline (docs/decisions/0016). A process that exists with that key, unpublished and without
 * instruments, is filled and keeps the milestones it has.
 */
export async function copyProcess(
  db: Db,
  { from, key, name }: ProcessCopy,
  author: Author,
  moment: Moment,
): Promise<CopyOutcome> {
  return inTransaction(db, async (trx): Promise<CopyOutcome> => {
    const source = await trx
      .selectFrom('process')
      .where('key', '=', from)
      .select(['id', 'name', 'direction_area_id'])
      .executeTakeFirst();
    if (!source || from === key) return { kind: source ? 'key_taken' : 'no_source' };
    const process_id = await claimKey(trx, { key, name, source });
    if (process_id === undefined) return { kind: 'key_taken' };
    await copyTexts(trx, source, { id: process_id, name });
    const fixed = await fixedDateObligations(trx, source.id);
    const obligations = await copyObligations(trx, source, process_id, fixed, author, moment);
    const milestones = await copyMilestones(trx, source, { id: process_id, name }, author, moment);
    await copyLadders(trx, source.id, process_id);
    await recordAudit(trx, {
      at: moment.at,
      actor: author.actor,
      verb: 'creó un proceso a partir de otro',
      subject: `proceso ${key}`,
      detail: { from, name, obligations, fixed_dates: fixed.length, milestones },
    });
    await recomputeDeadlines(trx, process_id, moment);
    return { kind: 'copied', process_id, obligations, fixed_dates: fixed.length, milestones };
  });
}

interface Source {
  id: number;
  name: string;
  direction_area_id: number;
}

/** A new process with that key, or the empty unpublished one that has it; undefined when it is in use. */
async function claimKey(
  db: Db,
  { key, name, source }: { key: string; name: string; source: Source },
): Promise<number | undefined> {
  const created = await db
    .insertInto('process')
    .values({
      key,
      name,
      direction_area_id: source.direction_area_id,
      published_at: null,
      source_process_id: source.id,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (created) return created.id;
  const filled = await db
    .updateTable('process')
    .set({ name, source_process_id: source.id })
    .where('key', '=', key)
    .where('published_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('instrument')
            .whereRef('instrument.process_id', '=', 'process.id')
            .select('instrument.id'),
        ),
      ),
    )
    .returning('id')
    .executeTakeFirst();
  return filled?.id;
}

/** `2023-2024` in «Proceso Electoral Ordinario Local 2023-2024», `2024` in «Irimbo 2024». */
const periodOf = (name: string) => /\d{4}(?:-\d{4})?(?!.*\d{4})/.exec(name)?.[0];

/** Titles that carry the period of the source say the period of the new process instead. */
function retitled(column: string, source: string, target: string) {
  const [before, after] = [periodOf(source), periodOf(target)];
  return before && after ? sql`replace(${sql.ref(column)}, ${before}, ${after})` : sql.ref(column);
}

async function copyTexts(db: Db, source: Source, target: { id: number; name: string }): Promise<void> {
  await sql`
    insert into instrument (process_id, key, kind, title)
    select ${target.id}, i.key, i.kind, ${retitled('i.title', source.name, target.name)}
    from instrument i
    where i.process_id = ${source.id} and (i.kind <> 'annual_programme' or exists (
      select from obligation o
      join clause c on c.id = o.clause_id
      join instrument_version v on v.id = c.instrument_version_id
      where v.instrument_id = i.id))
    order by i.id`.execute(db);
  await sql`
    update instrument n set parent_id = np.id
    from instrument s
    join instrument sp on sp.id = s.parent_id
    join instrument np on np.process_id = ${target.id} and np.key = sp.key
    where n.process_id = ${target.id} and s.process_id = ${source.id} and s.key = n.key`.execute(db);
  await sql`
    insert into instrument_version (instrument_id, version, source)
    select id, 1, ${`En preparación: copiado de «${source.name}»`}
    from instrument where process_id = ${target.id}`.execute(db);
  await sql`
    insert into clause (instrument_version_id, number, path, heading, text, summary, responsible_area_id,
                        deliverable, source, note)
    select nv.id, c.number, c.path, c.heading, c.text, c.summary, c.responsible_area_id, c.deliverable,
           ${`Copiada de «${source.name}»; por cotejar con el texto que se firme`}, c.note
    from ${newestClauses(source.id)} c
    join instrument n on n.process_id = ${target.id} and n.key = c.instrument_key
    join instrument_version nv on nv.instrument_id = n.id
    order by c.id`.execute(db);
}

/** The clauses in force of a process, each with the key of its instrument. */
function newestClauses(processId: number) {
  return sql`(
    select clause.*, i.key as instrument_key
    from clause
    join instrument_version v on v.id = clause.instrument_version_id
    join instrument i on i.id = v.instrument_id
    where i.process_id = ${processId}
      and v.version = (select max(version) from instrument_version where instrument_id = i.id))`;
}

/** The newest rule of every obligation in force, be it in use or a draft; a repealed one has none. */
const NEWEST_RULES = sql`(
  select o.id as obligation_id, o.process_id, o.ref, newest.rule, newest.sentence
  from obligation o
  join lateral (
    select rule, sentence from (
      select rule, sentence, version from deadline_rule where obligation_id = o.id
      union all
      select rule, sentence, 0 from rule_draft where obligation_id = o.id
    ) known order by version desc limit 1
  ) newest on newest.rule is not null)`;

/** Refs of the obligations whose rule names days of the calendar. */
async function fixedDateObligations(db: Db, processId: number): Promise<string[]> {
  const { rows } = await sql<{ ref: string; rule: unknown }>`
    select ref, rule from ${NEWEST_RULES} newest where process_id = ${processId}`.execute(db);
  return rows.flatMap(({ ref, rule }) => {
    const read = parseDeadlineRule(rule);
    return read.ok && fixedDatesOf(read.rule).length === 0 ? [] : [ref];
  });
}

async function copyObligations(
  db: Db,
  source: Source,
  target: number,
  fixed: string[],
  { person_id }: Author,
  { at }: Moment,
): Promise<number> {
  // What a calendar or an assumption said of another process was not compared with anything of this one; what the
  // law says still holds, unless it was a day of that year.
  const copied = await sql`
    insert into obligation (process_id, clause_id, ref, subject, title, description, obligor, counterpart_area_id,
                            evidence_expected, priority, condition, legal_basis, verification, note)
    select ${target}, nc.id, o.ref, o.subject, o.title, o.description, o.obligor, o.counterpart_area_id,
           o.evidence_expected, o.priority, o.condition, o.legal_basis,
           case when o.verification = 'law' and o.ref <> all (${fixed}::text[]) then 'law' else 'unverified' end,
           ${`Nota de «${source.name}»: `}::text || o.note
    from obligation o
    join ${newestClauses(source.id)} c on c.id = o.clause_id
    join instrument n on n.process_id = ${target} and n.key = c.instrument_key
    join instrument_version nv on nv.instrument_id = n.id
    join clause nc on nc.instrument_version_id = nv.id and nc.number = c.number
    where o.process_id = ${source.id}
      and exists (select from ${NEWEST_RULES} newest where newest.obligation_id = o.id)
    order by o.id`.execute(db);
  await sql`
    insert into obligation_area (obligation_id, area_id, role)
    select n.id, oa.area_id, oa.role
    from obligation_area oa
    join obligation o on o.id = oa.obligation_id and o.process_id = ${source.id}
    join obligation n on n.process_id = ${target} and n.ref = o.ref`.execute(db);
  await sql`
    insert into deadline_rule (obligation_id, version, rule, sentence, recorded_at, recorded_by)
    select n.id, 1, newest.rule, newest.sentence, ${at}, ${person_id}
    from ${NEWEST_RULES} newest
    join obligation n on n.process_id = ${target} and n.ref = newest.ref
    where newest.process_id = ${source.id} and newest.ref <> all (${fixed}::text[])
    order by n.id`.execute(db);
  await sql`
    insert into rule_draft (obligation_id, rule, sentence)
    select n.id, newest.rule, newest.sentence
    from ${NEWEST_RULES} newest
    join obligation n on n.process_id = ${target} and n.ref = newest.ref
    where newest.process_id = ${source.id} and newest.ref = any (${fixed}::text[])`.execute(db);
  return Number(copied.numAffectedRows ?? 0n);
}

async function copyMilestones(
  db: Db,
  source: Source,
  target: { id: number; name: string },
  { person_id }: Author,
  { at }: Moment,
): Promise<number> {
  const copied = await sql`
    insert into milestone (process_id, key, name, repeatable, owner_area_id)
    select ${target.id}, m.key, ${retitled('m.name', source.name, target.name)}, m.repeatable, m.owner_area_id
    from milestone m where m.process_id = ${source.id} order by m.id
    on conflict (process_id, key) do nothing`.execute(db);
  await sql`
    insert into milestone_version (milestone_id, version, firm, source, recorded_at, recorded_by)
    select m.id, 1, false, 'Sin fecha todavía en este proceso', ${at}, ${person_id}
    from milestone m
    where m.process_id = ${target.id} and not m.repeatable
      and not exists (select from milestone_version v where v.milestone_id = m.id)`.execute(db);
  return Number(copied.numAffectedRows ?? 0n);
}

async function copyLadders(db: Db, source: number, target: number): Promise<void> {
  await sql`
    insert into ladder (process_id, key, version, from_on, recorded_at)
    select ${target}, key, version, from_on, recorded_at from ladder where process_id = ${source}`.execute(
    db,
  );
  await sql`
    insert into rung (ladder_id, key, amount, unit, kind, audience)
    select n.id, rung.key, rung.amount, rung.unit, rung.kind, rung.audience
    from rung
    join ladder s on s.id = rung.ladder_id and s.process_id = ${source}
    join ladder n on n.process_id = ${target} and n.key = s.key and n.version = s.version`.execute(db);
}
