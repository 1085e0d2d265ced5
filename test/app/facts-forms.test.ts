// The forms that record facts about deadlines, over HTTP: what is refused and why, what is shown before it is saved.
import { beforeAll, describe, expect, test } from 'vitest';
import { BAD_DATES } from '../support/bad-dates.ts';
import type { Client } from '../support/client.ts';
import { deadlineOf } from '../support/facts-of-deadlines.ts';
import { factsOf } from '../support/facts.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let direction: Client;
let commission: Client;
let conditional: string;
let plain: string;

const EVENT = '/eventos/aprobacion_acuerdo_ine';

beforeAll(async () => {
  program = await startProgram();
  direction = await program.logInAs('titular.devspe@iem.example');
  commission = await program.logInAs('presidencia.com.vinculacion@iem.example');
  await program.stopWorker();
  conditional = `/vencimientos/${await deadlineOf(program.db, 'AT-F-6')}`;
  plain = `/vencimientos/${await deadlineOf(program.db, 'AT-F-11')}`;
  return () => program.close();
});

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

/** What people read of a page: its letters as they are, without the marks React leaves between them. */
const readable = (html: string) =>
  html.replaceAll('<!-- -->', '').replace(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => NAMED[name] ?? '');

/** A page says those words; the page itself is too long to print when it does not. */
const says = (page: string, words: string) =>
  expect({ words, there: page.includes(words) }).toEqual({ words, there: true });

/** Sends a form that must be refused: the message at its field, what else was typed still there, nothing saved. */
async function refused(
  path: string,
  form: Record<string, string>,
  field: string,
  message: string,
  kept: string,
) {
  const before = await factsOf(program.db);
  const answer = await direction.post(path, form);
  const page = readable(await answer.text());
  const at = new RegExp(`id="${field}-error"[^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]*)`).exec(page)?.[1] ?? '';
  expect({ typed: form[field], status: answer.status }).toEqual({ typed: form[field], status: 400 });
  expect(at).toContain(message);
  expect(page.includes(kept)).toBe(true);
  expect(/at \w+ \(|node_modules/.test(page)).toBe(false);
  expect(await factsOf(program.db)).toEqual(before);
}

const HOUR = 'Hora no válida';
const BAD_HOURS = ['24:00', '25:00', '23:59:60', '8:00', '٠٨:٠٠', '8 am', '-1:00', '08:60'];

const TEXTS: [string, string][] = [
  ['', 'Escribe'],
  [' \u200b\u00a0 ', 'Escribe'],
  ['IEM\0-1', 'Contiene un carácter no permitido (posición 4)'],
  ['x'.repeat(201), 'Máximo 200 caracteres; llevas 201'],
];

describe('the form that records an event', () => {
  const GOOD = {
    on_date: '2024-05-14',
    at_time: '18:30',
    description: 'Dictámenes de precampaña',
    source: 'INE/CG502/2024',
    step: 'preview',
  };
  const path = `${EVENT}/registrar`;

  test.each([
    ['', 'Indica la fecha del evento'],
    ['2024-05-16', 'La fecha del evento no puede ser posterior a hoy'],
    ['2100-12-31', 'La fecha del evento no puede ser posterior a hoy'],
    ['2022-12-31', 'La fecha del evento es anterior al domingo 1 de enero de 2023'],
    ...BAD_DATES,
  ])('refuses %j as its day', async (on_date, message) => {
    await refused(path, { ...GOOD, on_date }, 'on_date', message, 'Dictámenes de precampaña');
  });

  test.each([
    ['', 'Indica la hora: hay plazos que se cuentan en horas desde este evento'],
    ...BAD_HOURS.map((hour): [string, string] => [hour, HOUR]),
  ])('refuses %j as its hour', async (at_time, message) => {
    await refused(path, { ...GOOD, at_time }, 'at_time', message, 'Dictámenes de precampaña');
  });

  test('refuses an hour of today that has not come', async () => {
    const form = { ...GOOD, on_date: '2024-05-15', at_time: '23:59' };
    await refused(path, form, 'at_time', 'La hora no puede ser posterior a este momento', 'INE/CG502/2024');
  });

  test.each(TEXTS)('refuses %j as its document', async (source, message) => {
    await refused(path, { ...GOOD, source }, 'source', message, 'Dictámenes de precampaña');
  });

  test('shows what would open, writes nothing, and goes back with what was typed', async () => {
    const before = await factsOf(program.db);
    const shown = await direction.post(path, { ...GOOD, on_date: '\u00a02024-05-14 ' });
    const page = readable(await shown.text());
    expect(shown.status).toBe(200);
    says(page, 'Se abren 2 vencimientos');
    says(page, 'viernes 17 de mayo de 2024');
    says(page, 'jueves 16 de mayo de 2024, 18:30 h');
    const back = await direction.post(path, { ...GOOD, step: 'edit' });
    says(readable(await back.text()), 'value="Dictámenes de precampaña"');
    expect(await factsOf(program.db)).toEqual(before);
  });

  test('saves once; the same again is already registered, and withdrawing it closes what it opened', async () => {
    const saved = await direction.post(path, { ...GOOD, step: 'save' });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, EVENT]);
    for (const step of ['preview', 'save']) {
      const again = await direction.post(path, { ...GOOD, step });
      expect(again.status).toBe(409);
      expect(
        /Titular .* ya lo registró: mismo día, hora y documento/.test(readable(await again.text())),
      ).toBe(true);
    }
    const page = await direction.page(EVENT);
    const withdraw = /href="(\/eventos\/retirar\/\d+)"/.exec(page)?.[1] ?? '';
    const deadline = /href="(\/vencimientos\/\d+)"/.exec(page)?.[1] ?? '';
    expect({
      words: '/eventos/retirar/',
      there: (await commission.page(EVENT)).includes('/eventos/retirar/'),
    }).toEqual({ words: '/eventos/retirar/', there: false });
    await refused(withdraw, { reason: ' ' }, 'reason', 'Escribe por qué se retira', 'Retirar registro');
    const gone = await direction.post(withdraw, { reason: 'Era de otro convenio' });
    expect(gone.status).toBe(303);
    const told = readable(await direction.page(deadline));
    says(told, 'Exceptuada: el evento se retiró');
    says(told, 'Era de otro convenio');
    const twice = await direction.post(withdraw, { reason: 'Otra vez' });
    expect([twice.status, readable(await twice.text()).includes('ya se había retirado')]).toEqual([
      409,
      true,
    ]);
  });
});

