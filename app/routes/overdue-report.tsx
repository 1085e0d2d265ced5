// The Commission's one screen: in what is the convenio not being met, since when, by whom, and what changed.
import { data, redirect, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { DateAnnex } from '../components/date-annex.tsx';
import { Facts } from '../components/facts.tsx';
import { DateInput, Field } from '../components/form.tsx';
import { LONGEST_TABLE, Sections, shownOutline, Verdict } from '../components/outline-view.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { ProcessField } from '../components/process-field.tsx';
import { NOW, STATUS_PATHS } from '../components/report-paths.ts';
import { cutAtWords, cutText } from '../domain/cut.ts';
import { shortDay } from '../domain/agenda.ts';
import { COMMISSION, overdueOutline } from '../domain/overdue-outline.ts';
import { momentOf } from '../domain/moment.ts';
import type { RowsOf } from '../domain/report-outline.ts';
import { attendedAfter } from '../../db/overdue-report.ts';
import { lastCut } from '../../db/report-cuts.ts';
import { requireActor } from '../server/access.ts';
import { dateAnnex } from '../server/date-annex.ts';
import { chooseProcess } from '../server/process-choice.ts';
import { isPublic, madePublic } from '../server/report-download.ts';
import { readReport, type ReportErrors } from '../server/report-request.ts';

const NONE: ReportErrors = {};

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'overdue-report');
  const { searchParams } = new URL(request.url);
  const { process, options } = await chooseProcess(context.db, searchParams);
  const last = await lastCut(context.db, process);
  if (last && searchParams.size === 0) throw redirect(`/informe/vencidas?folio=${last.folio}`);
  const answer = await readReport(context.db, searchParams, moment);
  const form = { ...answer.fields, today: moment.today, process, processes: options };
  if (!answer.ok) return data({ form, errors: answer.errors, shown: null }, { status: 400 });
  const shared = isPublic(searchParams);
  const { report, stamp } = shared ? await madePublic(context.db, answer.stamped) : answer.stamped;
  const live = stamp.folio === null && report.cut.at === moment.at;
  const attended = live
    ? new Map<number, string>()
    : await attendedAfter(
        context.db,
        report.cut.at,
        report.overdue.map(({ id }) => id),
      );
  return data({
    form,
    errors: NONE,
    shown: {
      outline: shownOutline(overdueOutline(report, stamp)),
      // What somebody typed to fix a date is in its derivation: not for everybody.
      annex: shared
        ? []
        : await dateAnnex(context.db, momentOf(report.cut.at), report.overdue.slice(0, LONGEST_TABLE)),
      shared,
      query: answer.query,
      process: report.process?.key ?? null,
      corte: cutText(report.cut.at),
      cut: cutAtWords(report.cut.at),
      folio: stamp.folio,
      live,
      closing: actor.roles.includes('direction') && stamp.folio === null && !shared,
      later: Object.fromEntries(
        [...attended].map(([id, day]) => [
          id,
          `Atendida después del corte (${shortDay(day, report.cut.day)})`,
        ]),
      ),
    },
  });
}

export const meta: MetaFunction = () => [
  { title: 'Informe de obligaciones vencidas · Seguimiento de Convenios' },
];

type Shown = NonNullable<Awaited<ReturnType<typeof loader>>['data']['shown']>;

