// The closed cuts of the Commission's report: each can be read for ever exactly as it was closed.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { cutAtWords } from '../domain/cut.ts';
import { COMMISSION } from '../domain/overdue-outline.ts';
import { listCuts } from '../../db/report-cuts.ts';
import { requireActor } from '../server/access.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'report-cuts');
  const cuts = await listCuts(context.db);
  return {
    isNew: new URL(request.url).searchParams.get('nuevo'),
    cuts: cuts.map(({ folio, cut_at, closed_at, closed_by_name, due, overdue, sha256 }) => ({
      folio,
      due,
      overdue,
      sha256,
      cut: cutAtWords(cut_at),
      closed: `${instantWords(closed_at)}, ${closed_by_name}`,
    })),
  };
}

export const meta: MetaFunction = () => [{ title: 'Cortes cerrados · Seguimiento de Convenios' }];

export default function ReportCuts() {
  const { cuts, isNew } = useLoaderData<typeof loader>();
  return (
    <div className="report-page">
      <PageHeader
        title="Cortes cerrados"
        kicker={COMMISSION}
        aside={<Link to="/informe/vencidas?corte=ahora">Ver el estado de ahora</Link>}
      />
      {isNew !== null && cuts.some(({ folio }) => folio === isNew) && (
        <p className="notice notice-good" role="status">
          <strong>El corte quedó cerrado con el folio {isNew}.</strong>
        </p>
      )}
      {cuts.length === 0 ? (
        <EmptyState>
          Todavía no se ha cerrado ningún corte. La Dirección lo cierra desde el informe, antes de la sesión.
        </EmptyState>
      ) : (
        <table className="table stack">
          <caption>Del más reciente al más antiguo</caption>
          <thead>
            <tr>
              <th scope="col">Folio</th>
              <th scope="col">Corte</th>
              <th scope="col" className="number">
                Vencidas
              </th>
              <th scope="col" className="number">
                Exigibles
              </th>
              <th scope="col">Cerrado</th>
              <th scope="col">Huella y comparación</th>
            </tr>
          </thead>
          <tbody>
            {cuts.map((cut) => (
              <tr key={cut.folio}>
                <td data-label="Folio">
                  <Link to={`/informe/vencidas?folio=${cut.folio}`}>{cut.folio}</Link>
                </td>
                <td data-label="Corte">{cut.cut}</td>
                <td data-label="Vencidas" className="number">
                  {cut.overdue}
                </td>
                <td data-label="Exigibles" className="number">
                  {cut.due}
                </td>
                <td data-label="Cerrado">{cut.closed}</td>
                <td data-label="Huella y comparación">
                  <code className="hash">{cut.sha256}</code>{' '}
                  <Link
                    to={`/informe/vencidas?corte=ahora&comparar=${cut.folio}`}
                    aria-label={`Comparar ahora con ${cut.folio}`}
                  >
                    Comparar ahora con éste
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