describe('the form that fixes a date', () => {
  const GOOD = {
    which: 'said',
    due_on: '2024-05-28',
    due_time: '',
    ground: 'ine_notice',
    document: 'INE/DEOE/1234/2024',
    reason: 'El INE adelantó la entrega',
    version: '1',
    step: 'preview',
  };
  const path = () => `${plain}/fecha`;

  test.each([
    ['', 'Indica la nueva fecha'],
    ['2022-12-31', 'La fecha límite es anterior a la vigencia del instrumento (domingo 1 de enero de 2023)'],
    ...BAD_DATES,
  ])('refuses %j as the date', async (due_on, message) => {
    await refused(path(), { ...GOOD, due_on }, 'due_on', message, 'El INE adelantó la entrega');
  });

  test.each(BAD_HOURS)('refuses %j as the hour', async (due_time) => {
    await refused(path(), { ...GOOD, due_time }, 'due_time', HOUR, 'El INE adelantó la entrega');
  });

  test.each(['', 'constructor', 'Un acuerdo'])('refuses %j as what fixes it', async (ground) => {
    await refused(path(), { ...GOOD, ground }, 'ground', 'Elige qué fija la fecha', 'INE/DEOE/1234/2024');
  });

  test.each(TEXTS)('refuses %j as the document', async (document, message) => {
    await refused(path(), { ...GOOD, document }, 'document', message, 'El INE adelantó la entrega');
  });

  test('shows the date now and then, warns of one that has passed, and writes nothing', async () => {
    const before = await factsOf(program.db);
    const shown = readable(await (await direction.post(path(), { ...GOOD, due_on: '2024-05-10' })).text());
    says(shown, 'vie 31 may 2024');
    says(shown, 'vie 10 may 2024');
    says(shown, 'La fecha límite es anterior a hoy');
    says(shown, 'Se enviará 1 correo al área.');
    expect(await factsOf(program.db)).toEqual(before);
  });

  test('holds against the rule, on the page and in the calendar, until it is taken back', async () => {
    const saved = await direction.post(path(), { ...GOOD, due_time: '18:00', step: 'save' });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `${plain}#historia`]);
    const stale = await direction.post(path(), { ...GOOD, due_on: '2024-05-29', step: 'save' });
    expect(stale.status).toBe(409);
    says(readable(await stale.text()), 'La fecha cambió mientras la veías');
    const page = readable(await direction.page(plain));
    says(page, 'Fecha fijada por oficio del INE: INE/DEOE/1234/2024');
    says(page, 'la regla da vie 31 may 2024');
    says(page, 'martes 28 de mayo de 2024, 18:00 h');
    const month = readable(await direction.page('/calendario?vista=mes&mes=2024-05&texto=AT-F-11'));
    says(month, '(fecha fijada por acuerdo u oficio)');
    const back = { ...GOOD, which: 'computed', due_on: '', ground: '', version: '2', step: 'save' };
    expect((await direction.post(path(), back)).status).toBe(303);
    expect({
      words: 'Fecha por oficio del INE',
      there: readable(await direction.page(plain)).includes('Fecha por oficio del INE'),
    }).toEqual({ words: 'Fecha por oficio del INE', there: false });
  });
});

