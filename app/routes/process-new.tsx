// A new process made from an existing one: what it is called, and what comes along.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { ErrorSummary, Field, FormEnd, Select, SubmitButton, type Errors } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { NEW_PROCESS_FIELDS, parseNewProcess, type NewProcessField } from '../domain/process-form.ts';
import { copyProcess } from '../../db/process-copy.ts';
import { listProcesses } from '../../db/processes.ts';
import { requireActor } from '../server/access.ts';
import { authorOf } from '../server/process-access.ts';
import { readFields } from '../server/request-input.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'process-new');
  const asked = new URL(request.url).searchParams;
  const processes = await listProcesses(context.db);
  const filling = processes.find(({ key, obligations }) => key === asked.get('clave') && obligations === 0);
  const sources = processes.filter(({ obligations }) => obligations > 0);
  return {
    sources: sources.map(({ key, name }) => ({ key, name })),
    from: sources.find(({ key }) => key === asked.get('desde'))?.key ?? sources[0]?.key ?? '',
    name: filling?.name ?? '',
    key: filling?.key ?? '',
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'process-new');
  const typed = await readFields(request, NEW_PROCESS_FIELDS);
  const refuse = (errors: Errors<NewProcessField>) => data({ errors, typed }, { status: 400 });
  const read = parseNewProcess(typed);
  if (!read.ok) return refuse(read.errors);
  const outcome = await copyProcess(context.db, read.value, authorOf(actor), moment);
  switch (outcome.kind) {
    case 'copied':
      return redirect(`/procesos/${read.value.key}`, 303);
    case 'no_source':
      return refuse({ from: 'No existe ese proceso' });
    case 'key_taken':
      return refuse({ key: 'Esa clave ya la tiene otro proceso; elige otra' });
  }
}

export const meta: MetaFunction = () => [{ title: 'Nuevo proceso · Seguimiento de Convenios' }];

export default function ProcessNew() {
  const { sources, ...known } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed = answer?.typed ?? known;
  const errors = answer?.errors;
  return (
    <div className="narrow">
      <PageHeader title="Nuevo proceso a partir de otro">
        <p className="lead">
          Se copian instrumentos, cláusulas, obligaciones, áreas, reglas de plazo y escaleras de avisos. No se
          copian reportes, personas, fechas de hitos ni ocurrencias. Nada se avisa hasta que lo publiques.
        </p>
      </PageHeader>
      <ErrorSummary errors={errors} />
      <Form method="post" className="form" noValidate>
        <Field name="from" label="A partir de" error={errors?.from}>
          {(control) => <Select control={control} value={typed.from} options={sources} />}
        </Field>
        <Field
          name="name"
          label="Nombre"
          hint="Con su periodo: donde un título diga el del proceso copiado dirá el de éste."
          error={errors?.name}
        >
          {(control) => (
            <input
              {...control}
              type="text"
              defaultValue={typed.name}
              placeholder="Proceso Electoral Ordinario Local 2026-2027"
              required
            />
          )}
        </Field>
        <Field
          name="key"
          label="Clave"
          hint="Para las direcciones y la línea de comandos; no cambia después."
          error={errors?.key}
        >
          {(control) => (
            <input
              {...control}
              type="text"
              defaultValue={typed.key}
              placeholder="ordinario-2026-2027"
              autoCapitalize="none"
              required
            />
          )}
        </Field>
        <FormEnd cancel="/procesos">
          <SubmitButton pending="Copiando…">Crear en preparación</SubmitButton>
        </FormEnd>
      </Form>
    </div>
  );
}
