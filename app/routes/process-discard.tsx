// Discarding a process that was never published.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { ErrorSummary, Field, FormEnd, SubmitButton } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { discardProcess } from '../../db/processes.ts';
import { requireActor } from '../server/access.ts';
import { authorOf, published, requireProcess, requireUnpublished } from '../server/process-access.ts';
import { readFields } from '../server/request-input.ts';

export async function loader(asked: LoaderFunctionArgs) {
  await requireActor(asked, 'process-discard');
  const process = await requireProcess(asked.context.db, asked.params.key);
  if (process.published_at !== null) throw redirect(`/procesos/${process.key}`);
  return { key: process.key, name: process.name };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment } = await requireActor(asked, 'process-discard');
  const process = await requireUnpublished(asked.context.db, asked.params.key);
  const { key } = await readFields(asked.request, ['key']);
  if (key.trim() !== process.key) {
    return data({ errors: { key: `Escribe ${process.key} para confirmarlo` }, typed: key }, { status: 400 });
  }
  if (!(await discardProcess(asked.context.db, process, authorOf(actor), moment))) throw published();
  return redirect('/procesos', 303);
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Descartar ${page?.name ?? 'un proceso'} · Seguimiento de Convenios` },
];

export default function ProcessDiscard() {
  const { key, name } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      <PageHeader title="Descartar el proceso" kicker={<Link to={`/procesos/${key}`}>{name}</Link>}>
        <p className="lead">
          Deja de existir para todas las personas y su clave queda libre. El proceso del que se copió no
          cambia.
        </p>
      </PageHeader>
      <ErrorSummary errors={answer?.errors} />
      <Form method="post" className="form" noValidate>
        <Field name="key" label={`Para confirmarlo, escribe su clave: ${key}`} error={answer?.errors.key}>
          {(control) => <input {...control} type="text" defaultValue={answer?.typed} autoComplete="off" />}
        </Field>
        <FormEnd cancel={`/procesos/${key}`}>
          <SubmitButton pending="Descartando…">Descartar</SubmitButton>
        </FormEnd>
      </Form>
    </div>
  );
}
