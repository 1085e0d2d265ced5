// What the Commission and the Dirección read, in a real browser: numbers that agree, filters that stay, a file to take.
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromiumFound, launchBrowser, openVisit, type Visit } from '../support/browser.ts';
import type { Client } from '../support/client.ts';
import { startProgram, type Program } from '../support/web.ts';

describe.runIf(chromiumFound)('in a browser', () => {
  let program: Program;
  let browser: Browser;
  let commission: Client;
  let direction: Client;
  let visits: Visit[] = [];

  beforeAll(async () => {
    program = await startProgram();
    browser = await launchBrowser();
    commission = await program.logInAs('presidencia.com.vinculacion@iem.example');
    direction = await program.logInAs('titular.devspe@iem.example');
  });
  afterAll(async () => {
    await browser?.close();
    await program?.close();
  });

  afterEach(async () => {
    const complaints = visits.flatMap((visit) => visit.complaints);
    await Promise.all(visits.map(({ context }) => context.close()));
    visits = [];
    expect(complaints).toEqual([]);
  });

  async function open(client: Client, scripts: boolean, path: string): Promise<Page> {
    const visit = await openVisit(browser, program.url, { scripts, cookies: client.cookies() });
    visits.push(visit);
    const page = await visit.context.newPage();
    await page.goto(path);
    return page;
  }

  describe.each([
    { how: 'with scripts', scripts: true },
    { how: 'without scripts', scripts: false },
  ])('$how', ({ scripts }) => {
    test('the Commission’s numbers add up and are the rows below them, today and at an earlier cut', async () => {
      const page = await open(commission, scripts, '/');
      expect(new URL(page.url()).pathname).toBe('/informe/vencidas');
      const today = await readReport(page);
      expect(today.overdue).toBeGreaterThan(0);

      await page.getByLabel('Ver otro corte').fill('2024-05-13');
      await page.getByRole('button', { name: 'Ver informe' }).click();
      await page.getByText('Corte: lun 13 may 2024, al cierre del día').first().waitFor();
      expect(new URL(page.url()).searchParams.get('corte')).toBe('2024-05-13');
      const earlier = await readReport(page);
      expect(earlier.due).toBeLessThan(today.due);
    });

    test('the file has the rows of the page, in their order', async () => {
      const page = await open(commission, scripts, '/informe/vencidas');
      const shown = await page
        .locator(':is([aria-labelledby="vencidas"], [aria-labelledby="ine"]) tbody td:nth-child(2) .quiet')
        .allInnerTexts();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Descargar CSV' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('vencidas-al-2024-05-15.csv');
      const text = await readFile(await download.path(), 'utf8');
      expect(text.startsWith('\uFEFFNo.,Clave,Obligación,')).toBe(true);
      const rows = text.split('\r\n').slice(1, -1);
      expect(rows.map((row) => row.split(',')[1])).toEqual(shown.map((line) => line.split(' · ')[0]));
    });

    test('the calendar’s filters are its address: they survive the month, the view, a reload and the way back', async () => {
      const page = await open(direction, scripts, '/calendario');
      await page.getByLabel('Área').selectOption('iem_deoe');
      await page.getByLabel('Obligado').selectOption('iem');
      await page.getByRole('button', { name: 'Filtrar' }).click();
      await asks(page, { area: 'iem_deoe', obligado: 'iem' });
      await page.getByRole('link', { name: 'Quitar filtros' }).waitFor();
      const filtered = await page.getByRole('search').locator('output').innerText();

      await page.getByRole('navigation', { name: 'Vista' }).getByRole('link', { name: 'Mes' }).click();
      await page.getByRole('heading', { name: 'Mayo de 2024' }).waitFor();
      await asks(page, { vista: 'mes', area: 'iem_deoe', obligado: 'iem' });
      await page.getByRole('link', { name: 'Mes siguiente' }).click();
      await page.getByRole('heading', { name: 'Junio de 2024' }).waitFor();
      await asks(page, { vista: 'mes', mes: '2024-06', area: 'iem_deoe', obligado: 'iem' });
      for (const month of ['Mayo', 'Abril']) {
        await page.getByRole('link', { name: 'Mes anterior' }).click();
        await page.getByRole('heading', { name: `${month} de 2024` }).waitFor();
      }
      await page.reload();
      await asks(page, { vista: 'mes', mes: '2024-04', area: 'iem_deoe', obligado: 'iem' });
      expect(await page.getByLabel('Área').inputValue()).toBe('iem_deoe');
      expect(await page.getByRole('search').locator('output').innerText()).toBe(filtered);

      await page.goBack();
      await page.getByRole('heading', { name: 'Mayo de 2024' }).waitFor();
      await asks(page, { vista: 'mes', mes: '2024-05', area: 'iem_deoe', obligado: 'iem' });
      await page.getByRole('link', { name: 'Quitar filtros' }).click();
      await asks(page, { vista: 'mes', mes: '2024-05' });
    });

    test('each number of the calendar is the length of the list behind it', async () => {
      const page = await open(direction, scripts, '/calendario?estado=vencida');
      const listed = await page.locator('.line').count();
      expect(await page.getByRole('search').locator('output').innerText()).toMatch(
        new RegExp(`^${listed} de `),
      );

      await page.goto('/calendario?vista=mes');
      const days = await page.locator('.day-head a').all();
      const numbers = await Promise.all(
        days.map(async (day) => ({
          path: (await day.getAttribute('href')) ?? '',
          count: Number(await day.locator('.day-count').innerText()),
        })),
      );
      const busiest = numbers.sort((a, b) => b.count - a.count)[0]!;
      await page.goto(busiest.path);
      expect(await page.locator('.line').count()).toBe(busiest.count);

      await page.goto('/calendario');
      const desk = page.getByRole('complementary', { name: 'Depende de la Dirección' });
      const pending = desk.getByRole('link').first();
      const count = Number(await pending.innerText());
      await pending.click();
      await page.getByRole('heading', { level: 1, name: 'Reportes por revisar' }).waitFor();
      expect(await page.locator('tbody tr').count()).toBe(count);
    });
  });
});