describe('the form that closes without compliance', () => {
  const GOOD = { kind: 'condition_not_met', reason: 'No hubo ajustes', document: 'INE/JLE/55/2024' };

  test.each(['', 'event_withdrawn', '__proto__'])('refuses %j as its kind', async (kind) => {
    await refused(
      `${conditional}/cerrar`,
      { ...GOOD, kind },
      'kind',
      'Elige por qué se cierra',
      'No hubo ajustes',
    );
  });

  test('refuses a condition where there is none, and words that say nothing', async () => {
    const none = 'Esta obligación no depende de una condición';
    await refused(`${plain}/cerrar`, GOOD, 'kind', none, 'No hubo ajustes');
    await refused(
      `${conditional}/cerrar`,
      { ...GOOD, reason: '\u200b' },
      'reason',
      'Escribe el fundamento',
      '55/2024',
    );
    const long = 'x'.repeat(4001);
    await refused(
      `${conditional}/cerrar`,
      { ...GOOD, reason: long },
      'reason',
      'Máximo 4,000 caracteres',
      '55/2024',
    );
  });

  test.each(TEXTS)('refuses %j as the document', async (document, message) => {
    await refused(`${conditional}/cerrar`, { ...GOOD, document }, 'document', message, 'No hubo ajustes');
  });

  test('closes, says so, and reopens with a reason; then it can be closed again', async () => {
    expect((await direction.get(`${conditional}/reabrir`)).status).toBe(200);
    const early = await direction.post(`${conditional}/reabrir`, { reason: 'x' });
    expect([early.status, readable(await early.text()).includes('no hay nada que reabrir')]).toEqual([
      409,
      true,
    ]);
    const closed = await direction.post(`${conditional}/cerrar`, {
      ...GOOD,
      reason: '<b>No</b> hubo\u202e ajustes',
    });
    expect(closed.headers.get('location')).toBe(`${conditional}#historia`);
    const page = readable(await direction.page(conditional));
    says(page, 'La condición no se actualizó');
    says(page, '<b>No</b> hubo⟦U+202E⟧ ajustes');
    expect({ words: '/fecha"', there: page.includes('/fecha"') }).toEqual({ words: '/fecha"', there: false });
    await refused(`${conditional}/reabrir`, { reason: '' }, 'reason', 'Escribe por qué se reabre', 'Reabrir');
    const reopened = await direction.post(`${conditional}/reabrir`, { reason: 'Sí hubo ajustes' });
    expect(reopened.status).toBe(303);
    const after = readable(await direction.page(conditional));
    says(after, 'Se reabrió');
    says(after, `${conditional}/cerrar`);
    expect((await direction.post(`${conditional}/cerrar`, { ...GOOD, kind: 'waived' })).status).toBe(303);
  });
});
