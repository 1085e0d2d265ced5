// Areas and people: who holds each post today, what is vacant, and the form that adds somebody.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { ErrorSummary, Field, SubmitButton, type Errors } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { POST_WORDS, ROLE_WORDS } from '../components/staff-words.ts';
import { parseEmailAddress } from '../domain/email-address.ts';
import { parseFreeText } from '../domain/free-text.ts';
import { listBouncing } from '../../db/bounces.ts';
import { addPerson, listOthers, listStaff } from '../../db/staff.ts';
import { requireActor } from '../server/access.ts';
import { readFields } from '../server/request-input.ts';

export const meta: MetaFunction = () => [{ title: 'Áreas y personas · Seguimiento de Convenios' }];

const POSTS = ['head', 'liaison', 'deputy'] as const;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'people');
  const [areas, people, bouncing] = await Promise.all([
    listStaff(context.db, moment.today),
    listOthers(context.db, moment.today),
    listBouncing(context.db),
  ]);
  const rows = areas.map(({ id, name, institution, answers, holders }) => ({
    id,
    name,
    institution,
    answers,
    vacant: answers && holders.length === 0,
    posts: POSTS.map((kind) => {
      const holder = holders.find((candidate) => candidate.kind === kind);
      return holder ? { id: holder.person_id, name: holder.name } : null;
    }),
  }));
  return {
    answering: rows.filter(({ answers }) => answers),
    others: rows.filter(({ answers }) => !answers),
    vacant: rows.filter(({ vacant }) => vacant).length,
    bouncing: bouncing.map(({ id, name, email, bounced_at, reason }) => ({
      id,
      name,
      email,
      since: bounced_at === null ? '' : instantWords(bounced_at),
      reason: reason ?? '',
    })),
    people: people
      .filter(({ seated, roles, disabled_at }) => !seated || roles.length > 0 || disabled_at !== null)
      .map(({ id, name, email, roles, seated, disabled_at }) => ({
        id,
        name,
        email,
        state:
          disabled_at !== null
            ? 'De baja'
            : roles.length > 0
              ? roles.map((role) => ROLE_WORDS[role]).join(' · ')
              : seated
                ? ''
                : 'Sin cargo ni papel',
      })),
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'people');
  const typed = await readFields(request, ['nombre', 'correo']);
  const name = parseFreeText(typed.nombre, { max: 200, line: true, required: 'Escribe el nombre' });
  const email = parseEmailAddress(typed.correo);
  const errors: Errors<'nombre' | 'correo'> = {
    ...(name.ok ? {} : { nombre: name.message }),
    ...(email.ok ? {} : { correo: email.message }),
  };
  if (!name.ok || !email.ok) return data({ errors, typed }, { status: 400 });
  const act = { actor_id: actor.id, moment };
  const id = await addPerson(context.db, { name: name.value, email: email.value }, act);
  if (id === undefined) {
    errors.correo = 'Ya existe una persona con ese correo';
    return data({ errors, typed }, { status: 409 });
  }
  return redirect(`/personas/${id}`, 303);
}

type Row = ReturnType<typeof useLoaderData<typeof loader>>['answering'][number];

export default function People() {
  const { answering, others, vacant, people, bouncing } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <>
      <PageHeader title="Áreas y personas">
        <p>
          Los avisos se dirigen a los cargos y se resuelven a personas al enviarse. Quien termina su encargo
          deja de recibirlos ese día.
        </p>
      </PageHeader>
      {bouncing.length > 0 && (
        <section aria-labelledby="rebotan">
          <h2 id="rebotan" className="section-title">
            Direcciones que rebotan <span className="count">{bouncing.length}</span>
          </h2>
          <p>
            No se les escribe mientras tanto: sus avisos van a quien sigue en el área o arriba de ella.
            Corregir la dirección, o guardar la misma, lo remedia.
          </p>
          <ul className="rows">
            {bouncing.map(({ id, name, email, since, reason }) => (
              <li key={id}>
                <div>
                  <Link to={`/personas/${id}`}>{name}</Link>
                  <p className="quiet">
                    {email} · desde {since} · {reason}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="responden">
        <h2 id="responden" className="section-title">
          Áreas con obligaciones <span className="count">{answering.length}</span>
        </h2>
        {vacant > 0 && (
          <p className="notice">
            {vacant === 1
              ? '1 área con obligaciones no tiene a nadie en sus cargos: sus avisos suben al área superior.'
              : `${vacant} áreas con obligaciones no tienen a nadie en sus cargos: sus avisos suben al área superior.`}
          </p>
        )}
        <Posts rows={answering} caption="Quién ocupa cada cargo hoy" />
      </section>
      <section aria-labelledby="papeles">
        <h2 id="papeles" className="section-title">
          Personas con papel o sin cargo <span className="count">{people.length}</span>
        </h2>
        {people.length === 0 ? (
          <EmptyState>Todas las personas ocupan un cargo y ninguna tiene otro papel.</EmptyState>
        ) : (
          <ul className="rows">
            {people.map(({ id, name, email, state }) => (
              <li key={id}>
                <div>
                  <Link to={`/personas/${id}`}>{name}</Link>
                  <p className="quiet">{email}</p>
                </div>
                <p>{state}</p>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="alta">
        <h2 id="alta">Dar de alta a una persona</h2>
        <ErrorSummary errors={answer?.errors} />
        <Form method="post" className="form" noValidate>
          <Field name="nombre" label="Nombre" error={answer?.errors.nombre}>
            {(control) => (
              <input
                {...control}
                type="text"
                autoComplete="off"
                defaultValue={answer?.typed.nombre}
                required
              />
            )}
          </Field>
          <Field
            name="correo"
            label="Correo institucional"
            hint="Ahí llegan sus avisos y su código para entrar."
            error={answer?.errors.correo}
          >
            {(control) => (
              <input
                {...control}
                type="email"
                autoComplete="off"
                defaultValue={answer?.typed.correo}
                required
              />
            )}
          </Field>
          <SubmitButton pending="Guardando…">Dar de alta y asignar cargo</SubmitButton>
        </Form>
      </section>
      <section aria-labelledby="demas">
        <details>
          <summary>
            <h2 id="demas" className="section-title">
              Áreas sin obligaciones propias <span className="count">{others.length}</span>
            </h2>
          </summary>
          <Posts rows={others} caption="Quién ocupa cada cargo hoy" />
        </details>
      </section>
    </>
  );
}

function Posts({ rows, caption }: { rows: Row[]; caption: string }) {
  return (
    <table className="table stack" aria-label={caption}>
      <thead>
        <tr>
          <th scope="col">Área</th>
          {POSTS.map((kind) => (
            <th key={kind} scope="col">
              {POST_WORDS[kind]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, name, institution, vacant, posts }) => (
          <tr key={id}>
            <th scope="row">
              {name}
              <span className="quiet">
                {institution}
                {vacant && ' · sin persona vigente'}
              </span>
            </th>
            {posts.map((holder, index) => (
              <td key={POSTS[index]} data-label={POST_WORDS[POSTS[index]!]}>
                {holder ? (
                  <Link to={`/personas/${holder.id}`}>{holder.name}</Link>
                ) : (
                  <span className="quiet">vacante</span>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
