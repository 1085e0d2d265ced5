// The option `--process` of the commands that read: which process a list or a report is of.
import type { Db } from '../../db/client.ts';
import { listPublishedProcesses } from '../../db/processes.ts';
import { textOption, UsageError, type CommandInput } from './command.ts';

/**
 * The process to read: the one named, or while there is only one all there is. With several published one must be
 * named, because a list that mixes them would be taken for one.
 */
export async function processOption(input: CommandInput, db: Db): Promise<{ process?: string }> {
  const keys = (await listPublishedProcesses(db)).map(({ key }) => key);
  const process = textOption(input, 'process');
  if (process === undefined && keys.length < 2) return {};
  if (process !== undefined && keys.includes(process)) return { process };
  throw new UsageError(`--process es ${keys.join(' o ')}.`);
}
