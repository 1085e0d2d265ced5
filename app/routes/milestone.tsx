// One milestone: its date and every one it had, with the act and the person behind each, and what hangs from it.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { ChangeBanners } from '../components/change-banner.tsx';
import { Facts } from '../components/facts.tsx';
import { MilestoneForm } from '../components/milestone-form.tsx';
import { milestoneDay, milestonePath } from '../components/milestone-words.ts';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { formatHour, formatLongDate, formatShortDate } from '../domain/plain-date.ts';
import { listDependants, listMilestoneVersions } from '../../db/milestones.ts';
import { requireActor } from '../server/access.ts';
import { requireMilestone, undoableChanges } from '../server/milestone-page.ts';

/** More rows than anybody reads; the calendar has them all. */
const MOST = 500;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'milestone');
  const { db } = context;
  const { milestone, process, named } = await requireMilestone(db, request, params.key);
  const [versions, dependants, changes] = await Promise.all([
    listMilestoneVersions(db, milestone.id),
    listDependants(db, process.id, milestone.key, MOST),
    undoableChanges(db, actor, moment),
  ]);
  return {
    process: process.name,
    named,
    path: milestonePath(milestone.key, null, 'mover'),
    watch: milestonePath(milestone.key, named, 'vigilancia'),
    name: milestone.name,
    day: milestoneDay(milestone),
    dated: milestone.on_date !== null,
    firm: milestone.firm,
    source: milestone.source,
    note: milestone.note,
    owner: milestone.owner_name ?? 'Dirección de Vinculación',
    expected: milestone.expected_on && formatLongDate(milestone.expected_on),
    mover: actor.roles.includes('direction'),
    versions: versions.map((version) => ({
      number: version.version,
      day: milestoneDay(version),
      firm: version.firm,
      dated: version.on_date !== null,
      expected: version.expected_on && formatShortDate(version.expected_on),
      source: version.source,
      note: version.note,
      by: version.recorded_by_name ?? 'Catálogo',
      recorded: instantWords(version.recorded_at),
      change: version.change_id,
      undoes: version.undoes,
    })),
    dependants: dependants.map(({ id, ref, title, area_name, due_on, due_time, settled, sentence }) => ({
      id,
      ref,
      title,
      area: area_name,
      due:
        due_on === null
          ? 'en espera'
          : `${formatShortDate(due_on)}${due_time ? `, ${formatHour(due_time)}` : ''}`,
      settled,
      sentence,
    })),
    changes,
  };
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.name ?? 'Hito'} · Seguimiento de Convenios` },
];

const BLANK = { estado: 'firme', fecha: '', hora: '', acto: '', nota: '' };

export default function Milestone() {
  const page = useLoaderData<typeof loader>();
  const open = page.dependants.filter((row) => !row.settled);
  const settled = page.dependants.filter((row) => row.settled);
  return (
    <>
      <PageHeader title={page.name} kicker={page.process}>
        <p className="big-date">
          {page.day} {page.dated && !page.firm && <span className="mark">Provisional</span>}
        </p>
      </PageHeader>
      <ChangeBanners changes={page.changes} />
      <div className="columns">
        <div>
          <section aria-labelledby="dependen">
            <h2 id="dependen">Abiertos que dependen de él ({open.length})</h2>
            {open.length === 0 ? (
              <EmptyState>Ningún plazo abierto se cuenta desde este evento.</EmptyState>
            ) : (
              <Dependants name="Abiertos que dependen" rows={open} />
            )}
            {settled.length > 0 && (
              <details>
                <summary>Concluidos o exceptuados, que ya no se mueven ({settled.length})</summary>
                <Dependants name="Concluidos o exceptuados" rows={settled} />
              </details>
            )}
          </section>
          <section aria-labelledby="historia">
            <h2 id="historia">Historia</h2>
            <ol className="versions" reversed>
              {page.versions.map((version) => (
                <li key={version.number}>
                  <strong>{version.day}</strong>{' '}
                  {version.dated && !version.firm && <span className="mark">Provisional</span>}
                  {version.expected && <span className="quiet"> Se espera: {version.expected}</span>}
                  <p>
                    {version.undoes && 'Vuelve a su fecha: se deshizo el cambio. '}
                    {version.source}
                    {version.note && <span className="quiet"> {version.note}</span>}
                  </p>
                  <p className="quiet">
                    Registró {version.by}, {version.recorded}.{' '}
                    {version.change !== null && <Link to={`/cambios/${version.change}`}>Ver el cambio</Link>}
                  </p>
                </li>
              ))}
            </ol>
          </section>
        </div>
        <aside className="panel" aria-label="Registrar o mover">
          {page.mover && (
            <>
              <h2>{page.dated ? 'Mover la fecha' : 'Registrar el evento'}</h2>
              <MilestoneForm action={page.path} process={page.named} typed={BLANK} />
            </>
          )}
          {!page.dated && (
            <>
              <h2>Mientras no tiene fecha</h2>
              <Facts
                rows={[
                  ['Lo vigila', page.owner],
                  ['Se espera', page.expected ?? 'Sin previsión'],
                ]}
              />
              {page.mover && (
                <p>
                  <Link className="more" to={page.watch}>
                    Decir quién lo vigila y cuándo se espera
                  </Link>
                </p>
              )}
            </>
          )}
          <h2>Fuente</h2>
          <p className="source">{page.source}</p>
          {page.note && <p className="quiet">{page.note}</p>}
          <p>
            <Link to={page.named ? `/hitos?proceso=${page.named}` : '/hitos'}>Todos los hitos</Link>
          </p>
        </aside>
      </div>
    </>
  );
}

type Rows = Awaited<ReturnType<typeof loader>>['dependants'];

function Dependants({ name, rows }: { name: string; rows: Rows }) {
  return (
    <table className="table stack">
      <caption className="unseen">{name}</caption>
      <thead>
        <tr>
          <th scope="col">Obligación</th>
          <th scope="col">Área</th>
          <th scope="col">Vence</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td data-label="Obligación">
              <Link to={`/vencimientos/${row.id}`}>{row.title}</Link>{' '}
              <span className="quiet">
                {row.ref} · {row.sentence}
              </span>
            </td>
            <td data-label="Área">{row.area}</td>
            <td data-label="Vence" className="date">
              {row.due}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
