// How long the calendar's month and agenda take as the number of deadlines grows, against their SQL alone.
import { sql } from 'kysely';
import type { ServerBuild } from '@remix-run/node';
import { addDays } from '../../app/domain/plain-date.ts';
import { connect } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { countDoubts, countForCalendar } from '../../db/deadline-counts.ts';
import { listMonth, listOpenDeadlines } from '../../db/deadlines.ts';
import type { Databases } from './databases.ts';
import { inTurns } from './measure.ts';
import { openPages, serverBuild, type Pages } from './pages.ts';
import { openRecorder } from './recorder.ts';
import type { Row } from './report.ts';

const MONTH = { from: '2024-05-01', to: '2024-05-31' };
/** One signed text of the newest convenio. */
const ONE = { instrument: 'AT' };
/** As the calendar's page asks for them. */
const PER_DAY = 3;
const FIRST_OVERDUE = 12;
const AGENDA_DAYS = 30;

/** One data set: how many deadlines it holds and the address of its database. */
interface Size {
  deadlines: number;
  url: string;
}

export async function benchCalendar(databases: Databases): Promise<Row[]> {
  const sizes: Size[] = [];
  for (const name of ['catalogue', 'past_47', 'past_473'])
    sizes.push(await sizeOf(await databases.url(name)));
  const build = await serverBuild();
  const opened = await Promise.all(sizes.map((size) => openSize(size, build)));
  const rows: Row[] = [];
  for (const measure of Object.keys(opened[0]!.works)) {
    // All sizes in the same turns, so that they can be compared with each other as well.
    const pairs = [];
    for (const { recorder, works } of opened) {
      const work = works[measure]!;
      const queries = await recorder.record(work);
      pairs.push(work, () => recorder.replay(queries));
    }
    const medians = await inTurns(pairs, { rounds: 30, seconds: 4 });
    opened.forEach(({ deadlines }, index) => {
      const [ours, bare] = medians.slice(2 * index);
      rows.push({
        measure,
        size: `${deadlines.toLocaleString('en')} deadlines`,
        ours: ours!,
        bare: bare!,
        growth: index === 0 ? undefined : ours! / medians[0]!,
      });
    });
  }
  for (const { close } of opened) await close();
  return rows;
}

/** What a database holds, counted. */
async function sizeOf(url: string): Promise<Size> {
  const db = connect(url, 1);
  const { rows } = await sql<{ deadlines: number }>`select count(*) as deadlines from deadline`.execute(db);
  await db.destroy();
  return { url, deadlines: rows[0]!.deadlines };
}

async function openSize({ deadlines, url }: Size, build: ServerBuild | undefined) {
  const recorder = await openRecorder(url);
  const { db } = recorder;
  const moment = await now(db);
  const pages = build && (await openPages(db, url, build));
  return {
    deadlines,
    recorder,
    works: {
      'month, its query': () => listMonth(db, moment, MONTH, {}, PER_DAY),
      'agenda, its queries': () =>
        listOpenDeadlines(db, moment, {}, addDays(moment.today, AGENDA_DAYS), FIRST_OVERDUE),
      'counts of the calendar': () => countForCalendar(db, moment, {}),
      'what depends on the Dirección': () => countDoubts(db, moment),
      'month of one instrument': () => listMonth(db, moment, MONTH, ONE, PER_DAY),
      'counts of one instrument': () => countForCalendar(db, moment, ONE),
      ...(pages ? pagesOf(pages) : {}),
    } as Record<string, () => Promise<unknown>>,
    close: async () => {
      await pages?.close();
      await recorder.close();
    },
  };
}

/** The whole pages and files over HTTP, as the head of the Dirección gets them. */
function pagesOf(pages: Pages) {
  const get = (path: string) => () => pages.read(path);
  return {
    'month, its page over HTTP': get('/calendario?vista=mes'),
    'agenda, its page over HTTP': get('/calendario'),
    'overdue, their page over HTTP': get('/calendario?estado=vencida'),
    'month at a past cut, its page': get('/calendario?vista=mes&corte=2024-05-10'),
    'search, its page over HTTP': get('/buscar?q=comision+oficio'),
    'report of what is overdue, its page': get('/informe/vencidas'),
    'report as PDF over HTTP': get('/informe/vencidas.pdf'),
    'report as XLSX over HTTP': get('/informe/vencidas.xlsx'),
  };
}
