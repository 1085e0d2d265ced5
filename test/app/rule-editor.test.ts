// The rule editor as a caller without JavaScript uses it: look, save, and be told when somebody was faster.
import { beforeAll, expect, test } from 'vitest';
import { blankRule } from '../../app/domain/rule-form.ts';
import type { TypedRule } from '../../app/domain/rule-fields.ts';
import type { Client } from '../support/client.ts';
import { factsOf } from '../support/facts.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let direction: Client;
let area: Client;

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  area = await program.logInAs('enlace.deoe@iem.example');
  await program.stopWorker();
  return () => program.close();
});

const REF = 'AT-REC-2';
const HERE = `/obligaciones/${REF}/regla?tipo=offset`;

/** The form with its hidden fields as the last page gave them. */
function form(page: string, typed: Partial<TypedRule>, more: Record<string, string>): Record<string, string> {
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
  return {
    ...blankRule('offset'),
    ...typed,
    sentence: 'Tres días antes',
    act: 'Acuerdo IEM-CG-9/2024',
    base_version: hidden('base_version'),
    seen: hidden('seen'),
    ...more,
  };
}

const RULE = { milestone: 'jornada', amount: '3' };

test('a rule is looked at, saved, and read with its versions; a second editor is told and keeps what was typed', async () => {
  const [mine, theirs] = [await direction.page(HERE), await direction.page(HERE)];
  const seen = await (await direction.post(HERE, form(mine, RULE, { intent: 'preview' }))).text();
  expect(seen).toContain('jueves 30 de mayo de 2024');
  expect(seen).toContain('3 días naturales antes de la Jornada electoral (domingo 2 de junio de 2024)');
  expect(seen).toContain('Se mueven: 1');
  const theirLook = await (
    await direction.post(HERE, form(theirs, { ...RULE, amount: '4' }, { intent: 'preview' }))
  ).text();

  const withoutAct = await direction.post(HERE, form(seen, RULE, { intent: 'save', act: ' ' }));
  expect(withoutAct.status).toBe(400);
  expect(await withoutAct.text()).toContain('Indica el documento que lo ordena');
  const changedMind = await direction.post(HERE, form(seen, { ...RULE, amount: '5' }, { intent: 'save' }));
  expect(changedMind.status).toBe(409);
  expect(await changedMind.text()).toContain('martes 28 de mayo de 2024');

  const saved = await direction.post(HERE, form(seen, RULE, { intent: 'save' }));
  expect(saved.status).toBe(303);
  // React puts empty comments between the pieces of a sentence.
  const page = (await direction.page(saved.headers.get('location')!)).replaceAll('<!-- -->', '');
  expect(page).toContain('Acuerdo IEM-CG-9/2024');
  expect(page).toContain('«Tres días antes»');
  expect(page).toContain('1 día natural antes de la Jornada electoral');
  expect(page).toContain('jueves 30 de mayo de 2024');

  const before = await factsOf(program.db);
  const late = await direction.post(HERE, form(theirLook, { ...RULE, amount: '4' }, { intent: 'save' }));
  const told = await late.text();
  expect(late.status).toBe(409);
  expect(told).toContain('Alguien cambió la regla mientras la editabas');
  expect(told).toContain('3 días naturales antes de la Jornada electoral');
  expect(told).toMatch(/name="amount"[^>]*value="4"/);
  expect(told).toMatch(/name="base_version" value="2"/);
  expect(await factsOf(program.db)).toEqual(before);

  // For a day the calendar offers the way back; the rule and its date are then what they were.
  const [, undo] = /action="(\/cambios\/\d+\/deshacer)"/.exec(await direction.page('/calendario'))!;
  expect(await direction.page(undo!)).toContain('La regla');
  expect((await direction.post(undo!, {})).status).toBe(400);
  expect((await direction.post(undo!, { confirmo: 'si' })).status).toBe(303);
  expect((await direction.post(undo!, { confirmo: 'si' })).status).toBe(409);
  expect(await direction.page('/calendario')).not.toContain(undo!);
  const after = (await direction.page(`/obligaciones/${REF}`)).replaceAll('<!-- -->', '');
  expect(after).toContain(
    '<p class="rule-words">1 día natural antes de la Jornada electoral (domingo 2 de junio de 2024).</p>',
  );
});

test('an area reads its obligation but neither sees nor opens the editor', async () => {
  const own = await program.db
    .selectFrom('obligation_area as oa')
    .innerJoin('area', 'area.id', 'oa.area_id')
    .innerJoin('obligation as o', 'o.id', 'oa.obligation_id')
    .where('area.key', '=', 'iem_deoe')
    .where('oa.role', '=', 'responsible')
    .select('o.ref')
    .executeTakeFirstOrThrow();
  const page = await area.page(`/obligaciones/${own.ref}`);
  expect(page).toContain('Cómo se calcula su plazo');
  expect(page).not.toContain('Cambiar la regla');
  expect((await area.get(`/obligaciones/${own.ref}/regla`)).status).toBe(403);
});

test.each(['NO-HAY', '%00', 'AT-C-4?proceso=otro', `${'x'.repeat(300)}`])(
  'there is no obligation %s',
  async (ref) => {
    expect((await direction.get(`/obligaciones/${ref}`)).status).toBe(404);
  },
);
