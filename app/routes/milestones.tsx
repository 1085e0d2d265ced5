// The events every term is counted from: those without date first, with who looks after them and what they hold back.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { ChangeBanners } from '../components/change-banner.tsx';
import { milestoneDay, milestonePath } from '../components/milestone-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { shortDay } from '../domain/agenda.ts';
import { listMilestones } from '../../db/milestones.ts';
import { requireActor } from '../server/access.ts';
import { requireProcess, undoableChanges } from '../server/milestone-page.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'milestones');
  const { process, processes, named } = await requireProcess(context.db, request);
  const milestones = await listMilestones(context.db, process.id);
  const view = (milestone: (typeof milestones)[number]) => ({
    to: milestonePath(milestone.key, named),
    name: milestone.name,
    day: milestoneDay(milestone),
    firm: milestone.firm,
    source: milestone.source,
    owner: milestone.owner_name,
    expected: milestone.expected_on && shortDay(milestone.expected_on, moment.today),
    late: milestone.expected_on !== null && milestone.expected_on < moment.today,
    open: milestone.open,
    waiting: milestone.waiting,
  });
  return {
    process: process.name,
    others: processes
      .filter(({ id }) => id !== process.id)
      .map(({ key, name }) => ({ name, to: `/hitos?proceso=${key}` })),
    undated: milestones.filter(({ on_date, waiting }) => on_date === null && waiting > 0).map(view),
    idle: milestones.filter(({ on_date, waiting }) => on_date === null && waiting === 0).map(view),
    dated: milestones.filter(({ on_date }) => on_date !== null).map(view),
    changes: await undoableChanges(context.db, actor, moment),
  };
}

export const meta: MetaFunction = () => [{ title: 'Hitos · Seguimiento de Convenios' }];

const deadlines = (count: number) => (count === 1 ? '1 vencimiento' : `${count} vencimientos`);

export default function Milestones() {
  const { process, others, undated, idle, dated, changes } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Hitos" kicker={process}>
        <p className="lead">
          De estos eventos se cuentan los plazos. Al mover uno se ve antes qué cambiaría, y por un día se
          puede deshacer.
        </p>
        <p>
          <Link to="/eventos">Eventos que se repiten</Link>
        </p>
        {others.map(({ name, to }) => (
          <p key={to}>
            <Link to={to}>Ver los de {name}</Link>
          </p>
        ))}
      </PageHeader>
      <ChangeBanners changes={changes} />
      <section aria-labelledby="sin-fecha">
        <h2 id="sin-fecha">Eventos sin fecha ({undated.length})</h2>
        {undated.length === 0 ? (
          <EmptyState>Ningún plazo espera a un evento sin fecha.</EmptyState>
        ) : (
          <table className="table stack">
            <caption className="unseen">Eventos sin fecha</caption>
            <thead>
              <tr>
                <th scope="col">Evento</th>
                <th scope="col">Quién lo vigila</th>
                <th scope="col">Se espera</th>
                <th scope="col">Detiene</th>
              </tr>
            </thead>
            <tbody>
              {undated.map((milestone) => (
                <tr key={milestone.to}>
                  <td data-label="Evento">
                    <Link to={milestone.to}>{milestone.name}</Link>
                  </td>
                  <td data-label="Quién lo vigila">{milestone.owner ?? 'Dirección de Vinculación'}</td>
                  <td data-label="Se espera" className="date">
                    {milestone.expected ?? 'Sin previsión'}
                    {milestone.late && <span className="quiet late">ya pasó: ¿ocurrió?</span>}
                  </td>
                  <td data-label="Detiene">{deadlines(milestone.waiting)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section aria-labelledby="con-fecha">
        <h2 id="con-fecha">Con fecha ({dated.length})</h2>
        <table className="table stack">
          <caption className="unseen">Eventos con fecha</caption>
          <thead>
            <tr>
              <th scope="col">Evento</th>
              <th scope="col">Fecha</th>
              <th scope="col">Abiertos que dependen</th>
              <th scope="col">Fuente</th>
            </tr>
          </thead>
          <tbody>
            {dated.map((milestone) => (
              <tr key={milestone.to}>
                <td data-label="Evento">
                  <Link to={milestone.to}>{milestone.name}</Link>
                </td>
                <td data-label="Fecha">
                  {milestone.day} {!milestone.firm && <span className="mark">Provisional</span>}
                </td>
                <td data-label="Abiertos que dependen">
                  {milestone.open === 0 ? 'Ninguno' : deadlines(milestone.open)}
                </td>
                <td data-label="Fuente" className="source">
                  {milestone.source}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {idle.length > 0 && (
        <section aria-labelledby="sin-plazos">
          <h2 id="sin-plazos">Sin fecha y sin plazos que dependan ({idle.length})</h2>
          <ul>
            {idle.map(({ to, name }) => (
              <li key={to}>
                <Link to={to}>{name}</Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
