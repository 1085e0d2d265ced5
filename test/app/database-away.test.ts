// What people see while PostgreSQL only reads, has no room or is out of reach: a calm 503, and nothing half-saved.
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { databaseIsAway } from '../../db/away.ts';
import { connect } from '../../db/client.ts';
import { chromiumFound, launchBrowser, openVisit } from '../support/browser.ts';
import { openClient, type Client } from '../support/client.ts';
import { listUnreported } from '../support/facts-of-deadlines.ts';
import { openOutlet } from '../support/outlet.ts';
import { GOOD_REPORT, postReport } from '../support/report.ts';
import { startProgram, type Program } from '../support/web.ts';

const CALM = 'Por ahora no podemos atenderte';
const NOTHING_SAVED = 'Lo que acabas de enviar no se guardó';

let program: Program;
let area: Client;
let direction: Client;
let deadlineId: number;

beforeAll(async () => {
  program = await startProgram();
  area = await program.logInAs('enlace.deoe@iem.example');
  direction = await program.logInAs('titular.devspe@iem.example');
  deadlineId = (await listUnreported(program.db, 'iem_deoe'))[0]!.id;
  await program.stopWorker();
  return () => program.close();
});

beforeEach(() => void vi.mocked(console.error).mockImplementation(() => undefined));

/** What was logged in this test, which would fail it otherwise. */
function logged(): string[] {
  const lines = vi.mocked(console.error).mock.calls.map((call) => call.map(String).join(' '));
  vi.mocked(console.error).mockClear();
  return lines;
}

async function expectCalm(answer: Response): Promise<string> {
  const page = await answer.text();
  expect(answer.status).toBe(503);
  expect(page).toContain(CALM);
  expect(page).toContain('<html lang="es-MX">');
  expect(page).not.toMatch(/node_modules|\.ts:\d+|ECONNREFUSED|disco lleno|\bat \w+ \(/);
  return page;
}

describe('while the database only reads', () => {
  test('pages are shown, also to whom a note of their visit was due; a report is not taken, and later it is', async () => {
    await sql`update session set last_seen_at = clock_timestamp() - interval '10 minutes'`.execute(
      program.db,
    );
    const address = new URL(program.databaseUrl);
    address.searchParams.set('options', '-c timezone=UTC -c default_transaction_read_only=on');
    const db = connect(address.href, 4);
    onTestFinished(() => db.destroy());
    const url = await program.openWeb({ db });
    for (const { cookies } of [area, direction]) {
      expect((await openClient(url, cookies()).get('/instrumentos')).status).toBe(200);
    }
    const report = { ...GOOD_REPORT, note: 'Lo que ya escribí' };
    const page = await expectCalm(await postReport(openClient(url, area.cookies()), deadlineId, report));
    expect(page).toContain(NOTHING_SAVED);
    expect(page).toContain('Regresa con «Atrás»');
    expect(logged()).toEqual([
      expect.stringMatching(
        /^No se pudo atender POST \/vencimientos\/\d+\/reportar; se respondió 503: cannot execute .* read-only transaction$/,
      ),
    ]);
    expect(await program.db.selectFrom('report_draft').selectAll().execute()).toEqual([]);
    expect((await postReport(area, deadlineId, report)).status).toBe(303);
  });
});

/** Leaves no room for the last thing that a change writes; until what is returned is called, or the test ends. */
async function fillDisk(): Promise<() => Promise<unknown>> {
  await sql`
    create function no_room() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
    create trigger no_room before insert on audit_entry for each row execute function no_room()`.execute(
    program.db,
  );
  const empty = () => sql`drop function if exists no_room() cascade`.execute(program.db);
  onTestFinished(async () => void (await empty()));
  return empty;
}

const exceptions = () => program.db.selectFrom('attention_exception').select(['day', 'reason']).execute();

test('a full disk in the middle of saving leaves nothing of it', async () => {
  await fillDisk();
  const answer = await direction.post('/ajustes/atencion', {
    accion: 'exceptuar',
    dia: '2024-06-08',
    atendido: 'si',
    motivo: 'Guardia',
  });
  expect(await expectCalm(answer)).toContain(NOTHING_SAVED);
  expect(await exceptions()).toEqual([]);
  expect(logged()).toHaveLength(1);
});

describe('while the server of the database is out of reach', () => {
  test('a page, a form, a file and a machine are each told so, in one line of the log for each', async () => {
    const address = new URL(program.databaseUrl);
    const outlet = await openOutlet(Number(address.port));
    address.port = String(outlet.port);
    address.hostname = '127.0.0.1';
    const db = connect(address.href, 4);
    onTestFinished(() => db.destroy());
    const url = await program.openWeb({ db });
    const client = openClient(url, area.cookies());
    expect((await client.get('/mis-obligaciones')).status).toBe(200);
    await outlet.pull();
    expect(await expectCalm(await client.get('/mis-obligaciones'))).not.toContain(NOTHING_SAVED);
    expect(await expectCalm(await postReport(client, deadlineId, GOOD_REPORT))).toContain(NOTHING_SAVED);
    const file = await client.get('/acuses/R-2024-000001/pdf');
    expect(file.status).toBe(503);
    const lines = logged();
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(/^No se pudo atender (GET|POST) \/\S+; se respondió 503: .+$/);
    expect((await client.get('/salud')).status).toBe(503);
    await outlet.restore();
    expect((await client.get('/mis-obligaciones')).status).toBe(200);
    await outlet.pull();
  });
});

describe.runIf(chromiumFound)('in a browser with scripts', () => {
  test('what was typed is sent again with one click, as it was', async () => {
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const visit = await openVisit(browser, program.url, { scripts: true, cookies: direction.cookies() });
    const page = await visit.context.newPage();
    await page.goto('/ajustes/atencion');
    await page.getByLabel('Día', { exact: true }).fill('2024-06-08');
    await page.getByLabel('Motivo', { exact: true }).fill('Guardia del sábado');
    const empty = await fillDisk();
    await page.getByRole('button', { name: 'Apartar el día' }).click();
    await page.getByRole('heading', { name: CALM }).waitFor();
    expect(await page.locator('main').innerText()).toContain(NOTHING_SAVED);
    expect(await exceptions()).toEqual([]);
    const again = page.getByRole('button', { name: 'Enviarlo otra vez' });
    await Promise.all([page.waitForResponse((answer) => answer.status() === 503), again.click()]);
    await empty();
    await again.click();
    await page.getByRole('heading', { name: 'Atención' }).waitFor();
    expect(await exceptions()).toEqual([{ day: '2024-06-08', reason: 'Guardia del sábado' }]);
    expect(logged()).toHaveLength(2);
  });
});

test.each([
  [Object.assign(new Error('x'), { code: '53200' }), true],
  [Object.assign(new Error('x'), { code: '57P03' }), true],
  [Object.assign(new Error('x'), { code: '08006' }), true],
  [Object.assign(new Error('x'), { code: '25006' }), true],
  [new AggregateError([], ''), false],
  [Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }), true],
  [new Error('Connection terminated unexpectedly'), true],
  [Object.assign(new Error('connect ENOENT /run/x'), { code: 'ENOENT', syscall: 'connect' }), true],
  [Object.assign(new Error('open x'), { code: 'ENOENT', syscall: 'open' }), false],
  [Object.assign(new Error('x'), { code: 'ENOSPC' }), false],
  [Object.assign(new Error('x'), { code: '23505' }), false],
  [Object.assign(new Error('x'), { code: '57014' }), false],
  ['53100', false],
])('%o is an absence of the database: %s', (error, away) => {
  expect(databaseIsAway(error)).toBe(away);
});
