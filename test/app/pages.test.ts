// Every page as people meet it: on a phone, a tablet and a desk, by day and by night, on paper, with scripts off.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mailFolio } from '../../app/domain/mail-folio.ts';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumFound, launchBrowser, openVisit, type Visit } from '../support/browser.ts';
import { listUnreported } from '../support/facts-of-deadlines.ts';
import { startProgram, type Program } from '../support/web.ts';

const WIDTHS = [360, 768, 1280];
/** Between them nothing appears that one of them does not show. */
const READ_AT = [360, 1280];
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const AREA = 'enlace.deoe@iem.example';
const DIRECTION = 'titular.devspe@iem.example';
const COMMISSION = 'presidencia.com.vinculacion@iem.example';
const ADMINISTRATION = 'administracion@iem.example';

/** The screens, by who sees them. `:name` stands for what the demo's database has. */
const PAGES: [who: string | null, path: string, status?: number][] = [
  [null, '/entrar'],
  [null, '/entrar/codigo?d=00000000-0000-4000-8000-000000000000&correo=enlace.deoe%40iem.example'],
  [null, '/por-que-recibo-esto'],
  [null, '/correos'],
  [null, '/correos/:mail'],
  [null, '/nada', 404],
  [AREA, '/mis-obligaciones'],
  [AREA, '/mis-obligaciones?ver=diez-dias'],
  [AREA, '/vencimientos/:returned'],
  [AREA, '/vencimientos/:returned/reportar'],
  [AREA, '/vencimientos/:reported'],
  [AREA, '/acuses/:folio?nuevo=1'],
  [AREA, '/vencimientos/:returned/solicitar'],
  [AREA, '/vencimientos/:returned/solicitar?que=no-corresponde'],
  [AREA, '/vencimientos/:answered/aviso'],
  [AREA, '/vencimientos/:reported/aviso'],
  [AREA, '/vencimientos/:overdue/causa'],
  [DIRECTION, '/vencimientos/:overdue/causa'],
  [AREA, '/instrumentos'],
  [AREA, '/calendario', 403],
  [AREA, '/mi-cuenta'],
  [AREA, '/suscripcion'],
  [ADMINISTRATION, '/mi-cuenta/segundo-paso'],
  [DIRECTION, '/mis-obligaciones'],
  [DIRECTION, '/calendario'],
  [DIRECTION, '/calendario?vista=mes'],
  [DIRECTION, '/calendario?vista=semanas'],
  [DIRECTION, '/calendario?vista=a%C3%B1o'],
  [DIRECTION, '/calendario?estado=abierta&prepara=2024-05-13'],
  [DIRECTION, '/calendario?ver=:returned'],
  [DIRECTION, '/calendario?vista=mes&ver=:returned'],
  [DIRECTION, '/calendario?estado=vencida&elegir=todos'],
  [DIRECTION, '/calendario/reasignar?id=:returned'],
  [DIRECTION, '/calendario/escalera?id=:returned&escalera=baja'],
  [DIRECTION, '/calendario/reasignar?id=:returned&area=iem_depp'],
  [DIRECTION, '/calendario/reasignar'],
  [COMMISSION, '/vistas?guardar=area%3Diem_deoe'],
  [AREA, '/buscar?q=integracion+de+bodegas'],
  [DIRECTION, '/buscar?q=at+c+4'],
  [DIRECTION, '/buscar?q=%C2%BF%3F', 400],
  [DIRECTION, '/calendario?dia=2024-05-17'],
  [DIRECTION, '/calendario?desde=2000-01-01&pagina=2'],
  [DIRECTION, '/buscar?q=at&tipo=obligaciones&pagina=2'],
  [DIRECTION, '/calendario?estado=vencida'],
  [DIRECTION, '/calendario?texto=nada+de+esto'],
  [DIRECTION, '/calendario?dia=2024-02-30', 400],
  [DIRECTION, '/vencimientos/:waiting'],
  [DIRECTION, '/revision'],
  [DIRECTION, '/revision/:review'],
  [DIRECTION, '/solicitudes'],
  [DIRECTION, '/personas'],
  [DIRECTION, '/personas/1'],
  [COMMISSION, '/informe/vencidas'],
  [COMMISSION, '/informe/vencidas?corte=2024-04-30'],
  [COMMISSION, '/informe/vencidas?corte=2024-06-01', 400],
  [COMMISSION, '/informe/vencidas?version=publica'],
  [COMMISSION, '/informe/exigibles?corte=2024-04-30'],
  [COMMISSION, '/informe/cortes'],
  [COMMISSION, '/informe/cuatrimestral?anio=2024&periodo=1'],
  [COMMISSION, '/informe/cuatrimestral?anio=2025&periodo=1', 400],
  [DIRECTION, '/informe/cerrar?corte=2024-05-10'],
  [ADMINISTRATION, '/instrumentos/:instrument'],
  [DIRECTION, '/inhabiles'],
  [DIRECTION, '/inhabiles?institucion=INE&anio=2024&dia=2024-05-01'],
  [AREA, '/inhabiles?anio=2026'],
  [DIRECTION, '/ajustes'],
  [ADMINISTRATION, '/ajustes/atencion'],
  [DIRECTION, '/ajustes/escaleras'],
  [DIRECTION, '/ajustes/escaleras?clase=hours'],
  [DIRECTION, '/avisos'],
  [DIRECTION, '/avisos?estado=sustituido&clase=recordatorio&pagina=999'],
  [DIRECTION, '/avisos?desde=ayer', 400],
  [DIRECTION, '/avisos/:mailFolio'],
  [DIRECTION, '/avisos/simulador?desde=2024-05-16&hasta=2024-05-20'],
  [DIRECTION, '/avisos/simulador?desde=ayer', 400],
  [ADMINISTRATION, '/personas/1/entrega/1'],
  [AREA, '/personas/:own'],
  [ADMINISTRATION, '/ajustes'],
  [ADMINISTRATION, '/ajustes/colas'],
  [DIRECTION, '/ajustes/correos'],
  [DIRECTION, '/ajustes/correos/digest-several'],
  [DIRECTION, '/cobertura'],
  [null, '/resumen-semanal/:weekly'],
  [null, '/resumen-semanal/nada', 404],
  [null, '/invitaciones/:weekly'],
];

