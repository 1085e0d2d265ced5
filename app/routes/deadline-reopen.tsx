// Opening again a deadline that was closed without compliance.
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
import { ErrorSummary, Field, FormEnd, SubmitButton, type Errors } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { Refusal } from '../components/refusal.tsx';
import { parseReopening } from '../domain/closing-form.ts';
import { WAIVER_WORDS } from '../domain/waiver.ts';
import { findWaiver, reopenDeadline, type ReopeningOutcome } from '../../db/waivers.ts';
import { requireActor } from '../server/access.ts';
import { requireDeadline } from '../server/deadline-access.ts';
import { readFields, readId } from '../server/request-input.ts';

type Asked = Pick<LoaderFunctionArgs, 'request' | 'context' | 'params'>;

async function requireOne({ request, context, params }: Asked) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline-reopen');
  const { deadline } = await requireDeadline(context.db, moment, actor, readId(params.id));
  return { actor, moment, deadline };
}

/** Why it was not opened, in words. */
const REFUSALS: Record<Exclude<ReopeningOutcome['kind'], 'reopened'>, string> = {
  not_closed: 'Este vencimiento no está cerrado: no hay nada que reabrir.',
  event_withdrawn:
    'Se cerró porque se retiró el evento del que se contaba. Si sí ocurrió, registra otra vez el evento.',
};

export async function loader(asked: LoaderFunctionArgs) {
  const { moment, deadline } = await requireOne(asked);
  const waiver = await findWaiver(asked.context.db, moment, deadline.id);
  const obstacle = !waiver ? 'not_closed' : waiver.kind === 'event_withdrawn' ? waiver.kind : null;
  return {
    deadline: viewDeadline(deadline, moment.today),
    obstacle: obstacle && { text: REFUSALS[obstacle] },
    closed: waiver && {
      kind: WAIVER_WORDS[waiver.kind],
      reason: waiver.reason,
      document: waiver.document,
      by: `${waiver.name}, ${instantWords(waiver.recorded_at)}`,
    },
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, deadline } = await requireOne(asked);
  const typed = await readFields(asked.request, ['reason']);
  const reopening = parseReopening(typed);
  if (!reopening.ok) return data({ typed, errors: reopening.errors, refused: null }, { status: 400 });
  const facts = { ...reopening.value, deadline_id: deadline.id, person_id: actor.id };
  const { kind } = await reopenDeadline(asked.context.db, facts, moment);
  if (kind === 'reopened') return redirect(`/vencimientos/${deadline.id}#historia`, 303);
  const errors: Errors<'reason'> = {};
  return data({ typed, errors, refused: { text: REFUSALS[kind] } }, { status: 409 });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Reabrir ${page?.deadline.ref ?? 'vencimiento'} · Seguimiento de Convenios` },
];

export default function DeadlineReopen() {
  const { deadline, obstacle, closed } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      <DeadlineHead title="Reabrir" deadline={deadline}>
        {closed && (
          <Facts
            rows={[
              ['Se cerró por', closed.kind],
              ['Motivo', closed.reason],
              ['Documento', closed.document],
              ['Registró', closed.by],
            ]}
          />
        )}
      </DeadlineHead>
      <Refusal
        title={obstacle ? 'No se puede reabrir' : 'No se reabrió'}
        refusal={answer?.refused ?? obstacle}
      />
      <ErrorSummary errors={answer?.errors} />
      {!obstacle && (
        <Form method="post" className="form" noValidate>
          <Field
            name="reason"
            label="Por qué se reabre"
            hint="Se lee en la historia del vencimiento."
            error={answer?.errors.reason}
          >
            {(control) => <textarea {...control} rows={4} defaultValue={answer?.typed.reason} required />}
          </Field>
          <p className="quiet">
            Vuelve a contar plazo con la fecha que hoy le corresponde y se reanudan sus avisos. Lo que se
            registró al cerrarlo se conserva.
          </p>
          <FormEnd cancel={`/vencimientos/${deadline.id}`}>
            <SubmitButton pending="Reabriendo…">Reabrir vencimiento</SubmitButton>
          </FormEnd>
        </Form>
      )}
    </div>
  );
}
