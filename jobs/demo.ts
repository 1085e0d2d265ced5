// The demo: a database that starts as a believable office on 15 May 2024, eighteen days before the Jornada.
import { momentOf } from '../app/domain/moment.ts';
import { instantOf } from '../app/domain/plain-date.ts';
import type { Db } from '../db/client.ts';
import { setDemoClock } from '../db/clock.ts';
import { seedExampleOffice } from '../db/example-office.ts';
import { seedCatalogue } from '../db/seed-catalogue.ts';
import { inTransaction } from '../db/transaction.ts';

/** When the demo's clock starts. */
export const DEMO_START = instantOf('2024-05-15T09:00');

/**
 * Fills a demo database and sets its clock, once. Every step can be repeated, so a start that was killed half-way
 * is completed by the next one.
 */
export async function prepareDemo(db: Db, log: (line: string) => void): Promise<void> {
  const { demo_prepared } = await db
    .selectFrom('installation')
    .select('demo_prepared')
    .executeTakeFirstOrThrow();
  if (demo_prepared) return;
  log('Cargando el catálogo y la oficina de ejemplo (sólo la primera vez)…');
  const start = momentOf(DEMO_START);
  await seedCatalogue(db, start);
  await seedExampleOffice(db, start);
  await inTransaction(db, async (trx) => {
    await trx.updateTable('installation').set({ demo_prepared: true }).execute();
    await setDemoClock(trx, DEMO_START);
  });
}
