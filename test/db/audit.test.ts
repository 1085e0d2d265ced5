import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { recordAudit } from '../../db/audit.ts';
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
