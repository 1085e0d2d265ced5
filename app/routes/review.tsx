// Reviewing one report: the evidence on one side, what to check and the decision on the other.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { DateMarks } from '../components/date-marks.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { Facts } from '../components/facts.tsx';
import { ErrorSummary, Field, SubmitButton, type Errors } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Refusal } from '../components/refusal.tsx';
import { ReportCard } from '../components/report-card.tsx';
import { viewReport } from '../components/report-words.ts';
import { parseFreeText } from '../domain/free-text.ts';
import { DECISIONS, type Decision } from '../domain/fulfilment.ts';
import { listSubmissionFiles } from '../../db/evidence.ts';
import { reviewSubmission, type ReviewOutcome } from '../../db/reviews.ts';
import { findSubmission } from '../../db/submissions.ts';
import { requireActor } from '../server/access.ts';
import { requireDeadline } from '../server/deadline-access.ts';
import { notFound, readFields, readId } from '../server/request-input.ts';

const REASON = 'Escribe el motivo: el área debe saber qué corregir';
const MISSING = 'Escribe qué falta: el área debe saber por qué la obligación sigue abierta';

const DECIDED: Record<Decision, string> = {
  accepted: 'lo aceptó',
  accepted_in_part: 'lo aceptó en parte',
  condition_not_met: 'confirmó que no procede',
  returned: 'lo devolvió',
};

const BUTTONS: Record<Decision, { label: string; pending: string }> = {
  accepted: { label: 'Aceptar', pending: 'Aceptando…' },
  accepted_in_part: { label: 'Aceptar en parte', pending: 'Aceptando…' },
  condition_not_met: { label: 'Confirmar que no procede', pending: 'Confirmando…' },
  returned: { label: 'Devolver', pending: 'Devolviendo…' },
};

/** What the area is told it must do next has to be written down. */
const WORDS_REQUIRED: Partial<Record<Decision, string>> = { returned: REASON, accepted_in_part: MISSING };

/** Why a decision was not taken, in words. */
function refusal(outcome: Exclude<ReviewOutcome, { kind: 'reviewed' | 'not_found' }>): string {
  if (outcome.kind === 'own_report')
    return 'Este reporte es tuyo: debe revisarlo otra persona de la Dirección.';
  if (outcome.kind === 'not_to_decide') return 'Eso no se puede decidir sobre este reporte.';
  return `${outcome.by} ya ${DECIDED[outcome.decision]}; tu decisión no se registró.`;
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'review');
  const submission = await findSubmission(context.db, { id: readId(params.id) });
  if (!submission) throw notFound();
  const { deadline } = await requireDeadline(context.db, moment, actor, submission.deadline_id);
  const files = await listSubmissionFiles(context.db, [submission.id]);
  return {
    deadline: viewDeadline(deadline, moment.today),
    evidence: deadline.evidence_expected,
    report: viewReport(submission, deadline, { files: files.get(submission.id) ?? [], download: true }),
    decisions: [...DECISIONS[submission.fulfilment]],
    own: submission.submitted_by === actor.id,
  };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'review');
  const typed = await readFields(request, ['decision', 'words']);
  const refuse = (status: number, errors: Errors<'words'>, refused: string | null = null) =>
    data({ errors, refused, words: typed.words }, { status });
  const decision = (Object.keys(BUTTONS) as Decision[]).find((known) => known === typed.decision);
  if (!decision) return refuse(400, { words: 'Elige Aceptar o Devolver' });
  const required = WORDS_REQUIRED[decision];
  const words = parseFreeText(typed.words, { max: 4000, ...(required ? { required } : {}) });
  if (!words.ok) return refuse(400, { words: words.message });
  const review = { submission_id: readId(params.id), decision, words: words.value, person_id: actor.id };
  const outcome = await reviewSubmission(context.db, review, moment);
  if (outcome.kind === 'not_found') throw notFound();
  if (outcome.kind === 'reviewed') return redirect('/revision', 303);
  return refuse(409, {}, refusal(outcome));
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Revisar ${page?.report.folio ?? 'reporte'} · Seguimiento de Convenios` },
];

export default function Review() {
  const { deadline, evidence, report, own, decisions } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <>
      <PageHeader title={`Revisar ${report.folio}`} kicker={deadline.ref}>
        <p className="lead">
          <Link to={`/vencimientos/${deadline.id}`}>{deadline.title}</Link>
        </p>
      </PageHeader>
      <Refusal title="No se registró tu decisión" refusal={answer?.refused} />
      <ErrorSummary errors={answer?.errors} />
      <div className="columns columns-even">
        <div>
          <h2>Lo que se entregó</h2>
          <ReportCard report={report} />
          <h2>Lo que se debía</h2>
          <Facts
            rows={[
              ['Fecha límite', deadline.due ?? 'Sin fecha'],
              ['Evidencia esperada', evidence],
              ['Destinatario', deadline.counterpart],
              ['Fundamento', `${deadline.citation} · ${deadline.legal_basis}`],
            ]}
          />
          <p>
            <DateMarks of={deadline} />
          </p>
        </div>
        <section className="panel" aria-labelledby="dictamen">
          <h2 id="dictamen">Dictamen</h2>
          {report.review === null && !own && (
            <Form method="post" className="form" noValidate>
              <fieldset className="checklist">
                <legend>Antes de decidir</legend>
                <label>
                  <input type="checkbox" /> ¿Es el documento que pide la cláusula?
                </label>
                <label>
                  <input type="checkbox" /> ¿Lo recibió el destinatario?
                </label>
                <label>
                  <input type="checkbox" /> ¿La fecha del acto coincide con el documento?
                </label>
              </fieldset>
              <Field
                name="words"
                label="Motivo u observaciones"
                hint="Obligatorio para devolver o aceptar en parte; el área lo recibe por correo."
                error={answer?.errors.words}
              >
                {(control) => <textarea {...control} rows={5} defaultValue={answer?.words} />}
              </Field>
              <p className="actions">
                {decisions.map((decision, index) => (
                  <SubmitButton
                    key={decision}
                    quiet={index > 0}
                    name="decision"
                    value={decision}
                    pending={BUTTONS[decision].pending}
                  >
                    {BUTTONS[decision].label}
                  </SubmitButton>
                ))}
              </p>
            </Form>
          )}
          {report.review === null && own && (
            <p>Este reporte es tuyo: debe revisarlo otra persona de la Dirección.</p>
          )}
          {report.review !== null && <p>Este reporte ya se decidió.</p>}
          <p>
            <Link to="/revision">Volver a la cola de revisión</Link>
          </p>
        </section>
      </div>
    </>
  );
}
