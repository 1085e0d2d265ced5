// One's own calendar: subscribing to it under a secret address, or being invited by mail to each due date, never both.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { SubmitButton } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { chooseInvitations, invitedSince, stopInvitations } from '../../db/calendar-choice.ts';
import { createFeed, listFeeds, revokeFeed, type FeedScope } from '../../db/feeds.ts';
import type { Actor } from '../../db/people.ts';
import { requireActor } from '../server/access.ts';
import { readFields, readId } from '../server/request-input.ts';

export const meta: MetaFunction = () => [{ title: 'Mi calendario · Seguimiento de Convenios' }];

interface Choice {
  value: string;
  scope: FeedScope;
  area_id: number | null;
  label: string;
}

/** The calendars somebody may subscribe to. */
function choicesOf({ areas, roles }: Actor): Choice[] {
  return [
    ...(areas.length > 0
      ? [
          {
            value: 'mis-areas',
            scope: 'person' as const,
            area_id: null,
            label: 'Todo lo que responden mis áreas',
          },
        ]
      : []),
    ...(areas.length > 1
      ? areas.map(({ id, name }) => ({
          value: `area-${id}`,
          scope: 'area' as const,
          area_id: id,
          label: name,
        }))
      : []),
    ...(roles.length > 0
      ? [{ value: 'convenio', scope: 'all' as const, area_id: null, label: 'Todo el convenio' }]
      : []),
  ];
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor } = await requireActor({ request, context }, 'feeds');
  const [feeds, invited] = await Promise.all([
    listFeeds(context.db, actor.id),
    invitedSince(context.db, actor.id),
  ]);
  return {
    invitable: actor.areas.length > 0,
    invited: invited === null ? null : instantWords(invited),
    choices: choicesOf(actor).map(({ value, label }) => ({ value, label })),
    feeds: feeds.map(({ id, scope, area_name, created_at, last_read_at }) => ({
      id,
      label:
        scope === 'all'
          ? 'Todo el convenio'
          : scope === 'person'
            ? 'Todo lo que responden mis áreas'
            : area_name,
      created: instantWords(created_at),
      read: last_read_at === null ? null : instantWords(last_read_at),
    })),
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'feeds');
  const { que, revocar, invitaciones } = await readFields(request, ['que', 'revocar', 'invitaciones']);
  if (invitaciones === 'no') {
    await stopInvitations(context.db, actor.id, moment);
    throw redirect('/suscripcion', 303);
  }
  if (invitaciones === 'si') {
    if (actor.areas.length === 0) {
      throw new Response('Sólo quien ocupa un cargo en un área recibe invitaciones.', { status: 400 });
    }
    await chooseInvitations(context.db, actor.id, moment);
    throw redirect('/suscripcion', 303);
  }
  if (revocar !== '') {
    await revokeFeed(context.db, { id: readId(revocar), owner_id: actor.id }, moment);
    throw redirect('/suscripcion', 303);
  }
  const choice = choicesOf(actor).find(({ value }) => value === que);
  if (!choice) {
    return data({ made: null, error: 'Elige qué vencimientos quieres en tu calendario.' }, { status: 400 });
  }
  const { scope, area_id, label } = choice;
  const token = await createFeed(context.db, { owner_id: actor.id, scope, area_id }, moment);
  // Shown on this answer and never again: only its fingerprint is kept.
  return data({ made: { label, url: `${context.appUrl}/calendarios/${token}.ics` }, error: null });
}

export default function Feeds() {
  const { invitable, invited } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <>
      <PageHeader title="Mi calendario">
        <p>
          Lleva los vencimientos al calendario de tu teléfono o de tu computadora
          {invitable
            ? ' de una de dos maneras: con una suscripción o con invitaciones por correo. '
            : ' con una suscripción. '}
          Los avisos te siguen llegando igual.
        </p>
        {invited !== null && <p>Hoy usas las invitaciones por correo, desde {invited}.</p>}
      </PageHeader>
      {answer?.made && (
        <section className="panel" aria-labelledby="hecha">
          <h2 id="hecha">Dirección de tu calendario: {answer.made.label}</h2>
          <p>
            Cópiala ahora: por seguridad no se vuelve a mostrar. Quien la tenga puede leer estos vencimientos.
          </p>
          <p>
            <code className="secret">{answer.made.url}</code>
          </p>
          <p>
            <a className="button button-quiet" href={answer.made.url.replace(/^https?:/, 'webcal:')}>
              Abrir en mi programa de calendario
            </a>
          </p>
        </section>
      )}
      <Subscription />
      {invitable && <Invitations />}
    </>
  );
}

