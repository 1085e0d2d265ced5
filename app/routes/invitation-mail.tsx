// Where calendar invitations are stopped: a page with a button for people, one POST for mail programs (RFC 8058).
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { SubmitButton } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { stopInvitations } from '../../db/calendar-choice.ts';
import { now } from '../../db/clock.ts';
import { requireMailToken } from '../server/mail-access.ts';

export async function loader({ context, params }: LoaderFunctionArgs) {
  const { invited } = await requireMailToken({ context, params });
  return { invited };
}

export async function action({ context, params }: ActionFunctionArgs) {
  const { person_id } = await requireMailToken({ context, params });
  await stopInvitations(context.db, person_id, await now(context.db));
  return { invited: false };
}

export const meta: MetaFunction = () => [{ title: 'Invitaciones de calendario · Seguimiento de Convenios' }];

export default function InvitationMail() {
  const page = useLoaderData<typeof loader>();
  const { invited } = useActionData<typeof action>() ?? page;
  return (
    <>
      <PageHeader title="Invitaciones de calendario">
        <p className="lead" role="status">
          {invited
            ? 'Recibes por correo una invitación de calendario por cada vencimiento de tus áreas. Puedes dejar de recibirlas; los avisos siguen igual.'
            : 'No recibes invitaciones de calendario. Los avisos siguen igual, y lo que aceptaste se queda en tu calendario.'}
        </p>
      </PageHeader>
      {invited ? (
        <Form method="post">
          <SubmitButton pending="Guardando…">Dejar de recibirlas</SubmitButton>
        </Form>
      ) : (
        <p>
          <Link className="more" to="/suscripcion">
            Elegir otra vez en Mi calendario
          </Link>
        </p>
      )}
    </>
  );
}
