// A real browser, where Chromium is installed; where it is not, that is said aloud.
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { vi } from 'vitest';

const PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether Chromium is on this machine. In CI its absence is a failure, elsewhere the tests are left out. */
export const chromiumFound = existsSync(PATH);

if (!chromiumFound) {
  if (process.env['CI']) throw new Error(`There is no Chromium at ${PATH}; .ci/run installs it`);
  console.info(`There is no Chromium at ${PATH}: the tests in a browser are LEFT OUT.`);
}

/** Starts Chromium; the caller closes it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: FLAGS });
}

export interface Visit {
  context: BrowserContext;
  /** What its pages complained about: errors and warnings of the console (CSP among them) and of scripts. */
  complaints: string[];
}

/** Somebody's browser profile on the web at `url`, with scripts on or off. */
export async function openVisit(
  browser: Browser,
  url: string,
  { scripts, cookies = {} }: { scripts: boolean; cookies?: Record<string, string> },
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: url,
    javaScriptEnabled: scripts,
    locale: 'es-MX',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 800 },
  });
  context.setDefaultTimeout(30_000);
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url })));
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return { context, complaints };
}

/** Logs an example person in as a newcomer does: picks the person, opens the mail in another tab, types its code. */
export async function enterAs({ context }: Visit, email: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/');
  await page.locator(`button[value="${email}"]`).click();
  const [mailbox] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Ver el correo con el código' }).click(),
  ]);
  await mailbox.waitForLoadState();
  const mail = mailbox.getByRole('link', { name: /^Tu código de acceso/ }).first();
  await reloadUntil(mailbox, () => mail.isVisible());
  await mail.click();
  const text = await mailbox.locator('.mail-text').innerText();
  await mailbox.close();
  await page.getByLabel('Código de seis dígitos').fill(/CÓDIGO DE ACCESO: (\d{6})/.exec(text)?.[1] ?? '');
  await page.getByRole('button', { name: 'Entrar' }).click();
  await page.getByLabel('Código de seis dígitos').waitFor({ state: 'detached' });
  return page;
}

/** Loads a page again and again until something holds on it. */
export async function reloadUntil(page: Page, holds: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(
    async () => {
      await page.reload();
      return holds();
    },
    { timeout: 30_000, interval: 100 },
  );
}
