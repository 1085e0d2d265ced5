// Every mail the program sends, as named samples with made-up data: the list.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { PageHeader } from '../components/page-header.tsx';
import { requireActor } from '../server/access.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'mail-samples');
  return {
    samples: context.mailSamples.map(({ id, label, render }) => ({ id, label, subject: render().subject })),
  };
}

export const meta: MetaFunction = () => [{ title: 'Correos · Seguimiento de Convenios' }];

export default function MailSamples() {
  const { samples } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Correos" kicker={<Link to="/ajustes">Ajustes</Link>}>
        <p className="lead">
          Cómo se ve cada correo que envía el programa, con datos de ejemplo. Ver una muestra no envía nada.
        </p>
      </PageHeader>
      <ul className="mails">
        {samples.map(({ id, label, subject }) => (
          <li key={id}>
            <Link to={`/ajustes/correos/${id}`} className="mail-subject">
              {label}
            </Link>
            <p className="quiet">Asunto: {subject}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
