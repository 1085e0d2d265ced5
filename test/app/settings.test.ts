// What is set up once, as the Dirección does it without scripts: attention, ladders, non-working days.
import { beforeAll, describe, expect, test } from 'vitest';
import { factsOf } from '../support/facts.ts';
import type { Client } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let direction: Client;
let area: Client;

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  area = await program.logInAs(program.somebody());
  await program.stopWorker();
  return () => program.close();
});

const typed = async (path: string, form: Record<string, string> | [string, string][]) => {
  const answer = await direction.post(path, form);
  return { status: answer.status, to: answer.headers.get('location'), page: await answer.text() };
};

/** The hidden fields of the form that saves a preview. */
const hidden = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`)
    .exec(page)?.[1]
    ?.replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&') ?? '';

async function entries(verb: string) {
  return program.db.selectFrom('audit_entry').where('verb', '=', verb).select('seq').execute();
}

describe('attention', () => {
  test('is saved with its entry in the record, and shown back', async () => {
    const saved = await typed('/ajustes/atencion', [
      ['accion', 'guardar'],
      ...['1', '2', '3', '4', '5', '6'].map((day): [string, string] => ['dias', day]),
      ['hora', '07:30'],
    ]);
    expect([saved.status, saved.to]).toEqual([303, '/ajustes/atencion']);
    const page = await direction.page('/ajustes/atencion');
    expect(page).toContain('7:30 h');
    expect(page.match(/name="dias"[^>]*checked/g)).toHaveLength(6);
    expect(await entries('cambió la atención')).toHaveLength(1);
  });

  test('without days keeps what was typed and saves nothing', async () => {
    const facts = await factsOf(program.db);
    const refused = await typed('/ajustes/atencion', { accion: 'guardar', hora: '09:15' });
    expect(refused.status).toBe(400);
    expect(refused.page).toContain('Elige al menos un día de la semana');
    expect(refused.page).toContain('value="09:15"');
    expect(await factsOf(program.db)).toEqual(facts);
  });

  test('has days apart that come and go', async () => {
    const put = await typed('/ajustes/atencion', {
      accion: 'exceptuar',
      dia: '2024-06-02',
      atendido: 'si',
      motivo: 'Jornada electoral',
    });
    expect(put.status).toBe(303);
    expect(await direction.page('/ajustes/atencion')).toContain('Jornada electoral');
    const taken = () => typed('/ajustes/atencion', { accion: 'quitar', dia: '2024-06-02' });
    expect((await taken()).status).toBe(303);
    expect((await taken()).status).toBe(409);
    expect(await direction.page('/ajustes/atencion')).not.toContain('Jornada electoral');
  });
});

describe('a ladder', () => {
  const form = (rows: string[][], more: Record<string, string>): Record<string, string> => ({
    ...Object.fromEntries(
      rows.flatMap(([cuanto = '', unidad = '', momento = '', nivel = ''], index) => [
        [`cuanto-${index}`, cuanto],
        [`unidad-${index}`, unidad],
        [`momento-${index}`, momento],
        [`nivel-${index}`, nivel],
      ]),
    ),
    ...more,
  });
  const rows = [
    ['7', 'dias', 'antes', 'area'],
    ['1', 'dias', 'despues', 'direction'],
  ];
  const path = '/ajustes/escaleras?clase=low';

  test('shows what it would send before it is saved, and then holds from its day', async () => {
    const facts = await factsOf(program.db);
    const seen = await typed(path, form(rows, { accion: 'ver', desde: '2024-06-01', despues: '1' }));
    expect(seen.status).toBe(200);
    expect(seen.page).toContain('Qué enviaría');
    expect(seen.page).toContain('7 días antes');
    expect(await factsOf(program.db)).toEqual(facts);
    const saved = await typed(path, form(rows, { accion: 'guardar', desde: '2024-06-01', despues: '1' }));
    expect(saved.status).toBe(303);
    const page = await direction.page(saved.to!);
    expect(page.replaceAll('<!-- -->', '')).toMatch(/Versión 2. Desde el sábado 1 de junio de 2024/);
    expect(page.replaceAll('<!-- -->', '')).toMatch(/Versión 1. Desde el inicio · vigente/);
    expect(await entries('cambió una escalera')).toHaveLength(1);
  });

  test('that somebody else changed meanwhile, or that reaches back, is not saved', async () => {
    const facts = await factsOf(program.db);
    const late = await typed(path, form(rows, { accion: 'guardar', desde: '2024-06-01', despues: '1' }));
    expect(late.status).toBe(409);
    const back = await typed(path, form(rows, { accion: 'guardar', desde: '2024-05-15', despues: '2' }));
    expect(back.status).toBe(400);
    expect(back.page).toContain('nunca obra hacia atrás');
    expect(await factsOf(program.db)).toEqual(facts);
  });

  test('of a class or a process that is none does not exist', async () => {
    for (const query of ['clase=__proto__', 'clase=', 'proceso=nada']) {
      expect((await direction.get(`/ajustes/escaleras?${query}`)).status).toBe(404);
    }
  });
});

describe('non-working days', () => {
  const path = '/inhabiles?institucion=IEM&anio=2024';

  test('are previewed, saved and taken out again', async () => {
    const facts = await factsOf(program.db);
    const seen = await typed(path, {
      que: 'poner',
      desde: '2024-05-20',
      hasta: '2024-05-26',
      nombre: 'Suspensión',
      acto: 'Acuerdo IEM-CG-09/2024',
    });
    expect(seen.status).toBe(200);
    expect(seen.page).toContain('Antes de guardar');
    expect(await factsOf(program.db)).toEqual(facts);
    const order = {
      que: 'aplicar',
      cambio: hidden(seen.page, 'cambio'),
      visto: hidden(seen.page, 'visto'),
      acto: hidden(seen.page, 'acto'),
    };
    const forged = await typed(path, { ...order, visto: 'otro' });
    expect(forged.status).toBe(409);
    expect(await factsOf(program.db)).toEqual(facts);
    expect((await typed(path, order)).status).toBe(303);
    const page = await direction.page(path);
    expect(page.match(/Suspensión/g)!.length).toBeGreaterThanOrEqual(5);
    expect(page).toContain('Descanso de ley');

    const out = await typed(path, { que: 'quitar', dia: '2024-05-21', acto: 'Oficio 1' });
    const gone = {
      que: 'aplicar',
      cambio: hidden(out.page, 'cambio'),
      visto: hidden(out.page, 'visto'),
      acto: 'Oficio 1',
    };
    expect((await typed(path, gone)).status).toBe(303);
    expect(await direction.page(path)).not.toContain('martes 21 de mayo de 2024');
  });

  test('say at their field what is wrong and keep the list that was pasted', async () => {
    const refused = await typed(path, { que: 'importar', lista: '31/12/2024 Fin', acto: 'Acuerdo' });
    expect(refused.status).toBe(400);
    expect(refused.page).toContain('Renglón 1');
    expect(refused.page).toContain('31/12/2024 Fin</textarea>');
  });

  test('are read by an area, which may not change them', async () => {
    const page = await area.page(path);
    expect(page).toContain('Día del Trabajo');
    expect(page).not.toContain('Ver el efecto');
  });

  test('exist for the institutions and years that exist', async () => {
    for (const query of ['institucion=TEEM', 'anio=1999', 'anio=2101', 'anio=x']) {
      expect((await direction.get(`/inhabiles?${query}`)).status).toBe(404);
    }
  });
});
