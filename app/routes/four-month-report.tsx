// The four-month report: the INE's states by month and by area, how much was on time, and the dates that moved.
import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { Field } from '../components/form.tsx';
import { Sections, shownOutline, Verdict } from '../components/outline-view.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { ProcessField } from '../components/process-field.tsx';
import { COMMISSION } from '../domain/overdue-outline.ts';
import { requireActor } from '../server/access.ts';
import { readFourMonths } from '../server/four-month-request.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'four-month-report');
  const { fields, period, outline, error, choice } = await readFourMonths(context.db, request, moment);
  const form = {
    ...fields,
    error,
    process: choice.process,
    processes: choice.options,
    process_error: choice.error,
  };
  if (!outline) return data({ form, outline: null, query: '' }, { status: 400 });
  return data({
    form: { ...form, anio: String(period.year), periodo: String(period.number) },
    outline: shownOutline(outline),
    query: new URLSearchParams({
      anio: String(period.year),
      periodo: String(period.number),
      ...(choice.process === undefined ? {} : { proceso: choice.process }),
    }).toString(),
  });
}

export const meta: MetaFunction = () => [{ title: 'Informe cuatrimestral · Seguimiento de Convenios' }];

const PERIODS = ['enero–abril', 'mayo–agosto', 'septiembre–diciembre'];

export default function FourMonths() {
  const { form, outline, query } = useLoaderData<typeof loader>();
  return (
    <div className="report-page">
      <PageHeader
        title={outline?.title ?? 'Informe cuatrimestral de seguimiento'}
        kicker={outline?.kicker ?? COMMISSION}
      />
      <Form method="get" className="filters no-print">
        <div className="filter-fields filter-fields-few">
          <ProcessField
            options={form.processes}
            chosen={form.process}
            error={form.process_error ?? undefined}
          />
          <Field name="anio" label="Año" error={form.error ?? undefined}>
            {(control) => (
              <input {...control} defaultValue={form.anio} inputMode="numeric" size={6} key={form.anio} />
            )}
          </Field>
          <Field name="periodo" label="Periodo">
            {(control) => (
              <select {...control} defaultValue={form.periodo} key={form.periodo}>
                {PERIODS.map((words, index) => (
                  <option key={words} value={index + 1}>
                    {words}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <button type="submit" className="button button-quiet">
            Ver informe
          </button>
          {outline && (
            <a className="more" href={`/informe/cuatrimestral.pdf?${query}`} download>
              Descargar PDF
            </a>
          )}
        </div>
      </Form>
      {outline && (
        <>
          {outline.draft && (
            <p className="draft-mark" aria-hidden="true">
              BORRADOR
            </p>
          )}
          <Verdict sentences={outline.verdict} />
          <Sections sections={outline.sections} />
          <section aria-labelledby="constancia">
            <h2 id="constancia">De este ejemplar</h2>
            <Facts
              rows={outline.facts.map(([name, value]) => [name, <span className="hash">{value}</span>])}
            />
          </section>
          <div className="signatures">
            {outline.signatures.map((name) => (
              <p key={name}>{name}</p>
            ))}
          </div>
          <p className="print-footer">{outline.footer.join(' · ')}</p>
        </>
      )}
    </div>
  );
}
