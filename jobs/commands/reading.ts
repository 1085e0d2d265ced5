// Commands that only read: deadlines, report and health.
import { parseCut } from '../../app/domain/cut.ts';
import { momentOf, type Moment } from '../../app/domain/moment.ts';
import { instantOf, parseIsoDate, type IsoDate } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { listDeadlines, listDerivations, type DeadlineRow } from '../../db/deadlines.ts';
import { health } from '../../db/health.ts';
import { overdueCsv } from '../../db/overdue-csv.ts';
import { overdueReport } from '../../db/overdue-report.ts';
import { textOption, UsageError, type Command, type CommandInput } from './command.ts';
import { withDatabase } from './session.ts';

/** `convenio deadlines`. */
export const deadlines: Command = (input) => {
  const asOf = asOfOption(input);
  return withDatabase(input, async ({ db }) => {
    const moment = await cutMoment(input, db, asOf);
    const [rows, derivations] = await Promise.all([listDeadlines(db, moment), listDerivations(db, moment)]);
    for (const row of rows) {
      input.print(
        input.options['json']
          ? JSON.stringify({ ...deadlineRecord(row), steps: derivations.get(row.id) ?? [] })
          : [row.due_on ?? 'en espera  ', row.ref.padEnd(9), row.status.padEnd(18), row.title].join('  '),
      );
    }
    return 0;
  });
};

/** `convenio report overdue`. */
export const report: Command = (input) => {
  if (input.words.join(' ') !== 'overdue') throw new UsageError('El único informe es «overdue».');
  const format = textOption(input, 'format') ?? 'json';
  if (format !== 'json' && format !== 'csv') throw new UsageError('--format es json o csv.');
  const asOf = asOfOption(input);
  return withDatabase(input, async ({ db }) => {
    const moment = await cutMoment(input, db, asOf);
    const { totals, overdue, ...rest } = await overdueReport(db, moment);
    if (format === 'csv') {
      input.write(overdueCsv({ totals, overdue, ...rest }));
    } else {
      const rows = overdue.map((row) => ({ ...deadlineRecord(row), days_late: row.days_late }));
      input.print(JSON.stringify({ as_of: moment.today, at: moment.at, totals, rows }, null, 2));
    }
    return 0;
  });
};

/** `convenio health`. */
export const readHealth: Command = (input) =>
  withDatabase(
    input,
    async ({ db }) => {
      const state = await health(db);
      input.print(JSON.stringify(state, null, 2));
      return state.ok ? 0 : 1;
    },
    { asIs: true },
  );

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

function asOfOption(input: CommandInput): IsoDate | undefined {
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
async function cutMoment(input: CommandInput, db: Db, asOf: IsoDate | undefined): Promise<Moment> {
  const present = await now(db);
  const cut = parseCut(asOf ?? null, present);
  if (cut.ok) return cut.value;
  input.log('El corte es posterior a hoy: lo que sigue es una proyección.');
  return momentOf(instantOf(`${asOf}T23:59`));
}
