// One change of dates as it was applied: the act, what it moved, and who was written to.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { milestonePath } from '../components/milestone-words.ts';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { formatHour, formatShortDate } from '../domain/plain-date.ts';
import { findScheduleChange, listChangedDeadlines, listChangeMails } from '../../db/change-mails.ts';
import { requireActor } from '../server/access.ts';
import { undoableChanges } from '../server/milestone-page.ts';
import { notFound, readId } from '../server/request-input.ts';

const MAIL_STATES = {
  queued: 'por enviar',
  sending: 'enviándose',
  retry: 'se reintenta',
  uncertain: 'se reintenta',
  accepted: 'aceptado',
  failed: 'sin entregar',
  cancelled: 'cancelado',
  bounced: 'rebotado',
};

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'schedule-change');
  const { db } = context;
  const id = readId(params.id);
  const change = await findScheduleChange(db, id);
  if (!change) throw notFound();
  const [deadlines, mails, undoable] = await Promise.all([
    listChangedDeadlines(db, id),
    listChangeMails(db, id),
    undoableChanges(db, actor, moment),
  ]);
  const day = (date: { due_on: string | null; due_time: string | null } | null) =>
    date === null
      ? 'no existe'
      : date.due_on === null
        ? 'en espera'
        : `${formatShortDate(date.due_on)}${date.due_time ? `, ${formatHour(date.due_time)}` : ''}`;
  return {
    summary: change.summary,
    act: change.act,
    note: change.note,
    by: `${change.recorded_by_name}, ${instantWords(change.recorded_at)}`,
    undone: change.undone_at && `${change.undone_by_name}, ${instantWords(change.undone_at)}`,
    milestone:
      change.milestone_key === null
        ? null
        : { to: milestonePath(change.milestone_key, null), name: change.milestone_name ?? '' },
    deadlines: deadlines.map((row) => ({
      id: row.deadline_id,
      ref: row.ref,
      title: row.title,
      area: row.area_name,
      old: day(row.old),
      new: day(row.new),
    })),
    mails: mails.map(({ kind, state, area_name, person_name }) => ({
      area: area_name,
      person: person_name,
      kind: kind === 'rectification' ? 'Rectificación' : 'Cambio de fecha',
      state: MAIL_STATES[state],
    })),
    undoable: undoable
      .filter((change) => change.id === id)
      .map(({ until }) => ({ to: `/cambios/${id}/deshacer`, until }))[0],
  };
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.summary ?? 'Cambio de fecha'} · Seguimiento de Convenios` },
];

export default function ScheduleChange() {
  const page = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={page.milestone?.name ?? page.summary} kicker="Cambio de fecha">
        {page.milestone && <p className="lead">{page.summary}</p>}
        <Facts
          rows={[
            ['Documento', page.act],
            ['Registró', page.by],
            ['Nota', page.note],
            ['Se deshizo', page.undone],
          ]}
        />
      </PageHeader>
      {page.undone && (
        <p className="notice">Este cambio se deshizo: las fechas volvieron a ser las de antes.</p>
      )}
      {page.undoable && (
        <p className="actions">
          <Link className="button button-quiet" to={page.undoable.to}>
            Deshacer
          </Link>
          <span className="quiet">Se puede hasta el {page.undoable.until}.</span>
        </p>
      )}
      <section aria-labelledby="vencimientos">
        <h2 id="vencimientos">Vencimientos que cambiaron ({page.deadlines.length})</h2>
        {page.deadlines.length === 0 ? (
          <EmptyState>Ningún vencimiento cambió de fecha.</EmptyState>
        ) : (
          <table className="table stack">
            <caption className="unseen">Vencimientos que cambiaron</caption>
            <thead>
              <tr>
                <th scope="col">Obligación</th>
                <th scope="col">Área</th>
                <th scope="col">Antes</th>
                <th scope="col">Después</th>
              </tr>
            </thead>
            <tbody>
              {page.deadlines.map((row) => (
                <tr key={row.id}>
                  <td data-label="Obligación">
                    <Link to={`/vencimientos/${row.id}`}>{row.title}</Link>{' '}
                    <span className="quiet">{row.ref}</span>
                  </td>
                  <td data-label="Área">{row.area}</td>
                  <td data-label="Antes" className="date">
                    {row.old}
                  </td>
                  <td data-label="Después" className="date">
                    {row.new}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section aria-labelledby="correos">
        <h2 id="correos">Correos ({page.mails.length})</h2>
        {page.mails.length === 0 ? (
          <EmptyState>No se escribió a ningún área.</EmptyState>
        ) : (
          <table className="table stack">
            <caption className="unseen">Correos a las áreas</caption>
            <thead>
              <tr>
                <th scope="col">Área</th>
                <th scope="col">Persona</th>
                <th scope="col">Correo</th>
              </tr>
            </thead>
            <tbody>
              {page.mails.map(({ area, person, kind, state }) => (
                <tr key={`${area}${kind}`}>
                  <td data-label="Área">{area}</td>
                  <td data-label="Persona">{person}</td>
                  <td data-label="Correo">
                    {kind} <span className="quiet">{state}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {page.milestone && (
        <p>
          <Link to={page.milestone.to}>Ver el hito</Link>
        </p>
      )}
    </>
  );
}
