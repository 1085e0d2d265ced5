// Why something is overdue and for when it is promised: the area says so, or the Dirección asks the area to.
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
import { PageHeader } from '../components/page-header.tsx';
import { Refusal } from '../components/refusal.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import {
  EXPLANATION_FIELDS,
  parseExplanation,
  parseQuestion,
  type ExplanationField,
} from '../domain/explanation-form.ts';
import { askForExplanation, recordExplanation } from '../../db/explanations.ts';
import { requireActor } from '../server/access.ts';
import { requireReportable } from '../server/deadline-access.ts';
import { readFields, readId } from '../server/request-input.ts';

const FIELDS = [...EXPLANATION_FIELDS, 'words', 'hacer'] as const;

async function requireExplainer({ request, context, params }: LoaderFunctionArgs | ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline-explanation');
  const { deadline, area } = await requireReportable(context.db, moment, actor, readId(params.id));
  const own = actor.areas.some(({ id }) => id === area.id);
  return {
    actor,
    moment,
    deadline,
    area,
    own,
    overdue: deadline.status === 'overdue',
    // The Dirección asks others of its own institute; of the INE it asks by letter (decision 11).
    asks: !own && area.institution === 'IEM',
  };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { moment, deadline, area, own, overdue, asks } = await requireExplainer(asked);
  return {
    deadline: viewDeadline(deadline, moment.today),
    area: area.name,
    today: moment.today,
    own,
    overdue,
    asks,
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, deadline, area, overdue, asks } = await requireExplainer(asked);
  const { db } = asked.context;
  const typed = await readFields(asked.request, FIELDS);
  const refuse = (
    status: number,
    errors: Errors<ExplanationField | 'words'>,
    refused: string | null = null,
  ) => data({ errors, typed, refused }, { status });
  const act = { deadline_id: deadline.id, area_id: area.id, person_id: actor.id };
  const closed = () => refuse(409, {}, 'Esta obligación ya no está vencida.');
  const done = () => redirect(`/vencimientos/${deadline.id}#causa`, 303);

  if (typed.hacer === 'solicitar' && asks) {
    const words = parseQuestion(typed.words);
    if (!words.ok) return refuse(400, { words: words.message });
    if (!overdue) return closed();
    const sent = await askForExplanation(db, act, words.value, moment);
    return sent ? done() : refuse(409, {}, 'Hoy ya se le solicitó al área.');
  }
  const facts = parseExplanation(typed, moment.today);
  if (!facts.ok) return refuse(400, facts.errors);
  if (!overdue) return closed();
  await recordExplanation(db, act, facts.value, moment);
  return done();
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  {
    title: `Causa y compromiso${page ? ` de ${page.deadline.ref}` : ''} · Seguimiento de Convenios`,
  },
];

export default function DeadlineExplanation() {
  const { deadline, area, today, own, overdue, asks } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed = answer?.typed;
  const errors = answer?.errors;
  return (
    <div className="narrow">
      <PageHeader title="Causa y compromiso" kicker={deadline.ref}>
        <p className="lead">{deadline.title}</p>
        <p>
          <StatusBadge status={deadline.status} distance={deadline.distance} />
        </p>
        <Facts
          rows={[
            ['Responde', area],
            ['Fecha límite', deadline.due ?? 'Sin fecha'],
          ]}
        />
      </PageHeader>
      <Refusal title="No se registró" refusal={answer?.refused} />
      <ErrorSummary errors={errors} />
      {!overdue && <p className="notice">Esta obligación no está vencida: no hay causa que declarar.</p>}
      {asks && (
        <section aria-labelledby="solicitar">
          <h2 id="solicitar">Solicitar informe al área</h2>
          <p>Le llega un correo con el enlace a este formulario, y la solicitud aparece en el informe.</p>
          <Form method="post" className="form" noValidate>
            <Field
              name="words"
              label="Qué quieres agregar"
              hint="Opcional. Va en el correo."
              error={errors?.words}
            >
              {(control) => <textarea {...control} rows={3} defaultValue={typed?.words ?? ''} />}
            </Field>
            <SubmitButton pending="Enviando…" name="hacer" value="solicitar">
              Solicitar informe
            </SubmitButton>
          </Form>
        </section>
      )}
      <section aria-labelledby="declarar">
        <h2 id="declarar">{own ? 'Declarar' : 'Registrar lo que dijo el área'}</h2>
        <Form method="post" className="form" noValidate>
          <Field
            name="cause"
            label="¿Por qué no se ha cumplido?"
            hint="Lo lee la Comisión en su informe. No escribas nombres ni datos de personas. Hasta 1,000 caracteres."
            error={errors?.cause}
          >
            {(control) => <textarea {...control} rows={4} defaultValue={typed?.cause ?? ''} required />}
          </Field>
          <Field
            name="committed_on"
            label="¿Para cuándo?"
            hint="El compromiso no cambia la fecha límite ni los días de atraso."
            error={errors?.committed_on}
          >
            {(control) => (
              <DateInput control={control} value={typed?.committed_on ?? ''} min={today} required />
            )}
          </Field>
          <FormEnd cancel={`/vencimientos/${deadline.id}`}>
            <SubmitButton pending="Guardando…" quiet={asks} name="hacer" value="declarar">
              Guardar causa y compromiso
            </SubmitButton>
          </FormEnd>
        </Form>
      </section>
    </div>
  );
}
