// The rows behind a number of the report: what was due at the cut, in one state or in any, of one area or of all.
import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { viewDeadline } from '../components/deadline-view.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { MissingPage, PageLinks, pagingOf } from '../components/paging.tsx';
import { DUE_STATUS_KEYS } from '../components/report-paths.ts';
import { StatusBadge } from '../components/status-badge.tsx';
import { cutAtWords, parseCut } from '../domain/cut.ts';
import { listPage } from '../domain/list-page.ts';
import { complianceTotals } from '../domain/overdue-report.ts';
import { countByStatus, listResponsibleAreas } from '../../db/deadlines.ts';
import { listDueDeadlines } from '../../db/overdue-report.ts';
import { requireActor } from '../server/access.ts';
import { chooseProcess, ofProcess } from '../server/process-choice.ts';

const ROWS_PER_PAGE = 100;

const TITLES = {
  due: 'Exigibles',
  concluded_on_time: 'Concluidas en plazo',
  concluded_late: 'Concluidas fuera de plazo',
  in_review: 'En revisión',
  overdue: 'Vencidas',
};

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment: present } = await requireActor({ request, context }, 'due-deadlines');
  const { searchParams } = new URL(request.url);
  const asked = (name: string) => searchParams.get(name) ?? '';
  const cut = parseCut(asked('corte'), present);
  const state = asked('estado');
  const status = Object.hasOwn(DUE_STATUS_KEYS, state) ? DUE_STATUS_KEYS[state] : undefined;
  const areas = await listResponsibleAreas(context.db);
  const area = areas.find(({ key }) => key === asked('area'));
  const choice = await chooseProcess(context.db, searchParams);
  const error = !cut.ok
    ? cut.message
    : state !== '' && status === undefined
      ? 'No existe ese estado'
      : asked('area') !== '' && !area
        ? 'No existe esa área'
        : choice.error;
  if (!cut.ok || error !== null) return data({ error, list: null }, { status: 400 });

  const moment = cut.value;
  const whose = { ...ofProcess(choice.process), ...(area && { area: area.key }) };
  const filter = { ...whose, ...(status && { status }) };
  const totals = complianceTotals(await countByStatus(context.db, moment, whose));
  const count = totals[status ?? 'due'];
  const page = listPage(asked('pagina'), count, ROWS_PER_PAGE);
  const rows = await listDueDeadlines(context.db, moment, filter, page);
  const pagePath = (number: number) => {
    const params = new URLSearchParams(searchParams);
    params.set('pagina', String(number));
    return `/informe/exigibles?${params.toString()}`;
  };
  return data({
    error: null,
    list: {
      count,
      title: TITLES[status ?? 'due'],
      area: area ? `${area.name} (${area.institution})` : null,
      cut: cutAtWords(moment.at),
      rows: rows.map((row) => viewDeadline(row, moment.today)),
      paging: pagingOf(page, pagePath),
    },
  });
}

export const meta: MetaFunction = () => [{ title: 'Renglones del informe · Seguimiento de Convenios' }];

export default function DueDeadlines() {
  const { error, list } = useLoaderData<typeof loader>();
  if (!list) {
    return (
      <div className="report-page">
        <PageHeader title="Renglones del informe" />
        <EmptyState>{error}.</EmptyState>
      </div>
    );
  }
  return (
    <div className="report-page">
      <PageHeader
        title={`${list.title} (${list.count})`}
        kicker="Informe de obligaciones vencidas"
        aside={<p>Corte: {list.cut}</p>}
      >
        {list.area && <p>{list.area}</p>}
      </PageHeader>
      <MissingPage {...list.paging} />
      {list.rows.length === 0 ? (
        <EmptyState>Ninguno al corte.</EmptyState>
      ) : (
        <table className="table stack">
          <caption>Según la fecha límite</caption>
          <thead>
            <tr>
              <th scope="col">Obligación</th>
              <th scope="col">Área</th>
              <th scope="col">Fecha límite</th>
              <th scope="col">Estado</th>
            </tr>
          </thead>
          <tbody>
            {list.rows.map((row) => (
              <tr key={row.id}>
                <td data-label="Obligación">
                  <Link to={`/vencimientos/${row.id}`}>{row.title}</Link>{' '}
                  <span className="quiet">{row.ref}</span>
                </td>
                <td data-label="Área">{row.area}</td>
                <td data-label="Fecha límite" className="date">
                  {row.due_on && <time dateTime={row.due_on}>{row.due_short}</time>}
                </td>
                <td data-label="Estado">
                  <StatusBadge status={row.status} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <PageLinks {...list.paging} />
    </div>
  );
}
