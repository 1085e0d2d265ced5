// What people type into the forms: bad input is named at its field and kept, nothing is saved, nothing breaks.
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { BAD_DATES } from '../support/bad-dates.ts';
import type { Client } from '../support/client.ts';
import { factsOf } from '../support/facts.ts';
import { listUnreported } from '../support/facts-of-deadlines.ts';
import { GOOD_REPORT } from '../support/report.ts';
import { startProgram, type Program } from '../support/web.ts';

let program: Program;
let area: Client;
let direction: Client;
let report: string;
let review: string;

beforeAll(async () => {
  program = await startProgram();
  area = await program.logInAs('enlace.deoe@iem.example');
  direction = await program.logInAs('titular.devspe@iem.example');
  await program.stopWorker();
  const owed = await listUnreported(program.db, 'iem_deoe');
  const open = owed.find(({ due_on, due_time }) => due_on! > '2024-05-15' && due_time === null)!;
  const pending = await program.db
    .selectFrom('submission')
    .leftJoin('review', 'review.submission_id', 'submission.id')
    .where('review.submission_id', 'is', null)
    .select('submission.id')
    .executeTakeFirstOrThrow();
  report = `/vencimientos/${open.id}/reportar`;
  review = `/revision/${pending.id}`;
  return () => program.close();
});

const filled = (changes: Record<string, string>) => ({ ...GOOD_REPORT, ...changes });

/** What people read of a page: its text, with the letters that HTML must write otherwise as they are. */
function readable(html: string): string {
  const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };
  return html.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => NAMED[name] ?? '');
}

/** Without the characters that a page cannot show. */
const printed = (text: string) => text.replace(/[\r\n\0]/g, '');

/** What is settled: a draft is where what was typed is kept meanwhile. */
async function settledFacts() {
  const { report_draft, audit_entry, audit_head, ...settled } = await factsOf(program.db);
  void [report_draft, audit_entry, audit_head];
  return settled;
}

