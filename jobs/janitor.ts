// The daily sweep: files of evidence nobody refers to any more, and uploads that never ended.
import type { Db } from '../db/client.ts';
import { now } from '../db/clock.ts';
import { sweepEvidence } from '../db/evidence.ts';
import type { EvidenceStore } from '../db/evidence-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Sweeps once at the start and then every day. Any number may run at once; they take turns in the database. */
export function startJanitor(
  db: Db,
  store: EvidenceStore,
  log: (line: string) => void,
): { close(): Promise<void> } {
  const sweep = async () => {
    try {
      const removed = await sweepEvidence(db, store, await now(db));
      if (removed > 0) log(`Evidencia: ${removed} archivos sin reporte se borraron.`);
    } catch (error) {
      log(`Incidente al limpiar la evidencia: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  let running = sweep();
  const timer = setInterval(() => {
    running = running.then(sweep);
  }, DAY_MS);
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
