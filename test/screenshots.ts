// The pictures of the README and the guides: the built program in a fresh demo, seen as its example people see it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { weekday } from '../app/domain/plain-date.ts';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const IMAGES = join(ROOT, 'docs/images');

const WIDE = 1280;
const PHONE = 360;
/** A mail program's reading pane. */
const MAIL = 720;
/** Letter paper, 8.5 inches of 96 pixels. */
const PAPER = 816;
/** Pixels from the top that a picture shows; what is below does not help a reader and makes the file heavy. */
const TALLEST = 780;
/** The same where the head of the page is left out, and more of it is words. */
const TALLEST_BELOW = 720;

/** Longest wait for a page, a mail or the program, in ms. */
const PATIENCE = 60_000;

const AREA = 'enlace.deoe@iem.example';
const DIRECTION = 'titular.devspe@iem.example';
const DIRECTION_LIAISON = 'titular.coord.vinculacion@iem.example';
const COMMISSION = 'presidencia.com.vinculacion@iem.example';

/** Mornings after the demo's first day, 15 May 2024: enough for an escalation to reach the Dirección. */
const MORNINGS = ['2024-05-16', '2024-05-17', '2024-05-18', '2024-05-19', '2024-05-20'];

interface Program {
  url: string;
  stop(): Promise<void>;
}

/** Starts `convenio start` on a free port with an empty data folder; rejects when it ends before it is ready. */
async function startProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'convenio-pictures-'));
  // Root's PostgreSQL runs as another account, which must be able to enter.
  await chmod(folder, 0o755);
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'bin/convenio.js'), 'start'], {
    env: {
      PATH,
      HOME,
      NODE_ENV: 'production',
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      // The address that links in mails show.
      APP_URL: 'http://convenio.iem.example',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout }))
      if (line.includes('/correos')) return true;
    return false;
  })();
  if (await ready) return { url: `http://127.0.0.1:${port}`, stop };
  await stop();
  throw new Error('The program ended before it was ready.');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, locale: 'es-MX', colorScheme: 'light' });
  context.setDefaultTimeout(PATIENCE);
  return context.newPage();
}

/** Takes `docs/images/<name>-<width>.png` of the page from its top or from `below` on, once for each width. */
async function picture(
  page: Page,
  name: string,
  widths: readonly number[] = [WIDE],
  below?: string,
): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: TALLEST });
    await page.evaluate('document.activeElement?.blur(); window.scrollTo(0, 0)');
    const content = await page.locator('body').boundingBox();
    const start = below === undefined ? null : await page.locator(below).first().boundingBox();
    const y = Math.max(0, Math.floor(start?.y ?? 0));
    const tallest = start ? TALLEST_BELOW : TALLEST;
    const height = Math.min(tallest, Math.ceil(content?.height ?? tallest) - y);
    const path = join(IMAGES, `${name}-${width}.png`);
    await page.screenshot({
      path,
      clip: { x: 0, y, width, height },
      fullPage: start !== null,
      animations: 'disabled',
    });
  }
  await page.setViewportSize({ width: WIDE, height: TALLEST });
}

/** Follows a link and waits until the other page is there: its address comes a moment before its content. */
async function follow(page: Page, link: Locator): Promise<void> {
  const title = await page.title();
  await link.click();
  await page.waitForFunction((before) => document.title !== before, title);
}

