// Where the weekly mail is stopped: a page with a button for people, one POST for mail programs (RFC 8058).
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { SubmitButton } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { now } from '../../db/clock.ts';
import { setWeeklyMail } from '../../db/weekly-mail.ts';
import { requireMailToken } from '../server/mail-access.ts';
import { readFields } from '../server/request-input.ts';

export async function loader({ context, params }: LoaderFunctionArgs) {
  const { weekly } = await requireMailToken({ context, params });
  return { stopped: !weekly };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { person_id } = await requireMailToken({ context, params });
  const { otra_vez } = await readFields(request, ['otra_vez']);
  const stopped = otra_vez !== 'si';
  await setWeeklyMail(context.db, { person_id, stopped }, await now(context.db));
  return { stopped };
}

export const meta: MetaFunction = () => [{ title: 'Resumen semanal · Seguimiento de Convenios' }];

export default function WeeklyMail() {
  const page = useLoaderData<typeof loader>();
  const { stopped } = useActionData<typeof action>() ?? page;
  return (
    <>
      <PageHeader title="Resumen semanal de la Comisión">
        <p className="lead" role="status">
          {stopped
            ? 'Ya no recibes el resumen de los lunes. Los demás correos siguen igual.'
            : 'Recibes cada lunes un resumen de lo que está vencido. Puedes dejar de recibirlo; fuera de las invitaciones de calendario, es el único correo que se puede detener.'}
        </p>
      </PageHeader>
      <Form method="post">
        {stopped && <input type="hidden" name="otra_vez" value="si" />}
        <SubmitButton pending="Guardando…">
          {stopped ? 'Volver a recibirlo' : 'Dejar de recibirlo'}
        </SubmitButton>
      </Form>
    </>
  );
}
