// Commands that prepare the database or read from it: migrate, seed, deadlines, report, health.
import { instantOf, parseIsoDate } from '../../app/domain/plain-date.ts';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { parseCut } from '../../app/domain/cut.ts';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { listDeadlines, listDerivations, type DeadlineRow } from '../../db/deadlines.ts';
import { health } from '../../db/health.ts';
import { overdueCsv } from '../../db/overdue-csv.ts';
import { overdueReport } from '../../db/overdue-report.ts';
import { seedCatalogue } from '../../db/seed-catalogue.ts';
import { prepareDemo } from '../demo.ts';
import { textOption, UsageError, type Command, type CommandInput } from './command.ts';
import { withDatabase } from './session.ts';

export const migrateCommand: Command = {
  usage: 'migrate',
  summary: 'Pone al día el esquema de la base de datos',
  run: (input) =>
    withDatabase(
      input,
      ({ kind }) => {
        input.log(`El esquema está al día (${kind === 'demo' ? 'demostración' : 'producción'}).`);
        return Promise.resolve(0);
      },
      { asIs: true },
    ),
};

export const seedCommand: Command = {
  usage: 'seed',
  summary: 'Carga el catálogo 2023-2024; repetirlo no cambia nada. En la demostración, también la oficina de ejemplo',
  run: (input) =>
    withDatabase(
      input,
      async ({ db, kind }) => {
        if (kind === 'demo') await prepareDemo(db, input.log);
        const { areas, milestones, obligations, clauses, deadlines } = await seedCatalogue(db, await now(db));
        input.log(
          `Catálogo: ${areas} áreas, ${milestones} hitos y disparadores, ${clauses} cláusulas, ${obligations} obligaciones.`,
        );
        input.log(
          `Vencimientos: ${deadlines.added} nuevos, ${deadlines.moved} con fecha nueva, ${deadlines.unchanged} iguales.`,
        );
        return 0;
      },
      { asIs: true },
    ),
};

export const deadlinesCommand: Command = {
  usage: 'deadlines [--as-of AAAA-MM-DD] [--json]',
  summary: 'Lista los vencimientos con su estado; con --json, uno por línea con su derivación',
  options: { json: { type: 'boolean' }, 'as-of': { type: 'string' } },
  run: (input) =>
    withDatabase(input, async ({ db }) => {
      const moment = await cutOption(input, db);
      const [rows, derivations] = await Promise.all([listDeadlines(db, moment), listDerivations(db, moment)]);
      for (const row of rows) {
        input.print(
          input.options['json']
            ? JSON.stringify({ ...deadlineRecord(row), steps: derivations.get(row.id) ?? [] })
            : [row.due_on ?? 'en espera  ', row.ref.padEnd(9), row.status.padEnd(18), row.title].join('  '),
        );
      }
      return 0;
    }),
};

export const reportCommand: Command = {
  usage: 'report overdue [--as-of AAAA-MM-DD] [--format json|csv]',
  summary: 'Informe de obligaciones vencidas al corte',
  options: { 'as-of': { type: 'string' }, format: { type: 'string' } },
  run: (input) => {
    if (input.words.join(' ') !== 'overdue') throw new UsageError('El único informe es «overdue».');
    const format = textOption(input, 'format') ?? 'json';
    if (format !== 'json' && format !== 'csv') throw new UsageError('--format es json o csv.');
    return withDatabase(input, async ({ db }) => {
      const moment = await cutOption(input, db);
      const report = await overdueReport(db, moment);
      if (format === 'csv') {
        process.stdout.write(overdueCsv(report));
      } else {
        input.print(
          JSON.stringify(
            {
              as_of: moment.today,
              at: moment.at,
              totals: report.totals,
              rows: report.overdue.map((row) => ({ ...deadlineRecord(row), days_late: row.days_late })),
            },
            null,
            2,
          ),
        );
      }
      return 0;
    });
  },
};

export const healthCommand: Command = {
  usage: 'health',
  summary: 'Dice si la pasada de hoy se hizo y los correos salen; termina con 1 si algo falla',
  run: (input) =>
    withDatabase(
      input,
      async ({ db }) => {
        const state = await health(db);
        input.print(JSON.stringify(state, null, 2));
        return state.ok ? 0 : 1;
      },
      { asIs: true },
    ),
};

/** One deadline as the command line prints it: dates as text, hours as local `AAAA-MM-DDTHH:MM`. */
function deadlineRecord(row: DeadlineRow) {
  return {
    id: row.id,
    obligation: row.ref,
    key: row.key,
    title: row.title,
    area: row.area_name,
    institution: row.area_institution,
    due_on: row.due_on,
    ...(row.due_on !== null && row.due_time !== null ? { due_at: `${row.due_on}T${row.due_time}` } : {}),
    ...(row.opens_on !== null ? { opens_on: row.opens_on } : {}),
    ...(row.waiting_for !== null ? { waiting_for: row.waiting_for } : {}),
    status: row.status,
    version: row.version,
    provisional: row.provisional.length > 0,
    provisional_reasons: row.provisional,
    to_verify: row.to_verify,
  };
}

/**
 * The moment of `--as-of`: the end of that day, or the present. A day that the clock has not reached is answered
 * too, as a projection: what would be so if nothing else were reported.
 */
async function cutOption(input: CommandInput, db: Db): Promise<Moment> {
  const present = await now(db);
  const text = textOption(input, 'as-of');
  if (text === undefined) return present;
  const day = parseIsoDate(text);
  if (!day.ok) throw new UsageError(`--as-of: ${day.message}`);
  if (day.value > present.today) {
    input.log('El corte es posterior a hoy: lo que sigue es una proyección.');
    return momentOf(instantOf(`${day.value}T23:59`));
  }
  const cut = parseCut(day.value, present);
  if (!cut.ok) throw new UsageError(`--as-of: ${cut.message}`);
  return cut.value;
}