export default function OverdueReport() {
  const { form, errors, shown } = useLoaderData<typeof loader>();
  return (
    <div className="report-page">
      <PageHeader
        title="Informe de obligaciones vencidas"
        kicker={shown?.outline.kicker ?? COMMISSION}
        aside={
          shown && (
            <>
              <p>
                {shown.folio ? `Folio ${shown.folio}` : 'Borrador, sin folio'}
                <br />
                Corte: {shown.cut}
              </p>
              {shown.live || <Link to={`/informe/vencidas?corte=${NOW}`}>Ver el estado de ahora</Link>}
            </>
          )
        }
      />
      {shown?.folio && (
        <p className="notice no-print">
          Corte cerrado: se muestra tal como se cerró. Lo que se atendió después va como nota en su renglón.
        </p>
      )}
      {shown?.shared && (
        <p className="notice no-print">
          Versión pública: sin nombres, correos ni teléfonos de personas y sin motivos reservados; las cifras
          son las del informe completo.{' '}
          <Link to={`/informe/vencidas?${shown.query}`}>Ver el informe completo</Link>
        </p>
      )}
      <Form method="get" className="filters no-print">
        {shown?.shared && <input type="hidden" name="version" value="publica" />}
        <div className="filter-fields filter-fields-few">
          <ProcessField options={form.processes} chosen={form.process} error={errors.proceso} />
          <Field name="corte" label="Ver otro corte" hint="Estado al final de ese día." error={errors.corte}>
            {(control) => (
              <DateInput
                control={control}
                value={form.corte === NOW ? '' : form.corte}
                max={form.today}
                key={form.corte}
              />
            )}
          </Field>
          <Field
            name="comparar"
            label="Comparar con"
            hint="Un día anterior al corte."
            error={errors.comparar}
          >
            {(control) => (
              <DateInput control={control} value={form.comparar} max={form.today} key={form.comparar} />
            )}
          </Field>
          <Field
            name="sesion"
            label="Próxima sesión"
            hint="Hasta cuándo ver lo que vence."
            error={errors.sesion}
          >
            {(control) => <DateInput control={control} value={form.sesion} key={form.sesion} />}
          </Field>
          <button type="submit" className="button button-quiet">
            Ver informe
          </button>
        </div>
        <p className="filter-result">
          <Link to="/informe/cortes">Cortes cerrados</Link>
          <Link to="/informe/cuatrimestral">Informe cuatrimestral</Link>
        </p>
      </Form>
      {shown && <Body shown={shown} />}
    </div>
  );
}

function Body({ shown }: { shown: Shown }) {
  const { outline, query, corte, later } = shown;
  const rowsPath = ({ status, area }: RowsOf) => {
    const params = new URLSearchParams({ corte });
    if (status !== 'due') params.set('estado', STATUS_PATHS[status]);
    if (area) params.set('area', area);
    if (shown.process) params.set('proceso', shown.process);
    return `/informe/exigibles?${params.toString()}`;
  };
  return (
    <>
      {outline.draft && (
        <p className="draft-mark" aria-hidden="true">
          BORRADOR
        </p>
      )}
      <Verdict sentences={outline.verdict} rowsPath={rowsPath} />
      <Downloads query={query} closing={shown.closing} shared={shown.shared} />
      <Sections sections={outline.sections} rowsPath={rowsPath} later={later} />
      <p className="no-print">
        <Link to="/instrumentos">Ver los instrumentos y sus cláusulas</Link>. Al imprimir esta página se
        agrega un anexo que explica por qué cada fecha es la que es.
      </p>
      <section aria-labelledby="constancia">
        <h2 id="constancia">De este ejemplar</h2>
        <Facts rows={outline.facts.map(([name, value]) => [name, <span className="hash">{value}</span>])} />
      </section>
      <div className="signatures">
        {outline.signatures.map((name) => (
          <p key={name}>{name}</p>
        ))}
      </div>
      <DateAnnex blocks={shown.annex} />
      <p className="print-footer">{outline.footer.join(' · ')}</p>
    </>
  );
}

function Downloads(props: { query: string; closing: boolean; shared: boolean }) {
  const { query, closing, shared } = props;
  const file = (format: string, more = '') => `/informe/vencidas.${format}?${query}${more}`;
  if (shared) {
    return (
      <p className="actions downloads no-print">
        {(['pdf', 'docx', 'xlsx', 'csv'] as const).map((format, index) => (
          <a
            key={format}
            className={index === 0 ? 'button' : 'button button-quiet'}
            href={file(format, '&version=publica')}
            download
          >
            {format.toUpperCase()} público
          </a>
        ))}
      </p>
    );
  }
  return (
    <div className="downloads no-print">
      <p className="actions">
        <a className="button" href={file('pdf')} download>
          PDF para la sesión
        </a>
        <a className="button button-quiet" href={file('docx')} download>
          DOCX para el acta
        </a>
        <a className="button button-quiet" href={file('xlsx')} download>
          XLSX
        </a>
        <a className="more" href={file('csv')} download>
          Descargar CSV
        </a>
        <a className="more" href={file('json')} download>
          Texto canónico (JSON)
        </a>
      </p>
      <p>
        <a href={file('pdf', '&anexo=1')} download>
          PDF con el anexo «¿Por qué esta fecha?»
        </a>{' '}
        · <Link to={`/informe/vencidas?${query}&version=publica`}>Versión pública</Link>{' '}
        <span className="quiet">sin datos personales</span>
      </p>
      {closing && (
        <p>
          <Link to={`/informe/cerrar?${query}`}>Cerrar este corte…</Link>{' '}
          <span className="quiet">Le da folio y lo conserva tal como está.</span>
        </p>
      )}
    </div>
  );
}
