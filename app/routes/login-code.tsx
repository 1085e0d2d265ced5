// Logging in, second half: the six digits from the mail open a session, or lead to the second code of who has one.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { ErrorSummary, Field, SubmitButton } from '../components/form.tsx';
import { parseEmailAddress } from '../domain/email-address.ts';
import { answerLogin, CODE_MINUTES } from '../../db/login-challenges.ts';
import { needsSecondFactor, openHalfLogin } from '../../db/second-factor.ts';
import { safePath } from '../server/access.ts';
import { completeLogin } from '../server/log-in.ts';
import { readFields } from '../server/request-input.ts';
import { sessionCookieHeader } from '../server/session-cookie.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DEAD = 'El código venció o ya se usó. Pide otro.';

/** Why a wrong code was wrong, with the tries that are left. */
function wrongCode(triesLeft: number): string {
  if (triesLeft === 0) return 'Código incorrecto. Pide un código nuevo.';
  return triesLeft === 1
    ? 'Código incorrecto; te queda 1 intento'
    : `Código incorrecto; te quedan ${triesLeft} intentos`;
}

export function loader({ request, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  if (!UUID.test(searchParams.get('d') ?? '')) throw redirect('/entrar');
  const address = parseEmailAddress(searchParams.get('correo') ?? '');
  return {
    challenge: searchParams.get('d') ?? '',
    back: safePath(searchParams.get('ir')),
    minutes: CODE_MINUTES,
    demoAddress: context.demo && address.ok ? address.value : null,
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { codigo, d, ir } = await readFields(request, ['codigo', 'd', 'ir']);
  if (!UUID.test(d)) throw redirect('/entrar');
  const code = codigo.normalize('NFKC').replace(/\s/g, '');
  if (!/^\d{6}$/.test(code)) {
    return data({ errors: { codigo: 'Escribe los seis dígitos del código' }, codigo }, { status: 400 });
  }
  const answer = await answerLogin(context.db, d, code);
  if (answer.kind === 'dead') return data({ errors: { codigo: DEAD }, codigo: '' }, { status: 400 });
  if (answer.kind === 'wrong') {
    return data({ errors: { codigo: wrongCode(answer.tries_left) }, codigo }, { status: 400 });
  }
  if (await needsSecondFactor(context.db, answer.person_id)) {
    const token = await openHalfLogin(context.db, answer.person_id);
    return redirect(`/entrar/segundo-paso?${new URLSearchParams({ ir: safePath(ir) }).toString()}`, {
      status: 303,
      headers: { 'Set-Cookie': sessionCookieHeader(context.appUrl, token, 'half_login') },
    });
  }
  return completeLogin({ request, context }, answer.person_id, ir);
}

export const meta: MetaFunction = () => [{ title: 'Código de acceso · Seguimiento de Convenios' }];

export default function LoginCode() {
  const { challenge, back, minutes, demoAddress } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      <h1>Escribe el código</h1>
      <p className="lead">
        Si el correo que escribiste tiene una cuenta, en unos segundos recibirá un código de seis dígitos.
        Sirve {minutes} minutos y una sola vez.
      </p>
      {demoAddress && (
        <p className="notice">
          <a href={`/correos?direccion=${encodeURIComponent(demoAddress)}`} target="_blank" rel="noopener">
            Ver el correo con el código
          </a>{' '}
          (buzón de {demoAddress}; se abre en otra pestaña)
        </p>
      )}
      <ErrorSummary errors={answer?.errors} />
      <Form method="post" className="form" noValidate>
        <input type="hidden" name="d" value={challenge} />
        <input type="hidden" name="ir" value={back} />
        <Field name="codigo" label="Código de seis dígitos" error={answer?.errors.codigo}>
          {(control) => (
            <input
              {...control}
              className="code"
              type="text"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={20}
              defaultValue={answer?.codigo}
              required
            />
          )}
        </Field>
        <SubmitButton pending="Comprobando…">Entrar</SubmitButton>
      </Form>
      <p>
        <Link to={back === '/' ? '/entrar' : `/entrar?ir=${encodeURIComponent(back)}`}>
          Pedir otro código
        </Link>
      </p>
    </div>
  );
}
