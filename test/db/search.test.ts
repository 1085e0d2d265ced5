// Searching the demo's catalogue as people do, and only in what is theirs.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { foldText, parseSearch } from '../../app/domain/search.ts';
import { now } from '../../db/clock.ts';
import type { Db } from '../../db/client.ts';
import { findActor, type Actor } from '../../db/people.ts';
import { searchClauses, searchCuts, searchObligations, searchReports } from '../../db/search.ts';
import { freshDatabase } from '../support/database.ts';
import { personId } from '../support/facts-of-deadlines.ts';

const actorOf = async (db: Db, email: string): Promise<Actor> =>
  (await findActor(db, await personId(db, email), (await now(db)).today))!;

test('an obligation is found by its ref however it is spelled, and before all others', async () => {
  const { db } = await freshDatabase('demo');
  const direction = await actorOf(db, 'titular.devspe@iem.example');
  for (const typed of ['AT-C-4', 'at c 4', 'At.C.4']) {
    const { rows } = await searchObligations(db, parseSearch(typed), direction);
    expect(rows[0]?.ref).toBe('AT-C-4');
    expect(rows.map(({ ref }) => ref)).not.toContain('AT-C-40');
  }
});

test('words are found without their accents, in titles and in signed texts', async () => {
  const { db } = await freshDatabase('demo');
  const direction = await actorOf(db, 'titular.devspe@iem.example');
  const found = async (typed: string) => (await searchObligations(db, parseSearch(typed), direction)).count;
  expect(await found('integracion')).toBeGreaterThan(0);
  expect(await found('integración')).toBe(await found('INTEGRACION'));
  expect(await found('nada que ver con esto')).toBe(0);
  await sql`update clause set number = 'VIGÉSIMA', text = 'El encarte se publica.'
    where id = (select clause_id from obligation where ref = 'AT-C-4')`.execute(db);
  for (const typed of ['clausula vigesima', 'encarte', 'Vigésima']) {
    const { rows } = await searchClauses(db, parseSearch(typed));
    expect(rows.map(({ number }) => number)).toContain('VIGÉSIMA');
  }
});

test('an area finds the obligations it may read and no others', async () => {
  const { db } = await freshDatabase('demo');
  const direction = await actorOf(db, 'titular.devspe@iem.example');
  const area = await actorOf(db, 'enlace.deoe@iem.example');
  const typed = parseSearch('oficio');
  const all = await searchObligations(db, typed, direction);
  const theirs = await searchObligations(db, typed, area);
  expect(theirs.count).toBeGreaterThan(0);
  expect(theirs.count).toBeLessThan(all.count);
  const mine = area.areas.map(({ id }) => id);
  for (const { ref } of theirs.rows) {
    const { rows } = await sql<{
      mine: boolean;
    }>`select o.counterpart_area_id = any (${mine}::bigint[]) or exists (
      select from obligation_area oa where oa.obligation_id = o.id and oa.area_id = any (${mine}::bigint[])) as mine
      from obligation o where o.ref = ${ref}`.execute(db);
    expect({ ref, ...rows[0] }).toEqual({ ref, mine: true });
  }
});

test('a report is found by its folio or its document, by whom it concerns', async () => {
  const { db } = await freshDatabase('demo');
  const direction = await actorOf(db, 'titular.devspe@iem.example');
  const report = await db
    .selectFrom('receipt')
    .innerJoin('submission as s', 's.id', 'receipt.submission_id')
    .innerJoin('area', 'area.id', 's.area_id')
    .where('area.key', '=', 'iem_deoe')
    .select(['receipt.folio', 's.document_number'])
    .executeTakeFirstOrThrow();
  const typed = report.folio.replace(/^R-0*/, 'r ');
  const find = async (text: string, actor: Actor) =>
    (await searchReports(db, text, parseSearch(text), actor)).rows.map(({ folio }) => folio);
  expect(await find(typed, direction)).toContain(report.folio);
  expect(await find(report.document_number, direction)).toContain(report.folio);
  expect(await find(typed, await actorOf(db, 'enlace.deoe@iem.example'))).toContain(report.folio);
  const nobody = { ...direction, roles: [], areas: [] };
  expect(await find(typed, nobody)).toEqual([]);
  expect((await searchCuts(db, parseSearch('INF-2024'), nobody)).rows).toEqual([]);
});

test('a process that is not published is not found', async () => {
  const { db } = await freshDatabase('demo');
  const direction = await actorOf(db, 'titular.devspe@iem.example');
  await sql`update process set published_at = null`.execute(db);
  expect((await searchObligations(db, parseSearch('AT-C-4'), direction)).rows).toEqual([]);
  expect((await searchClauses(db, parseSearch('C'))).rows).toEqual([]);
});

test('the database folds Spanish as the program does, and no text makes it fail', async () => {
  const { db } = await freshDatabase('empty');
  const spanish = fc.string({
    unit: fc.constantFrom(...'aeiouáéíóúüñÁÉÍÓÚÜÑABC019 .-—¿()\'"&|!:*\\%_'),
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(spanish, async (text) => {
      const { rows } = await sql<{ folded: string }>`select folded(${text}) as folded`.execute(db);
      expect(rows[0]!.folded).toBe(foldText(text));
      await searchClauses(db, parseSearch(text));
    }),
    { numRuns: 60 },
  );
});
