// The signed texts the obligations come from.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { instrumentPath, INSTRUMENT_WORDS } from '../components/instrument-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { ProcessField } from '../components/process-field.tsx';
import { formatLongDate } from '../domain/plain-date.ts';
import { listInstruments } from '../../db/instruments.ts';
import { requireActor } from '../server/access.ts';
import { chooseProcess } from '../server/process-choice.ts';
import { notFound } from '../server/request-input.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'instruments');
  const { process, options, error } = await chooseProcess(context.db, new URL(request.url).searchParams);
  if (error) throw notFound();
  const instruments = await listInstruments(context.db, process);
  return {
    process,
    options,
    instruments: instruments.map(
      ({ key, kind, title, process_name, signed_on, source, clauses, obligations }) => ({
        key,
        kind: INSTRUMENT_WORDS[kind],
        title,
        process_name,
        signed: signed_on && formatLongDate(signed_on),
        source,
        clauses,
        obligations,
      }),
    ),
  };
}

export const meta: MetaFunction = () => [{ title: 'Instrumentos · Seguimiento de Convenios' }];

export default function Instruments() {
  const { process, options, instruments } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Instrumentos">
        <p className="lead">Los textos de los que nacen las obligaciones, con sus cláusulas.</p>
      </PageHeader>
      {options.length > 0 && (
        <Form method="get" className="filters no-print">
          <div className="filter-fields filter-fields-few">
            <ProcessField options={options} chosen={process} />
            <button type="submit" className="button button-quiet">
              Ver proceso
            </button>
          </div>
        </Form>
      )}
      {instruments.length === 0 && <EmptyState>No hay instrumentos publicados.</EmptyState>}
      <ul className="instruments">
        {instruments.map((instrument) => (
          <li key={instrument.key} className="card">
            <p className="kicker">
              {instrument.kind} · {instrument.process_name}
            </p>
            <h2>
              <Link to={instrumentPath(instrument.key, process)}>{instrument.title}</Link>
            </h2>
            <p>
              {count(instrument.clauses, 'cláusula', 'cláusulas')}
              {instrument.obligations > 0 &&
                ` · ${count(instrument.obligations, 'obligación', 'obligaciones')}`}
              {instrument.signed && ` · firmado el ${instrument.signed}`}
            </p>
            <p className="quiet">{instrument.source}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
