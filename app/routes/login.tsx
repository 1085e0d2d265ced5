// Logging in, first half: somebody says their address and a code is sent to it.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { ErrorSummary, Field, SubmitButton } from '../components/form.tsx';
import { parseEmailAddress } from '../domain/email-address.ts';
import { DEMO_LOGIN_LIMITS, PRODUCTION_LOGIN_LIMITS, requestLogin } from '../../db/login-challenges.ts';
import { now } from '../../db/clock.ts';
import { listExamplePeople } from '../../db/people.ts';
import { findVisitor, homeOf, safePath } from '../server/access.ts';
import { readFields } from '../server/request-input.ts';

type ExamplePerson = Awaited<ReturnType<typeof listExamplePeople>>[number];

const GROUPS: { title: string; holds: (person: ExamplePerson) => boolean }[] = [
  { title: 'Dirección de Vinculación', holds: ({ roles }) => roles.includes('direction') },
  { title: 'Comisión', holds: ({ roles }) => roles.includes('commission') },
  { title: 'Administración', holds: ({ roles }) => roles.includes('administrator') },
  { title: 'Áreas del IEM', holds: ({ institution }) => institution === 'IEM' },
  { title: 'INE', holds: ({ institution }) => institution === 'INE' },
];

/** The example people under the first group that holds them, and there by area: one line per area. */
function groupPeople(people: ExamplePerson[]) {
  const rest = new Set(people);
  return GROUPS.map(({ title, holds }) => {
    const members = [...rest].filter(holds);
    members.forEach((person) => rest.delete(person));
    const areas = new Map<string, { label: string; email: string }[]>();
    for (const { name, email, areas: ofPerson } of members) {
      const area = ofPerson.find((candidate) => name.endsWith(` de ${candidate}`)) ?? name;
      const label = area === name ? 'Entrar' : name.slice(0, -` de ${area}`.length);
      areas.set(area, [...(areas.get(area) ?? []), { label, email }]);
    }
    return { title, areas: [...areas].map(([area, inArea]) => ({ area, people: inArea })) };
  }).filter(({ areas }) => areas.length > 0);
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await findVisitor({ request, context });
  return {
    back: safePath(new URL(request.url).searchParams.get('ir')),
    logged: actor ? { name: actor.name, home: homeOf(actor) } : null,
    example: context.demo ? groupPeople(await listExamplePeople(context.db, moment.today)) : [],
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { correo, ir } = await readFields(request, ['correo', 'ir']);
  const address = parseEmailAddress(correo);
  if (!address.ok) return data({ errors: { correo: address.message }, correo }, { status: 400 });
  const limits = context.demo ? DEMO_LOGIN_LIMITS : PRODUCTION_LOGIN_LIMITS;
  const asked = { email: address.value, ip: context.ip };
  const result = await requestLogin(context.db, asked, limits, await now(context.db));
  if (result.kind === 'too_many') {
    const errors = { correo: 'Demasiadas solicitudes; espera una hora' };
    return data({ errors, correo }, { status: 429, headers: { 'Retry-After': '3600' } });
  }
  const query = new URLSearchParams({ d: result.challenge_id, ir: safePath(ir) });
  // In a demo the page must know whose mail to open; elsewhere no address travels in an address bar.
  if (context.demo) query.set('correo', address.value);
  return redirect(`/entrar/codigo?${query.toString()}`, 303);
}

// Remix drops what an action says about its answer unless the page repeats it.
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = () => [{ title: 'Entrar · Seguimiento de Convenios' }];

export default function Login() {
  const { back, logged, example } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="login">
      <section>
        <h1>Entrar</h1>
        <p className="lead">
          Aquí se sigue cada obligación del convenio entre el INE y el IEM: qué vence, quién responde y con
          qué se comprueba.
        </p>
        {logged && (
          <p className="notice">
            Hay una sesión abierta de {logged.name}. <Link to={logged.home}>Seguir con ella</Link>, o escribe
            otro correo para cambiar de persona.
          </p>
        )}
        <ErrorSummary errors={answer?.errors} />
        <Form method="post" className="form" noValidate>
          <input type="hidden" name="ir" value={back} />
          <Field
            name="correo"
            label="Correo institucional"
            hint="Te enviaremos un código de seis dígitos. No hay contraseñas."
            error={answer?.errors.correo}
          >
            {(control) => (
              <input {...control} type="email" autoComplete="email" defaultValue={answer?.correo} required />
            )}
          </Field>
          <SubmitButton pending="Enviando el código…">Enviar código</SubmitButton>
        </Form>
      </section>
      {example.length > 0 && (
        <section aria-labelledby="personas" className="example-people">
          <h2 id="personas">Entra como una persona de ejemplo</h2>
          <p className="quiet">Cada una ve lo suyo. El código llega al buzón de esta demostración.</p>
          <Form method="post">
            <input type="hidden" name="ir" value={back} />
            {example.map((group) => (
              <ExampleGroup key={group.title} group={group} />
            ))}
          </Form>
        </section>
      )}
    </div>
  );
}

type Group = ReturnType<typeof groupPeople>[number];

/** The INE's people are many and seldom played: folded away. */
function ExampleGroup({ group: { title, areas } }: { group: Group }) {
  const list = (
    <ul>
      {areas.map(({ area, people }) => (
        <li key={area}>
          <span className="example-area">{area}</span>
          <span className="example-posts">
            {people.map(({ label, email }) => (
              <button key={email} type="submit" name="correo" value={email} className="person" title={email}>
                {label} <span className="unseen">· {area}</span>
              </button>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
  if (title !== 'INE') {
    return (
      <div className="example-group">
        <h3>{title}</h3>
        {list}
      </div>
    );
  }
  return (
    <details className="example-group">
      <summary>
        <h3>{title}</h3>
      </summary>
      {list}
    </details>
  );
}
