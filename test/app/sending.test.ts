// Forms that arrive twice, at once, or full of markup: one fact each, kept to the letter.
import { beforeAll, expect, test, vi } from 'vitest';
import type { Client } from '../support/client.ts';
import { listUnreported } from '../support/facts-of-deadlines.ts';
import { formKeyOf, GOOD_REPORT, postReport, reportCompliance, sendDraft } from '../support/report.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let area: Client;
let direction: Client;
let unreported: number[];
let literal: number | undefined;

beforeAll(async () => {
  program = await startProgram();
  area = await program.logInAs('enlace.deoe@iem.example');
  direction = await program.logInAs('titular.devspe@iem.example');
  const owed = await listUnreported(program.db, 'iem_deoe', ['responsible', 'co_responsible']);
  unreported = owed.filter(({ due_time }) => due_time === null).map(({ id }) => id);
  return () => program.close();
});

/** A deadline of the area that nobody has reported on yet. */
const another = () => unreported.shift()!;

const filled = (changes: Record<string, string> = {}) => ({ ...GOOD_REPORT, ...changes });

const reportsOn = (id: number) =>
  program.db.selectFrom('submission').where('deadline_id', '=', id).selectAll().orderBy('attempt').execute();

const placesOf = (answers: Response[]) =>
  new Set(answers.map((answer) => `${answer.status} ${answer.headers.get('location')}`));

/** Reports on a deadline; returns the id of the report. */
async function reported(id: number, form = filled()): Promise<number> {
  expect((await reportCompliance(area, id, form)).status).toBe(303);
  return (await reportsOn(id)).at(-1)!.id;
}

test('one draft of an area sent fifty times at once is one report, with one receipt and one mail', async () => {
  const id = another();
  await postReport(area, id, filled());
  const key = await formKeyOf(area, id);
  const answers = await Promise.all(Array.from({ length: 50 }, () => sendDraft(area, id, key)));
  expect([...placesOf(answers)]).toEqual([expect.stringMatching(/^303 \/acuses\/R-\d{4}\?nuevo=1$/)]);
  const [only, ...more] = await reportsOn(id);
  expect(more).toEqual([]);
  const { db } = program;
  expect(
    await db.selectFrom('receipt').where('submission_id', '=', only!.id).select('folio').execute(),
  ).toHaveLength(1);
  expect(
    await db.selectFrom('message').where('submission_id', '=', only!.id).select('id').execute(),
  ).toHaveLength(1);
});

test('two people of one area who send at once make one report, and the other is told whose it is', async () => {
  const id = another();
  const head = await program.logInAs('titular.deoe@iem.example');
  const keys = [];
  for (const person of [area, head]) {
    await postReport(person, id, filled());
    keys.push(await formKeyOf(person, id));
  }
  const answers = await Promise.all([sendDraft(area, id, keys[0]!), sendDraft(head, id, keys[1]!)]);
  const second = answers.find(({ status }) => status !== 303)!;
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
  const page = await second.text();
  expect(page.includes('ya reportó esto')).toBe(true);
  expect(page.includes('IEM-DEOE-123/2024')).toBe(true);
  expect(await reportsOn(id)).toHaveLength(1);
});

test('a draft changed in another tab is not sent unseen', async () => {
  const id = another();
  await postReport(area, id, filled());
  const key = await formKeyOf(area, id);
  await postReport(area, id, filled({ document_number: 'IEM-DEOE-9/2024' }));
  const answer = await sendDraft(area, id, key);
  expect(answer.status).toBe(409);
  expect((await answer.text()).includes('IEM-DEOE-9/2024')).toBe(true);
  expect(await reportsOn(id)).toEqual([]);
});

test('a decision sent fifty times at once is one decision, and a different one comes too late', async () => {
  const id = another();
  const submission = await reported(id);
  const decide = (form: Record<string, string>) => direction.post(`/revision/${submission}`, form);
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => decide({ decision: 'returned', words: 'Falta el sello de recibido.' })),
  );
  expect([...placesOf(answers)]).toEqual(['303 /revision']);
  const late = await decide({ decision: 'accepted', words: '' });
  expect(late.status).toBe(409);
  expect((await late.text()).includes('tu decisión no se registró')).toBe(true);
  const { db } = program;
  expect(
    await db.selectFrom('review').where('submission_id', '=', submission).select('decision').execute(),
  ).toEqual([{ decision: 'returned' }]);
  const returned = db
    .selectFrom('message')
    .where('submission_id', '=', submission)
    .where('kind', '=', 'returned');
  expect(await returned.select('id').execute()).toHaveLength(1);
});

