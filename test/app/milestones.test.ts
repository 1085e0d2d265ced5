// Moving a milestone as a caller without JavaScript does it: look, apply, be told when somebody was faster, undo.
import { beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { factsOf } from '../support/facts.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let direction: Client;
let other: Client;
let commission: Client;
let stranger: Client;

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  other = await program.logInAs('titular.coord.vinculacion@iem.example');
  commission = await program.logInAs('presidencia.com.vinculacion@iem.example');
  stranger = await program.logInAs('enlace.coord.informatica@iem.example');
  await program.stopWorker();
  return () => program.close();
});

const query = (fields: Record<string, string>) =>
  `/hitos/jornada/mover?${new URLSearchParams(fields).toString()}`;
const MOVE = {
  fecha: '2024-12-08',
  hora: '08:00',
  estado: 'firme',
  acto: 'Acuerdo INE/CG000/2024',
  nota: '',
};

/** A page without the marks that React leaves between pieces of text. */
const joined = (page: string) => page.replaceAll('<!-- -->', '');

/** The form of the page that looks ahead, as it would be sent without touching it. */
function formOf(page: string): [string, string][] {
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const chosen = [
    ...page.matchAll(/<input type="checkbox" name="mover"[^>]*?checked=""[^>]*?value="(\d+)"/g),
  ];
  const turned = [
    ...page.matchAll(/<input type="checkbox" name="mover"[^>]*?value="(\d+)"[^>]*?checked=""/g),
  ];
  return [
    ...fields.map(([, name, value]): [string, string] => [name!, value!]),
    ...[...chosen, ...turned].map(([, id]): [string, string] => ['mover', id!]),
  ];
}

test('what is typed wrong is said at its field and nothing changes; looking changes nothing either', async () => {
  const before = await factsOf(program.db);
  const wrong = await direction.get(query({ ...MOVE, fecha: '2024-02-30', acto: ' ' }));
  expect(wrong.status).toBe(400);
  const page = await wrong.text();
  expect(page).toContain('Esa fecha no existe (febrero de 2024 tiene 29 días)');
  expect(page).toContain('Escribe el acuerdo, oficio o documento que lo ordena');
  expect(page).toContain('value="08:00"');

  const withoutHour = await direction.get(query({ ...MOVE, hora: '' }));
  expect(withoutHour.status).toBe(422);
  expect(await withoutHour.text()).toMatch(
    /Con esa fecha no se puede calcular AT-\S+: El plazo se cuenta en horas/,
  );

  const look = joined(await direction.page(query(MOVE)));
  expect(look).toMatch(/Se mueven <strong>\d+<\/strong>/);
  expect(look).toMatch(/Protegidas <strong>\d+<\/strong>/);
  expect(look).toMatch(/Se enviará 1 correo a cada una de \d+ áreas/);
  expect(await factsOf(program.db)).toEqual(before);
});

test('of two people one applies the change and the other sees what changed; then it is undone', async () => {
  const mine = await direction.page(query(MOVE));
  const theirs = await other.page(query({ ...MOVE, fecha: '2024-12-15' }));

  const applied = await direction.post('/hitos/jornada/mover', formOf(mine));
  expect(applied.status).toBe(303);
  const place = applied.headers.get('location')!;
  expect(place).toMatch(/^\/cambios\/\d+$/);

  const facts = await factsOf(program.db);
  const late = await other.post('/hitos/jornada/mover', formOf(theirs));
  expect(late.status).toBe(409);
  const told = joined(await late.text());
  expect(told).toContain('Alguien se adelantó: no se aplicó nada');
  expect(told).toContain(
    'Jornada electoral es ahora domingo 8 de diciembre de 2024, 8:00 h (Acuerdo INE/CG000/2024)',
  );
  expect(told).toContain('domingo 15 de diciembre de 2024');
  expect(await factsOf(program.db)).toEqual(facts);

  for (const path of ['/calendario', '/hitos', '/hitos/jornada']) {
    expect(joined(await other.page(path))).toContain('Cambio aplicado por Titular de la Dirección Ejecutiva');
  }
  expect(await commission.page('/hitos')).not.toContain('Cambio aplicado por');
  expect(await commission.page('/hitos/jornada')).not.toContain('Ver qué cambiaría');

  expect((await other.post(`${place}/deshacer`, {})).status).toBe(400);
  const undone = await other.post(`${place}/deshacer`, { confirmo: 'si' });
  expect(undone.status).toBe(303);
  expect(await other.page(place)).toContain('Este cambio se deshizo');
  expect(await other.page('/hitos/jornada')).toContain('Vuelve a su fecha: se deshizo el cambio.');
  const again = await other.post(`${place}/deshacer`, { confirmo: 'si' });
  expect(again.status).toBe(409);
  expect(await again.text()).toContain('Este cambio ya se había deshecho.');
});

test('a row that is unticked keeps its date', async () => {
  const look = await direction.page(query(MOVE));
  const form = formOf(look);
  const [, kept] = form.find(([name]) => name === 'mover')!;
  const due = () =>
    program.db
      .selectFrom('deadline_version')
      .where('deadline_id', '=', Number(kept))
      .where('superseded_at', 'is', null)
      .select(['version', 'due_on'])
      .executeTakeFirstOrThrow();
  const before = await due();
  const applied = await direction.post(
    '/hitos/jornada/mover',
    form.filter(([, value]) => value !== kept),
  );
  expect(applied.status).toBe(303);
  expect(await due()).toEqual(before);
});

test('who looks after an event without date is said with its expected day', async () => {
  const path = '/hitos/firma_convenio_general/vigilancia';
  const version = /name="version" value="(\d+)"/.exec(await direction.page(path))![1]!;
  const area = await program.db
    .selectFrom('area')
    .where('key', '=', 'iem_deoe')
    .select('id')
    .executeTakeFirstOrThrow();
  const wrong = await direction.post(path, { area: '0', previsto: 'mañana', version });
  expect(wrong.status).toBe(400);
  expect(await wrong.text()).toContain('Elige un área de la lista');
  const typed = { area: String(area.id), previsto: '2024-05-01', version };
  expect((await direction.post(path, typed)).status).toBe(303);
  expect(await direction.page('/hitos')).toContain('ya pasó: ¿ocurrió?');
  const late = await direction.post(path, typed);
  expect(late.status).toBe(409);
  expect(await late.text()).toContain('Alguien cambió este evento mientras lo veías');
});

test('a date that a rule gives no more is said to be gone to whoever could read it, and to nobody else', async () => {
  const { id } = await program.db
    .selectFrom('deadline as d')
    .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
    .innerJoin('deadline_version as v', 'v.deadline_id', 'd.id')
    .where('v.superseded_at', 'is', null)
    .where('v.settled_at', 'is', null)
    .where('o.ref', '=', 'AT-DOC-6')
    .select('d.id')
    .executeTakeFirstOrThrow();
  await program.db
    .updateTable('deadline_version')
    .set({ superseded_at: '2024-05-17T00:00:00Z' })
    .where('deadline_id', '=', id)
    .where('superseded_at', 'is', null)
    .execute();
  const gone = await direction.get(`/vencimientos/${id}`);
  expect(gone.status).toBe(410);
  expect(await gone.text()).toContain('Esta fecha dejó de existir');
  expect((await stranger.get(`/vencimientos/${id}`)).status).toBe(404);
});
