// Somebody answers a notice: they know and attend to it, or want it on a later day. Opening the page changes nothing.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { viewDeadline } from '../components/deadline-view.ts';
import { DateInput, ErrorSummary, Field, SubmitButton } from '../components/form.tsx';
import { answerWords } from '../components/notice-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { Refusal } from '../components/refusal.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { nextAttendedDay } from '../domain/attention.ts';
import { OPEN_STATUSES } from '../domain/deadline-status.ts';
import { parsePostponement, POSTPONABLE_DAYS } from '../domain/notice-answer.ts';
import { addDays, daysBetween } from '../domain/plain-date.ts';
import { loadAttention } from '../../db/attention.ts';
import { answerNotice, listAnswers, wasTold } from '../../db/notice-answers.ts';
import { requireActor } from '../server/access.ts';
import { requireDeadline } from '../server/deadline-access.ts';
import { readFields, readId } from '../server/request-input.ts';

/** The deadline, and what whoever asks may answer about it by now. */
async function requireNotice({ request, context, params }: LoaderFunctionArgs | ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'notice-answer');
  const { deadline } = await requireDeadline(context.db, moment, actor, readId(params.id));
  const open = OPEN_STATUSES.includes(deadline.status) && deadline.due_on !== null;
  const told = await wasTold(context.db, deadline.id, actor.id);
  const left = deadline.due_on === null ? 0 : daysBetween(moment.today, deadline.due_on);
  return {
    actor,
    moment,
    deadline,
    obstacle: told
      ? open
        ? null
        : 'Este vencimiento ya no está abierto: no saldrán más avisos.'
      : 'De esta fecha todavía no se te ha enviado ningún aviso.',
    postponable: left >= POSTPONABLE_DAYS,
  };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { actor, moment, deadline, obstacle, postponable } = await requireNotice(asked);
  const { db } = asked.context;
  const [attention, answers] = await Promise.all([loadAttention(db), listAnswers(db, deadline.id)]);
  const next = nextAttendedDay(attention, moment.today);
  return {
    deadline: viewDeadline(deadline, moment.today),
    obstacle,
    // The date as the field's limits; null once it is too late to postpone.
    days:
      postponable && deadline.due_on !== null
        ? {
            first: addDays(moment.today, 1),
            last: deadline.due_on,
            next: next <= deadline.due_on ? next : '',
          }
        : null,
    answers: answers.filter(({ person_id }) => person_id === actor.id).map(answerWords),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, deadline, obstacle, postponable } = await requireNotice(asked);
  const { db } = asked.context;
  const typed = await readFields(asked.request, ['que', 'dia']);
  const refuse = (status: number, errors: { dia?: string }, refused: string | null = null) =>
    data({ errors, typed, refused }, { status });
  if (typed.que !== 'acuse' && typed.que !== 'posponer')
    return refuse(400, {}, 'Elige qué quieres responder.');
  if (obstacle !== null || deadline.due_on === null) return refuse(409, {}, obstacle);
  let until_on: string | null = null;
  if (typed.que === 'posponer') {
    if (!postponable)
      return refuse(409, {}, 'Ya no se puede posponer: el vencimiento está a un día o ya pasó.');
    const span = { today: moment.today, due_on: deadline.due_on };
    const day = parsePostponement(typed.dia, span, await loadAttention(db));
    if (!day.ok) return refuse(400, { dia: day.message });
    until_on = day.value;
  }
  const answer = { deadline_id: deadline.id, person: { id: actor.id, name: actor.name }, until_on };
  if (!(await answerNotice(db, answer, moment))) {
    return refuse(409, {}, 'Este vencimiento cambió mientras respondías: ya no está abierto.');
  }
  return redirect(`/vencimientos/${deadline.id}#avisos`, 303);
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  {
    title: `${page ? `Responder el aviso: ${page.deadline.ref}` : 'Responder el aviso'} · Seguimiento de Convenios`,
  },
];

export default function NoticeAnswer() {
  const { deadline, obstacle, days, answers } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      <PageHeader
        title="Responder el aviso"
        kicker={<Link to={`/vencimientos/${deadline.id}`}>{deadline.ref}</Link>}
      >
        <p className="lead">{deadline.title}</p>
        <p>
          <StatusBadge status={deadline.status} distance={deadline.distance} /> {deadline.due_verb}{' '}
          {deadline.due}
        </p>
      </PageHeader>
      <Refusal title="No se registró la respuesta" refusal={answer?.refused} />
      <ErrorSummary errors={answer?.errors} />
      {answers.map(({ id, words }) => (
        <p key={id} className="quiet">
          {words}
        </p>
      ))}
      {obstacle !== null ? (
        <p className="notice">{obstacle}</p>
      ) : (
        <>
          <section aria-labelledby="acuse">
            <h2 id="acuse">Acusar el aviso</h2>
            <p>
              El siguiente aviso de este vencimiento no te llegará. La fecha no cambia, y a las demás personas
              se les sigue avisando.
            </p>
            <Form method="post" className="form">
              <input type="hidden" name="que" value="acuse" />
              <div>
                <SubmitButton pending="Registrando…">Enterada/o: lo atiendo</SubmitButton>
              </div>
            </Form>
          </section>
          {days && (
            <section aria-labelledby="posponer">
              <h2 id="posponer">Posponer el aviso</h2>
              <p>
                Hasta ese día no te llegarán avisos de este vencimiento. Posponer el aviso no cambia la fecha.
              </p>
              <Form method="post" className="form" noValidate>
                <input type="hidden" name="que" value="posponer" />
                <Field name="dia" label="Avísame el" error={answer?.errors.dia}>
                  {(control) => (
                    <DateInput
                      control={control}
                      value={answer?.typed.dia ?? days.next}
                      min={days.first}
                      max={days.last}
                      required
                    />
                  )}
                </Field>
                <div>
                  <SubmitButton pending="Registrando…" quiet>
                    Posponer el aviso
                  </SubmitButton>
                </div>
              </Form>
            </section>
          )}
        </>
      )}
      <p>
        <Link to={`/vencimientos/${deadline.id}`}>Volver al vencimiento</Link>
      </p>
    </div>
  );
}
