// The dates of a process beside those of the one it was copied from, and what is left out of it.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { ErrorSummary, Field, SubmitButton } from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { parseFreeText } from '../domain/free-text.ts';
import { daysBetween, formatHour, formatShortDate, type IsoDate } from '../domain/plain-date.ts';
import { leaveOut } from '../../db/process-preparation.ts';
import {
  compareWithSource,
  type ComparedObligation,
  type DatesOfObligation,
} from '../../db/process-review.ts';
import { requireActor } from '../server/access.ts';
import { authorOf, requireProcess, requireUnpublished } from '../server/process-access.ts';
import { notFound, readFields } from '../server/request-input.ts';

interface Row {
  ref: string;
  title: string;
  area: string;
  here: string;
  there: string;
  difference: string;
  provisional: boolean;
}

function rowOf({ ref, title, area_name, here, there, added }: ComparedObligation): Row {
  const days = here?.first_on && there?.first_on ? daysBetween(there.first_on, here.first_on) : null;
  return {
    ref,
    title,
    area: area_name,
    here: datesWords(here),
    there: added ? 'No estaba' : datesWords(there),
    difference: days === null ? '' : days === 0 ? 'igual' : `${days > 0 ? '+' : '−'}${Math.abs(days)} días`,
    provisional: here?.provisional ?? false,
  };
}

function datesWords(dates: DatesOfObligation | null): string {
  if (!dates) return 'Sin fecha propia';
  const { count, first_on, last_on, time, waiting_for } = dates;
  if (first_on === null) return `Espera: ${waiting_for ?? ''}`;
  const hour = time && count === 1 ? `, ${formatHour(time)}` : '';
  if (count === 1 || last_on === null) return `${formatShortDate(first_on)}${hour}`;
  return `${count} fechas, del ${formatShortDate(first_on)} al ${formatShortDate(last_on)}`;
}

function sectionsOf(rows: ComparedObligation[], today: IsoDate) {
  const section = (id: string, title: string, note: string, of: (row: ComparedObligation) => boolean) => ({
    id,
    title,
    note,
    rows: rows.filter((row) => row.left_out === null && !row.fixed && of(row)).map(rowOf),
  });
  const first = ({ here }: ComparedObligation) => here?.first_on ?? null;
  return [
    section(
      'anteriores',
      'Con fecha anterior a hoy',
      'Al publicar aparecerían vencidas. Si no se deben en este proceso, déjalas fuera.',
      (row) => (first(row) ?? today) < today,
    ),
    section('calculadas', 'Fechas calculadas', '', (row) => (first(row) ?? '') >= today),
    section('espera', 'En espera de un hito', '', ({ here }) => here !== null && here.first_on === null),
    section(
      'sin-fecha',
      'Sin fecha propia',
      'Deberes permanentes y plazos que se abren cada vez que ocurre un evento.',
      ({ here }) => here === null,
    ),
  ];
}

