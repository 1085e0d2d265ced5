// One sample of a mail: its subject and its two parts side by side.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { requireActor } from '../server/access.ts';
import { requireSample } from '../server/mail-samples.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'mail-sample');
  const { id, label, render } = requireSample(context, params['id']);
  const { subject, text } = render();
  return { id, label, subject, text };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.label ?? 'Correo'} · Seguimiento de Convenios` },
];

export default function MailSample() {
  const { id, label, subject, text } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={label} kicker={<Link to="/ajustes/correos">Correos</Link>}>
        <Facts
          inline
          rows={[
            ['Asunto', subject],
            ['Caracteres del asunto', String(Array.from(subject).length)],
          ]}
        />
      </PageHeader>
      <div className="mail-parts">
        <section aria-labelledby="html">
          <h2 id="html">Como se ve</h2>
          <iframe
            className="mail-frame"
            title="Correo con formato"
            sandbox=""
            src={`/ajustes/correos/${id}/html`}
          />
        </section>
        <section aria-labelledby="texto">
          <h2 id="texto">Sólo texto</h2>
          <pre className="mail-text">{text}</pre>
        </section>
      </div>
    </>
  );
}