describe.runIf(chromiumFound)('every page', () => {
  let program: Program;
  let browser: Browser;
  let names: Record<string, string>;
  const people = new Map<string | null, { scripted: Visit; plain: Visit }>();

  beforeAll(async () => {
    program = await startProgram();
    browser = await launchBrowser();
    for (const who of new Set(PAGES.map(([email]) => email))) {
      const client = who === null ? program.visitor() : await program.logInAs(who);
      const cookies = client.cookies();
      people.set(who, {
        scripted: await openVisit(browser, program.url, { scripts: true, cookies }),
        plain: await openVisit(browser, program.url, { scripts: false, cookies }),
      });
    }
    await program.stopWorker();
    names = await findNames();
  });
  afterAll(async () => {
    await browser?.close();
    await program?.close();
  });

  async function findNames(): Promise<Record<string, string>> {
    const { db } = program;
    const reports = db
      .selectFrom('submission')
      .innerJoin('receipt', 'receipt.submission_id', 'submission.id')
      .innerJoin('area', 'area.id', 'submission.area_id')
      .leftJoin('review', 'review.submission_id', 'submission.id')
      .where('area.key', '=', 'iem_deoe')
      .select(['submission.id', 'submission.deadline_id', 'receipt.folio']);
    const returned = await reports.where('review.decision', '=', 'returned').executeTakeFirstOrThrow();
    const pending = await reports.where('review.submission_id', 'is', null).executeTakeFirstOrThrow();
    const waiting = await db
      .selectFrom('deadline_version')
      .where('due_on', 'is', null)
      .select('deadline_id')
      .executeTakeFirstOrThrow();
    const mail = await db
      .selectFrom('message')
      .where('kind', '=', 'digest')
      .select(['id', 'created_at'])
      .executeTakeFirstOrThrow();
    const answered = await db
      .selectFrom('notice')
      .innerJoin('person', 'person.id', 'notice.person_id')
      .where('person.email', '=', AREA)
      .where('notice.state', '=', 'accepted')
      .where('notice.kind', '=', 'reminder')
      .select('notice.deadline_id')
      .orderBy('notice.offset_hours')
      .executeTakeFirstOrThrow();
    const instrument = await db
      .selectFrom('clause')
      .innerJoin('instrument_version as version', 'version.id', 'clause.instrument_version_id')
      .innerJoin('instrument', 'instrument.id', 'version.instrument_id')
      .groupBy('instrument.key')
      .select('instrument.key')
      .orderBy((eb) => eb.fn.countAll(), 'desc')
      .executeTakeFirstOrThrow();
    const { weekly_token } = await db
      .selectFrom('person')
      .where('email', '=', COMMISSION)
      .select('weekly_token')
      .executeTakeFirstOrThrow();
    const own = await db
      .selectFrom('appointment')
      .innerJoin('person', 'person.id', 'appointment.person_id')
      .where('person.email', '=', AREA)
      .select(['appointment.id', 'person_id'])
      .executeTakeFirstOrThrow();
    const owed = await listUnreported(db, 'iem_deoe');
    const overdue = owed.find(({ due_on }) => due_on! < '2024-05-15')!;
    return {
      own: `${own.person_id}/entrega/${own.id}`,
      weekly: weekly_token,
      overdue: String(overdue.id),
      returned: String(returned.deadline_id),
      reported: String(pending.deadline_id),
      folio: pending.folio,
      review: String(pending.id),
      waiting: String(waiting.deadline_id),
      mail: String(mail.id),
      mailFolio: mailFolio(mail),
      answered: String(answered.deadline_id),
      instrument: instrument.key,
    };
  }

  describe.each(PAGES)('%s %s', (who, path, status = 200) => {
    const address = () => path.replace(/:(\w+)/, (_, name: string) => names[name] ?? '');

    test('fits, can be read by everybody, prints, says the same without scripts and complains of nothing', async () => {
      const { scripted, plain } = people.get(who)!;
      const page = await scripted.context.newPage();
      scripted.complaints.length = 0;
      const answer = await page.goto(address());
      expect(answer?.status()).toBe(status);
      await page.waitForFunction(() =>
        Object.keys(document.querySelector('main')!).some((key) => key.startsWith('__react')),
      );
      await page.evaluate(axe);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        expect({ width, content: await contentWidth(page) }).toEqual({ width, content: width });
        if (READ_AT.includes(width)) expect(await violationsOf(page, WCAG)).toEqual([]);
      }
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violationsOf(page, ['color-contrast'])).toEqual([]);
      const paper = await page.pdf({ format: 'Letter' });
      expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
      await page.emulateMedia({ colorScheme: 'light' });

      const withoutScripts = await plain.context.newPage();
      await withoutScripts.goto(address());
      const said = await mainText(page);
      expect(said.length).toBeGreaterThan(40);
      expect(await mainText(withoutScripts)).toBe(said);
      expect(scripted.complaints.filter((complaint) => !complaint.includes(`status of ${status}`))).toEqual(
        [],
      );
      await page.close();
      await withoutScripts.close();
    });
  });
});

const contentWidth = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

/** What the page itself says, without the hours that pass meanwhile and the hashes they are part of. */
async function mainText(page: Page): Promise<string> {
  await page.setViewportSize({ width: 1280, height: 800 });
  return (await page.locator('main').innerText()).replaceAll(/\d{1,2}:\d{2} h|[0-9a-f]{64}/g, '');
}

async function violationsOf(page: Page, rules: string[]): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResults>(`axe.run({ runOnly: ${JSON.stringify(rules)} })`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
