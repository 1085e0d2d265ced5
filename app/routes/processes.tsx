// The electoral processes of this installation, published and in preparation.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { listProcesses } from '../../db/processes.ts';
import { requireActor } from '../server/access.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'processes');
  const processes = await listProcesses(context.db);
  return {
    processes: processes.map(({ published_at, ...process }) => ({
      ...process,
      state: published_at ? `Publicado el ${instantWords(published_at)}` : 'En preparación',
      prepared: published_at === null,
    })),
  };
}

export const meta: MetaFunction = () => [{ title: 'Procesos · Seguimiento de Convenios' }];

export default function Processes() {
  const { processes } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title="Procesos"
        aside={
          processes.length > 0 && (
            <Link className="button" to="/procesos/nuevo">
              Nuevo proceso
            </Link>
          )
        }
      >
        <p className="lead">
          Cada elección es un proceso con sus instrumentos, hitos y fechas. Mientras está en preparación nadie
          fuera de la Dirección lo ve y no manda avisos.
        </p>
      </PageHeader>
      {processes.length === 0 && <EmptyState>Todavía no hay procesos.</EmptyState>}
      <ul className="instruments">
        {processes.map((process) => (
          <li key={process.key} className="card">
            <p className="kicker">{process.state}</p>
            <h2>
              <Link to={`/procesos/${process.key}`}>{process.name}</Link>
            </h2>
            <p>
              {process.obligations === 0
                ? 'Sin instrumentos todavía'
                : `${process.instruments} instrumentos · ${process.obligations} obligaciones`}
              {process.source_name && ` · a partir de ${process.source_name}`}
            </p>
            {process.obligations > 0 && (
              <p>
                <Link className="more" to={`/procesos/nuevo?desde=${process.key}`}>
                  Nuevo proceso a partir de éste <span className="unseen">({process.name})</span>
                </Link>
              </p>
            )}
            {process.prepared && process.obligations === 0 && (
              <p>
                <Link className="more" to={`/procesos/nuevo?clave=${process.key}`}>
                  Llenarlo a partir de otro <span className="unseen">({process.name})</span>
                </Link>
              </p>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
