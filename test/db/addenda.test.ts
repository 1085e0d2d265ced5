import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { readTable } from '../../app/domain/addendum-table.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import { findAddendum, planOf, previewAddendum, saveAddendum } from '../../db/addenda.ts';
import { applyAddendum } from '../../db/addendum-apply.ts';
import type { Db } from '../../db/client.ts';
import { selectDeadlines } from '../../db/deadlines.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { findInstrument, listClauses, listVersions } from '../../db/instruments.ts';
import { freshDatabase } from '../support/database.ts';
import { factsOf } from '../support/facts.ts';

const MOMENT = momentOf(instantOf('2024-05-15T12:00'), true);
const FACTS = {
  title: 'Primera adenda al Anexo Técnico',
  signed_on: '2024-05-14',
  in_force_from: '2024-05-15',
  source: 'Oficio IEM-DEVSPE-45/2024',
};

const rule = (amount: number) =>
  JSON.stringify({ type: 'offset', milestone: 'jornada', amount, unit: 'days', direction: 'before' });

/** The numerals of a few obligations of the annex. */
async function numberOf(db: Db, ref: string): Promise<string> {
  const { number } = await db
    .selectFrom('obligation')
    .innerJoin('clause', 'clause.id', 'obligation.clause_id')
    .innerJoin('process', 'process.id', 'obligation.process_id')
    .where('ref', '=', ref)
    .where('process.key', '=', 'ordinario-2023-2024')
    .select('clause.number')
    .executeTakeFirstOrThrow();
  return number;
}

async function draftOf(db: Db, entries: Record<string, unknown>[]) {
  const instrument = await findInstrument(db, 'AT');
  const read = readTable(JSON.stringify(entries));
  if (!instrument || !read.ok) throw new Error(JSON.stringify(read));
  const { id: person } = await db.selectFrom('person').select('id').orderBy('id').executeTakeFirstOrThrow();
  const id = await saveAddendum(db, instrument, FACTS, read.rows, person, MOMENT);
  const draft = await findAddendum(db, instrument.id, id);
  if (!draft) throw new Error('No draft');
  return { instrument, draft, person };
}

/** The whole of every deadline, version by version, by ref. */
async function deadlines(db: Db): Promise<Map<string, string>> {
  const { rows } = await sql<{ ref: string; versions: string }>`
    select o.ref, string_agg(to_jsonb(v)::text, '|' order by d.id, v.version) as versions
    from deadline_version v join deadline d on d.id = v.deadline_id join obligation o on o.id = d.obligation_id
    group by o.ref`.execute(db);
  return new Map(rows.map(({ ref, versions }) => [ref, versions]));
}

test('an addendum that changes three numerals touches exactly their deadlines', async () => {
  const { db } = await freshDatabase('demo');
  const before = await deadlines(db);
  const entries = [
    {
      numeral: await numberOf(db, 'AT-DOC-6'),
      texto: 'La relación se entregará 12 días antes de la Jornada.',
      ref: 'AT-DOC-6',
      regla: rule(12),
      plazo: '12 días antes de la Jornada',
    },
    { numeral: await numberOf(db, 'AT-F-9'), efecto: 'derogada' },
    {
      numeral: '99.1',
      encabezado: 'Mesa de seguimiento',
      texto: 'Las partes instalarán una mesa 5 días antes de la Jornada.',
      ref: 'AT-MES-1',
      título: 'Instalar la mesa de seguimiento',
      regla: rule(5),
      plazo: '5 días antes de la Jornada',
      áreas: ['iem_deoe', 'iem_devspe'],
    },
  ];
  const { instrument, draft, person } = await draftOf(db, entries);
  const clausesBefore = await listClauses(db, instrument.version_id);
  expect(clausesBefore.length).toBeGreaterThan(40);

  const facts = await factsOf(db);
  const plan = await planOf(db, instrument, draft.rows);
  if (!plan.ok) throw new Error(plan.errors.join());
  expect(plan.clauses.map(({ change }) => change)).toEqual(['modified', 'repealed', 'new']);
  const preview = await previewAddendum(db, instrument, draft, plan.clauses, MOMENT);
  expect(await factsOf(db)).toEqual(facts);
  // 15 and 12 days before 2 June: 18 and 21 May. 13 days before: 20 May.
  expect(
    preview.effects.map(({ ref, current, proposed, closes }) => [
      ref,
      current?.due_on,
      proposed?.due_on ?? null,
      closes,
    ]),
  ).toEqual([
    ['AT-DOC-6', '2024-05-18', '2024-05-21', false],
    ['AT-F-9', '2024-05-20', null, true],
  ]);
  expect(preview.added).toMatchObject([{ ref: 'AT-MES-1', dates: [{ due_on: '2024-05-28' }] }]);
  expect(preview.people.length).toBeGreaterThan(2);

  const outcome = await applyAddendum(db, instrument, draft, person, MOMENT);
  expect(outcome).toMatchObject({ kind: 'applied', version: 2 });
  const after = await deadlines(db);
  const touched = [...after].filter(([ref, versions]) => before.get(ref) !== versions).map(([ref]) => ref);
  expect(touched.sort()).toEqual(['AT-DOC-6', 'AT-F-9', 'AT-MES-1']);
  expect([...before.keys()].filter((ref) => !after.has(ref))).toEqual([]);
});

