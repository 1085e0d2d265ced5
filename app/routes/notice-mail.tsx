// One mail as it is kept: to whom it went, what the server said, the deadlines it told of, and its words.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { longInstantWords } from '../components/moment-words.ts';
import { NoticeTable } from '../components/notice-ledger.tsx';
import { viewNotice } from '../components/notice-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { mailFolio } from '../domain/mail-folio.ts';
import { MAIL_WORDS } from '../domain/mail-words.ts';
import { STANDING_WORDS } from '../domain/notice-standing.ts';
import { listLedger } from '../../db/notice-ledger.ts';
import { mailFingerprint } from '../../db/stored-mail.ts';
import { requireActor } from '../server/access.ts';
import { requireMail } from '../server/mail-access.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'notice-mail');
  const mail = await requireMail(context.db, params.folio);
  const notices = await listLedger(context.db, { mail: mail.id });
  const at = (instant: string | null) => instant && `${longInstantWords(instant)}, tiempo del centro`;
  return {
    folio: mailFolio(mail),
    kind: MAIL_WORDS[mail.kind],
    subject: mail.subject,
    to: mail.to_address === null ? mail.person_name : `${mail.person_name} <${mail.to_address}>`,
    standing: STANDING_WORDS[mail.state].word,
    reason: mail.reason,
    reply: mail.reply,
    made: at(mail.created_at),
    closed: at(mail.closed_at),
    next: mail.closed_at === null ? at(mail.next_attempt_at) : null,
    attempts: mail.attempts,
    possible_duplicate: mail.possible_duplicate,
    message_id: mail.message_id,
    fingerprint: mailFingerprint(mail) ?? null,
    text: mail.text,
    calendar: mail.calendar,
    notices: notices.map(viewNotice),
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? `Correo ${data.folio}` : 'Correo'} · Seguimiento de Convenios` },
];

export default function NoticeMail() {
  const mail = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title={mail.subject ?? `Correo ${mail.folio}`}
        kicker={<Link to="/avisos">Libro de avisos</Link>}
      />
      <Facts
        inline
        rows={[
          ['Folio', mail.folio],
          ['Clase', mail.kind],
          ['Para', mail.to],
          ['Estado', mail.standing],
          ['Preparado', mail.made],
          ['Cerrado', mail.closed],
          ['Siguiente intento', mail.next],
          ['Intentos', mail.attempts],
          ['Respuesta del servidor', mail.reply],
          ['Motivo', mail.reason],
          ['Repetición', mail.possible_duplicate && 'Posible duplicado de un envío anterior'],
          ['Message-ID', mail.message_id && <code className="hash">{mail.message_id}</code>],
          ['Huella SHA-256', mail.fingerprint && <code className="hash">{mail.fingerprint}</code>],
        ]}
      />
      {mail.notices.length > 0 && (
        <section aria-labelledby="avisos">
          <h2 id="avisos">Avisos que lleva</h2>
          <NoticeTable notices={mail.notices} name="Avisos que lleva este correo" deadlines />
        </section>
      )}
      <section aria-labelledby="texto">
        <h2 id="texto">Lo que dice</h2>
        {mail.text === null ? (
          <EmptyState>Todavía no se compone: su texto se escribe al momento de enviarlo.</EmptyState>
        ) : (
          <>
            <pre className="mail-text">{mail.text}</pre>
            {mail.fingerprint && (
              <p className="quiet">
                <a href={`/avisos/${mail.folio}/mensaje`}>Descargar el mensaje guardado</a>: el SHA-256 del
                archivo es la huella de arriba.
              </p>
            )}
          </>
        )}
      </section>
      {mail.calendar !== null && (
        <section aria-labelledby="calendario">
          <h2 id="calendario">Invitación de calendario que lleva</h2>
          <pre className="mail-text">{mail.calendar}</pre>
        </section>
      )}
    </>
  );
}
