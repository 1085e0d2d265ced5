// A report from the area that owes it to the Dirección that accepts it, and the morning after, in a real browser.
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  chromiumFound,
  enterAs,
  launchBrowser,
  openVisit,
  reloadUntil,
  type Visit,
} from '../support/browser.ts';
import { startProgram, type Program } from '../support/web.ts';

const LIAISON = 'enlace.dea@iem.example';
/** Both fall due on the demo's first day; the second is left alone. */
const REPORTED = 'AF-FIN-2';
const LEFT = 'AF-FIN-6';
const DUE = 'miércoles 15 de mayo de 2024';

describe.runIf(chromiumFound).each([
  { browser: 'with scripts', scripts: true },
  { browser: 'without scripts', scripts: false },
])('in a browser $browser', ({ scripts }) => {
  let program: Program;
  let browser: Browser;
  let visits: Visit[];

  beforeAll(async () => {
    browser = await launchBrowser();
    return () => browser.close();
  });
  beforeEach(async () => {
    program = await startProgram();
    visits = [];
  });
  afterEach(async () => {
    await Promise.all(visits.map(({ context }) => context.close()));
    await program.close();
  });

  async function enter(email: string): Promise<Page> {
    const visit = await openVisit(browser, program.url, { scripts });
    visits.push(visit);
    return enterAs(visit, email);
  }

  test('an area reports, corrects what comes back, is accepted, and is left in peace', async () => {
    const area = await enter(LIAISON);
    expect(new URL(area.url()).pathname).toBe('/mis-obligaciones');
    await titled(area, 'Mis obligaciones');
    await cardOf(area, 'hoy', REPORTED).getByRole('link', { name: 'Reportar cumplimiento' }).click();
    const folio = await report(area, 'IEM-DEA-77/2024');
    await area.goto('/mis-obligaciones');
    expect(await cardOf(area, 'en-revision', REPORTED).innerText()).toContain(
      'La Dirección lo revisa desde hoy.',
    );

    const direction = await enter('titular.devspe@iem.example');
    expect(new URL(direction.url()).pathname).toBe('/calendario');
    await openReport(direction, folio);
    expect(await direction.locator('main').innerText()).toContain('IEM-DEA-77/2024');
    await direction.getByLabel('Motivo u observaciones').fill('Falta el sello de recibido.\nAdjúntalo.');
    await direction.getByRole('button', { name: 'Devolver' }).click();
    await titled(direction, 'Reportes por revisar');
    expect(await direction.getByRole('cell', { name: folio }).count()).toBe(0);

    await area.goto('/mis-obligaciones');
    const returned = cardOf(area, 'devueltas', REPORTED);
    expect(await returned.innerText()).toContain('Falta el sello de recibido.\nAdjúntalo.');
    await returned.getByRole('link', { name: 'Corregir y volver a enviar' }).click();
    const corrected = await report(area, 'IEM-DEA-78/2024');
    expect(corrected).not.toBe(folio);

    await openReport(direction, corrected);
    await direction.getByRole('button', { name: 'Aceptar', exact: true }).click();
    await titled(direction, 'Reportes por revisar');
    await area.goto('/mis-obligaciones');
    await area.locator('summary', { has: area.locator('#concluidas') }).click();
    expect(await cardOf(area, 'concluidas', REPORTED).innerText()).toContain('Concluida en plazo');

    await theNextMorning(area, [folio, corrected]);
    expect(visits.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  /** Moves the clock with the button on the page and reads the mails of both days in the mailbox. */
  async function theNextMorning(page: Page, folios: string[]) {
    const { db } = program;
    await page.goto(`/correos?direccion=${encodeURIComponent(LIAISON)}`);
    for (const subject of [...folios.map((folio) => `Recibido ${folio}`), 'Devuelta para corregir']) {
      const mail = page.getByRole('link', { name: subject });
      await reloadUntil(page, () => mail.isVisible());
    }
    await page.getByRole('button', { name: 'Avanzar al jueves 16 de mayo' }).click();
    await page.getByText('hoy es jueves 16 de mayo de 2024').waitFor();

    const sentOn16 = db.selectFrom('message').where('run_on', '=', '2024-05-16').select('state');
    await page.goto('/correos?dia=2024-05-16');
    await reloadUntil(page, async () => {
      const states = (await sentOn16.execute()).map(({ state }) => state);
      return states.length > 0 && states.every((state) => state === 'accepted');
    });
    await page.reload();
    expect(await page.locator('.mails li').count()).toBe((await sentOn16.execute()).length);

    const mailed = await page.locator('.mails li', { hasText: LIAISON }).getByRole('link').all();
    const paths = await Promise.all(mailed.map((link) => link.getAttribute('href')));
    const texts: string[] = [];
    for (const path of paths) {
      await page.goto(path ?? '');
      texts.push(await page.locator('.mail-text').innerText());
    }
    expect(texts.filter((text) => text.includes(LEFT))).not.toEqual([]);
    expect(texts.filter((text) => text.includes(REPORTED))).toEqual([]);
  }
});

/** Waits for the page of that title, however the browser came to it; returns the title. */
async function titled(page: Page, name: string | RegExp): Promise<string> {
  const title = page.getByRole('heading', { level: 1, name, exact: true });
  await title.waitFor();
  return title.innerText();
}

/** The card of an obligation in a section of *Mis obligaciones*. */
function cardOf(page: Page, section: string, ref: string) {
  return page
    .locator('section', { has: page.locator(`#${section}`) })
    .locator('article', { hasText: `${ref} ·` })
    .filter({ hasText: DUE });
}

/** Fills and sends the form that is open; returns the folio of the receipt. */
async function report(page: Page, number: string): Promise<string> {
  await titled(page, 'Reportar cumplimiento');
  await page.getByLabel('Totalmente').check();
  await page.getByLabel('Fecha del acto').fill('2024-05-15');
  await page.getByLabel('Medio').selectOption('letter');
  await page.getByLabel('Número o folio').fill(number);
  await page.getByLabel('Nota').fill('Se entregó en oficialía de partes.');
  await page.getByRole('button', { name: 'Revisar y enviar' }).click();
  await titled(page, 'Revisa y envía');
  await page.getByRole('button', { name: 'Enviar reporte' }).click();
  const folio = await titled(page, /^R-\d{4}$/);
  expect(await page.locator('.notice-good').innerText()).toContain(`Recibido. Folio ${folio}`);
  expect(await page.locator('main').innerText()).toContain(number);
  return folio;
}

/** Opens a report from the queue of the Dirección. */
async function openReport(page: Page, folio: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Secciones' }).getByRole('link', { name: 'Revisión' }).click();
  await titled(page, 'Reportes por revisar');
  await page.getByRole('row', { name: folio }).getByRole('link').click();
  await titled(page, `Revisar ${folio}`);
}
