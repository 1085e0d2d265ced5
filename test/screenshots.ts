// The pictures of the README and the guides: the built program in a fresh demo, seen as its example people see it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const IMAGES = join(ROOT, 'docs/images');

const WIDE = 1280;
const PHONE = 360;
/** What is below this, in pixels, does not help a reader; the program shows the rest. */
const TALLEST: Record<number, number> = { [WIDE]: 960, [PHONE]: 860 };

/** Longest wait for a page, a mail or the program, in ms. */
const PATIENCE = 60_000;

const AREA = 'enlace.deoe@iem.example';
const DIRECTION = 'titular.devspe@iem.example';
const COMMISSION = 'presidencia.com.vinculacion@iem.example';

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
    env: { PATH, HOME, NODE_ENV: 'production', PORT: String(port), DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('/correos')) return true;
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

/** Takes `docs/images/<name>-<width>.png` of the top of the page, once for each width. */
async function picture(page: Page, name: string, widths: readonly number[] = [WIDE]): Promise<void> {
  for (const width of widths) {
    const tallest = TALLEST[width] ?? TALLEST[WIDE]!;
    await page.setViewportSize({ width, height: tallest });
    const bottom = await page.locator('html').evaluate((html) => {
      scrollTo(0, 0);
      return html.getBoundingClientRect().height;
    });
    const clip = { x: 0, y: 0, width, height: Math.min(tallest, Math.ceil(bottom)) };
    await page.screenshot({ path: join(IMAGES, `${name}-${width}.png`), clip, animations: 'disabled' });
  }
  await page.setViewportSize({ width: WIDE, height: TALLEST[WIDE]! });
}

/** Asks for a code in the log-in page, reads it in the demo's mailbox and types it. */
async function logIn(page: Page, address: string, onCodePage?: () => Promise<void>): Promise<void> {
  await page.goto('/entrar');
  await page.getByLabel('Correo institucional').fill(address);
  await page.getByRole('button', { name: 'Enviar código' }).click();
  await page.waitForURL('**/entrar/codigo?**');
  await onCodePage?.();
  const mailbox = await page.context().newPage();
  await openMail(mailbox, address, 'Tu código de acceso');
  const text = (await mailbox.locator('.mail-text').textContent()) ?? '';
  await mailbox.close();
  const code = /\b\d{3} ?\d{3}\b/.exec(text)?.[0];
  if (code === undefined) throw new Error(`No code in the mail to ${address}.`);
  await page.getByLabel('Código de seis dígitos').fill(code);
  await page.getByRole('button', { name: 'Entrar' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/entrar'));
}

/** Opens the newest mail to `address` whose subject holds `subject`, once it has left. */
async function openMail(page: Page, address: string, subject: string): Promise<void> {
  const mail = page.locator('.mail-subject').filter({ hasText: subject }).first();
  for (let waited = 0; waited < PATIENCE; waited += 500) {
    await page.goto(`/correos?direccion=${encodeURIComponent(address)}`);
    if (await mail.isVisible()) {
      await mail.click();
      await page.locator('.mail-text').waitFor();
      return;
    }
    await page.waitForTimeout(500);
  }
  throw new Error(`No mail «${subject}» to ${address}.`);
}

/** The mail alone, as a mail program shows it. */
async function mailPicture(page: Page, name: string): Promise<void> {
  await page.goto(`${new URL(page.url()).pathname}/html`);
  await picture(page, name, [720, PHONE]);
}

async function picturesOfArea(page: Page): Promise<void> {
  await logIn(page, AREA, () => picture(page, 'codigo'));
  await picture(page, 'mis-obligaciones', [WIDE, PHONE]);
  await page.goto('/vencimientos/1');
}

async function main(): Promise<void> {
  await rm(IMAGES, { recursive: true, force: true });
  await mkdir(IMAGES, { recursive: true });
  const program = await startProgram();
  try {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
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
      const page = await openPage(browser, program.url);
      await page.goto('/entrar');
      await picture(page, 'entrar');
      await picturesOfArea(await openPage(browser, program.url));
      const d = await openPage(browser, program.url);
      await logIn(d, DIRECTION);
      await picture(d, 'calendario', [WIDE, PHONE]);
      const c = await openPage(browser, program.url);
      await logIn(c, COMMISSION);
      await picture(c, 'informe', [WIDE, PHONE]);
    } finally {
      await browser.close();
    }
  } finally {
    await program.stop();
  }
}

await main();