function Subscription() {
  const { choices, feeds, invited } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <>
      <section aria-labelledby="nueva">
        <h2 id="nueva">Suscripción</h2>
        <p>
          Tu programa lee una dirección secreta y se actualiza solo: cada uno decide cada cuánto, y Google
          puede tardar hasta 24 horas. Los cambios urgentes siempre llegan por correo.
        </p>
        {invited !== null && (
          <p>
            Si creas una, dejan de llegarte las invitaciones por correo. Lo que ya aceptaste se queda en tu
            calendario y no se actualiza: quítalo ahí si no lo quieres ver dos veces.
          </p>
        )}
        {choices.length === 0 ? (
          <EmptyState>Todavía no tienes áreas ni papeles con vencimientos que seguir.</EmptyState>
        ) : (
          <Form method="post" className="form">
            <fieldset className="choices">
              <legend>¿Qué quieres ver en tu calendario?</legend>
              {answer?.error && (
                <p className="field-error">
                  <span aria-hidden="true">✕ </span>
                  {answer.error}
                </p>
              )}
              {choices.map(({ value, label }, index) => (
                <label key={value}>
                  <input type="radio" name="que" value={value} defaultChecked={index === 0} /> {label}
                </label>
              ))}
            </fieldset>
            <SubmitButton pending="Creando…" name="revocar" value="">
              Crear dirección
            </SubmitButton>
          </Form>
        )}
      </section>
      <section aria-labelledby="en-uso">
        <h2 id="en-uso">{`Suscripciones en uso (${feeds.length})`}</h2>
        {feeds.length === 0 ? (
          <EmptyState>No tienes suscripciones.</EmptyState>
        ) : (
          <ul className="rows">
            {feeds.map(({ id, label, created, read }) => (
              <li key={id}>
                <div>
                  <p>{label}</p>
                  <p className="quiet">
                    Creada {created} · {read === null ? 'aún no se ha leído' : `última lectura ${read}`}
                  </p>
                </div>
                <Form method="post">
                  <SubmitButton pending="Revocando…" quiet name="revocar" value={String(id)}>
                    Revocar<span className="unseen"> {label}</span>
                  </SubmitButton>
                </Form>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Invitations() {
  const { feeds, invited } = useLoaderData<typeof loader>();
  return (
    <section aria-labelledby="invitaciones">
      <h2 id="invitaciones">Invitaciones por correo</h2>
      <p>
        Cada vencimiento de tus áreas en los próximos 30 días te llega en una invitación propia, para que lo
        aceptes en tu programa de correo.
      </p>
      <ul className="bullets">
        <li>
          Las primeras mañanas llegan hasta diez al día, primero las más cercanas. Después, una cada vez que
          algo entra en esos 30 días.
        </li>
        <li>
          Si una fecha se mueve o deja de contar, llega otra invitación que la cambia o la quita de tu
          calendario.
        </li>
        <li>
          Una invitación no es un aviso: los avisos llegan como siempre, y el cumplimiento se reporta en la
          página del vencimiento.
        </li>
      </ul>
      {invited === null ? (
        <Form method="post" className="form">
          {feeds.length > 0 && (
            <p>
              {feeds.length === 1
                ? 'Al elegirlas se revoca tu suscripción'
                : `Al elegirlas se revocan tus ${feeds.length} suscripciones`}
              , para que nada aparezca dos veces.
            </p>
          )}
          <SubmitButton pending="Guardando…" name="invitaciones" value="si">
            Recibir invitaciones
          </SubmitButton>
        </Form>
      ) : (
        <Form method="post" className="form">
          <p>Las recibes desde {invited}. Si las dejas, lo que ya aceptaste se queda en tu calendario.</p>
          <SubmitButton pending="Guardando…" quiet name="invitaciones" value="no">
            Dejar de recibirlas
          </SubmitButton>
        </Form>
      )}
    </section>
  );
}
