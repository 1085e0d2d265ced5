// One's own account: who the program takes one for, and the sessions that are open in one's name.
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { SubmitButton } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { ROLE_WORDS } from '../components/staff-words.ts';
import { endSessions, listSessions, sessionId } from '../../db/sessions.ts';
import { needsSecondFactor } from '../../db/second-factor.ts';
import { findPerson } from '../../db/staff.ts';
import { POLICY, requireActor } from '../server/access.ts';
import { readFields } from '../server/request-input.ts';
import { readSessionToken } from '../server/session-cookie.ts';

export const meta: MetaFunction = () => [{ title: 'Mi cuenta · Seguimiento de Convenios' }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'account');
  const token = readSessionToken(request, context.appUrl);
  const own = token === undefined ? undefined : sessionId(token);
  const sessions = await listSessions(context.db, actor.id);
  const person = await findPerson(context.db, actor.id, moment.today);
  const offered = POLICY['second-factor'].some((role) => actor.roles.includes(role));
  return {
    second_step: offered ? await needsSecondFactor(context.db, actor.id) : null,
    name: actor.name,
    email: actor.email,
    posts: actor.areas.map(({ post }) => post),
    handovers: (person?.appointments ?? []).map(({ id, title }) => ({
      title,
      to: `/personas/${actor.id}/entrega/${id}`,
    })),
    roles: actor.roles.map((role) => ROLE_WORDS[role]),
    sessions: sessions.map(({ id, created_at, last_seen_at }) => ({
      id,
      own: id === own,
      opened: instantWords(created_at),
      seen: instantWords(last_seen_at),
    })),
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor } = await requireActor({ request, context }, 'account');
  const { sesion } = await readFields(request, ['sesion']);
  if (!/^[0-9a-f]{64}$/.test(sesion)) throw new Response('El formulario llegó incompleto.', { status: 400 });
  await endSessions(context.db, actor.id, sesion);
  return redirect('/mi-cuenta', 303);
}

export default function Account() {
  const { name, email, posts, handovers, roles, sessions, second_step } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Mi cuenta">
        <Facts
          rows={[
            ['Nombre', name],
            ['Correo', email],
            ['Cargos', posts.join(' · ')],
            ['Papeles', roles.join(' · ')],
          ]}
        />
        <p>
          <Link className="more" to="/suscripcion">
            Mi calendario
          </Link>
        </p>
        {handovers.map(({ title, to }) => (
          <p key={to}>
            <Link className="more" to={to}>
              Entrega–recepción
            </Link>{' '}
            <span className="quiet">{title}</span>
          </p>
        ))}
        {second_step !== null && (
          <p>
            <Link className="more" to="/mi-cuenta/segundo-paso">
              Verificación en dos pasos
            </Link>{' '}
            <span className="quiet">{second_step ? 'activa' : 'no está activa'}</span>
          </p>
        )}
      </PageHeader>
      <section aria-labelledby="sesiones">
        <h2 id="sesiones">{`Sesiones abiertas (${sessions.length})`}</h2>
        <p>Si no reconoces alguna, ciérrala y avisa a la Dirección de Vinculación.</p>
        <ul className="rows">
          {sessions.map(({ id, own, opened, seen }) => (
            <li key={id}>
              <div>
                <p>
                  Abierta {opened} {own && <strong>(ésta)</strong>}
                </p>
                <p className="quiet">Última actividad {seen}</p>
              </div>
              <Form method="post">
                <SubmitButton pending="Cerrando…" quiet name="sesion" value={id}>
                  Cerrar
                </SubmitButton>
              </Form>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
