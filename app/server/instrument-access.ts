// The instrument an address names: its key, and the process when several are published.
import type { Db } from '../../db/client.ts';
import { findInstrument, type InstrumentRow } from '../../db/instruments.ts';
import { chooseProcess } from './process-choice.ts';
import { notFound } from './request-input.ts';

/** The instrument, and the process as its links must name it. Throws 404 when there is none. */
export async function requireInstrument(
  db: Db,
  request: Request,
  key = '',
): Promise<{ instrument: InstrumentRow; process: string | undefined }> {
  const { process, error } = await chooseProcess(db, new URL(request.url).searchParams);
  if (error || !/^[\w-]{1,40}$/.test(key)) throw notFound();
  const instrument = await findInstrument(db, key, process);
  if (!instrument) throw notFound();
  return { instrument, process };
}
