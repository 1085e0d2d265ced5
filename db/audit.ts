// The append-only record of who did what; the database chains and protects it.
import type { Db } from './client.ts';

export interface AuditFact {
  at: string;
  /** Who acted: "persona 12", "sistema", "línea de comandos". */
  actor: string;
  verb: string;
  /** What it was done to, e.g. "vencimiento 31". */
  subject: string;
  detail: Record<string, unknown>;
}

/** Adds an entry; call it in the same transaction as the fact it tells of. */
export async function recordAudit(db: Db, fact: AuditFact): Promise<void> {
  await db
    .insertInto('audit_entry')
    .values({ ...fact, detail: JSON.stringify(fact.detail) })
    .execute();
}

/** The last entry of the record: whoever keeps its hash can tell that nothing before it was rewritten. */
export async function readAuditHead(db: Db): Promise<{ seq: number; hash: string }> {
  return db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
}
