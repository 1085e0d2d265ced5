// An area asks the Dirección for more time for a deadline, or says that it is not its own.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { viewDeadline } from '../components/deadline-view.ts';
import { Facts } from '../components/facts.tsx';
import { DateInput, ErrorSummary, Field, FormEnd, SubmitButton, type Errors } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { Refusal } from '../components/refusal.tsx';
import { OPEN_STATUSES } from '../domain/deadline-status.ts';
import {
  parseRequest,
  REQUEST_FIELDS,
  REQUEST_WORDS,
  type RequestField,
  type RequestKind,
} from '../domain/request-form.ts';
import { askDirection } from '../../db/area-requests.ts';
import { requireActor } from '../server/access.ts';
import { requireReportable } from '../server/deadline-access.ts';
import { notFound, readFields, readId } from '../server/request-input.ts';

/** The open deadline of an area of whoever asks, and what they ask. Throws 404 when it is not theirs. */
async function requireAsker({ request, context, params }: LoaderFunctionArgs | ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline-request');
  const { deadline, area } = await requireReportable(context.db, moment, actor, readId(params.id));
  if (!actor.areas.some(({ id }) => id === area.id)) throw notFound();
  const kind: RequestKind =
    new URL(request.url).searchParams.get('que') === 'no-corresponde' ? 'not_ours' : 'extension';
  const open = OPEN_STATUSES.includes(deadline.status);
  return {
    actor,
    moment,
    deadline,
    area,
    kind,
    askable: open && (kind === 'not_ours' || deadline.due_on !== null),
  };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { moment, deadline, area, kind, askable } = await requireAsker(asked);
  return {
    deadline: viewDeadline(deadline, moment.today),
    area: area.name,
    kind,
    askable,
    today: moment.today,
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, deadline, area, kind, askable } = await requireAsker(asked);
  const typed = await readFields(asked.request, REQUEST_FIELDS);
  const refuse = (status: number, errors: Errors<RequestField>, refused: string | null = null) =>
    data({ errors, typed, refused }, { status });
  const request = parseRequest(kind, typed, deadline.due_on, moment.today);
  if (!request.ok) return refuse(400, request.errors);
  if (!askable) return refuse(409, {}, 'Esta obligación ya no está abierta.');
  const who = { kind, deadline_id: deadline.id, area_id: area.id, person_id: actor.id };
  const outcome = await askDirection(asked.context.db, { ...request.value, ...who }, moment);
  if (outcome.kind === 'already_asked') {
    return refuse(
      409,
      {},
      `${outcome.by} ya lo solicitó: ${instantWords(outcome.at)}. La Dirección aún no decide.`,
    );
  }
  return redirect(`/vencimientos/${deadline.id}#solicitudes`, 303);
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  {
    title: `${page ? `${REQUEST_WORDS[page.kind]}: ${page.deadline.ref}` : 'Solicitar'} · Seguimiento de Convenios`,
  },
];

export default function DeadlineRequest() {
  const { deadline, area, kind, askable, today } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed = answer?.typed ?? { due_on: '', reason: '', document: '' };
  const errors = answer?.errors;
  const extension = kind === 'extension';
  return (
    <div className="narrow">
      <PageHeader title={REQUEST_WORDS[kind]} kicker={deadline.ref}>
        <p className="lead">{deadline.title}</p>
        <Facts
          rows={[
            ['Solicita', area],
            ['Fecha límite', deadline.due ?? 'Sin fecha'],
            ['Decide', 'Dirección de Vinculación'],
          ]}
        />
      </PageHeader>
      <Refusal title="No se registró la solicitud" refusal={answer?.refused} />
      <ErrorSummary errors={errors} />
      {!askable && <p className="notice">Ahora no hay nada que solicitar sobre esta obligación.</p>}
      <Form method="post" className="form" noValidate>
        {extension && (
          <Field
            name="due_on"
            label="Nueva fecha"
            hint={`La fecha original (${deadline.due_short ?? 'sin fecha'}) se conserva en el informe.`}
            error={errors?.due_on}
          >
            {(control) => <DateInput control={control} value={typed.due_on} min={today} required />}
          </Field>
        )}
        <Field
          name="reason"
          label={extension ? 'Motivo' : '¿Por qué no corresponde a tu área?'}
          hint={extension ? undefined : 'Si sabes a qué área corresponde, dilo aquí.'}
          error={errors?.reason}
        >
          {(control) => <textarea {...control} rows={5} defaultValue={typed.reason} required />}
        </Field>
        <Field
          name="document"
          label={extension ? 'Oficio con el que se pide' : 'Oficio (opcional)'}
          error={errors?.document}
        >
          {(control) => <input {...control} type="text" defaultValue={typed.document} required={extension} />}
        </Field>
        <p className="quiet">Mientras la Dirección decide, la fecha no cambia y los avisos siguen.</p>
        <FormEnd cancel={`/vencimientos/${deadline.id}`}>
          <SubmitButton pending="Enviando…">Enviar solicitud</SubmitButton>
        </FormEnd>
      </Form>
    </div>
  );
}
