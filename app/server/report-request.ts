// Which report an address asks for: a closed cut by its folio, or a cut with what it is compared with.
import { cutText, parseCut } from '../domain/cut.ts';
import { momentOf, type Moment } from '../domain/moment.ts';
import { formatShortDate, parseIsoDate } from '../domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { overdueReport, type ReportWishes } from '../../db/overdue-report.ts';
import { findCut, stampDraft, type StampedReport } from '../../db/report-cuts.ts';
import { NOW } from '../components/report-paths.ts';
import { chooseProcess } from './process-choice.ts';
import { notFound } from './request-input.ts';

const FIELDS = ['corte', 'comparar', 'sesion', 'folio', 'proceso'] as const;
type Field = (typeof FIELDS)[number];
export type ReportFields = Record<Field, string>;
export type ReportErrors = Partial<ReportFields>;

export type ReportAnswer =
  | { ok: true; fields: ReportFields; stamped: StampedReport; query: string }
  | { ok: false; fields: ReportFields; errors: ReportErrors };

/**
 * Reads the address and builds its report, or says at each field what is wrong. `query` asks for the same report
 * again, to the instant. Throws 404 for a folio that does not exist.
 */
export async function readReport(db: Db, params: URLSearchParams, present: Moment): Promise<ReportAnswer> {
  const fields = Object.fromEntries(
    FIELDS.map((name) => [name, params.get(name)?.trim() ?? '']),
  ) as ReportFields;
  const errors: ReportErrors = {};
  for (const name of FIELDS) if (params.getAll(name).length > 1) errors[name] = `Campo repetido: ${name}`;

  if (fields.folio !== '' && !errors.folio) {
    const closed = /^INF-\d{4}-\d{2,4}$/.test(fields.folio) ? await findCut(db, fields.folio) : undefined;
    if (!closed) throw notFound();
    return { ok: true, fields, stamped: closed, query: `folio=${fields.folio}` };
  }

  const cut = parseCut(fields.corte === NOW ? '' : fields.corte, present);
  if (!cut.ok) errors.corte ??= cut.message;
  const moment = cut.ok ? cut.value : present;
  const choice = await chooseProcess(db, params);
  if (choice.error) errors.proceso ??= choice.error;
  const wishes: ReportWishes = choice.process === undefined ? {} : { process: choice.process };
  if (fields.comparar !== '') {
    const compare = await readCompared(db, fields.comparar, moment);
    if (typeof compare === 'string') errors.comparar ??= compare;
    else wishes.compare = compare;
  }
  if (fields.sesion !== '') {
    const session = parseIsoDate(fields.sesion);
    if (!session.ok) errors.sesion ??= session.message;
    else if (session.value <= moment.today)
      errors.sesion ??= `La próxima sesión debe ser posterior al corte (${formatShortDate(moment.today)})`;
    else wishes.session = session.value;
  }
  if (Object.keys(errors).length > 0) return { ok: false, fields, errors };

  const report = await overdueReport(db, moment, wishes);
  const exact = new URLSearchParams({ corte: cutText(report.cut.at) });
  if (fields.comparar !== '') exact.set('comparar', fields.comparar);
  if (fields.sesion !== '') exact.set('sesion', fields.sesion);
  if (choice.process !== undefined) exact.set('proceso', choice.process);
  return { ok: true, fields, stamped: await stampDraft(db, report), query: exact.toString() };
}

/** The moment to compare with, or what is wrong with it. */
async function readCompared(db: Db, text: string, cut: Moment): Promise<Moment | string> {
  if (text.startsWith('INF-')) {
    const closed = await findCut(db, text);
    if (!closed) return 'No hay un corte cerrado con ese folio';
    const at = momentOf(closed.report.cut.at);
    return at.at < cut.at ? at : 'El corte con el que se compara debe ser anterior';
  }
  const day = parseIsoDate(text);
  if (!day.ok) return day.message;
  const earlier = day.value < cut.today ? parseCut(day.value, cut) : undefined;
  return earlier?.ok ? earlier.value : 'El corte con el que se compara debe ser anterior';
}
