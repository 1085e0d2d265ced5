// Open deadlines of the next days whose area has nobody who can be told: who is told instead, and what must be mended.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { shortDay } from '../domain/agenda.ts';
import { COVERAGE_DAYS, listCoverageGaps, listVacantDirections } from '../../db/coverage.ts';
import { requireActor } from '../server/access.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'coverage');
  const [gaps, directions] = await Promise.all([
    listCoverageGaps(context.db, moment),
    listVacantDirections(context.db, moment),
  ]);
  return {
    directions,
    days: COVERAGE_DAYS,
    areas: new Set(gaps.map(({ area_id }) => area_id)).size,
    gaps: gaps.map((gap) => ({
      id: gap.deadline_id,
      ref: [gap.ref, gap.process_name].filter(Boolean).join(' · '),
      title: gap.title,
      area: gap.area_name,
      due: shortDay(gap.due_on, moment.today),
      late: gap.days < 0,
      since: gap.from_on <= moment.today ? 'hoy' : `desde el ${shortDay(gap.from_on, moment.today)}`,
      bouncing: gap.suspended.length > 0,
      told: gap.covered_by,
    })),
  };
}

export const meta: MetaFunction = () => [{ title: 'Cobertura · Seguimiento de Convenios' }];

export default function Coverage() {
  const { days, areas, gaps, directions } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Vencimientos sin persona vigente">
        <p className="lead">
          Lo que está vencido o vence en los próximos {days} días y cuya área no tiene a nadie en el cargo,
          hoy o cuando venza, o sólo a personas cuyo correo rebota. Sus avisos suben al área superior; lo que
          remedia la falta es nombrar a alguien o corregir su dirección.
        </p>
        <p>
          <Link to="/personas">Áreas y personas</Link>
        </p>
      </PageHeader>
      {directions.map(({ name, covered_by }) => (
        <p key={name} className="notice">
          {covered_by === null ? (
            <>
              <strong>Nadie</strong> recibe lo que sube a la {name}: no hay persona vigente en ella ni en las
              áreas superiores. Nombra a alguien o corrige su dirección.
            </>
          ) : (
            `Lo que sube a la ${name} lo recibe ${covered_by}: en ella no hay a quién escribirle.`
          )}
        </p>
      ))}
      {gaps.length === 0 ? (
        <EmptyState>Todo lo que vence en los próximos {days} días tiene persona vigente.</EmptyState>
      ) : (
        <table className="table stack">
          <caption>
            {gaps.length === 1 ? '1 vencimiento' : `${gaps.length} vencimientos`} de{' '}
            {areas === 1 ? '1 área' : `${areas} áreas`}
          </caption>
          <thead>
            <tr>
              <th scope="col">Obligación</th>
              <th scope="col">Área</th>
              <th scope="col">Fecha límite</th>
              <th scope="col">Sin nadie</th>
              <th scope="col">Recibe los avisos</th>
            </tr>
          </thead>
          <tbody>
            {gaps.map((gap) => (
              <tr key={gap.id}>
                <td data-label="Obligación">
                  <Link to={`/vencimientos/${gap.id}`}>{gap.title}</Link>{' '}
                  <span className="quiet">{gap.ref}</span>
                </td>
                <td data-label="Área">
                  {gap.area}{' '}
                  {gap.bouncing && <span className="quiet">el correo de todas sus personas rebota</span>}
                </td>
                <td data-label="Fecha límite" className="date">
                  {gap.due} {gap.late && <span className="quiet">ya pasó</span>}
                </td>
                <td data-label="Sin nadie" className="date">
                  {gap.since}
                </td>
                <td data-label="Recibe los avisos">{gap.told ?? <strong>Nadie</strong>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
