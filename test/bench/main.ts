// `npm run bench`: how this program compares with the bare tools below it, as one table for the README.
import './production.ts';
import { sql } from 'kysely';
import { connect } from '../../db/client.ts';
import { ensureInstallation } from '../../db/installation.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { localDate } from '../../app/domain/plain-date.ts';
import { DEMO_START, prepareDemo } from '../../jobs/demo.ts';
import { benchCalendar, type Size } from './calendar-bench.ts';
import { startCluster, type Cluster } from './cluster.ts';
import { addOffices, addOpenConvenios, addPastConvenios } from './dataset.ts';
import { benchDelivery } from './delivery-bench.ts';
import { benchPlanner } from './planner-bench.ts';
import { markdown, type Row } from './report.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);
const today = localDate(DEMO_START);
const LONGEST_MINUTES = 8;

async function fill(cluster: Cluster): Promise<void> {
  await cluster.create('catalogue', undefined, async (db) => {
    await migrateToLatest(db);
    await ensureInstallation(db, 'demo');
    await prepareDemo(db, () => undefined);
    await sql`vacuum analyze`.execute(db);
  });
  await cluster.create('past_47', 'catalogue', (db) => addPastConvenios(db, 47));
  await cluster.create('past_473', 'catalogue', (db) => addPastConvenios(db, 473));
  await cluster.create('open_473', 'catalogue', (db) => addOpenConvenios(db, 473, today));
  await cluster.create('offices_84', 'catalogue', (db) => addOffices(db, 84));
}

/** Rejects when somebody stops the bench or it takes far longer than it should: the server must not stay behind. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (reason: string) => () => reject(new Error(reason));
    process.once('SIGINT', stop('Interrupted'));
    process.once('SIGTERM', stop('Interrupted'));
    setTimeout(stop(`Took longer than ${LONGEST_MINUTES} minutes`), LONGEST_MINUTES * 60_000).unref();
  });
}

/** What a database holds, counted. */
async function sizeOf(url: string): Promise<Size> {
  const db = connect(url, 1);
  const { rows } = await sql<{ deadlines: number }>`select count(*) as deadlines from deadline`.execute(db);
  await db.destroy();
  return { url, deadlines: rows[0]!.deadlines };
}

async function postgresVersion(url: string): Promise<string> {
  const db = connect(url, 1);
  const { rows } = await sql<{ server_version: string }>`show server_version`.execute(db);
  await db.destroy();
  return rows[0]!.server_version;
}

async function bench(cluster: Cluster): Promise<Row[]> {
  say('Filling the databases…');
  await fill(cluster);
  say('Calendar…');
  const sizes: Size[] = [];
  for (const name of ['catalogue', 'past_47', 'past_473']) sizes.push(await sizeOf(cluster.url(name)));
  const calendar = await benchCalendar(sizes);
  say('Planner…');
  const planner = await benchPlanner(cluster.url('open_473'), today);
  say('Mails…');
  return [...calendar, ...planner, ...(await benchDelivery(cluster.url('offices_84')))];
}

const cluster = await startCluster();
try {
  const rows = await Promise.race([bench(cluster), interrupted()]);
  process.stdout.write(`${markdown(rows, await postgresVersion(cluster.url('catalogue')))}\n`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await cluster.close();
  // Whatever was under way when the bench was interrupted.
  process.exit();
}