test('what is repealed is closed with its reason, its notices are withdrawn, and its area gets a mail', async () => {
  const { db } = await freshDatabase('demo');
  await planNotices(db, momentOf(instantOf('2024-05-15T09:00'), true));
  const { instrument, draft, person } = await draftOf(db, [
    { numeral: await numberOf(db, 'AT-F-9'), efecto: 'derogada' },
  ]);
  const plan = await planOf(db, instrument, draft.rows);
  const preview = await previewAddendum(db, instrument, draft, plan.ok ? plan.clauses : [], MOMENT);
  expect(preview.notices).toBeGreaterThan(0);
  await applyAddendum(db, instrument, draft, person, MOMENT);
  const { rows } = await sql<{ reason: string; document: string; planned: number }>`
    select w.reason, w.document, (
      select count(*) from notice n where n.deadline_id = d.id and n.state = 'planned') as planned
    from waiver w join deadline d on d.id = w.deadline_id join obligation o on o.id = d.obligation_id
    where o.ref = 'AT-F-9'`.execute(db);
  expect(rows).toEqual([{ reason: `Derogada por ${FACTS.title}`, document: FACTS.source, planned: 0 }]);
  const mails = await db.selectFrom('message').where('kind', '=', 'date_change').select('area_id').execute();
  expect(mails).toHaveLength(1);
});

test('the text before stays readable until the eve, and the obligations hang from the new one', async () => {
  const { db } = await freshDatabase('demo');
  const number = await numberOf(db, 'AT-DOC-6');
  const { instrument, draft, person } = await draftOf(db, [{ numeral: number, texto: 'Otro texto.' }]);
  const old = await listClauses(db, instrument.version_id);
  const before = await deadlines(db);
  await applyAddendum(db, instrument, draft, person, MOMENT);
  const versions = await listVersions(db, instrument.id);
  expect(
    versions.map(({ version, in_force_from, in_force_until }) => [version, in_force_from, in_force_until]),
  ).toEqual([
    [2, '2024-05-15', null],
    [1, '2023-01-01', '2024-05-14'],
  ]);
  const now = await findInstrument(db, 'AT');
  const fresh = await listClauses(db, now!.version_id);
  expect(fresh.map((clause) => clause.number)).toEqual(old.map((clause) => clause.number));
  expect(fresh.find((clause) => clause.number === number)?.text).toBe('Otro texto.');
  expect(
    (await listClauses(db, instrument.version_id)).find((clause) => clause.number === number)?.text,
  ).toBeNull();
  expect(fresh.flatMap(({ obligations }) => obligations)).toHaveLength(
    old.flatMap(({ obligations }) => obligations).length,
  );
  // Only words changed: no date did.
  expect(await deadlines(db)).toEqual(before);
});

