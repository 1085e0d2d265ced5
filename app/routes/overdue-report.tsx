// The Commission's one screen: in what is the convenio not being met, since when, and by whom.
import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { viewDeadline } from '../components/deadline-view.ts';
import { DateInput, Field } from '../components/form.tsx';
import { cutWords } from '../components/moment-words.ts';
import { OverdueTable, PlainTable, TotalsTable } from '../components/overdue-tables.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { shortDay } from '../domain/agenda.ts';
import { parseCut } from '../domain/cut.ts';
import { percentage } from '../domain/overdue-report.ts';
import { formatLongDate } from '../domain/plain-date.ts';
import { overdueReport } from '../../db/overdue-report.ts';
import { requireActor } from '../server/access.ts';
import { overdueRows } from '../server/overdue-rows.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'overdue-report');
  const asked = new URL(request.url).searchParams.get('corte') ?? '';
  const cut = parseCut(asked, moment);
  const form = { asked, today: moment.today, error: cut.ok ? null : cut.message };
  if (!cut.ok) return data({ form, report: null }, { status: 400 });
  const { today } = cut.value;
  const report = await overdueReport(context.db, cut.value);
  const rows = overdueRows(report);
  const oldest = report.overdue[0];
  return data({
    form,
    report: {
      cut: cutWords(cut.value),
      cut_day: formatLongDate(today),
      csv: `/informe/vencidas.csv?corte=${today}`,
      totals: report.totals,
      overdue_share: percentage(report.totals.overdue, report.totals.due),
      on_time_share: percentage(
        report.totals.concluded_on_time,
        report.totals.concluded_on_time + report.totals.concluded_late,
      ),
      oldest: oldest?.due_on
        ? {
            days: oldest.days_late,
            due: shortDay(oldest.due_on, today),
            title: oldest.title,
            area: oldest.area_name,
          }
        : null,
      ours: rows.filter(({ owed_by_ine }) => !owed_by_ine),
      theirs: rows.filter(({ owed_by_ine }) => owed_by_ine),
      late: report.concluded_late.map((row) => ({
        ...viewDeadline(row, today),
        act: row.act_on && shortDay(row.act_on, today),
      })),
      in_review: report.in_review.map((row) => viewDeadline(row, today)),
      by_area: report.by_area,
      events: countEvents(report.waiting.map(({ waiting_for }) => waiting_for ?? '')),
      provisional: report.provisional_count,
      unverified: report.unverified_count,
    },
  });
}

/** Each event without a date, with how many deadlines wait for it. */
function countEvents(names: string[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count }));
}

export const meta: MetaFunction = () => [
  { title: 'Informe de obligaciones vencidas · Seguimiento de Convenios' },
];

type Report = NonNullable<Awaited<ReturnType<typeof loader>>['data']['report']>;

export default function OverdueReport() {
  const { form, report } = useLoaderData<typeof loader>();
  return (
    <div className="report-page">
      <PageHeader
        title="Informe de obligaciones vencidas"
        kicker="Comisión de Vinculación y Servicio Profesional Electoral"
        aside={report && <p>Corte: {report.cut}</p>}
      />
      <Form method="get" className="filters no-print">
        <div className="filter-fields filter-fields-few">
          <Field
            name="corte"
            label="Ver otro corte"
            hint="Estado al final de ese día."
            error={form.error ?? undefined}
          >
            {(control) => (
              <DateInput control={control} value={form.asked} max={form.today} key={form.asked} />
            )}
          </Field>
          <button type="submit" className="button button-quiet">
            Ver corte
          </button>
          {report && (
            <a className="more" href={report.csv} download>
              Descargar CSV
            </a>
          )}
        </div>
      </Form>
      {report && <Body report={report} />}
    </div>
  );
}