test('a report that came back is corrected by changing what it said', async () => {
  const id = another();
  const submission = await reported(id, filled({ document_number: 'IEM-DEOE-7/2024' }));
  await direction.post(`/revision/${submission}`, { decision: 'returned', words: 'El número no es ése.' });
  expect((await area.page(`/vencimientos/${id}/reportar`)).includes('IEM-DEOE-7/2024')).toBe(true);
  await reported(id, filled({ document_number: 'IEM-DEOE-8/2024' }));
  expect((await reportsOn(id)).map(({ document_number }) => document_number)).toEqual([
    'IEM-DEOE-7/2024',
    'IEM-DEOE-8/2024',
  ]);
});

test('a draft of one deadline does not answer for another', async () => {
  const [first, second] = [another(), another()];
  await postReport(area, first, filled());
  await postReport(area, second, filled());
  const answer = await sendDraft(area, second, await formKeyOf(area, first));
  expect(answer.status).toBe(409);
  expect(await reportsOn(first)).toEqual([]);
  expect(await reportsOn(second)).toEqual([]);
});

test('nobody reviews a report of their own', async () => {
  const coordination = await program.logInAs('titular.coord.vinculacion@iem.example');
  const own = await program.db
    .selectFrom('submission')
    .innerJoin('person', 'person.id', 'submission.submitted_by')
    .leftJoin('review', 'review.submission_id', 'submission.id')
    .where('person.email', '=', 'titular.coord.vinculacion@iem.example')
    .where('review.submission_id', 'is', null)
    .select('submission.id')
    .executeTakeFirstOrThrow();
  const answer = await coordination.post(`/revision/${own.id}`, { decision: 'accepted', words: '' });
  expect(answer.status).toBe(409);
  expect((await answer.text()).includes('Este reporte es tuyo')).toBe(true);
});

test('a report says who sent it, whatever else the form claims', async () => {
  const id = another();
  const submission = await reported(id, {
    ...filled(),
    area_id: '1',
    person_id: '1',
    submitted_by: '1',
    attempt: '9',
    example: 'true',
    decision: 'accepted',
    recorded_at: '2024-01-01',
  });
  const [row] = await reportsOn(id);
  expect(row).toMatchObject({ id: submission, attempt: 1, example: false });
  const author = await program.db
    .selectFrom('person')
    .where('id', '=', row!.submitted_by)
    .select('email')
    .executeTakeFirstOrThrow();
  expect(author.email).toBe('enlace.deoe@iem.example');
  expect(
    await program.db
      .selectFrom('review')
      .where('submission_id', '=', submission)
      .select('decision')
      .execute(),
  ).toEqual([]);
});

test.each([
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; drop table submission; --",
  '{{7*7}} ${7*7} {{constructor}}',
  '</script><script>alert(1)</script>',
  '<!-- --><svg/onload=alert(1)>',
  '&lt;b&gt; & Ñandú İı K ñ',
  'x'.repeat(4000),
  '=HYPERLINK("http://evil.example")',
])('%j is kept and shown to the letter, on the pages and in the mail', async (words) => {
  // Each report on it was returned by the one before.
  literal ??= another();
  const submission = await reported(literal, filled({ note: words }));
  await direction.post(`/revision/${submission}`, { decision: 'returned', words });
  const { db } = program;
  const { folio, note } = await db
    .selectFrom('submission')
    .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
    .where('submission.id', '=', submission)
    .select(['folio', 'note'])
    .executeTakeFirstOrThrow();
  expect(note).toBe(words.normalize('NFC'));
  const runs = (page: string) => /<script>alert|<img src=x|<svg\/onload/.test(page);
  for (const [reader, path] of [
    [area, `/acuses/${folio}`],
    [area, `/vencimientos/${literal}`],
    [area, '/mis-obligaciones'],
    [direction, `/revision/${submission}`],
  ] as const) {
    const page = (await reader.page(path)).replace(/<script nonce="[^"]*">[\s\S]*?<\/script>/g, '');
    expect({ path, runs: runs(page), shown: page.includes(escaped(words)) }).toEqual({
      path,
      runs: false,
      shown: true,
    });
  }
  const mail = await vi.waitUntil(
    () =>
      db
        .selectFrom('message')
        .where('submission_id', '=', submission)
        .where('kind', '=', 'returned')
        .where('state', '=', 'accepted')
        .select('html')
        .executeTakeFirst(),
    { timeout: 30_000, interval: 50 },
  );
  expect({
    runs: runs(mail.html ?? ''),
    shown: mail.html?.includes(escaped(words)),
  }).toEqual({ runs: false, shown: true });
});

/** Text as React writes it into HTML. */
function escaped(text: string): string {
  const NAMES: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#x27;',
  };
  return text.normalize('NFC').replace(/[&<>"']/g, (character) => NAMES[character] ?? character);
}
