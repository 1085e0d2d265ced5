// Reporting compliance: when the thing was handed over, by which means and under which number.
import { randomUUID } from 'node:crypto';
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
import { DateInput, ErrorSummary, Field, SubmitButton, type Errors } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { MEDIUM_WORDS } from '../domain/medium.ts';
import { parseReport, REPORT_FIELDS, type ReportField, type TypedReport } from '../domain/report-form.ts';
import { submitReport, type ReportOutcome } from '../../db/submissions.ts';
import { requireActor } from '../server/access.ts';
import { reportingArea, reportVerb, requireDeadline } from '../server/deadline-access.ts';
import { notFound, readFields, readId } from '../server/request-input.ts';

type Asked = Pick<LoaderFunctionArgs, 'request' | 'context' | 'params'>;

/** The deadline somebody may report on and the area they report for. Throws 404 when it is not theirs. */
async function requireReporter({ request, context, params }: Asked) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline-report');
  const { deadline, areas } = await requireDeadline(context.db, moment, actor, readId(params.id));
  const area = reportingArea(actor, areas);
  if (!area) throw notFound();
  return { actor, moment, deadline, area };
}

/** Why a report was not taken, in words. */
function refusal(outcome: Exclude<ReportOutcome, { kind: 'received' }>): { text: string; folio?: string } {
  if (outcome.kind === 'already_in_review') {
    return { text: `${outcome.by} ya reportó esto: ${instantWords(outcome.at)}.`, folio: outcome.folio };
  }
  return {
    text:
      outcome.status === 'waived'
        ? 'Esta obligación se exceptuó; ya no hay nada que reportar.'
        : 'Esta obligación ya está concluida: su reporte fue aceptado.',
  };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { actor, moment, deadline, area } = await requireReporter(asked);
  return {
    verb: reportVerb(actor, area),
    deadline: viewDeadline(deadline, moment.today),
    evidence: deadline.evidence_expected,
    timed: deadline.due_time !== null,
    area: area.name,
    today: moment.today,
    form_key: randomUUID(),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, deadline, area } = await requireReporter(asked);
  const typed = await readFields(asked.request, REPORT_FIELDS);
  const report = parseReport(typed, moment, deadline.due_time !== null);
  if (!report.ok) return data({ errors: report.errors, typed, refused: null }, { status: 400 });
  const { db } = asked.context;
  const who = { deadline_id: deadline.id, area_id: area.id, person_id: actor.id, example: false };
  const outcome = await submitReport(db, { ...report.value, ...who }, moment);
  if (outcome.kind === 'received') return redirect(`/acuses/${outcome.folio}?nuevo=1`, 303);
  const errors: Errors<ReportField> = {};
  return data({ errors, typed, refused: refusal(outcome) }, { status: 409 });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page ? `${page.verb} de ${page.deadline.ref}` : 'Reportar'} · Seguimiento de Convenios` },
];

const EMPTY: TypedReport = {
  act_on: '',
  act_time: '',
  medium: '',
  document_number: '',
  note: '',
  form_key: '',
};

export default function DeadlineReport() {
  const { verb, deadline, evidence, timed, area, today, form_key } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed = answer?.typed ?? EMPTY;
  const errors = answer?.errors;
  return (
    <div className="narrow">
      <PageHeader title={verb} kicker={deadline.ref}>
        <p className="lead">{deadline.title}</p>
        <p>
          <StatusBadge status={deadline.status} distance={deadline.distance} />{' '}
          {deadline.due && (
            <>
              {deadline.due_verb} <time dateTime={deadline.due_on ?? undefined}>{deadline.due}</time>
            </>
          )}{' '}
          <DateMarks of={deadline} />
        </p>
        <Facts
          rows={[
            ['En nombre de', area],
            ['Entregado a', deadline.counterpart],
            ['Evidencia esperada', evidence],
          ]}
        />
      </PageHeader>
      {answer?.refused && (
        <div className="error-summary" role="alert">
          <h2>No se registró otro reporte</h2>
          <p>{answer.refused.text}</p>
          {answer.refused.folio && (
            <p>
              <Link to={`/acuses/${answer.refused.folio}`}>Ver ese reporte ({answer.refused.folio})</Link>
            </p>
          )}
        </div>
      )}
      <ErrorSummary errors={errors} />
      <Form method="post" className="form" noValidate>
        <input type="hidden" name="form_key" value={form_key} />
        <Field
          name="act_on"
          label="Fecha del acto"
          hint="El día en que se entregó, no el día en que lo registras."
          error={errors?.act_on}
        >
          {(control) => <DateInput control={control} value={typed.act_on} max={today} required />}
        </Field>
        {timed && (
          <Field
            name="act_time"
            label="Hora del acto"
            hint="Hora del centro. Este plazo se cuenta de momento a momento."
            error={errors?.act_time}
          >
            {(control) => <input {...control} type="time" defaultValue={typed.act_time} required />}
          </Field>
        )}
        <Field name="medium" label="Medio" error={errors?.medium}>
          {(control) => (
            <select {...control} defaultValue={typed.medium} required>
              <option value="">Elige uno</option>
              {Object.entries(MEDIUM_WORDS).map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          name="document_number"
          label="Número o folio"
          hint="El del oficio, del registro en SIVOPLE o del acuerdo."
          error={errors?.document_number}
        >
          {(control) => <input {...control} type="text" defaultValue={typed.document_number} required />}
        </Field>
        <Field name="note" label="Nota (opcional)" hint="Hasta 4,000 caracteres." error={errors?.note}>
          {(control) => <textarea {...control} rows={5} defaultValue={typed.note} />}
        </Field>
        <p className="quiet">
          Al enviarlo recibes un acuse y se detienen los avisos de esta obligación. La oportunidad se mide con
          la fecha del acto.
        </p>
        <p className="actions">
          <SubmitButton pending="Enviando…">Enviar reporte</SubmitButton>
          <Link className="more" to={`/vencimientos/${deadline.id}`}>
            Cancelar
          </Link>
        </p>
      </Form>
    </div>
  );
}