export async function loader(asked: LoaderFunctionArgs) {
  const { moment } = await requireActor(asked, 'process-dates');
  const process = await requireProcess(asked.context.db, asked.params.key);
  const rows = await compareWithSource(asked.context.db, process);
  return {
    key: process.key,
    name: process.name,
    source: process.source_name,
    prepared: process.published_at === null,
    sections: sectionsOf(rows, moment.today),
    fixed: rows.filter(({ fixed }) => fixed).length,
    left_out: rows.flatMap(({ ref, title, left_out }) =>
      left_out === null ? [] : [{ ref, title, left_out }],
    ),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment } = await requireActor(asked, 'process-dates');
  const process = await requireUnpublished(asked.context.db, asked.params.key);
  const { ref, reason, back } = await readFields(asked.request, ['ref', 'reason', 'back']);
  const read = parseFreeText(reason, {
    max: 500,
    line: true,
    required: 'Escribe por qué no se debe en este proceso',
  });
  if (back === '' && !read.ok) {
    return data({ errors: { reason: read.message }, typed: { ref, reason } }, { status: 400 });
  }
  const words = back === '' && read.ok ? read.value : null;
  if (!(await leaveOut(asked.context.db, process, ref, words, authorOf(actor), moment))) throw notFound();
  return redirect(`/procesos/${process.key}/fechas`, 303);
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Fechas de ${page?.name ?? 'un proceso'} · Seguimiento de Convenios` },
];

export default function ProcessDates() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const at = `/procesos/${page.key}`;
  const total = page.sections.reduce((sum, { rows }) => sum + rows.length, 0);
  return (
    <>
      <PageHeader title="Fechas del proceso" kicker={<Link to={at}>{page.name}</Link>}>
        {page.source && <p className="lead">Al lado de las de «{page.source}».</p>}
      </PageHeader>
      {page.fixed > 0 && (
        <p className="notice">
          <Link to={`${at}/fechas-fijas`}>
            {page.fixed === 1 ? '1 plazo nombra' : `${page.fixed} plazos nombran`} días del otro proceso
          </Link>{' '}
          y todavía no {page.fixed === 1 ? 'da' : 'dan'} fecha en éste.
        </p>
      )}
      {total === 0 && <EmptyState>Este proceso todavía no tiene obligaciones.</EmptyState>}
      {page.prepared && total > 0 && (
        <section aria-labelledby="dejar">
          <h2 id="dejar">Dejar una obligación fuera</h2>
          <ErrorSummary errors={answer?.errors} />
          <Form method="post" className="fill-fields" noValidate>
            <Field name="ref" label="Obligación">
              {(control) => (
                <select {...control} defaultValue={answer?.typed.ref}>
                  {page.sections.flatMap(({ rows }) =>
                    rows.map(({ ref, title }) => (
                      <option key={ref} value={ref}>
                        {ref} · {title}
                      </option>
                    )),
                  )}
                </select>
              )}
            </Field>
            <Field name="reason" label="Por qué no se debe en este proceso" error={answer?.errors.reason}>
              {(control) => <input {...control} type="text" defaultValue={answer?.typed.reason} />}
            </Field>
            <SubmitButton quiet pending="Guardando…">
              Dejar fuera
            </SubmitButton>
          </Form>
        </section>
      )}
      {page.sections
        .filter(({ rows }) => rows.length > 0)
        .map((section) => (
          <section key={section.id} aria-labelledby={section.id}>
            <h2 id={section.id}>
              {section.title} <span className="count">{section.rows.length}</span>
            </h2>
            {section.note && <p className="quiet">{section.note}</p>}
            <DatesTable rows={section.rows} source={page.source} />
          </section>
        ))}
      {page.left_out.length > 0 && (
        <section aria-labelledby="fuera">
          <h2 id="fuera">
            Dejadas fuera <span className="count">{page.left_out.length}</span>
          </h2>
          <ul className="areas">
            {page.left_out.map(({ ref, title, left_out }) => (
              <li key={ref}>
                <strong>
                  {ref} · {title}
                </strong>
                <span className="person-line">{left_out}</span>
                {page.prepared && (
                  <Form method="post">
                    <input type="hidden" name="ref" value={ref} />
                    <button type="submit" className="button-plain" name="back" value="sí">
                      Incluir otra vez <span className="unseen">{ref}</span>
                    </button>
                  </Form>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function DatesTable({ rows, source }: { rows: Row[]; source: string | null }) {
  return (
    <table className="table stack">
      <thead>
        <tr>
          <th scope="col">Obligación</th>
          <th scope="col">En este proceso</th>
          <th scope="col">{source ?? 'En el de origen'}</th>
          <th scope="col">Diferencia</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ ref, title, area, here, there, difference, provisional }) => (
          <tr key={ref}>
            <th scope="row">
              {title}
              <span className="quiet person-line">
                {ref} · {area}
              </span>
            </th>
            <td data-label="Aquí">
              <span>
                {here} {provisional && <span className="mark">Provisional</span>}
              </span>
            </td>
            <td data-label="Antes">
              <span>{there}</span>
            </td>
            <td data-label="Diferencia">
              <span>{difference}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
