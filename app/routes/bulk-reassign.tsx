// Passing several obligations to another area: choose the area, see what would pass, apply it all or nothing.
import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { calendarPath, NOTHING, OPEN_KEY } from '../components/calendar-query.ts';
import { ApplyForm, ChoiceForm, obligationsWords } from '../components/bulk-order.tsx';
import { ErrorSummary } from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { Refusal } from '../components/refusal.tsx';
import type { Db } from '../../db/client.ts';
import { listResponsibleAreas } from '../../db/deadlines.ts';
import { findPassing, passObligations } from '../../db/reassignment.ts';
import { requireActor } from '../server/access.ts';
import { areaOptions } from '../server/area-options.ts';
import { takeOrder } from '../server/bulk-order.ts';
import { notFound } from '../server/request-input.ts';
import { readSelection } from '../server/selection.ts';

/** What was chosen with the areas it may pass to: those of its own institution, and not where all of it is already. */
async function readChoice(db: Db, ids: number[], key: string) {
  const passing = await findPassing(db, ids);
  if (!passing) throw notFound();
  const institutions = new Set(passing.obligations.map(({ institution }) => institution));
  const from = new Set(passing.obligations.map(({ area_id }) => area_id));
  const areas = (await listResponsibleAreas(db)).filter(
    ({ id, institution }) => institutions.has(institution) && !from.has(id),
  );
  const area = areas.find((candidate) => candidate.key === key);
  const mixed = institutions.size > 1;
  const error = mixed
    ? 'Elegiste obligaciones del INE y del IEM: reasígnalas por separado'
    : area
      ? null
      : 'Elige un área de la misma institución, distinta de la que hoy responde';
  return { passing, areas: mixed ? [] : areas, area: mixed ? undefined : area, error };
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'bulk-reassign');
  const params = new URL(request.url).searchParams;
  const ids = readSelection(params.getAll('id'));
  if (ids.length === 0) return data({ ids, areas: [], area: null, obligations: [], seen: '', error: null });
  const asked = params.get('area');
  const { passing, areas, area, error } = await readChoice(context.db, ids, asked ?? '');
  const shown = asked === null && areas.length > 0 ? null : error;
  return data(
    {
      ids,
      areas: areaOptions(areas),
      area: area ? { key: area.key, name: area.name } : null,
      obligations: passing.obligations,
      seen: passing.fingerprint,
      error: shown,
    },
    { status: shown === null ? 200 : 400 },
  );
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'bulk-reassign');
  const { db } = context;
  return takeOrder(request, {
    field: 'area',
    reasonMissing: 'Escribe por qué pasan a otra área; queda en la bitácora',
    choose: async (ids, typed) => {
      const { area, error } = await readChoice(db, ids, typed);
      return area ? { chosen: area } : { error: error ?? '' };
    },
    apply: (order, area) => passObligations(db, { ...order, area_id: area.id, person_id: actor.id }, moment),
    next: (area) => calendarPath(NOTHING, { area: area.key, estado: OPEN_KEY }),
  });
}

export const meta: MetaFunction = () => [{ title: 'Reasignar obligaciones · Seguimiento de Convenios' }];

export default function BulkReassign() {
  const { ids, areas, area, obligations, seen, error } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const open = obligations.reduce((sum, obligation) => sum + obligation.open, 0);
  return (
    <>
      <PageHeader
        title={
          area ? `Pasar ${obligationsWords(obligations.length)} a ${area.name}` : 'Reasignar obligaciones'
        }
      >
        <p className="lead">
          {area
            ? 'Nada ha cambiado todavía. Revisa la lista y aplica.'
            : 'Elige el área que responderá; antes de aplicar verás qué pasa a ella.'}
        </p>
      </PageHeader>
      <Refusal title="No se reasignó nada" refusal={answer?.refused} />
      <ErrorSummary errors={answer?.errors ?? (error ? { area: error } : undefined)} />
      {ids.length === 0 ? (
        <EmptyState>
          No elegiste ningún vencimiento. <Link to="/calendario?elegir=algunos">Vuelve al calendario</Link> y
          marca los que pasan a otra área.
        </EmptyState>
      ) : (
        <>
          {areas.length > 0 && (
            <ChoiceForm
              ids={ids}
              name="area"
              value={area?.key ?? ''}
              label="Área que responderá"
              none="Elige un área"
              options={areas}
              error={answer?.errors['area'] ?? error ?? undefined}
              submit="Ver qué pasaría"
            />
          )}
          <table className="table stack">
            <caption>
              Con cada obligación pasan todos sus vencimientos, también los que no elegiste. Los avisos ya
              planeados se cancelan y los siguientes van al área nueva.
            </caption>
            <thead>
              <tr>
                <th scope="col">Obligación</th>
                <th scope="col">Hoy responde</th>
                <th scope="col" className="number">
                  Elegidos
                </th>
                <th scope="col" className="number">
                  Abiertos
                </th>
                <th scope="col" className="number">
                  Cerrados
                </th>
              </tr>
            </thead>
            <tbody>
              {obligations.map((obligation) => (
                <tr key={obligation.id}>
                  <td data-label="Obligación">
                    <span>
                      {obligation.title} <span className="quiet">{obligation.ref}</span>
                    </span>
                  </td>
                  <td data-label="Hoy responde">
                    {obligation.area_name} ({obligation.institution})
                  </td>
                  <td data-label="Elegidos" className="number">
                    {obligation.chosen}
                  </td>
                  <td data-label="Abiertos" className="number">
                    {obligation.open}
                  </td>
                  <td data-label="Cerrados" className="number">
                    {obligation.settled}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {area && (
            <ApplyForm
              ids={ids}
              name="area"
              value={area.key}
              seen={seen}
              answer={answer}
              submit={`Reasignar ${obligationsWords(obligations.length)}`}
              pending="Reasignando…"
            >
              Pasan {obligationsWords(obligations.length)} con{' '}
              {open === 1 ? '1 vencimiento abierto' : `${open} vencimientos abiertos`} a {area.name}. Se
              aplica todo o nada.
            </ApplyForm>
          )}
        </>
      )}
    </>
  );
}
