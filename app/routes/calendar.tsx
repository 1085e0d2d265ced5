// The Dirección's one screen: what falls due, who is getting stuck, and what depends on the Dirección itself.
import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Agenda } from '../components/calendar-agenda.tsx';
import { CalendarMonth } from '../components/calendar-month.tsx';
import { calendarPath, NO_PLACE, type CalendarQuery } from '../components/calendar-query.ts';
import { CalendarWeeks } from '../components/calendar-weeks.tsx';
import { CalendarYear } from '../components/calendar-year.tsx';
import { ChangeBanners } from '../components/change-banner.tsx';
import { DeadlineSide } from '../components/deadline-side.tsx';
import { DeskPanel } from '../components/desk-panel.tsx';
import { FilterBar, filterWords, unfiltered } from '../components/filter-bar.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { MissingPage, PageLinks } from '../components/paging.tsx';
import { SavedViews } from '../components/saved-views.tsx';
import { SelectionForm } from '../components/selection-form.tsx';
import { listSavedViews } from '../../db/saved-views.ts';
import { requireActor } from '../server/access.ts';
import { calendarPage, cutAsked } from '../server/calendar-page.ts';
import { deadlinePanel } from '../server/deadline-panel.ts';
import { directionDesk } from '../server/direction-desk.ts';
import { chooseProcess } from '../server/process-choice.ts';
import { undoableChanges } from '../server/milestone-page.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment: present } = await requireActor({ request, context }, 'calendar');
  const params = new URL(request.url).searchParams;
  const choice = await chooseProcess(context.db, params);
  const [page, desk, changes, views] = await Promise.all([
    calendarPage(context.db, params, present, choice),
    directionDesk(context.db, cutAsked(params, present).moment, choice.process),
    undoableChanges(context.db, actor, present),
    listSavedViews(context.db, actor.id),
  ]);
  const panel =
    page.status === 200 && page.query.ver !== ''
      ? await deadlinePanel(context.db, cutAsked(params, present).moment, actor, Number(page.query.ver))
      : null;
  const reviewer = actor.roles.includes('direction');
  const manager = reviewer || actor.roles.includes('administrator');
  return data({ ...page, desk, changes, views, panel, reviewer, manager }, { status: page.status });
}

export const meta: MetaFunction = () => [{ title: 'Calendario de cumplimiento · Seguimiento de Convenios' }];

type Page = Awaited<ReturnType<typeof loader>>['data'];

export default function Calendar() {
  const page = useLoaderData<typeof loader>();
  const { query, desk, panel } = page;
  return (
    <>
      <PageHeader
        title="Calendario de cumplimiento"
        kicker={page.options.processes.find(({ key }) => key === query.proceso)?.name}
        aside={
          <p>
            Corte: {page.cut}
            {!page.live && <Link to={calendarPath(query, { corte: '' })}>Volver al presente</Link>}
            <Link to="/suscripcion">Suscribirme</Link>
          </p>
        }
      />
      {/* What is wrong stands above every page, for those who can do something about it. */}
      {desk.heartbeat && (desk.heartbeat.ok || !page.manager) && (
        <p className="heartbeat" data-ok={desk.heartbeat.ok}>
          <span aria-hidden="true">{desk.heartbeat.ok ? '✔' : '✖'}</span> {desk.heartbeat.words}
        </p>
      )}
      <ChangeBanners changes={page.changes} />
      <SavedViews views={page.views} query={query} />
      <FilterBar {...page}>
        <ViewSwitch query={query} />
      </FilterBar>
      <div
        className={panel ? 'columns columns-open' : isWide(page.view) ? 'stacked' : 'columns columns-side'}
      >
        <div>
          <View page={page} />
        </div>
        {panel ? (
          <DeadlineSide {...panel} close={calendarPath(query, { ver: '' })} />
        ) : (
          <DeskPanel desk={desk} query={query} reviewer={page.reviewer} manager={page.manager} />
        )}
      </div>
    </>
  );
}

/** Views that need the whole width of the page. */
const isWide = ({ kind }: Page['view']) => kind === 'month' || kind === 'weeks' || kind === 'year';

const VIEWS = [
  ['', 'Agenda'],
  ['mes', 'Mes'],
  ['semanas', 'Semanas'],
  ['año', 'Año'],
] as const;

function ViewSwitch({ query }: { query: CalendarQuery }) {
  const shown = query.vista === 'agenda' ? '' : query.vista;
  return (
    <nav className="views" aria-label="Vista">
      {VIEWS.map(([vista, name]) => (
        <Link
          key={name}
          to={calendarPath(query, { ...NO_PLACE, vista, mes: vista === 'mes' ? query.mes : '' })}
          aria-current={vista === shown ? 'page' : undefined}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}

function View({ page }: { page: Page }) {
  const { view, query, options } = page;
  switch (view.kind) {
    case 'invalid':
      return <Invalid page={page} />;
    case 'no_month':
      return (
        <>
          <h2>Ese mes no existe</h2>
          <p>
            <Link to={calendarPath(query, { mes: '' })}>Ir al mes de hoy</Link>
          </p>
        </>
      );
    case 'agenda':
      if (page.total === 0) {
        return (
          <EmptyState>
            No hay obligaciones publicadas en este convenio. Importa el anexo técnico o clona un proceso
            anterior.
          </EmptyState>
        );
      }
      if (page.matching === 0) return <NoMatch words={filterWords(query, options)} query={query} />;
      return (
        <>
          {view.sections[0]?.key !== 'overdue' && <EmptyState>Sin vencidas al corte.</EmptyState>}
          <SelectionForm query={query} decides={page.reviewer}>
            <Agenda sections={view.sections} query={query} />
          </SelectionForm>
          <p className="quiet">
            La agenda llega al {view.until}. Fuera de ella: {view.later} abiertas con fecha posterior (en la
            vista de mes) y {view.concluded} concluidas o exceptuadas.
          </p>
        </>
      );
    case 'list':
      return (
        <>
          {view.title && <h2>{view.title}</h2>}
          {view.count === 0 && view.title === null && (
            <NoMatch words={filterWords(query, options)} query={query} />
          )}
          {view.count === 0 && view.title !== null && <EmptyState>Nada vence en esas fechas.</EmptyState>}
          <MissingPage {...view.paging} />
          {view.count > 0 && (
            <SelectionForm
              query={query}
              decides={page.reviewer}
              paged={view.paging.previous !== null || view.paging.next !== null}
            >
              <Agenda sections={view.sections} query={query} />
            </SelectionForm>
          )}
          <PageLinks {...view.paging} />
        </>
      );
    case 'month':
      return <CalendarMonth view={view} query={query} />;
    case 'weeks':
      return <CalendarWeeks view={view} query={query} />;
    case 'year':
      return <CalendarYear view={view} query={query} />;
  }
}

function Invalid({ page }: { page: Page }) {
  return (
    <div className="error-summary" role="alert">
      <h2>Revisa los filtros</h2>
      <ul>
        {Object.entries(page.errors).map(([name, message]) => (
          <li key={name}>{message}</li>
        ))}
      </ul>
      <p>
        <Link to={unfiltered({ ...page.query, ...NO_PLACE })}>Quitar filtros</Link>
      </p>
    </div>
  );
}

function NoMatch({ words, query }: { words: string; query: CalendarQuery }) {
  return (
    <EmptyState>
      Ninguna obligación coincide con <em>{words}</em>. <Link to={unfiltered(query)}>Quitar filtros</Link>
    </EmptyState>
  );
}
