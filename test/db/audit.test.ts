import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { auditHead, findAuditEntry, recordAudit, verifyAudit } from '../../db/audit.ts';
import { freshDatabase } from '../support/database.ts';

test('each entry of the record carries the hash of the one before it', async () => {
  const { db } = await freshDatabase('demo');
  const entries = await db.selectFrom('audit_entry').selectAll().orderBy('seq').execute();
  expect(entries.length).toBeGreaterThan(100);
  let previous = '0'.repeat(64);
  for (const [index, entry] of entries.entries()) {
    expect(entry.seq).toBe(index + 1);
    expect(entry.previous_hash).toBe(previous);
    const { rows } = await sql<{
      detail: string;
    }>`select detail::text from audit_entry where seq = ${entry.seq}`.execute(db);
    const content = [
      entry.seq,
      previous,
      entry.at,
      entry.actor,
      entry.verb,
      entry.subject,
      rows[0]!.detail,
    ].join('|');
    expect(entry.hash).toBe(createHash('sha256').update(content).digest('hex'));
    previous = entry.hash;
  }
});

test.each([
  ['changed', sql`update audit_entry set actor = 'nadie' where seq = 1`],
  ['deleted', sql`delete from audit_entry where seq = 1`],
  ['emptied', sql`truncate audit_entry`],
])('the record cannot be %s, not even by its owner as a replica', async (_what, tampering) => {
  const { db } = await freshDatabase('demo');
  await db.connection().execute(async (connection) => {
    await sql`set session_replication_role = replica`.execute(connection);
    await expect(tampering.execute(connection)).rejects.toThrow('append-only');
  });
});

test('entries written at the same time still form one chain', async () => {
  const { db } = await freshDatabase('empty');
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      recordAudit(db, {
        at: '2024-05-15T15:00:00Z',
        actor: 'sistema',
        verb: 'probó',
        subject: `caso ${index}`,
        detail: {},
      }),
    ),
  );
  const entries = await db
    .selectFrom('audit_entry')
    .select(['seq', 'hash', 'previous_hash'])
    .orderBy('seq')
    .execute();
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect(entries.slice(1).map(({ previous_hash }) => previous_hash)).toEqual(
    entries.slice(0, -1).map(({ hash }) => hash),
  );
});

test('an untouched record is whole, and the hash of its last entry is the one on the seal', async () => {
  const { db } = await freshDatabase('demo');
  const { entries, head, broken } = await verifyAudit(db);
  expect(broken).toBeNull();
  expect(head).toBe(await auditHead(db));
  expect(await findAuditEntry(db, head.toUpperCase())).toMatchObject({ seq: entries });
});

test('an empty record is whole', async () => {
  const { db } = await freshDatabase('empty');
  expect(await verifyAudit(db)).toEqual({ entries: 0, head: '0'.repeat(64), broken: null });
});

test.each([
  ['says something else', sql`update audit_entry set detail = '{"nada": 1}' where seq = 7`, 7, 'contenido'],
  [
    'has another instant',
    sql`update audit_entry set at = at + interval '1 microsecond' where seq = 9`,
    9,
    'contenido',
  ],
  ['carries another hash', sql`update audit_entry set hash = repeat('a', 64) where seq = 5`, 5, 'contenido'],
  ['is gone', sql`delete from audit_entry where seq = 12`, 13, 'falta'],
  [
    'was the last and is gone',
    sql`delete from audit_entry where seq = (select max(seq) from audit_entry)`,
    null,
    'últimos',
  ],
])(
  'whoever may switch the protection off is found out: an entry that %s',
  async (_what, tampering, seq, reason) => {
    const { db } = await freshDatabase('demo');
    const { entries } = await verifyAudit(db);
    await sql`alter table audit_entry disable trigger all`.execute(db);
    await tampering.execute(db);
    const { broken } = await verifyAudit(db);
    expect(broken?.seq).toBe(seq ?? entries);
    expect(broken?.reason).toContain(reason);
  },
);

test('a record rewritten whole is coherent, but no longer has the hash that was noted down', async () => {
  const { db } = await freshDatabase('demo');
  const noted = await auditHead(db);
  const entries = await db.selectFrom('audit_entry').selectAll().orderBy('seq').execute();
  await sql`alter table audit_entry disable trigger audit_append_only`.execute(db);
  await sql`alter table audit_entry disable trigger audit_not_truncated`.execute(db);
  await sql`truncate audit_entry`.execute(db);
  await sql`update audit_head set seq = 0, hash = repeat('0', 64)`.execute(db);
  for (const { at, actor, verb, subject, detail } of entries) {
    await recordAudit(db, {
      at,
      actor: actor === 'sistema' ? actor : 'nadie',
      verb,
      subject,
      detail: detail as Record<string, unknown>,
    });
  }
  expect((await verifyAudit(db)).broken).toBeNull();
  expect(await findAuditEntry(db, noted)).toBeUndefined();
});
