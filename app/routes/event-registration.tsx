// Recording that an event happened, in two steps: what it would open, and only then the record.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { viewDeadline } from '../components/deadline-view.ts';
import { EventForm } from '../components/event-form.tsx';
import { Facts } from '../components/facts.tsx';
import { ErrorSummary, HiddenFields, SubmitButton, type Errors } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { Refusal } from '../components/refusal.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { eventDay, triggerPath } from '../components/trigger-words.ts';
import { EVENT_FIELDS, NO_EVENT, parseEvent, type EventField } from '../domain/event-form.ts';
import { registerEvent } from '../../db/events.ts';
import { listHangingObligations } from '../../db/triggers.ts';
import { requireActor } from '../server/access.ts';
import { readFields } from '../server/request-input.ts';
import { requireTrigger } from '../server/trigger-access.ts';

type Asked = Pick<LoaderFunctionArgs, 'request' | 'context' | 'params'>;

async function requireOne({ request, context, params }: Asked) {
  const { actor, moment } = await requireActor({ request, context }, 'event-registration');
  const { trigger, named } = await requireTrigger(context.db, request, params.key);
  const obligations = await listHangingObligations(context.db, trigger);
  return { actor, moment, trigger, named, timed: obligations.some(({ timed }) => timed) };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { moment, trigger, named, timed } = await requireOne(asked);
  return {
    name: trigger.name,
    page: triggerPath(trigger.key, named),
    here: triggerPath(trigger.key, named, '/registrar'),
    today: moment.today,
    timed,
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, trigger, named, timed } = await requireOne(asked);
  const { step, ...typed } = await readFields(asked.request, [...EVENT_FIELDS, 'step']);
  const none: Errors<EventField> = {};
  const edit = { kind: 'edit' as const, typed, errors: none, refused: null };
  if (step === 'edit') return edit;
  const event = parseEvent(typed, moment, timed, trigger.followed_from);
  if (!event.ok) return data({ ...edit, errors: event.errors }, { status: 400 });
  const facts = { ...event.value, milestone_id: trigger.id, person_id: actor.id };
  const outcome = await registerEvent(asked.context.db, facts, moment, step !== 'save');
  switch (outcome.kind) {
    case 'already_registered': {
      const who = outcome.by === null ? 'Ya está registrado' : `${outcome.by} ya lo registró`;
      const text = `${who}: mismo día, hora y documento (${instantWords(outcome.at)}).`;
      return data({ ...edit, refused: { text } }, { status: 409 });
    }
    case 'not_countable':
      return data({ ...edit, refused: { text: outcome.message } }, { status: 409 });
    case 'registered':
      if (step === 'save') return redirect(triggerPath(trigger.key, named), 303);
      return {
        kind: 'preview' as const,
        typed,
        when: eventDay(event.value),
        description: event.value.description,
        document: event.value.source,
        deadlines: outcome.deadlines.map((row) => viewDeadline(row, moment.today)),
      };
  }
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Registrar: ${page?.name ?? 'evento'} · Seguimiento de Convenios` },
];

export default function EventRegistration() {
  const { name, page, here, today, timed } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  if (answer?.kind === 'preview') return <Preview name={name} here={here} preview={answer} />;
  return (
    <div className="narrow">
      <PageHeader title="Registrar que ocurrió" kicker={name} />
      <Refusal title="No se registró" refusal={answer?.refused} />
      <ErrorSummary errors={answer?.errors} />
      <EventForm
        action={here}
        typed={answer?.typed ?? NO_EVENT}
        errors={answer?.errors}
        today={today}
        timed={timed}
        cancel={page}
      />
    </div>
  );
}

type PreviewData = Extract<ReturnType<typeof useActionData<typeof action>>, { kind: 'preview' }>;

function Preview({ name, here, preview }: { name: string; here: string; preview: PreviewData }) {
  const { typed, when, description, document, deadlines } = preview;
  return (
    <>
      <PageHeader title="Antes de registrar" kicker={name}>
        <Facts
          rows={[
            ['Ocurrió el', when],
            ['Asunto', description],
            ['Documento', document],
          ]}
        />
      </PageHeader>
      <section aria-labelledby="abre">
        <h2 id="abre">
          {deadlines.length === 1 ? 'Se abre 1 vencimiento' : `Se abren ${deadlines.length} vencimientos`}
        </h2>
        {deadlines.length === 0 && (
          <EmptyState>Ninguna obligación se cuenta desde este evento; sólo queda el registro.</EmptyState>
        )}
        {deadlines.length > 0 && (
          <table className="table stack">
            <thead>
              <tr>
                <th scope="col">Obligación</th>
                <th scope="col">Área</th>
                <th scope="col">Vence</th>
                <th scope="col">Nace como</th>
              </tr>
            </thead>
            <tbody>
              {deadlines.map((deadline) => (
                <tr key={deadline.ref}>
                  <th scope="row">
                    {deadline.title} <span className="quiet">{deadline.ref}</span>
                  </th>
                  <td data-label="Área">
                    <span>{deadline.area}</span>
                  </td>
                  <td data-label="Vence">
                    <span>{deadline.due}</span>
                    {deadline.provisional.length > 0 && <span className="mark">Fecha provisional</span>}
                  </td>
                  <td data-label="Nace como">
                    <StatusBadge status={deadline.status} distance={deadline.distance} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <Form method="post" action={here} className="form">
        <HiddenFields fields={typed} />
        <p className="actions">
          <SubmitButton name="step" value="save" pending="Registrando…">
            Registrar
          </SubmitButton>
          <SubmitButton quiet name="step" value="edit" pending="Volviendo…">
            Corregir
          </SubmitButton>
        </p>
      </Form>
    </>
  );
}
