// Deciding what an area asked: granting or denying more time, passing an obligation to another area or keeping it.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { viewDeadline } from '../components/deadline-view.ts';
import { Facts } from '../components/facts.tsx';
import { ErrorSummary, Field, Select, SubmitButton, type Errors } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Refusal } from '../components/refusal.tsx';
import { RequestCard } from '../components/request-card.tsx';
import { viewRequest } from '../components/request-words.ts';
import { parseFreeText } from '../domain/free-text.ts';
import { decideRequest, findRequest, type DecideOutcome } from '../../db/area-requests.ts';
import { listResponsibleAreas } from '../../db/deadlines.ts';
import { requireActor } from '../server/access.ts';
import { areaOptions } from '../server/area-options.ts';
import { requireDeadline } from '../server/deadline-access.ts';
import { notFound, readFields, readId } from '../server/request-input.ts';

const REASON = 'Escribe el motivo: el área debe saber por qué no';

/** Why a decision was not taken, in words. */
function refusal(outcome: Exclude<DecideOutcome, { kind: 'decided' | 'not_found' }>): string {
  switch (outcome.kind) {
    case 'own_request':
      return 'Esta solicitud es tuya: debe resolverla otra persona de la Dirección.';
    case 'overtaken':
      return 'La obligación ya se concluyó, se exceptuó o tiene una fecha posterior a la que se pide.';
    case 'not_countable':
      return `No se puede contar lo que depende de esa fecha: ${outcome.message}`;
    case 'already_decided':
      return `${outcome.by} ya la resolvió; tu decisión no se registró.`;
  }
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'request');
  const asked = await findRequest(context.db, readId(params.id));
  if (!asked) throw notFound();
  const { deadline } = await requireDeadline(context.db, moment, actor, asked.deadline_id);
  const areas = await listResponsibleAreas(context.db);
  return {
    deadline: viewDeadline(deadline, moment.today),
    request: viewRequest(asked),
    kind: asked.kind,
    own: asked.asked_by === actor.id,
    areas: areaOptions(areas.filter(({ name }) => name !== asked.area_name)),
  };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'request');
  const id = readId(params.id);
  const asked = await findRequest(context.db, id);
  if (!asked) throw notFound();
  const typed = await readFields(request, ['decision', 'words', 'area']);
  const refuse = (status: number, errors: Errors<'words' | 'area'>, refused: string | null = null) =>
    data({ errors, refused, typed }, { status });
  const decision = (['granted', 'denied'] as const).find((known) => known === typed.decision);
  if (!decision) return refuse(400, { words: 'Elige qué decides' });
  const words = parseFreeText(typed.words, {
    max: 4000,
    ...(decision === 'denied' ? { required: REASON } : {}),
  });
  if (!words.ok) return refuse(400, { words: words.message });
  const areas = await listResponsibleAreas(context.db);
  const passes = decision === 'granted' && asked.kind === 'not_ours';
  const taker = areas.find(({ key, id: areaId }) => key === typed.area && areaId !== asked.area_id);
  if (passes && !taker) return refuse(400, { area: 'Elige a qué área pasa' });
  const outcome = await decideRequest(
    context.db,
    { id, decision, words: words.value, new_area_id: passes && taker ? taker.id : null, person_id: actor.id },
    moment,
  );
  if (outcome.kind === 'not_found') throw notFound();
  if (outcome.kind === 'decided') return redirect('/solicitudes', 303);
  return refuse(409, {}, refusal(outcome));
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.request.what ?? 'Solicitud'} · Seguimiento de Convenios` },
];

export default function RequestPage() {
  const { deadline, request, kind, own, areas } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const errors = answer?.errors;
  return (
    <>
      <PageHeader title={request.what} kicker={deadline.ref}>
        <p className="lead">
          <Link to={`/vencimientos/${deadline.id}`}>{deadline.title}</Link>
        </p>
      </PageHeader>
      <Refusal title="No se registró tu decisión" refusal={answer?.refused} />
      <ErrorSummary errors={errors} />
      <div className="columns columns-even">
        <div>
          <h2>Lo que se pide</h2>
          <RequestCard request={request} />
          <Facts
            rows={[
              ['Fecha límite', deadline.due ?? 'Sin fecha'],
              ['Área', deadline.area],
              ['Fundamento', `${deadline.citation} · ${deadline.legal_basis}`],
            ]}
          />
        </div>
        <section className="panel" aria-labelledby="decision">
          <h2 id="decision">Decisión</h2>
          {request.decision === null && !own && (
            <Form method="post" className="form" noValidate>
              {kind === 'not_ours' && (
                <Field
                  name="area"
                  label="Pasa a"
                  hint="Si tampoco es suya, esa área puede decirlo y se pasa otra vez."
                  error={errors?.area}
                >
                  {(control) => (
                    <Select
                      control={control}
                      value={answer?.typed.area ?? ''}
                      none="Elige un área"
                      options={areas}
                    />
                  )}
                </Field>
              )}
              <Field
                name="words"
                label="Motivo u observaciones"
                hint="Obligatorio para negar."
                error={errors?.words}
              >
                {(control) => <textarea {...control} rows={4} defaultValue={answer?.typed.words} />}
              </Field>
              <p className="actions">
                <SubmitButton name="decision" value="granted" pending="Registrando…">
                  {kind === 'extension' ? 'Conceder' : 'Reasignar'}
                </SubmitButton>
                <SubmitButton quiet name="decision" value="denied" pending="Registrando…">
                  Negar
                </SubmitButton>
              </p>
            </Form>
          )}
          {request.decision === null && own && (
            <p>Esta solicitud es tuya: debe resolverla otra persona de la Dirección.</p>
          )}
          {request.decision !== null && <p>Esta solicitud ya se resolvió.</p>}
          <p>
            <Link to="/solicitudes">Volver a las solicitudes</Link>
          </p>
        </section>
      </div>
    </>
  );
}
