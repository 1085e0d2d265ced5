// Closing a deadline that nobody has to comply with: its condition was not met, or an instrument excepts it.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { DeadlineHead } from '../components/deadline-head.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { Facts } from '../components/facts.tsx';
import { ErrorSummary, Field, FieldError, FormEnd, SubmitButton, type Errors } from '../components/form.tsx';
import { obstacleWords } from '../components/obstacle-words.ts';
import { Refusal } from '../components/refusal.tsx';
import { CLOSING_FIELDS, parseClosing, type ClosingField } from '../domain/closing-form.ts';
import { countPlannedNotices } from '../../db/notices.ts';
import { closeDeadline, findObstacle } from '../../db/waivers.ts';
import { requireActor } from '../server/access.ts';
import { requireDeadline } from '../server/deadline-access.ts';
import { readFields, readId } from '../server/request-input.ts';

type Asked = Pick<LoaderFunctionArgs, 'request' | 'context' | 'params'>;

async function requireOne({ request, context, params }: Asked) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline-close');
  const { deadline } = await requireDeadline(context.db, moment, actor, readId(params.id));
  return { actor, moment, deadline };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { moment, deadline } = await requireOne(asked);
  const { db } = asked.context;
  const obstacle = await findObstacle(db, deadline.id);
  return {
    deadline: viewDeadline(deadline, moment.today),
    obstacle: obstacle ? obstacleWords(obstacle) : null,
    notices: await countPlannedNotices(db, [deadline.id]),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, deadline } = await requireOne(asked);
  const typed = await readFields(asked.request, CLOSING_FIELDS);
  const closing = parseClosing(typed, deadline.condition !== null);
  if (!closing.ok) return data({ typed, errors: closing.errors, refused: null }, { status: 400 });
  const facts = { ...closing.value, deadline_id: deadline.id, person_id: actor.id };
  const outcome = await closeDeadline(asked.context.db, facts, moment);
  if (outcome.kind === 'closed') return redirect(`/vencimientos/${deadline.id}#historia`, 303);
  const errors: Errors<ClosingField> = {};
  return data({ typed, errors, refused: obstacleWords(outcome) }, { status: 409 });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Cerrar ${page?.deadline.ref ?? 'vencimiento'} · Seguimiento de Convenios` },
];

export default function DeadlineClose() {
  const { deadline, obstacle, notices } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed = answer?.typed;
  const errors = answer?.errors;
  return (
    <div className="narrow">
      <DeadlineHead title="Cerrar sin cumplimiento" deadline={deadline}>
        <Facts rows={[['Sólo si', deadline.condition]]} />
      </DeadlineHead>
      <Refusal
        title={obstacle ? 'No se puede cerrar' : 'No se cerró'}
        refusal={answer?.refused ?? obstacle}
      />
      <ErrorSummary errors={errors} />
      {!obstacle && (
        <Form method="post" className="form" noValidate>
          <fieldset className="choices" aria-describedby={errors?.kind ? 'kind-error' : undefined}>
            <legend>Por qué ya no hay que cumplir</legend>
            <FieldError name="kind" error={errors?.kind} />
            {deadline.condition && (
              <label>
                <input
                  type="radio"
                  id="kind"
                  name="kind"
                  value="condition_not_met"
                  defaultChecked={typed ? typed.kind === 'condition_not_met' : true}
                />{' '}
                La condición no se actualizó
              </label>
            )}
            <label>
              <input
                type="radio"
                id={deadline.condition ? undefined : 'kind'}
                name="kind"
                value="waived"
                defaultChecked={typed ? typed.kind === 'waived' : !deadline.condition}
              />{' '}
              Exceptuada por un instrumento o acuerdo
            </label>
          </fieldset>
          <Field
            name="reason"
            label="Fundamento o motivo"
            hint="Se lee en la historia del vencimiento y en el informe. Hasta 4,000 caracteres."
            error={errors?.reason}
          >
            {(control) => <textarea {...control} rows={4} defaultValue={typed?.reason} required />}
          </Field>
          <Field
            name="document"
            label="Documento"
            hint="El acuerdo, oficio o instrumento que lo sustenta, por su número."
            error={errors?.document}
          >
            {(control) => <input {...control} type="text" defaultValue={typed?.document} required />}
          </Field>
          <p className="quiet">
            Al cerrarlo deja de contar plazo y nunca aparece como vencido.{' '}
            {notices > 0 && `Se retiran ${notices === 1 ? '1 aviso' : `${notices} avisos`} por salir. `}
            Se puede reabrir.
          </p>
          <FormEnd cancel={`/vencimientos/${deadline.id}`}>
            <SubmitButton pending="Cerrando…">Cerrar vencimiento</SubmitButton>
          </FormEnd>
        </Form>
      )}
    </div>
  );
}
