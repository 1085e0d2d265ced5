// The databases the benches work on, each made when one first asks for it.
import { sql } from 'kysely';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { ensureInstallation } from '../../db/installation.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { localDate } from '../../app/domain/plain-date.ts';
import { DEMO_START, prepareDemo } from '../../jobs/demo.ts';
import type { Cluster } from './cluster.ts';
import { addDependants, addOffices, addOpenConvenios, addPastConvenios } from './dataset.ts';

interface Recipe {
  /** The database it begins as a copy of. */
  from?: string;
  fill: (db: Db) => Promise<void>;
}

const RECIPES: Record<string, Recipe> = {
  catalogue: {
    async fill(db) {
      await migrateToLatest(db);
      await ensureInstallation(db, 'demo');
      await prepareDemo(db, () => undefined);
      await sql`vacuum analyze`.execute(db);
    },
  },
  past_47: { from: 'catalogue', fill: (db) => addPastConvenios(db, 47) },
  past_473: { from: 'catalogue', fill: (db) => addPastConvenios(db, 473) },
  open_473: { from: 'catalogue', fill: (db) => addOpenConvenios(db, 473, localDate(DEMO_START)) },
  open_4730: { from: 'catalogue', fill: (db) => addOpenConvenios(db, 4_730, localDate(DEMO_START)) },
  /** As many for 500 offices and some 14,000 people: a mail of one office would tell of tens of thousands. */
  offices_500: {
    from: 'catalogue',
    async fill(db) {
      await addOffices(db, 500, 1);
      await addOpenConvenios(db, 4_730, localDate(DEMO_START), 500);
    },
  },
  dependants_10: { from: 'catalogue', fill: (db) => addDependants(db, 10_000, momentOf(DEMO_START)) },
  dependants_100: { from: 'catalogue', fill: (db) => addDependants(db, 100_000, momentOf(DEMO_START)) },
  /** Some 500 people whom some 10,000 notices are due on one morning. */
  morning: { from: 'catalogue', fill: (db) => addOffices(db, 15, 109) },
  /** Some 860 people on one morning. */
  morning_26: { from: 'catalogue', fill: (db) => addOffices(db, 26, 109) },
  planned: {
    from: 'morning',
    async fill(db) {
      await planNotices(db, await now(db));
      await sql`vacuum analyze`.execute(db);
    },
  },
};

export interface Databases {
  /** Address of a database, made the first time. */
  url(name: string): Promise<string>;
  /** Address of a new copy of it, to be used up. */
  copy(name: string): Promise<string>;
}

export function benchDatabases(cluster: Cluster): Databases {
  const made = new Map<string, Promise<string>>();
  let copies = 0;
  const url = (name: string) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
  async function make(name: string): Promise<string> {
    const { from, fill } = RECIPES[name]!;
    if (from !== undefined) await url(from);
    await cluster.create(name, from, fill);
    return cluster.url(name);
  }
  return {
    url,
    async copy(name) {
      await url(name);
      copies += 1;
      await cluster.create(`${name}_${copies}`, name, () => Promise.resolve());
      return cluster.url(`${name}_${copies}`);
    },
  };
}
