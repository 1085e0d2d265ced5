// The append-only record of who did what; the database chains and protects it.
import { sql } from 'kysely';
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

export interface AuditVerdict {
  entries: number;
  /** Hash of the newest entry: whoever noted it down earlier can ask whether it is still in the chain. */
  head: string;
  /** The first entry that is not what was written, and why, in Spanish; null when the chain is whole. */
  broken: { seq: number; reason: string } | null;
}

/**
 * Computes every hash of the record again, in order, and compares. A chain rewritten whole from some entry on is
 * coherent in itself: it shows only against a hash noted outside, which `findAuditEntry` looks for.
 */
export async function verifyAudit(db: Db): Promise<AuditVerdict> {
  const { rows } = await sql<{
    entries: number;
    head: string;
    head_seq: number;
    seq: number | null;
    fault: string;
  }>`
    with chain as (
      select seq, hash, previous_hash,
        row_number() over (order by seq) as place,
        lag(hash, 1, repeat('0', 64)) over (order by seq) as before,
        encode(sha256(convert_to(concat_ws('|', seq, previous_hash,
          to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          actor, verb, subject, detail::text), 'UTF8')), 'hex') as computed
      from audit_entry
    ),
    faults as (
      select seq, case when seq <> place then 'missing' when previous_hash <> before then 'unchained' else 'altered' end as fault
      from chain where seq <> place or previous_hash <> before or hash <> computed
      order by seq limit 1
    )
    select (select count(*)::int from audit_entry) as entries, head.hash as head, head.seq as head_seq,
      faults.seq, faults.fault
    from audit_head as head left join faults on true`.execute(db);
  const { entries, head, head_seq, seq, fault } = rows[0]!;
  if (seq !== null) return { entries, head, broken: { seq, reason: FAULTS[fault] ?? fault } };
  const newest = await db
    .selectFrom('audit_entry')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const whole = newest === undefined ? head_seq === 0 : newest.seq === head_seq && newest.hash === head;
  return {
    entries,
    head,
    broken: whole
      ? null
      : { seq: entries + 1, reason: 'faltan los últimos asientos o no coinciden con el sello' },
  };
}

const FAULTS: Record<string, string> = {
  missing: 'falta al menos un asiento antes de éste',
  unchained: 'no continúa la huella del asiento anterior',
  altered: 'su contenido no corresponde a su huella',
};

/** The entry that carries a hash somebody noted down; undefined when the chain no longer has it. */
export async function findAuditEntry(db: Db, hash: string): Promise<{ seq: number; at: string } | undefined> {
  return db
    .selectFrom('audit_entry')
    .where('hash', '=', hash.toLowerCase())
    .select(['seq', 'at'])
    .executeTakeFirst();
}

/** Hash of the newest entry of the record, 64 hexadecimal digits; zeros while it is empty. */
export async function auditHead(db: Db): Promise<string> {
  return (await readAuditHead(db)).hash;
}

/** The last entry of the record: whoever keeps its hash can tell that nothing before it was rewritten. */
export async function readAuditHead(db: Db): Promise<{ seq: number; hash: string }> {
  return db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
}
