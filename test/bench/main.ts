// `npm run bench`: how this program compares with the bare tools below it, as one table for the README.
// `npm run bench -- mails` runs one part alone.
import './production.ts';
import { sql } from 'kysely';
import { connect } from '../../db/client.ts';
import { benchCalendar } from './calendar-bench.ts';
import { startCluster } from './cluster.ts';
import { benchDatabases, type Databases } from './databases.ts';
import { benchDelivery } from './delivery-bench.ts';
import { benchLimits } from './limits-bench.ts';
import { benchMemory, benchMemoryOfMillion } from './memory-bench.ts';
import { benchPeer } from './peer-bench.ts';
import { benchMillion, benchPlanner } from './planner-bench.ts';
import { benchReport } from './report-bench.ts';
import { markdown, type Row } from './report.ts';
import { benchRules } from './rules-bench.ts';
import { benchSchedule } from './schedule-bench.ts';

/** The parts, in their order. A new one only has to be put here. */
const BENCHES: Record<string, (databases: Databases) => Promise<Row[]>> = {
  mails: benchDelivery,
  calendar: benchCalendar,
  planner: benchPlanner,
  million: async (databases) => [
    ...(await benchMillion(databases)),
    ...(await benchMemoryOfMillion(databases)),
  ],
  peer: benchPeer,
  schedule: benchSchedule,
  rules: benchRules,
  report: benchReport,
  limits: benchLimits,
  memory: benchMemory,
};

const LONGEST_MINUTES = 40;

const say = (line: string) => process.stderr.write(`${line}\n`);

/** Rejects when somebody stops the bench or it takes far longer than it should: the server must not stay behind. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (reason: string) => () => reject(new Error(reason));
    process.once('SIGINT', stop('Interrupted'));
    process.once('SIGTERM', stop('Interrupted'));
    setTimeout(stop(`Took longer than ${LONGEST_MINUTES} minutes`), LONGEST_MINUTES * 60_000).unref();
  });
}

async function postgresVersion(url: string): Promise<string> {
  const db = connect(url, 1);
  const { rows } = await sql<{ server_version: string }>`show server_version`.execute(db);
  await db.destroy();
  return rows[0]!.server_version;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  say(`There is no bench called ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}

const cluster = await startCluster();
const databases = benchDatabases(cluster);

async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, run] of Object.entries(BENCHES)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    say(`${name}…`);
    rows.push(...(await run(databases)));
  }
  return rows;
}

try {
  const rows = await Promise.race([bench(), interrupted()]);
  process.stdout.write(`${markdown(rows, await postgresVersion(cluster.url('postgres')))}\n`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await cluster.close();
  // Whatever was under way when the bench was interrupted.
  process.exit();
}
