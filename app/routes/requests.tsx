// The Dirección's queue of what areas ask: more time, or another area; the one waiting longest first.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { sinceDay } from '../components/deadline-view.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { viewRequest } from '../components/request-words.ts';
import { localDate } from '../domain/plain-date.ts';
import { listOpenRequests } from '../../db/area-requests.ts';
import { requireActor } from '../server/access.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'requests');
  const open = await listOpenRequests(context.db);
  return {
    open: open.map((asked) => ({
      ...viewRequest(asked),
      ref: asked.ref,
      title: asked.title,
      area: asked.area_name,
      waiting: sinceDay(localDate(asked.asked_at), moment.today),
    })),
  };
}

export const meta: MetaFunction = () => [{ title: 'Solicitudes · Seguimiento de Convenios' }];

export default function Requests() {
  const { open } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Solicitudes de las áreas">
        <p className="lead">
          Prórrogas y obligaciones que un área dice que no son suyas. La que más espera va primero.
        </p>
      </PageHeader>
      {open.length === 0 ? (
        <EmptyState>No hay solicitudes por resolver.</EmptyState>
      ) : (
        <table className="table stack">
          <caption>{open.length === 1 ? '1 solicitud' : `${open.length} solicitudes`} por resolver</caption>
          <thead>
            <tr>
              <th scope="col">Solicitud</th>
              <th scope="col">Obligación</th>
              <th scope="col">Área</th>
              <th scope="col">Espera</th>
            </tr>
          </thead>
          <tbody>
            {open.map(({ id, what, ref, title, area, waiting }) => (
              <tr key={id}>
                <td data-label="Solicitud">
                  <Link to={`/solicitudes/${id}`}>{what}</Link>
                </td>
                <td data-label="Obligación">
                  <span>
                    {title} <span className="quiet">{ref}</span>
                  </span>
                </td>
                <td data-label="Área">{area}</td>
                <td data-label="Espera" className="date">
                  {waiting}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
