// The option `--as-of` of the commands that read: the day asked about, as an instant.
import { parseCut } from '../../app/domain/cut.ts';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { instantOf, parseIsoDate, type IsoDate } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { textOption, UsageError, type CommandInput } from './command.ts';

/** The day of `--as-of`; undefined when it was not given. */
export function asOfOption(input: CommandInput): IsoDate | undefined {
  const text = textOption(input, 'as-of');
  if (text === undefined) return undefined;
  const day = parseIsoDate(text);
  if (!day.ok) throw new UsageError(`--as-of: ${day.message}`);
  return day.value;
}

/**
 * The end of the day asked about, or the present. A day that the clock has not reached is answered too, as a
 * projection: what would be so if nothing else were reported.
 */
export async function cutMoment(input: CommandInput, db: Db, asOf: IsoDate | undefined): Promise<Moment> {
  const present = await now(db);
  const cut = parseCut(asOf ?? null, present);
  if (cut.ok) return cut.value;
  input.log('El corte es posterior a hoy: lo que sigue es una proyección.');
  return momentOf(instantOf(`${asOf}T23:59`));
}
