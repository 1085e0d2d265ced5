// Taking back the record that an event happened, with a reason; what it opened is closed.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { DeadlineLines } from '../components/deadline-line.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { Facts } from '../components/facts.tsx';
import { ErrorSummary, Field, FormEnd, SubmitButton, type Errors } from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { Refusal, type RefusalWords } from '../components/refusal.tsx';
import { triggerPath, viewEvent } from '../components/trigger-words.ts';
import { OPEN_STATUSES } from '../domain/deadline-status.ts';
import { parseWithdrawal } from '../domain/event-form.ts';
import { listDeadlinesById } from '../../db/deadlines.ts';
import { withdrawEvent, type WithdrawalOutcome } from '../../db/events.ts';
import { findOccurrence } from '../../db/triggers.ts';
import { requireActor } from '../server/access.ts';
import { notFound, readFields, readId } from '../server/request-input.ts';

type Asked = Pick<LoaderFunctionArgs, 'request' | 'context' | 'params'>;

async function requireOne({ request, context, params }: Asked) {
  const { actor, moment } = await requireActor({ request, context }, 'event-withdrawal');
  const event = await findOccurrence(context.db, readId(params.id));
  if (!event) throw notFound();
  return { actor, moment, event };
}

const ALREADY: RefusalWords = { text: 'Este registro ya se había retirado.' };

/** Why it was not taken back, in words. */
function refusal(outcome: Exclude<WithdrawalOutcome, { kind: 'withdrawn' }>): RefusalWords {
  if (outcome.kind === 'already_withdrawn') return ALREADY;
  const { folio, submission_id } = outcome.reports[0]!;
  return {
    text: `Hay reportes en revisión (${outcome.reports.map((report) => report.folio).join(', ')}). Primero decide sobre ellos.`,
    link: { to: `/revision/${submission_id}`, label: `Revisar ${folio}` },
  };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { moment, event } = await requireOne(asked);
  const deadlines = await listDeadlinesById(asked.context.db, moment, event.deadline_ids);
  const views = deadlines.map((row) => viewDeadline(row, moment.today));
  return {
    name: event.name,
    page: triggerPath(event.key, event.process_key),
    event: viewEvent(event),
    refused: event.withdrawn_at === null ? null : ALREADY,
    closing: views.filter(({ status }) => OPEN_STATUSES.includes(status)),
    staying: views.filter(({ status }) => !OPEN_STATUSES.includes(status)),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, event } = await requireOne(asked);
  const typed = await readFields(asked.request, ['reason']);
  const withdrawal = parseWithdrawal(typed);
  if (!withdrawal.ok) return data({ typed, errors: withdrawal.errors, refused: null }, { status: 400 });
  const facts = { ...withdrawal.value, occurrence_id: event.id, person_id: actor.id };
  const outcome = await withdrawEvent(asked.context.db, facts, moment);
  if (outcome.kind === 'withdrawn') return redirect(triggerPath(event.key, event.process_key), 303);
  const errors: Errors<'reason'> = {};
  return data({ typed, errors, refused: refusal(outcome) }, { status: 409 });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Retirar: ${page?.name ?? 'evento'} · Seguimiento de Convenios` },
];

export default function EventWithdrawal() {
  const { name, page, event, refused, closing, staying } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      <PageHeader title="Retirar el registro de un evento" kicker={name}>
        <Facts
          rows={[
            ['Ocurrió el', event.when],
            ['Asunto', event.description],
            ['Documento', event.document],
            ['Registró', event.recorded],
          ]}
        />
      </PageHeader>
      <Refusal title="No se retiró" refusal={answer?.refused ?? refused} />
      <ErrorSummary errors={answer?.errors} />
      {!refused && (
        <>
          <section aria-labelledby="se-cierran">
            <h2 id="se-cierran">Se cierran como exceptuados</h2>
            {closing.length === 0 && <EmptyState>No hay vencimientos abiertos que cerrar.</EmptyState>}
            <DeadlineLines deadlines={closing} />
          </section>
          {staying.length > 0 && (
            <section aria-labelledby="se-quedan">
              <h2 id="se-quedan">Se quedan como están</h2>
              <DeadlineLines deadlines={staying} />
            </section>
          )}
          <Form method="post" className="form" noValidate>
            <Field
              name="reason"
              label="Motivo"
              hint="Por ejemplo, que el oficio se registró dos veces o no era para el Instituto."
              error={answer?.errors.reason}
            >
              {(control) => <textarea {...control} rows={4} defaultValue={answer?.typed.reason} required />}
            </Field>
            <p className="quiet">El registro y su motivo se conservan; los avisos por salir se retiran.</p>
            <FormEnd cancel={page}>
              <SubmitButton pending="Retirando…">Retirar registro</SubmitButton>
            </FormEnd>
          </Form>
        </>
      )}
    </div>
  );
}
