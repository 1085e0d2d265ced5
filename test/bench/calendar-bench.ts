// How long the calendar's month and agenda take as the number of deadlines grows, against their SQL alone.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import type { ServerBuild } from '@remix-run/node';
import { addDays } from '../../app/domain/plain-date.ts';
import { startWeb, type Web } from '../../app/server/http.ts';
import { connect } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { countDoubts, countForCalendar } from '../../db/deadline-counts.ts';
import { listMonth, listOpenDeadlines } from '../../db/deadlines.ts';
import { openEvidenceStore } from '../../db/evidence-store.ts';
import { openSession } from '../../db/sessions.ts';
import type { Databases } from './databases.ts';
import { inTurns } from './measure.ts';
import { openQueueDesk } from '../../jobs/queue-desk.ts';
import { openRecorder, type Recorder } from './recorder.ts';
import type { Row } from './report.ts';

const MONTH = { from: '2024-05-01', to: '2024-05-31' };
/** One signed text of the newest convenio. */
const ONE = { instrument: 'AT' };
/** As the calendar's page asks for them. */
const PER_DAY = 3;
const FIRST_OVERDUE = 12;
const AGENDA_DAYS = 30;

const SERVER_BUILD = fileURLToPath(new URL('../../build/server/index.js', import.meta.url));

/** One data set: how many deadlines it holds and the address of its database. */
interface Size {
  deadlines: number;
  url: string;
}

export async function benchCalendar(databases: Databases): Promise<Row[]> {
  const sizes: Size[] = [];
  for (const name of ['catalogue', 'past_47', 'past_473'])
    sizes.push(await sizeOf(await databases.url(name)));
  const build = existsSync(SERVER_BUILD) ? ((await import(SERVER_BUILD)) as ServerBuild) : undefined;
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
  const web =
    build &&
    (await startWeb({
      db,
      evidence: await openEvidenceStore(join(tmpdir(), 'convenio-bench-evidence')),
      demo: true,
      appUrl: 'http://127.0.0.1',
      mailSamples: [],
      queues: openQueueDesk({ redisUrl: undefined, databaseUrl: url }),
      host: '127.0.0.1',
      port: 0,
      build,
    }));
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
      ...(web ? await pagesOf(recorder, web) : {}),
    } as Record<string, () => Promise<unknown>>,
    close: async () => {
      await web?.close();
      await recorder.close();
    },
  };
}

/** The whole pages over HTTP, as the head of the Dirección sees them. */
async function pagesOf({ db }: Recorder, web: Web) {
  const { person_id } = await db
    .selectFrom('role_grant')
    .where('role', '=', 'direction')
    .select('person_id')
    .executeTakeFirstOrThrow();
  const headers = { Cookie: `convenio=${await openSession(db, person_id)}` };
  const page = async (search: string) => {
    const response = await fetch(`http://127.0.0.1:${web.port}/calendario${search}`, {
      headers,
      redirect: 'error',
    });
    const html = await response.text();
    if (response.status !== 200 || !html.includes('</html>'))
      throw new Error(`The page answered ${response.status}`);
  };
  return {
    'month, its page over HTTP': () => page('?vista=mes'),
    'agenda, its page over HTTP': () => page(''),
    'overdue, their page over HTTP': () => page('?estado=vencida'),
    'month at a past cut, its page': () => page('?vista=mes&corte=2024-05-10'),
  };
}
