// One's own second proof at the log-in: enrolling an authenticator application, its recovery codes, giving it up.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { ErrorSummary, Field, SubmitButton, type Errors } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { enrolmentAddress, typedCode } from '../domain/one-time-code.ts';
import {
  answerSecondFactor,
  beginEnrolment,
  confirmEnrolment,
  findSecondFactor,
  renewRecoveryCodes,
  revokeSecondFactor,
  secretToEnrol,
} from '../../db/second-factor.ts';
import { requireActor } from '../server/access.ts';
import { drawQr } from '../server/qr-code.ts';
import { readFields } from '../server/request-input.ts';

const PAGE = '/mi-cuenta/segundo-paso';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor } = await requireActor({ request, context }, 'second-factor');
  const factor = await findSecondFactor(context.db, actor.id);
  // Shown only until it is confirmed: afterwards the application has it and nobody needs to see it.
  const secret =
    factor?.confirmed_at === null ? await secretToEnrol(factor, actor.id, context.seal) : undefined;
  return {
    confirmed: factor?.confirmed_at == null ? null : instantWords(factor.confirmed_at),
    left: factor?.left ?? 0,
    enrolling:
      secret === undefined
        ? null
        : {
            secret: secret.replace(/(.{4})(?=.)/g, '$1 '),
            qr: drawQr(enrolmentAddress(secret, actor.email)),
          },
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'second-factor');
  const { db, seal } = context;
  const { hacer, codigo } = await readFields(request, ['hacer', 'codigo']);
  const none: Errors<'codigo'> = {};
  const refuse = (message: string, status: number) =>
    data({ errors: { codigo: message }, codes: null }, { status });
  if (hacer === 'empezar') {
    await beginEnrolment(db, actor.id, seal, moment);
    throw redirect(PAGE, 303);
  }
  const factor = await findSecondFactor(db, actor.id);
  const fits = { confirmar: false, renovar: true, quitar: true }[hacer];
  if (fits === undefined) throw new Response('El formulario llegó incompleto.', { status: 400 });
  if (!factor || (factor.confirmed_at !== null) !== fits) throw redirect(PAGE, 303);
  if (!typedCode(codigo)) return refuse('Escribe los seis dígitos que muestra tu aplicación', 400);
  const answer = await answerSecondFactor(db, actor.id, codigo, seal);
  if (answer.kind === 'too_many') return refuse('Demasiados códigos incorrectos; espera una hora', 429);
  if (answer.kind === 'wrong') {
    return refuse('Código incorrecto o ya usado. Espera el siguiente e inténtalo otra vez.', 400);
  }
  if (hacer === 'quitar') {
    await revokeSecondFactor(db, { actor_id: actor.id, person_id: actor.id, moment });
    throw redirect(PAGE, 303);
  }
  const write = hacer === 'confirmar' ? confirmEnrolment : renewRecoveryCodes;
  // Shown on this answer and never again: only their hashes are kept.
  return data({ errors: none, codes: await write(db, actor.id, moment) });
}

// Secrets on a page are not for the browser's disk.
export const headers: HeadersFunction = () => ({ 'Cache-Control': 'no-store' });

export const meta: MetaFunction = () => [{ title: 'Verificación en dos pasos · Seguimiento de Convenios' }];

export default function SecondFactor() {
  const { confirmed, enrolling } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      <PageHeader title="Verificación en dos pasos" kicker={<Link to="/mi-cuenta">Mi cuenta</Link>}>
        <p className="lead">
          Después del código del correo se pide el de una aplicación en tu teléfono. Así, quien lea tu buzón
          no puede entrar por ti.
        </p>
      </PageHeader>
      <ErrorSummary errors={answer?.errors} />
      {answer?.codes && <RecoveryCodes codes={answer.codes} />}
      {confirmed ? <Active /> : enrolling ? <Enrolment /> : <Offer />}
    </div>
  );
}

function Offer() {
  return (
    <section aria-labelledby="activar">
      <h2 id="activar">Activarla</h2>
      <p>
        Necesitas una aplicación de autenticación en tu teléfono; sirve cualquiera que lea códigos QR y
        muestre códigos de seis dígitos.
      </p>
      <Form method="post">
        <SubmitButton pending="Preparando…" name="hacer" value="empezar">
          Empezar
        </SubmitButton>
      </Form>
    </section>
  );
}

function CodeField({ label, hint }: { label: string; hint?: string }) {
  const answer = useActionData<typeof action>();
  return (
    <Field name="codigo" label={label} hint={hint} error={answer?.errors.codigo}>
      {(control) => (
        <input
          {...control}
          className="code"
          type="text"
          autoComplete="one-time-code"
          spellCheck={false}
          maxLength={20}
          required
        />
      )}
    </Field>
  );
}

function Enrolment() {
  const { qr, secret } = useLoaderData<typeof loader>().enrolling!;
  return (
    <>
      <section aria-labelledby="aplicacion">
        <h2 id="aplicacion">1. Agrégala a tu aplicación</h2>
        <p>Lee este código con la cámara de la aplicación.</p>
        <svg
          className="qr"
          viewBox={`0 0 ${qr.size} ${qr.size}`}
          role="img"
          aria-label="Código QR con la clave de tu cuenta; la misma clave está abajo como texto"
          shapeRendering="crispEdges"
        >
          <rect width={qr.size} height={qr.size} fill="#fff" />
          <path d={qr.path} fill="#000" />
        </svg>
        <p>
          O escribe esta clave en ella: <code className="secret">{secret}</code>
        </p>
      </section>
      <section aria-labelledby="confirmar">
        <h2 id="confirmar">2. Confirma con un código</h2>
        <Form method="post" className="form" noValidate>
          <CodeField
            label="Código que muestra la aplicación"
            hint="Hasta que lo confirmes nada cambia al entrar."
          />
          <SubmitButton pending="Comprobando…" name="hacer" value="confirmar">
            Activar
          </SubmitButton>
        </Form>
      </section>
      <Form method="post">
        <SubmitButton pending="Preparando…" quiet name="hacer" value="empezar">
          Usar otra clave
        </SubmitButton>
      </Form>
    </>
  );
}

function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <section aria-labelledby="recuperacion" className="notice notice-good" role="status">
      <h2 id="recuperacion">Guarda tus códigos de recuperación</h2>
      <p>
        Cada uno sirve una vez, si no tienes el teléfono. Se muestran sólo ahora: imprímelos o anótalos donde
        nadie más los vea.
      </p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Active() {
  const { confirmed, left } = useLoaderData<typeof loader>();
  return (
    <section aria-labelledby="activa">
      <h2 id="activa">Activa desde {confirmed}</h2>
      <p>{left === 1 ? 'Te queda 1 código' : `Te quedan ${left} códigos`} de recuperación sin usar.</p>
      <Form method="post" className="form" noValidate>
        <CodeField
          label="Código de la aplicación o de recuperación"
          hint="Se pide para renovar los códigos de recuperación y para quitar la verificación."
        />
        <p className="card-actions">
          <SubmitButton pending="Renovando…" quiet name="hacer" value="renovar">
            Renovar códigos de recuperación
          </SubmitButton>
          <SubmitButton pending="Quitando…" quiet name="hacer" value="quitar">
            Quitar la verificación
          </SubmitButton>
        </p>
      </Form>
    </section>
  );
}
