// A real browser, where Chromium is installed; where it is not, that is said aloud.
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

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

/** What a page complains about from now on: errors and warnings of its console (CSP among them) and of its scripts. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${page.url()}: ${message.text()}`);
  });
  return complaints;
}
