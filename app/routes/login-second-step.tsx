// Logging in, for who asked for it: after the code of the mail, that of the authenticator application.
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
import { typedCode } from '../domain/one-time-code.ts';
import { answerHalfLogin } from '../../db/second-factor.ts';
import { safePath } from '../server/access.ts';
import { completeLogin } from '../server/log-in.ts';
import { readFields } from '../server/request-input.ts';
import { readSessionToken } from '../server/session-cookie.ts';

export function loader({ request, context }: LoaderFunctionArgs) {
  if (!readSessionToken(request, context.appUrl, 'half_login')) throw redirect('/entrar');
  return { back: safePath(new URL(request.url).searchParams.get('ir')) };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { codigo, ir } = await readFields(request, ['codigo', 'ir']);
  const token = readSessionToken(request, context.appUrl, 'half_login');
  if (!token) throw redirect('/entrar');
  const refuse = (message: string, init: { status: number; headers?: Record<string, string> }) =>
    data({ errors: { codigo: message } }, init);
  if (!typedCode(codigo)) {
    return refuse('Escribe los seis dígitos de tu aplicación o un código de recuperación', { status: 400 });
  }
  const answer = await answerHalfLogin(context.db, token, codigo, context.seal);
  switch (answer.kind) {
    case 'dead':
      return refuse('El paso anterior venció. Vuelve a entrar con tu correo.', { status: 400 });
    case 'too_many':
      return refuse('Demasiados códigos incorrectos; espera una hora', {
        status: 429,
        headers: { 'Retry-After': '3600' },
      });
    case 'wrong':
      return refuse('Código incorrecto o ya usado. Espera el siguiente e inténtalo otra vez.', {
        status: 400,
      });
    case 'person':
      return completeLogin({ request, context }, answer.person_id, ir);
  }
}

// Remix drops what an action says about its answer unless the page repeats it.
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = () => [{ title: 'Segundo paso · Seguimiento de Convenios' }];

export default function LoginSecondStep() {
  const { back } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      <h1>Segundo paso</h1>
      <p className="lead">
        Tu cuenta pide además el código de seis dígitos que muestra tu aplicación de autenticación.
      </p>
      <ErrorSummary errors={answer?.errors} />
      <Form method="post" className="form" noValidate>
        <input type="hidden" name="ir" value={back} />
        <Field
          name="codigo"
          label="Código de la aplicación"
          hint="Si no tienes el teléfono a la mano, escribe uno de tus códigos de recuperación."
          error={answer?.errors.codigo}
        >
          {(control) => (
            <input
              {...control}
              className="code"
              type="text"
              autoComplete="one-time-code"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={20}
              required
            />
          )}
        </Field>
        <SubmitButton pending="Comprobando…">Entrar</SubmitButton>
      </Form>
      <p>
        <Link to="/entrar">Volver a empezar</Link>
      </p>
      <p className="quiet">
        Si perdiste el teléfono y los códigos, pide a la administración que quite este paso de tu cuenta.
      </p>
    </div>
  );
}