/** Waits until the address asks exactly that. */
async function asks(page: Page, query: Record<string, string>): Promise<void> {
  await page.waitForURL((url) => {
    const asked = [...url.searchParams].filter(([, value]) => value !== '').sort();
    return JSON.stringify(asked) === JSON.stringify(Object.entries(query).sort());
  });
}

/** Reads the report and checks its arithmetic: the sentence, the tables, the table by area. */
async function readReport(page: Page): Promise<{ due: number; overdue: number }> {
  // The numbers are only read once the whole page has arrived: its end comes last.
  await page.waitForLoadState('networkidle');
  await page.locator('.site-footer').waitFor();
  const sentence = await page.locator('.verdict-box').innerText();
  const [, overdue, due] = /^(\d+) obligaci\S+ vencidas? de (\d+) exigibles/.exec(sentence)!.map(Number);
  const [, sum, onTime, late, inReview, left] =
    /(\d+) exigibles = (\d+) concluidas en plazo \+ (\d+) fuera de plazo \+ (\d+) en revisión \+ (\d+) vencidas/
      .exec(sentence)!
      .map(Number);
  expect([sum, left]).toEqual([due, overdue]);
  const rowsUnder = (id: string) => page.locator(`section[aria-labelledby="${id}"] tbody tr`);
  expect(onTime! + late! + inReview! + left!).toBe(due);
  expect((await rowsUnder('vencidas').count()) + (await rowsUnder('ine').count())).toBe(overdue);
  expect(await rowsUnder('revision').count()).toBe(inReview);

  const areas = (await rowsUnder('areas').all()).map((row) => row.locator('td').allInnerTexts());
  const numbers = (await Promise.all(areas)).map((cells) => cells.map(Number));
  for (const [all, ...parts] of numbers) expect(parts.reduce((sum, part) => sum + part, 0)).toBe(all);
  const total = (await page.locator('section[aria-labelledby="areas"] tfoot td').allInnerTexts()).map(Number);
  expect(total.map((_, column) => numbers.reduce((all, row) => all + row[column]!, 0))).toEqual(total);
  expect(total).toEqual([due, onTime, late, inReview, overdue]);
  return { due: due!, overdue: overdue! };
}
