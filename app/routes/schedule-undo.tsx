// Undoing a change of dates: asks once more, and says what stands in the way when it cannot be.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { SubmitButton } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { findScheduleChange } from '../../db/change-mails.ts';
import { UNDO_HOURS, undoMilestoneMove, undoRuleChange, type UndoOutcome } from '../../db/schedule-undo.ts';
import type { ScheduleChangeKind } from '../../db/schema.ts';
import { requireActor } from '../server/access.ts';
import { notFound, readFields, readId } from '../server/request-input.ts';

/** How each kind of change is undone; what has none cannot be. */
const UNDO: Partial<Record<ScheduleChangeKind, typeof undoMilestoneMove>> = {
  milestone: undoMilestoneMove,
  rule: undoRuleChange,
};

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'schedule-undo');
  const change = await findScheduleChange(context.db, readId(params.id));
  if (!change || !Object.hasOwn(UNDO, change.kind)) throw notFound();
  return {
    id: change.id,
    what: change.kind === 'rule' ? 'La regla' : 'El hito',
    summary: change.summary,
    by: `${change.recorded_by_name}, ${instantWords(change.recorded_at)}`,
  };
}

function refusal(outcome: Exclude<UndoOutcome, { kind: 'undone' | 'not_found' }>): string[] {
  if (outcome.kind === 'too_late')
    return [`Ya pasaron ${UNDO_HOURS} horas; registra una fecha nueva con su documento.`];
  if (outcome.kind === 'already_undone') return ['Este cambio ya se había deshecho.'];
  return outcome.reasons;
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'schedule-undo');
  const id = readId(params.id);
  const { confirmo } = await readFields(request, ['confirmo']);
  if (confirmo !== 'si') return data({ reasons: ['Confirma que quieres deshacerlo.'] }, { status: 400 });
  const change = await findScheduleChange(context.db, id);
  const outcome = change && (await UNDO[change.kind]?.(context.db, id, actor.id, moment));
  if (!outcome || outcome.kind === 'not_found') throw notFound();
  if (outcome.kind === 'undone') return redirect(`/cambios/${id}`, 303);
  return data({ reasons: refusal(outcome) }, { status: 409 });
}

export const meta: MetaFunction = () => [{ title: 'Deshacer un cambio de fecha · Seguimiento de Convenios' }];

export default function ScheduleUndo() {
  const { id, what, summary, by } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      <PageHeader title="Deshacer el cambio" kicker={summary}>
        <p className="lead">
          {what} y sus vencimientos vuelven exactamente a como estaban, y a cada área a la que ya se escribió
          se le envía una rectificación. Lo aplicó {by}.
        </p>
      </PageHeader>
      {answer && (
        <div className="error-summary" role="alert">
          <h2>No se deshizo: todo sigue como estaba</h2>
          <ul>
            {answer.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
      <Form method="post" className="actions">
        <SubmitButton pending="Deshaciendo…" name="confirmo" value="si">
          Deshacer
        </SubmitButton>
        <Link className="more" to={`/cambios/${id}`}>
          Volver al cambio
        </Link>
      </Form>
    </div>
  );
}
