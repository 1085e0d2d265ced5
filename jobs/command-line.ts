// The command line `convenio`: everything the program does on a schedule can also be done by hand.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { EnvironmentError, readEnvironment } from './environment.ts';
import { UsageError, type Command } from './commands/command.ts';

type Option = { type: 'string' | 'boolean'; multiple?: true };
const TEXT: Option = { type: 'string' };
const FLAG: Option = { type: 'boolean' };

interface Entry {
  usage: string;
  summary: string;
  options?: Record<string, Option>;
  /** Loaded only when it is asked for: a short command must not wait for the whole program. */
  load: () => Promise<Command>;
}

const COMMANDS: Record<string, Entry> = {
  start: {
    usage: 'start [--dev]',
    summary: 'Inicia todo: base de datos, web y trabajador',
    options: { dev: FLAG },
    load: async () => (await import('./commands/serve.ts')).serveAll,
  },
  web: {
    usage: 'web [--dev]',
    summary: 'Inicia sólo la web',
    options: { dev: FLAG },
    load: async () => (await import('./commands/serve.ts')).serveWeb,
  },
  worker: {
    usage: 'worker',
    summary: 'Inicia sólo el trabajador, que planea y envía los avisos',
    load: async () => (await import('./commands/serve.ts')).serveWorker,
  },
  migrate: {
    usage: 'migrate',
    summary: 'Pone al día el esquema de la base de datos',
    load: async () => (await import('./commands/database.ts')).migrate,
  },
  seed: {
    usage: 'seed',
    summary:
      'Carga el catálogo 2023-2024; repetirlo no cambia nada. En la demostración, también la oficina de ejemplo',
    load: async () => (await import('./commands/database.ts')).seed,
  },
  compute: {
    usage: 'compute [ARCHIVO]',
    summary:
      'Calcula fechas: casos en líneas JSON (de la entrada si no hay archivo), cada uno con result y steps',
    load: async () => (await import('./commands/compute.ts')).compute,
  },
  deadlines: {
    usage: 'deadlines [--process CLAVE] [--as-of AAAA-MM-DD] [--json]',
    summary: 'Lista los vencimientos con su estado; con --json, uno por línea con su derivación',
    options: { process: TEXT, 'as-of': TEXT, json: FLAG },
    load: async () => (await import('./commands/reading.ts')).deadlines,
  },
  tick: {
    usage: 'tick [--at AAAA-MM-DD[THH:MM]] [--dry-run] [--json]',
    summary: 'Hace una pasada: planea los avisos que tocan y los envía. --dry-run no guarda ni envía',
    options: { at: TEXT, 'dry-run': FLAG, json: FLAG },
    load: async () => (await import('./commands/tick.ts')).tick,
  },
  simulate: {
    usage: 'simulate --from AAAA-MM-DD --to AAAA-MM-DD [--area CLAVE] [--obligation CLAVE] [--json]',
    summary: 'Dice quién recibiría qué y cuándo si nadie reportara nada; no guarda ni envía',
    options: { from: TEXT, to: TEXT, area: TEXT, obligation: TEXT, json: FLAG },
    load: async () => (await import('./commands/simulate.ts')).simulate,
  },
  report: {
    usage:
      'report overdue [--process CLAVE] [--as-of AAAA-MM-DD] [--format json|csv|xlsx|pdf|docx] [--public] [--output ARCHIVO]',
    summary: 'Informe de obligaciones vencidas al corte; con --public, sin datos personales',
    options: { process: TEXT, 'as-of': TEXT, format: TEXT, public: FLAG, output: TEXT },
    load: async () => (await import('./commands/report.ts')).report,
  },
  person: {
    usage:
      'person add --name NOMBRE --email CORREO [--role direccion|comision|administrador] [--area CLAVE --post titular|enlace|suplente] [--from AAAA-MM-DD]',
    summary: 'Da de alta a una persona con su papel o su cargo en un área',
    options: { name: TEXT, email: TEXT, role: TEXT, area: TEXT, post: TEXT, from: TEXT },
    load: async () => (await import('./commands/person.ts')).person,
  },
  process: {
    usage:
      'process list | clone --from CLAVE --key CLAVE --name NOMBRE | milestones --key CLAVE (--set HITO=AAAA-MM-DD[THH:MM]… [--source TEXTO] [--provisional] | --file ARCHIVO.json) | dates --key CLAVE | publish --key CLAVE [--dry-run]',
    summary:
      'El proceso siguiente a partir de otro: copiarlo, darle las fechas de sus hitos, ver las que resultan y publicarlo',
    options: {
      from: TEXT,
      key: TEXT,
      name: TEXT,
      set: { ...TEXT, multiple: true },
      file: TEXT,
      source: TEXT,
      provisional: FLAG,
      'dry-run': FLAG,
    },
    load: async () => (await import('./commands/process.ts')).electoralProcess,
  },
  bounce: {
    usage: 'bounce < MENSAJE',
    summary: 'Registra un correo devuelto que llegó a la dirección de retorno de los avisos',
    load: async () => (await import('./commands/bounce.ts')).bounce,
  },
  evidence: {
    usage: 'evidence move --to s3|folder [--dry-run] [--delete-source]',
    summary:
      'Copia los archivos de evidencia al depósito de EVIDENCE_S3_URL o de vuelta a la carpeta y los compara con su huella; repetirlo sigue donde quedó. Sólo borra del origen con --delete-source',
    options: { to: TEXT, 'dry-run': FLAG, 'delete-source': FLAG },
    load: async () => (await import('./commands/evidence.ts')).evidence,
  },
  audit: {
    usage: 'audit verify [--contains HUELLA]',
    summary:
      'Comprueba la bitácora asiento por asiento; con --contains, si una huella anotada antes sigue en ella',
    options: { contains: TEXT },
    load: async () => (await import('./commands/audit.ts')).audit,
  },
  health: {
    usage: 'health',
    summary: 'Dice si la pasada de hoy se hizo y los correos salen; termina con 1 si algo falla',
    load: async () => (await import('./commands/reading.ts')).readHealth,
  },
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
    const work = await command.load();
    return await work({
      environment: readEnvironment(process.env),
      words: positionals,
      options: values,
      print: (line) => void process.stdout.write(`${line}\n`),
      writeBytes,
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

/** Waits while the reader of the output is slower than we are. */
async function writeBytes(bytes: Uint8Array | string): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}

function parse(command: Entry, args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: command.options ?? {},
      allowPositionals: true,
      strict: true,
    });
    return {
      values: z
        .record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string())]))
        .parse({ ...values }),
      positionals,
    };
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? `No se entiende la orden: ${error.message}` : String(error),
    );
  }
}

function helpText(unknown: string | undefined): string {
  const lines = Object.values(COMMANDS).map(({ usage, summary }) => `  convenio ${usage}\n      ${summary}`);
  const opening =
    unknown === undefined
      ? 'Seguimiento de las obligaciones del convenio INE–IEM.'
      : `No hay una orden «${unknown}».`;
  return [opening, '', ...lines].join('\n');
}
