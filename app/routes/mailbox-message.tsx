// One mail of the demo's mailbox with both its parts.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { longInstantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { findSentMail } from '../../db/messages.ts';
import { requireDemo } from '../server/access.ts';
import { notFound, readId } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  requireDemo({ request, context }, 'mailbox-message');
  const mail = await findSentMail(context.db, readId(params.id));
  if (!mail) throw notFound();
  return {
    id: mail.id,
    subject: mail.subject ?? '',
    person: mail.person_name,
    to: mail.to_address ?? '',
    sent: mail.closed_at ? longInstantWords(mail.closed_at) : '',
    message_id: mail.message_id,
    reply: mail.reply,
    text: mail.text ?? '',
    calendar: mail.calendar,
    possible_duplicate: mail.possible_duplicate,
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.subject ?? 'Correo'} · Seguimiento de Convenios` },
];

export default function MailboxMessage() {
  const mail = useLoaderData<typeof loader>();
  return (
    <>
      <p>
        <Link to={`/correos?direccion=${encodeURIComponent(mail.to)}`}>← Correos de {mail.to}</Link>
      </p>
      <PageHeader title={mail.subject} />
      <Facts
        inline
        rows={[
          ['Para', `${mail.person} <${mail.to}>`],
          ['Enviado', mail.sent],
          ['Message-ID', <code className="hash">{mail.message_id}</code>],
          ['Respuesta del servidor', mail.reply],
          ['Aviso', mail.possible_duplicate && 'Posible duplicado de un envío anterior'],
        ]}
      />
      <section aria-labelledby="html">
        <h2 id="html">Como se ve</h2>
        <iframe
          className="mail-frame"
          title="Correo con formato"
          sandbox=""
          src={`/correos/${mail.id}/html`}
        />
      </section>
      <section aria-labelledby="texto">
        <h2 id="texto">Sólo texto</h2>
        <pre className="mail-text">{mail.text}</pre>
      </section>
      {mail.calendar !== null && (
        <section aria-labelledby="calendario">
          <h2 id="calendario">Invitación que lleva</h2>
          <pre className="mail-text">{mail.calendar}</pre>
        </section>
      )}
    </>
  );
}