function Body({ report }: { report: Report }) {
  const { ours, theirs, late, in_review } = report;
  return (
    <>
      <Verdict report={report} />
      {ours.length > 0 && (
        <section aria-labelledby="vencidas">
          <h2 id="vencidas">Obligaciones vencidas a cargo del IEM ({ours.length})</h2>
          <OverdueTable rows={ours} caption="De la más antigua a la más reciente" />
        </section>
      )}
      {theirs.length > 0 && (
        <section aria-labelledby="ine">
          <h2 id="ine">A cargo del INE: pendientes de recibir ({theirs.length})</h2>
          <OverdueTable rows={theirs} caption="De la más antigua a la más reciente" />
        </section>
      )}
      {late.length > 0 && (
        <section aria-labelledby="fuera">
          <h2 id="fuera">Concluidas fuera de plazo ({late.length})</h2>
          <PlainTable
            columns={['Obligación', 'Área', 'Fecha límite', 'Fecha del acto']}
            rows={late.map((row) => ({
              id: row.id,
              title: row.title,
              ref: row.ref,
              cells: [row.area, row.due_short, row.act],
            }))}
          />
        </section>
      )}
      {in_review.length > 0 && (
        <section aria-labelledby="revision">
          <h2 id="revision">En revisión ({in_review.length})</h2>
          <p className="quiet">Reportadas con la fecha ya pasada; la Dirección aún no decide.</p>
          <PlainTable
            columns={['Obligación', 'Área', 'Fecha límite', 'En revisión']}
            rows={in_review.map((row) => ({
              id: row.id,
              title: row.title,
              ref: row.ref,
              cells: [row.area, row.due_short, row.distance],
            }))}
          />
        </section>
      )}
      {report.by_area.length > 0 && (
        <section aria-labelledby="areas">
          <h2 id="areas">Por área</h2>
          <TotalsTable rows={report.by_area} all={report.totals} />
        </section>
      )}
      <Notes report={report} />
      <div className="signatures">
        <p>Presidencia de la Comisión</p>
        <p>Secretaría Técnica de la Comisión</p>
      </div>
      <p className="print-footer">
        Informe de obligaciones vencidas · Corte: {report.cut} · Seguimiento de Convenios INE–IEM
      </p>
    </>
  );
}

function Verdict({ report }: { report: Report }) {
  const { totals, ours, theirs, oldest } = report;
  const concluded = totals.concluded_on_time + totals.concluded_late;
  if (totals.overdue === 0) {
    return (
      <EmptyState>
        Sin obligaciones vencidas al corte del {report.cut_day}. {totals.due} exigibles: {concluded}{' '}
        concluidas, {totals.in_review} en revisión.
      </EmptyState>
    );
  }
  return (
    <div className="verdict-box">
      <p className="verdict-sentence">
        <strong>
          {totals.overdue} {totals.overdue === 1 ? 'obligación vencida' : 'obligaciones vencidas'}
        </strong>{' '}
        de {totals.due} exigibles ({report.overdue_share.toFixed(1)} %)
        {theirs.length > 0 && (
          <>
            : {ours.length} a cargo del IEM y {theirs.length} a cargo del INE
          </>
        )}
        .
      </p>
      <p>
        {totals.due} = {concluded} concluidas + {totals.in_review} en revisión + {totals.overdue} vencidas.
        Cumplimiento en plazo: {totals.concluded_on_time} de {concluded} concluidas (
        {report.on_time_share.toFixed(1)} %).
      </p>
      {oldest && (
        <p>
          La más antigua: {oldest.days === 1 ? '1 día' : `${oldest.days} días`} (venció el {oldest.due}) —{' '}
          {oldest.title}, {oldest.area}.
        </p>
      )}
    </div>
  );
}

function Notes({ report }: { report: Report }) {
  const waiting = report.events.reduce((sum, { count }) => sum + count, 0);
  return (
    <section aria-labelledby="notas" className="notes">
      <h2 id="notas">Notas</h2>
      <ul>
        <li>Los días de atraso son naturales, contados desde el día siguiente al vencimiento.</li>
        <li>
          Exigible: todo vencimiento cuyo plazo ya corrió al corte. No se cuentan los exceptuados ni los que
          esperan un evento. La oportunidad se mide con la fecha del acto, no con la del reporte ni la de la
          revisión.
        </li>
        <li>
          De las vencidas, {report.unverified} tienen su plazo por cotejar con el anexo firmado y{' '}
          {report.provisional} tienen fecha provisional.
        </li>
        <li>
          {waiting === 0
            ? 'Ningún vencimiento espera un evento sin fecha.'
            : `${waiting} vencimientos esperan un evento sin fecha y no cuentan plazo: ${report.events
                .map(({ name, count }) => `${name} (${count})`)
                .join('; ')}.`}
        </li>
      </ul>
      <p className="no-print">
        <Link to="/instrumentos">Ver los instrumentos y sus cláusulas</Link>
      </p>
    </section>
  );
}
