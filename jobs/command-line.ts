// The command line `convenio`: everything the program does on a schedule can also be done by hand.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { EnvironmentError, readEnvironment } from './environment.ts';
import { UsageError, type Command } from './commands/command.ts';
import { computeCommand } from './commands/compute.ts';
import { deadlinesCommand, healthCommand, migrateCommand, reportCommand, seedCommand } from './commands/database.ts';
import { personCommand } from './commands/person.ts';
import { serveCommand } from './commands/serve.ts';
import { tickCommand } from './commands/tick.ts';

const COMMANDS: Record<string, Command> = {
  start: serveCommand({ name: 'start', web: true, worker: true, summary: 'Inicia todo: base de datos, web y trabajador' }),
  web: serveCommand({ name: 'web', web: true, worker: false, summary: 'Inicia sólo la web' }),
  worker: serveCommand({ name: 'worker', web: false, worker: true, summary: 'Inicia sólo el trabajador' }),
  migrate: migrateCommand,
  seed: seedCommand,
  compute: computeCommand,
  deadlines: deadlinesCommand,
  tick: tickCommand,
  report: reportCommand,
  person: personCommand,
  health: healthCommand,
};

/**
 * Runs one command and returns the exit code: 0 done, 1 it failed, 2 it was called wrongly. Messages are in
 * Spanish on the error output; results go to the standard output.
 */
export async function run(argv: string[]): Promise<number> {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const [name = '', ...rest] = argv;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const asked = name === '' || name === 'help' || name === '--help' || name === '-h';
    (asked ? (line: string) => process.stdout.write(`${line}\n`) : log)(helpText(asked ? undefined : name));
    return asked ? 0 : 2;
  }
  try {
    const { values, positionals } = parse(command, rest);
    return await command.run({
      environment: readEnvironment(process.env),
      words: positionals,
      options: values,
      print: (line) => void process.stdout.write(`${line}\n`),
      log,
    });
  } catch (error) {
    if (error instanceof UsageError) {
      log(`${error.message}\nUso: convenio ${command.usage}`);
      return 2;
    }
    if (error instanceof EnvironmentError) {
      log(error.message);
      return 1;
    }
    log(error instanceof Error ? error.message : String(error));
    if (process.env['DEBUG'] && error instanceof Error) log(error.stack ?? '');
    return 1;
  }
}

function parse(command: Command, args: string[]) {
  try {
    const { values, positionals } = parseArgs({ args, options: command.options ?? {}, allowPositionals: true, strict: true });
    return { values: z.record(z.string(), z.union([z.string(), z.boolean()])).parse({ ...values }), positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? `No se entiende la orden: ${error.message}` : String(error));
  }
}

function helpText(unknown: string | undefined): string {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length));
  const lines = Object.values(COMMANDS).map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`);
  const opening = unknown === undefined ? 'convenio: seguimiento de las obligaciones del convenio INE–IEM' : `No hay una orden «${unknown}».`;
  return [opening, '', ...lines].join('\n');
}
