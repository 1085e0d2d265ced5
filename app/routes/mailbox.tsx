// The demo's mailbox: every mail the program sent, as each person would have got it.
import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { Field, type Errors } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { MissingPage, PageLinks, pagingOf } from '../components/paging.tsx';
import { parseEmailAddress } from '../domain/email-address.ts';
import { listPage } from '../domain/list-page.ts';
import { formatShortDate, parseIsoDate } from '../domain/plain-date.ts';
import { listMailDays, listSentMail } from '../../db/messages.ts';
import { requireDemo } from '../server/access.ts';

const MAILS_PER_PAGE = 100;

export async function loader({ request, context }: LoaderFunctionArgs) {
  requireDemo({ request, context }, 'mailbox');
  const { searchParams } = new URL(request.url);
  const typed = { dia: searchParams.get('dia') ?? '', direccion: searchParams.get('direccion') ?? '' };
  const day = parseIsoDate(typed.dia);
  const address = parseEmailAddress(typed.direccion);
  const filter = { ...(day.ok && { day: day.value }), ...(address.ok && { address: address.value }) };
  const days = await listMailDays(context.db, filter.address);
  const count = days
    .filter(({ day: sentOn }) => filter.day === undefined || sentOn === filter.day)
    .reduce((sum, { mails }) => sum + mails, 0);
  const shown = listPage(searchParams.get('pagina') ?? '', count, MAILS_PER_PAGE);
  const mails = await listSentMail(context.db, filter, shown);
  const errors: Errors<keyof typeof typed> = {
    ...(typed.dia !== '' && !day.ok && { dia: day.message }),
    ...(typed.direccion !== '' && !address.ok && { direccion: address.message }),
  };
  const page = {
    typed,
    errors,
    days: days.map(({ day: sentOn, mails: count }) => ({
      day: sentOn,
      words: `${formatShortDate(sentOn)} (${count})`,
    })),
    paging: pagingOf(shown, (number) => {
      const params = new URLSearchParams(searchParams);
      params.set('pagina', String(number));
      return `/correos?${params.toString()}`;
    }),
    mails: mails.map((mail) => ({
      id: mail.id,
      subject: mail.subject ?? '',
      to: mail.to_address ?? '',
      person: mail.person_name,
      sent: mail.closed_at ? instantWords(mail.closed_at) : '',
      possible_duplicate: mail.possible_duplicate,
    })),
  };
  return data(page, { status: Object.keys(errors).length === 0 ? 200 : 400 });
}

export const meta: MetaFunction = () => [{ title: 'Buzón de correos · Seguimiento de Convenios' }];

export default function Mailbox() {
  const { typed, errors, days, paging, mails } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Buzón de correos">
        <p className="lead">
          Todo lo que el programa ha enviado en esta demostración, lo más reciente primero. Nada sale de esta
          máquina.
        </p>
      </PageHeader>
      <Form method="get" className="filters">
        <div className="filter-fields filter-fields-few">
          <Field name="direccion" label="Dirección" error={errors.direccion}>
            {(control) => (
              <input
                {...control}
                type="text"
                inputMode="email"
                defaultValue={typed.direccion}
                key={typed.direccion}
              />
            )}
          </Field>
          <Field name="dia" label="Día" error={errors.dia}>
            {(control) => (
              <select {...control} defaultValue={typed.dia} key={typed.dia}>
                <option value="">Todos</option>
                {days.map(({ day, words }) => (
                  <option key={day} value={day}>
                    {words}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <button type="submit" className="button button-quiet">
            Filtrar
          </button>
          {(typed.dia || typed.direccion) && <Link to="/correos">Quitar filtros</Link>}
        </div>
      </Form>
      <MissingPage {...paging} />
      {mails.length === 0 ? (
        <EmptyState>
          Todavía no hay correos{typed.direccion && ` para ${typed.direccion}`}. Un código tarda unos segundos
          en salir. <Link to={`/correos?${new URLSearchParams(typed).toString()}`}>Actualizar</Link>
        </EmptyState>
      ) : (
        <ul className="mails">
          {mails.map((mail) => (
            <li key={mail.id}>
              <Link to={`/correos/${mail.id}`} className="mail-subject">
                {mail.subject}
              </Link>
              <p className="quiet">
                Para {mail.person} &lt;{mail.to}&gt; · {mail.sent}
                {mail.possible_duplicate && ' · posible duplicado'}
              </p>
            </li>
          ))}
        </ul>
      )}
      <PageLinks {...paging} />
    </>
  );
}
