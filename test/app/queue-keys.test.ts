// The Dirección at the keyboard and on a phone, in a real browser.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumFound, launchBrowser, openVisit } from '../support/browser.ts';
import { startProgram, type Program } from '../support/web.ts';

describe.runIf(chromiumFound)('in a browser', () => {
  let program: Program;
  let browser: Browser;
  let cookies: Record<string, string>;

  beforeAll(async () => {
    program = await startProgram();
    browser = await launchBrowser();
    cookies = (await program.logInAs('titular.devspe@iem.example')).cookies();
    await program.stopWorker();
  });
  afterAll(async () => {
    await browser?.close();
    await program?.close();
  });

  async function open(path: string, scripts = true): Promise<Page> {
    const { context } = await openVisit(browser, program.url, { scripts, cookies });
    const page = await context.newPage();
    await page.goto(path);
    if (scripts) {
      await page.waitForFunction(() =>
        Object.keys(document.querySelector('main')!).some((key) => key.startsWith('__react')),
      );
    }
    return page;
  }
  /** Opens the explanation by its key: pressed again until the page, which has just arrived, listens. */
  async function explain(page: Page): Promise<void> {
    while ((await page.locator('details.list-keys[open]').count()) === 0) await page.keyboard.press('?');
  }
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('href'));

  test('j and k move along the queue, Enter opens, and no key decides', async () => {
    const page = await open('/revision');
    const rows = await page
      .locator('[data-row]')
      .evaluateAll((all) => all.map((row) => row.getAttribute('href')));
    expect(rows.length).toBeGreaterThan(2);
    await explain(page);
    await page.keyboard.press('j');
    expect(await focused(page)).toBe(rows[0]);
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe(rows[2]);
    await page.keyboard.press('k');
    expect(await focused(page)).toBe(rows[1]);
    for (const key of ['a', 'd', 'A', 'D', ' ', 'x']) await page.keyboard.press(key);
    expect(new URL(page.url()).pathname).toBe('/revision');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${rows[1]}`);
    for (const key of ['a', 'd', 'j', 'y']) await page.keyboard.press(key);
    expect(new URL(page.url()).pathname).toBe(rows[1]);
    expect(
      await program.db.selectFrom('review').where('recorded_at', '>', '2024-05-15').selectAll().execute(),
    ).toEqual([]);
  });

  test('? explains the keys, which can be turned off for good', async () => {
    const page = await open('/revision');
    await explain(page);
    await page.getByText('Ninguna tecla acepta').waitFor();
    await page.getByLabel('Usar estas teclas').uncheck();
    await page.reload();
    await page.getByText('Teclas de esta lista').waitFor();
    await page.locator('body').press('j');
    expect(await page.locator('[data-row]:focus').count()).toBe(0);
  });

  test.each([true, false])(
    'a deadline opens beside the calendar and closes to it (scripts: %s)',
    async (scripts) => {
      const page = await open('/calendario?estado=vencida', scripts);
      await page.setViewportSize({ width: 1280, height: 900 });
      const title = await page.locator('.line-title').first().innerText();
      await page.locator('.line-title').first().click();
      const side = page.getByRole('complementary', { name: title });
      await side.waitFor();
      expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
      if (scripts) expect(await page.evaluate(() => document.activeElement?.id)).toBe('ver');
      await page.setViewportSize({ width: 360, height: 800 });
      expect(await page.locator('.line-title').first().isVisible()).toBe(false);
      await side.getByRole('link', { name: 'Cerrar y volver al calendario' }).click();
      await page.locator('.line-title').first().waitFor();
      expect(new URL(page.url()).search).toBe('?estado=vencida');
    },
  );

  test.each([true, false])('the search of every page works on a phone (scripts: %s)', async (scripts) => {
    const page = await open('/mi-cuenta', scripts);
    await page.setViewportSize({ width: 360, height: 800 });
    await page.getByLabel('Palabras, clave o folio').fill('at c 4');
    await page.getByLabel('Palabras, clave o folio').press('Enter');
    await page.getByRole('heading', { level: 2, name: 'Obligaciones' }).waitFor();
    expect(await page.locator('.found mark').first().innerText()).toBe('AT');
    await page
      .getByRole('link', { name: /^AT-C-4 / })
      .first()
      .click();
    await page.waitForURL('**/obligaciones/AT-C-4**');
  });

  test('what takes long says so, and says nothing once it is there', async () => {
    const page = await open('/calendario');
    let go = () => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    await page.route('**/hitos.data*', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole('link', { name: 'Hitos', exact: true }).click();
    const said = page.locator('main [role="status"]');
    await said.getByText('Cargando…').waitFor();
    go();
    await page.getByRole('heading', { level: 1, name: 'Hitos' }).waitFor();
    expect(await said.innerText()).toBe('');
  });
});
