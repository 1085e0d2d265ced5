// One event that repeats: what is counted from it, every time it happened, and the form that records one more.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { DeadlineLines } from '../components/deadline-line.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { EventForm } from '../components/event-form.tsx';
import { Facts } from '../components/facts.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { triggerPath, viewEvent } from '../components/trigger-words.ts';
import { NO_EVENT } from '../domain/event-form.ts';
import { listDeadlinesById } from '../../db/deadlines.ts';
import { listHangingObligations, listOccurrences } from '../../db/triggers.ts';
import { requireActor } from '../server/access.ts';
import { requireTrigger } from '../server/trigger-access.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'trigger');
  const { db } = context;
  const { trigger, named } = await requireTrigger(db, request, params.key);
  const [obligations, occurrences] = await Promise.all([
    listHangingObligations(db, trigger),
    listOccurrences(db, trigger.id),
  ]);
  const deadlines = await listDeadlinesById(
    db,
    moment,
    occurrences.flatMap(({ deadline_ids }) => deadline_ids),
  );
  return {
    name: trigger.name,
    process: trigger.process_name,
    today: moment.today,
    timed: obligations.some(({ timed }) => timed),
    register: actor.roles.includes('direction') ? triggerPath(trigger.key, named, '/registrar') : null,
    obligations,
    events: occurrences.map((occurrence) => ({
      ...viewEvent(occurrence),
      deadlines: deadlines
        .filter(({ id }) => occurrence.deadline_ids.includes(id))
        .map((row) => viewDeadline(row, moment.today)),
    })),
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.name ?? 'Evento'} · Seguimiento de Convenios` },
];

export default function Trigger() {
  const { name, process, today, timed, register, obligations, events } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title={name}
        kicker="Evento que se repite"
        aside={
          <p>
            <Link to="/eventos">Todos los eventos</Link>
          </p>
        }
      >
        <p className="quiet">{process}</p>
      </PageHeader>
      <div className="columns">
        <div>
          <section aria-labelledby="cuelgan">
            <h2 id="cuelgan">Lo que se cuenta desde él</h2>
            {obligations.length === 0 && (
              <EmptyState>Ninguna obligación se cuenta desde este evento por ahora.</EmptyState>
            )}
            <ul className="hanging">
              {obligations.map(({ obligation_id, ref, title, area_name, sentence }) => (
                <li key={obligation_id}>
                  <strong>{title}</strong>
                  <span className="quiet">
                    {ref} · {area_name} · {sentence}
                  </span>
                </li>
              ))}
            </ul>
          </section>
          <section aria-labelledby="veces">
            <h2 id="veces">Veces que ocurrió</h2>
            {events.length === 0 && <EmptyState>Todavía no se registra ninguna.</EmptyState>}
            {events.map((event) => (
              <article
                key={event.id}
                className="event"
                data-withdrawn={event.withdrawn !== null || undefined}
              >
                <h3>{event.when}</h3>
                <Facts
                  inline
                  rows={[
                    ['Asunto', event.description],
                    ['Documento', event.document],
                    ['Registró', event.recorded],
                    ['Se retiró', event.withdrawn?.by],
                    ['Motivo', event.withdrawn?.reason],
                  ]}
                />
                <DeadlineLines deadlines={event.deadlines} />
                {register && !event.withdrawn && (
                  <p>
                    <Link className="more" to={`/eventos/retirar/${event.id}`}>
                      Retirar este registro <span className="unseen">del {event.when}</span>
                    </Link>
                  </p>
                )}
              </article>
            ))}
          </section>
        </div>
        {register && (
          <section className="panel" aria-labelledby="registrar">
            <h2 id="registrar">Registrar que ocurrió</h2>
            <EventForm action={register} typed={NO_EVENT} today={today} timed={timed} />
          </section>
        )}
      </div>
    </>
  );
}