/** Asks for a code in the log-in page, reads it in the demo's mailbox and types it. */
async function logIn(page: Page, address: string, onCodePage?: () => Promise<void>): Promise<void> {
  await page.goto('/entrar');
  await page.getByLabel('Correo institucional').fill(address);
  await page.getByRole('button', { name: 'Enviar código' }).click();
  await page.waitForURL('**/entrar/codigo?**');
  await onCodePage?.();
  const mailbox = await page.context().newPage();
  await openMail(mailbox, { direccion: address }, 'Tu código de acceso');
  const text = (await mailbox.locator('.mail-text').textContent()) ?? '';
  await mailbox.close();
  const code = /\b\d{3} ?\d{3}\b/.exec(text)?.[0];
  if (code === undefined) throw new Error(`No code in the mail to ${address}.`);
  await page.getByLabel('Código de seis dígitos').fill(code);
  await page.getByRole('button', { name: 'Entrar' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/entrar'));
}

/** Opens the newest mail of a filtered mailbox whose subject matches, as soon as there is one. */
async function openMail(page: Page, filter: Record<string, string>, subject: string | RegExp): Promise<void> {
  const mail = page.locator('.mail-subject').filter({ hasText: subject }).first();
  for (let waited = 0; waited < PATIENCE; waited += 500) {
    await page.goto(`/correos?${new URLSearchParams(filter).toString()}`);
    if (await mail.isVisible()) return follow(page, mail);
    await page.waitForTimeout(500);
  }
  throw new Error(`No mail «${subject.toString()}» in ${JSON.stringify(filter)}.`);
}

/** The mail alone, as a mail program shows it. */
async function mailPicture(page: Page, name: string): Promise<void> {
  await page.goto(`${new URL(page.url()).pathname}/html`);
  await picture(page, name, [MAIL]);
}

async function picturesOfArea(page: Page): Promise<void> {
  await logIn(page, AREA, () => picture(page, 'codigo'));
  await picture(page, 'mis-obligaciones', [WIDE, PHONE]);
  const title = (words: string) => page.getByRole('link', { name: words }).first();
  await follow(page, title('Colocar las boletas locales en los comités'));
  await picture(page, 'vencimiento');

  await page.goto('/mis-obligaciones');
  await follow(page, page.getByRole('link', { name: 'Declarar causa y compromiso' }).first());
  await page
    .getByLabel('¿Por qué no se ha cumplido?')
    .fill('La imprenta entregó tarde; el acta de recepción se firma el lunes.');
  await page.getByLabel('¿Para cuándo?').fill('2024-05-20');
  await picture(page, 'causa', [WIDE], 'main');

  await page.goto('/mis-obligaciones');
  await follow(page, title('Entregar a la Junta Local los documentos del voto anticipado'));
  await follow(page, page.getByRole('link', { name: 'Reportar cumplimiento' }));
  await page.getByLabel('Totalmente').check();
  await page.getByLabel('Fecha del acto').fill('2024-05-06');
  await page.getByLabel('Medio').selectOption({ label: 'Oficio' });
  await page.getByLabel('Número o folio').fill('IEM-DEOE-412/2024');
  await page.getByLabel('Nota').fill('La Junta Local selló de recibido a las 13:20 h.');
  await picture(page, 'reportar');
  await page.getByRole('button', { name: 'Revisar y enviar' }).click();
  await page.waitForURL('**/enviar');
  await page.getByRole('button', { name: 'Enviar reporte' }).click();
  await page.waitForURL('**/acuses/**');
  await picture(page, 'acuse');
}

async function picturesOfDirection(page: Page): Promise<void> {
  await logIn(page, DIRECTION);
  await picture(page, 'calendario', [WIDE, PHONE]);
  await page.goto('/calendario?vista=mes');
  await picture(page, 'mes');
  await page.goto('/calendario?vista=semanas');
  await picture(page, 'semanas', [WIDE], '.stacked');
  await page.goto('/calendario?vista=año');
  await picture(page, 'anio', [WIDE], '.stacked');
  await page.goto('/calendario?estado=vencida');
  await page.locator('.line-title').first().click();
  await page.waitForURL('**ver=**');
  await picture(page, 'panel', [WIDE], '.columns-open');
  // A ladder of its own, or the change would be of nothing.
  await page.goto('/ajustes/escaleras?clase=low');
  await page.locator('#cuanto-0').fill('15');
  await page.locator('#cuanto-1').fill('7');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.getByText('Versión 2').waitFor();
  await page.goto('/calendario?elegir=algunos');
  for (const box of (await page.getByRole('checkbox').all()).slice(8, 12)) await box.check();
  await page.getByRole('button', { name: 'Cambiar su escalera' }).click();
  await page.waitForURL('**/calendario/escalera?**');
  await page.getByLabel('Escalera nueva').selectOption({ label: 'Prioridad baja' });
  await page.getByRole('button', { name: 'Ver qué avisos cambian' }).click();
  await page.waitForURL('**escalera=baja**');
  await page.locator('td details').first().click();
  await picture(page, 'escalera', [WIDE], 'main');
  await page.goto('/buscar?q=boletas');
  await picture(page, 'buscar');
  await page.goto('/avisos');
  await picture(page, 'avisos');
  await page.goto('/mi-cuenta/segundo-paso');
  await page.getByRole('button', { name: 'Empezar' }).click();
  await page.locator('.qr').waitFor();
  await picture(page, 'segundo-paso');
  await page.goto('/revision');
  await picture(page, 'revision');
  await follow(page, page.getByRole('link', { name: 'Entregar a la Junta Local los documentos' }));
  await picture(page, 'revisar');
  await page.goto('/instrumentos/AT');
  await picture(page, 'instrumento');
}

async function picturesOfCommission(page: Page): Promise<void> {
  await logIn(page, COMMISSION);
  await picture(page, 'informe', [WIDE, PHONE]);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate('document.body.style.padding = "48px"; // the margins of the paper');
  await picture(page, 'informe-impreso', [PAPER]);
  await page.emulateMedia({ media: 'screen' });
  await page.goto('/informe/vencidas?corte=2024-05-07');
  await picture(page, 'informe-corte');
}

/** Lets the mornings pass one by one, each with its mails, so that rungs are told on their day. */
async function picturesOfMails(page: Page): Promise<void> {
  await openMail(page, { direccion: AREA }, /vencida/i);
  await mailPicture(page, 'correo-resumen');
  for (const day of MORNINGS) {
    await page.goto('/entrar');
    await page.getByRole('button', { name: /^Avanzar al/ }).click();
    // Nobody reads on a Saturday or a Sunday: no mail leaves.
    if (weekday(day) <= 5) await openMail(page, { dia: day }, /./);
  }
  await page.goto('/correos');
  await picture(page, 'buzon');
  await openMail(page, { direccion: DIRECTION_LIAISON, dia: MORNINGS.at(-1) ?? '' }, /Dirección/);
  await mailPicture(page, 'correo-escalamiento');
}

async function takePictures(url: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    // The browser's own words, such as how it writes a date, are Spanish where Debian's chromium-l10n is installed.
    env: { ...process.env, LANGUAGE: 'es_MX' },
    args: [
      '--lang=es-MX',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const visitor = await openPage(browser, url);
    await visitor.goto('/entrar');
    await picture(visitor, 'entrar');
    await picturesOfArea(await openPage(browser, url));
    await picturesOfDirection(await openPage(browser, url));
    await picturesOfCommission(await openPage(browser, url));
    await picturesOfMails(visitor);
  } finally {
    await browser.close();
  }
}

await rm(IMAGES, { recursive: true, force: true });
await mkdir(IMAGES, { recursive: true });
const program = await startProgram();
try {
  await takePictures(program.url);
} finally {
  await program.stop();
}
