// The Dirección's queue: reports nobody has decided about, the one waiting longest first.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { sinceDay } from '../components/deadline-view.ts';
import { ListKeys } from '../components/list-keys.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { timelinessWords } from '../components/report-words.ts';
import { shortDay } from '../domain/agenda.ts';
import { FULFILMENT_WORDS } from '../domain/fulfilment.ts';
import { localDate } from '../domain/plain-date.ts';
import { listPendingReviews } from '../../db/reviews.ts';
import { requireActor } from '../server/access.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'review-queue');
  const pending = await listPendingReviews(context.db, moment);
  return {
    pending: pending.map((report) => ({
      id: report.id,
      folio: report.folio,
      ref: [report.ref, report.process_name].filter(Boolean).join(' · '),
      title: report.title,
      area: report.area_name,
      waiting: sinceDay(localDate(report.recorded_at), moment.today),
      act: shortDay(report.act_on, moment.today),
      due: report.due_on === null ? 'sin fecha' : shortDay(report.due_on, moment.today),
      timeliness: timelinessWords(report, report),
      fulfilment: report.fulfilment === 'full' ? null : FULFILMENT_WORDS[report.fulfilment],
    })),
  };
}

export const meta: MetaFunction = () => [{ title: 'Revisión · Seguimiento de Convenios' }];

export default function ReviewQueue() {
  const { pending } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Reportes por revisar">
        <p className="lead">
          Mientras un reporte está aquí, su área no recibe avisos: el turno es de la Dirección. El que más
          espera va primero.
        </p>
      </PageHeader>
      {pending.length === 0 ? (
        <EmptyState>No hay reportes por revisar.</EmptyState>
      ) : (
        <table className="table stack queue">
          <caption>{pending.length === 1 ? '1 reporte' : `${pending.length} reportes`} por revisar</caption>
          <thead>
            <tr>
              <th scope="col">Reporte</th>
              <th scope="col">Obligación</th>
              <th scope="col">Área</th>
              <th scope="col">Acto y fecha límite</th>
              <th scope="col">Espera</th>
            </tr>
          </thead>
          <tbody>
            {pending.map((report) => (
              <tr key={report.id}>
                <td data-label="Reporte">
                  <span>
                    {report.folio}
                    {report.fulfilment && <span className="quiet"> {report.fulfilment}</span>}
                  </span>
                </td>
                <td data-label="Obligación">
                  <Link to={`/revision/${report.id}`} data-row>
                    {report.title}
                  </Link>{' '}
                  <span className="quiet">{report.ref}</span>
                </td>
                <td data-label="Área">{report.area}</td>
                <td data-label="Acto y fecha límite">
                  Acto: {report.act}{' '}
                  <span className="quiet">
                    Límite: {report.due} · {report.timeliness.toLowerCase()}
                  </span>
                </td>
                <td data-label="Espera" className="date">
                  {report.waiting}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {pending.length > 0 && <ListKeys />}
    </>
  );
}
