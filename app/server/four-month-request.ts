// Which period an address asks for, and its report in words.
import { fourMonthOutline } from '../domain/four-month-outline.ts';
import { parsePeriod, type FourMonthPeriod } from '../domain/four-month-report.ts';
import type { Moment } from '../domain/moment.ts';
import type { Outline } from '../domain/report-outline.ts';
import { readAuditHead } from '../../db/audit.ts';
import type { Db } from '../../db/client.ts';
import { readFourMonthReport } from '../../db/four-month-report.ts';
import { hashReport } from '../../db/report-cuts.ts';
import { chooseProcess, type ProcessChoice } from './process-choice.ts';

type Answer = { fields: { anio: string; periodo: string }; choice: ProcessChoice } & (
  | { period: FourMonthPeriod; outline: Outline; error: null }
  | { period: null; outline: null; error: string | null }
);

/** Reads the address and builds its report, or says what is wrong with it. */
export async function readFourMonths(db: Db, request: Request, present: Moment): Promise<Answer> {
  const params = new URL(request.url).searchParams;
  const fields = { anio: params.get('anio') ?? '', periodo: params.get('periodo') ?? '' };
  const choice = await chooseProcess(db, params);
  const period = parsePeriod(fields.anio, fields.periodo, present.today);
  if (!period.ok || choice.error !== null) {
    return { fields, choice, period: null, outline: null, error: period.ok ? null : period.message };
  }
  const report = await readFourMonthReport(db, period.value, present, choice.process);
  return {
    fields,
    choice,
    period: period.value,
    outline: fourMonthOutline(report, hashReport(report).sha256, await readAuditHead(db)),
    error: null,
  };
}