test('the same addendum twice finds everything equal and applies nothing', async () => {
  const { db } = await freshDatabase('demo');
  const entry = {
    numeral: await numberOf(db, 'AT-DOC-6'),
    ref: 'AT-DOC-6',
    regla: rule(12),
    plazo: '12 días antes',
  };
  const first = await draftOf(db, [entry]);
  expect(await applyAddendum(db, first.instrument, first.draft, first.person, MOMENT)).toMatchObject({
    kind: 'applied',
  });
  expect(await applyAddendum(db, first.instrument, first.draft, first.person, MOMENT)).toEqual({
    kind: 'closed',
  });
  const second = await draftOf(db, [entry]);
  const facts = await factsOf(db);
  const plan = await planOf(db, second.instrument, second.draft.rows);
  expect(plan.ok && plan.clauses.map(({ change }) => change)).toEqual(['same']);
  expect(await applyAddendum(db, second.instrument, second.draft, second.person, MOMENT)).toEqual({
    kind: 'nothing_new',
  });
  expect(await factsOf(db)).toEqual(facts);
});

test('what fell due before the addendum is in force stays owed, although its obligation is repealed', async () => {
  const { db } = await freshDatabase('demo');
  const overdue = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .leftJoin('submission as s', 's.deadline_id', 'd.id')
    .where('v.superseded_at', 'is', null)
    .where('v.settled_at', 'is', null)
    .where('s.id', 'is', null)
    .where('v.due_on', '<', '2024-05-15')
    .where('o.ref', 'like', 'AT-%')
    .where('d.key', '=', 'unica')
    .select(['o.ref', 'd.id'])
    .orderBy('o.ref')
    .executeTakeFirstOrThrow();
  const { instrument, draft, person } = await draftOf(db, [
    { numeral: await numberOf(db, overdue.ref), ref: overdue.ref, efecto: 'derogada' },
  ]);
  await applyAddendum(db, instrument, draft, person, MOMENT);
  const version = await db
    .selectFrom('deadline_version')
    .where('deadline_id', '=', overdue.id)
    .where('superseded_at', 'is', null)
    .select('settled_at')
    .executeTakeFirst();
  expect(version).toEqual({ settled_at: null });
});

test('an addendum of 300 obligations whose dates have passed makes 300 overdue and sends nothing', async () => {
  const { db } = await freshDatabase('demo');
  const morning = (day: string) => momentOf(instantOf(`${day}T08:00`), true);
  await planNotices(db, morning('2024-05-15'));
  const past = (index: number) => `2024-0${1 + (index % 4)}-${String(1 + (index % 28)).padStart(2, '0')}`;
  const { instrument, draft, person } = await draftOf(
    db,
    Array.from({ length: 300 }, (_, index) => ({
      numeral: `99.${index + 1}`,
      encabezado: `Compromiso ${index + 1}`,
      texto: `Se cumplió el ${past(index)}.`,
      ref: `AT-PAS-${index + 1}`,
      título: `Compromiso anterior ${index + 1}`,
      regla: JSON.stringify({ type: 'on', date: past(index) }),
      plazo: past(index),
      áreas: ['iem_deoe'],
    })),
  );
  const outcome = await applyAddendum(db, instrument, draft, person, MOMENT);
  expect(outcome).toMatchObject({ kind: 'applied' });
  const overdue = await selectDeadlines(db, MOMENT).where('o.ref', 'like', 'AT-PAS-%').execute();
  expect(overdue.filter(({ status }) => status === 'overdue')).toHaveLength(300);
  // The same hour, the next days, and the days on which a rung of theirs would lie.
  for (const at of [MOMENT, ...['2024-05-16', '2024-05-17', '2024-05-20', '2024-05-27'].map(morning)]) {
    await planNotices(db, at);
  }
  const { rows: told } = await sql`
    select from notice n join deadline d on d.id = n.deadline_id join obligation o on o.id = d.obligation_id
    where o.ref like 'AT-PAS-%'`.execute(db);
  expect(told).toEqual([]);
  const mails = await db.selectFrom('message').where('kind', '=', 'date_change').select('id').execute();
  expect(mails).toEqual([]);
});
