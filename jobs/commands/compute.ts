// `convenio compute`: rules in, dates with their derivation out, one JSON object per line.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { computeCase } from '../../app/domain/compute.ts';
import { UsageError, type Command } from './command.ts';

export const compute: Command = async ({ words, print }) => {
  if (words.length > 1) throw new UsageError('Se espera un solo archivo.');
  const [file] = words;
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line.trim() !== '') print(computeCase(line));
    }
  } catch (error) {
    throw new Error(
      `No se pudo leer ${file ?? 'la entrada'}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
  return 0;
};
