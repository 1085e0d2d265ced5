// `convenio report overdue`: the Commission's report at a cut, in any of its formats, to a file or to the output.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { REPORT_FILES, type ReportFormat } from '../../app/documents/report-files.ts';
import { publicVersion } from '../../app/domain/overdue-report.ts';
import { overdueReport } from '../../db/overdue-report.ts';
import { listPersonNames, stampDraft, type StampedReport } from '../../db/report-cuts.ts';
import { asOfOption, cutMoment } from './as-of.ts';
import { textOption, UsageError, type Command } from './command.ts';
import { processOption } from './process-option.ts';
import { withDatabase } from './session.ts';

export const report: Command = (input) => {
  if (input.words.join(' ') !== 'overdue') throw new UsageError('El único informe es «overdue».');
  const format = textOption(input, 'format') ?? 'json';
  if (!isFormat(format)) throw new UsageError(`--format es ${Object.keys(REPORT_FILES).join(', ')}.`);
  const output = textOption(input, 'output');
  if (output?.trim() === '') throw new UsageError('--output necesita el nombre de un archivo.');
  const asOf = asOfOption(input);
  return withDatabase(input, async ({ db }) => {
    const moment = await cutMoment(input, db, asOf);
    const complete = await stampDraft(db, await overdueReport(db, moment, await processOption(input, db)));
    const stamped = input.options['public']
      ? {
          report: publicVersion(complete.report, await listPersonNames(db)),
          stamp: { ...complete.stamp, public: true },
        }
      : complete;
    const content =
      format === 'json' ? [jsonText(stamped)] : REPORT_FILES[format].write(stamped.report, stamped.stamp);
    if (output === undefined) {
      for await (const part of content) await input.writeBytes(part);
    } else {
      await pipeline(Readable.from(content, { objectMode: false }), createWriteStream(output));
      input.log(`Informe escrito en ${output}, SHA-256 del informe ${stamped.stamp.sha256}.`);
    }
    return 0;
  });
};

function isFormat(format: string): format is ReportFormat {
  return Object.hasOwn(REPORT_FILES, format);
}

/** For programs: the totals and the overdue rows first, then the whole report with its hash. */
function jsonText({ report: { format, cut, totals, overdue, ...rest }, stamp }: StampedReport): string {
  const rows = overdue.map(({ ref, due_on, due_time, provisional, ...row }) => ({
    obligation: ref,
    ...row,
    due_on,
    ...(due_time === null ? {} : { due_at: `${due_on}T${due_time}` }),
    status: 'overdue',
    provisional: provisional.length > 0,
    provisional_reasons: provisional,
  }));
  const answer = { as_of: cut.day, at: cut.at, sha256: stamp.sha256, totals, rows, ...rest };
  return `${JSON.stringify(answer, null, 2)}\n`;
}
