// Closed cuts of the Commission's report: closing one, listing them, reading one exactly as it was frozen.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { canonicalJson } from '../app/domain/canonical-json.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { FourMonthReport } from '../app/domain/four-month-report.ts';
import type { OverdueReport, ReportStamp } from '../app/domain/overdue-report.ts';
import { readAuditHead, recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { inTransaction } from './transaction.ts';

/** A report with what a copy of it says of itself. */
export interface StampedReport {
  report: OverdueReport;
  stamp: ReportStamp;
}

/** The bytes that are hashed, and their SHA-256 in hexadecimal. */
export function hashReport(report: OverdueReport | FourMonthReport): { content: string; sha256: string } {
  const content = canonicalJson(report);
  return { content, sha256: createHash('sha256').update(content).digest('hex') };
}

/** A draft: the report as it was just computed. */
export async function stampDraft(db: Db, report: OverdueReport): Promise<StampedReport> {
  return {
    report,
    stamp: {
      sha256: hashReport(report).sha256,
      folio: null,
      closed_at: null,
      audit: await readAuditHead(db),
      public: false,
    },
  };
}

export type Closing =
  /** `again` when this very report was closed before. */
  | { kind: 'closed'; folio: string; again: boolean }
  /** A later or the same instant is closed already. */
  | { kind: 'not_after'; folio: string };

/**
 * Freezes a report under the next folio of the year in which it is closed, with the head of the audit record, and
 * records it. Closing the same report twice gives the first folio. Cuts are closed in the order of their instants.
 */
export async function closeCut(
  db: Db,
  report: OverdueReport,
  personId: number,
  moment: Moment,
): Promise<Closing> {
  const { content, sha256 } = hashReport(report);
  return inTransaction(db, async (trx) => {
    await sql`lock table report_cut in share row exclusive mode`.execute(trx);
    const same = await trx
      .selectFrom('report_cut')
      .where('sha256', '=', sha256)
      .select('folio')
      .executeTakeFirst();
    if (same) return { kind: 'closed', folio: same.folio, again: true };
    const last = await trx
      .selectFrom('report_cut')
      .where('cut_at', '>=', report.cut.at)
      .where('process_key', report.process === null ? 'is' : '=', report.process?.key ?? null)
      .select('folio')
      .orderBy('cut_at', 'desc')
      .executeTakeFirst();
    if (last) return { kind: 'not_after', folio: last.folio };

    const year = Number(moment.today.slice(0, 4));
    const { number } = await trx
      .selectFrom('report_cut')
      .where('year', '=', year)
      .select(sql<number>`coalesce(max(number), 0) + 1`.as('number'))
      .executeTakeFirstOrThrow();
    const folio = `INF-${year}-${String(number).padStart(2, '0')}`;
    const head = await readAuditHead(trx);
    await trx
      .insertInto('report_cut')
      .values({
        year,
        number,
        folio,
        process_key: report.process?.key ?? null,
        cut_at: report.cut.at,
        due: report.totals.due,
        overdue: report.totals.overdue,
        content,
        sha256,
        audit_seq: head.seq,
        audit_hash: head.hash,
        closed_by: personId,
        closed_at: moment.at,
      })
      .execute();
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${personId}`,
      verb: 'cerró el corte',
      subject: `informe ${folio}`,
      detail: { cut_at: report.cut.at, sha256, totals: report.totals },
    });
    return { kind: 'closed', folio, again: false };
  });
}

/** The closed cuts, the newest first, without their contents. */
export async function listCuts(db: Db) {
  return db
    .selectFrom('report_cut')
    .innerJoin('person', 'person.id', 'report_cut.closed_by')
    .select(['folio', 'cut_at', 'closed_at', 'sha256', 'person.name as closed_by_name', 'due', 'overdue'])
    .orderBy('cut_at', 'desc')
    .execute();
}

/** Folio and instant of the cut of a process closed last (of all there is without one); undefined while none is. */
export async function lastCut(
  db: Db,
  process?: string,
): Promise<{ folio: string; cut_at: string } | undefined> {
  return db
    .selectFrom('report_cut')
    .select(['folio', 'cut_at'])
    .where('process_key', process === undefined ? 'is' : '=', process ?? null)
    .orderBy('cut_at', 'desc')
    .executeTakeFirst();
}

/** A closed cut as it was frozen; undefined when there is no such folio. Throws when its content is not its hash's. */
export async function findCut(
  db: Db,
  folio: string,
): Promise<(StampedReport & { content: string }) | undefined> {
  const cut = await db.selectFrom('report_cut').where('folio', '=', folio).selectAll().executeTakeFirst();
  if (!cut) return undefined;
  if (createHash('sha256').update(cut.content).digest('hex') !== cut.sha256) {
    throw new Error(`The content of ${folio} is not what was frozen`);
  }
  return {
    content: cut.content,
    // Its hash vouches for its shape: this program wrote it.
    report: JSON.parse(cut.content) as OverdueReport,
    stamp: {
      sha256: cut.sha256,
      folio: cut.folio,
      closed_at: cut.closed_at,
      audit: { seq: cut.audit_seq, hash: cut.audit_hash },
      public: false,
    },
  };
}

/** The names that the public version of a report takes out of what somebody typed. */
export async function listPersonNames(db: Db): Promise<string[]> {
  const people = await db.selectFrom('person').select('name').execute();
  return people.map(({ name }) => name);
}