/** Sends a form that must be refused: the message stands at its field, what was typed is still there, nothing is saved. */
async function refused(
  client: Client,
  path: string,
  form: Record<string, string>,
  field: string,
  message: string,
  kept?: string,
) {
  const before = await settledFacts();
  const answer = await client.post(path, form);
  const page = await answer.text();
  const at = new RegExp(`id="${field}-error"[^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]*)`).exec(page)?.[1] ?? '';
  expect({ typed: form[field], status: answer.status }).toEqual({ typed: form[field], status: 400 });
  expect(readable(at)).toContain(message);
  if (kept !== undefined)
    expect({ kept, there: printed(readable(page)).includes(printed(kept)) }).toEqual({ kept, there: true });
  expect(page).not.toMatch(/at \w+ \(|node_modules/);
  expect(await settledFacts()).toEqual(before);
}

describe('the form that reports compliance', () => {
  test.each([
    ['', 'Indica la fecha del acto'],
    ...BAD_DATES,
    ['2024-05-16', 'La fecha del acto no puede ser posterior a hoy'],
    ['2100-12-31', 'La fecha del acto no puede ser posterior a hoy'],
  ])('refuses %j as the day of the act', async (act_on, message) => {
    await refused(
      area,
      report,
      filled({ act_on, document_number: 'Lo que ya escribí' }),
      'act_on',
      message,
      'Lo que ya escribí',
    );
  });

  test.each([
    ['', 'Escribe el número o folio del documento'],
    ['   \t ', 'Escribe el número o folio del documento'],
    ['\u200b', 'Escribe el número o folio del documento'],
    ['IEM\0-1', 'Contiene un carácter no permitido (posición 4)'],
    ['IEM\u0007-1', 'Contiene un carácter de control (posición 4)'],
    ['IEM\u202e-1', 'Contiene un carácter no permitido (posición 4)'],
    [`o${'\u0301'.repeat(200)}`, 'Demasiados signos combinados'],
    ['x'.repeat(121), 'Máximo 120 caracteres; llevas 121'],
  ])('refuses %j as the number of the document', async (document_number, message) => {
    await refused(
      area,
      report,
      filled({ document_number, note: 'Nota que ya escribí' }),
      'document_number',
      message,
      'Nota que ya escribí',
    );
  });

  test.each([
    ['x'.repeat(4001), 'Máximo 4,000 caracteres; llevas 4,001'],
    ['👨‍👩‍👧‍👦'.repeat(600), 'El texto ocupa más de lo que se puede guardar; acórtalo'],
    [`una\0nota`, 'Contiene un carácter no permitido (posición 4)'],
  ])('refuses a note of too much or of what cannot be kept', async (note, message) => {
    await refused(area, report, filled({ note }), 'note', message, 'IEM-DEOE-123/2024');
  });

  test.each(['', 'paloma', '__proto__', 'constructor', 'Oficio'])(
    'refuses %j as the medium',
    async (medium) => {
      await refused(
        area,
        report,
        filled({ medium }),
        'medium',
        'Elige el medio por el que se entregó',
        'IEM-DEOE-123/2024',
      );
    },
  );

  test.each(['', 'x', "'; drop table submission; --", '00000000-0000-0000-0000-00000000000g'])(
    'is not sent without its own key (%j)',
    async (form_key) => {
      const before = await settledFacts();
      const answer = await area.post(`${report}/enviar`, { form_key });
      expect(answer.status).toBe(400);
      expect(await settledFacts()).toEqual(before);
    },
  );

  test.each([
    [{ fulfilment: '' }, 'fulfilment', 'Indica si se cumplió'],
    [{ fulfilment: '__proto__' }, 'fulfilment', 'Indica si se cumplió'],
    [{ fulfilment: 'partial' }, 'note', 'Explica qué falta por cumplir'],
    [{ fulfilment: 'not_applicable' }, 'note', 'Explica por qué no se actualizó la condición'],
  ] as const)('refuses %j', async (changes, field, message) => {
    await refused(area, report, filled(changes), field, message, 'IEM-DEOE-123/2024');
  });
});

test('a field sent twice, an emptied form and bytes that are no text are refused whole', async () => {
  const before = await settledFacts();
  const pairs = Object.entries(filled({}));
  const answers = [
    await area.post(report, [...pairs, ['act_on', '2024-05-13']]),
    await area.post(report, {}),
    await area.send(report, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'act_on=%ED%A0%80%00%FF&document_number=%E0%A4%A&medium=%',
    }),
    await program.visitor().post('/entrar', [
      ['correo', 'a@iem.example'],
      ['correo', 'b@iem.example'],
    ]),
    await area.send(report, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: Array.from({ length: 5000 }, (_, index) => `campo${index}=1`).join('&'),
    }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
  expect(await settledFacts()).toEqual(before);
});

describe('the form that reviews a report', () => {
  test.each([
    [{ decision: '', words: 'Ya leído' }, 'Elige Aceptar o Devolver'],
    [{ decision: 'constructor', words: 'Ya leído' }, 'Elige Aceptar o Devolver'],
    [{ decision: 'returned', words: '' }, 'Escribe el motivo: el área debe saber qué corregir'],
    [{ decision: 'returned', words: ' \u200b ' }, 'Escribe el motivo: el área debe saber qué corregir'],
    [{ decision: 'returned', words: 'x'.repeat(4001) }, 'Máximo 4,000 caracteres; llevas 4,001'],
    [{ decision: 'accepted', words: 'no\0pe' }, 'Contiene un carácter no permitido (posición 3)'],
  ])('refuses %j', async (form, message) => {
    await refused(direction, review, form, 'words', message);
  });
});

describe('the form that asks for a code', () => {
  const ONE = 'Escribe una sola dirección';
  const CHARACTERS = 'La dirección contiene caracteres no permitidos';
  const INVALID = 'Dirección no válida';
  test.each([
    ['', 'Escribe tu correo'],
    ['a@x.mx, evil@x.com', ONE],
    ['a@x.mx;evil@x.com', ONE],
    ['team: a@x.mx;', ONE],
    ['"Ana" <evil@x.com>, <a@x.mx>', ONE],
    ['<a@x.mx>evil@x.com', ONE],
    ['"evil@x.com x"@area.mx', 'No se admiten comillas en la dirección'],
    ['victim@area.mx＠evil.com', 'La dirección tiene más de una @'],
    ['＠', INVALID],
    ['a@x.mx\r\nBcc: e@x.com', CHARACTERS],
    ['a@x.mx\0', CHARACTERS],
    ['a%0d%0a@x.mx', CHARACTERS],
    ['x@[127.0.0.1]', INVALID],
    ['x@localhost', INVALID],
    ['a@b..mx', INVALID],
    ['a@-x.mx', INVALID],
    ['.a@x.mx', INVALID],
    ['josé@área.mx', 'El servidor de correo no admite acentos antes de la @'],
    [`${'a'.repeat(65)}@x.mx`, 'Dirección demasiado larga'],
    [`a@${'x'.repeat(60)}.${'y'.repeat(5000)}.mx`, 'Dirección demasiado larga'],
  ])('refuses %j', async (correo, message) => {
    const form = { correo, ir: '/' };
    await refused(program.visitor(), '/entrar', form, 'correo', message, correo);
  });
});

describe('the form that takes a code', () => {
  const path = `/entrar/codigo?d=${randomUUID()}`;
  test.each(['', '12345', '1234567', 'abcdef', '½½½½½½', '-12345', '1e5000', '12345\0', '9'.repeat(10_000)])(
    'refuses %j',
    async (codigo) => {
      await refused(
        program.visitor(),
        path,
        { codigo, d: path.slice(-36), ir: '/' },
        'codigo',
        'Escribe los seis dígitos del código',
      );
    },
  );

  test('refuses a code for a challenge that never was', async () => {
    await refused(
      program.visitor(),
      path,
      { codigo: '123456', d: path.slice(-36), ir: '/' },
      'codigo',
      'El código venció o ya se usó',
    );
  });
});
