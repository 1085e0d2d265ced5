// Reporting compliance: whether it was met, when and by which means, with its files; kept as a draft until it is sent.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { DeadlineStanding } from '../components/deadline-head.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { EvidenceFields } from '../components/evidence-fields.tsx';
import { Facts } from '../components/facts.tsx';
import {
  DateInput,
  ErrorSummary,
  Field,
  FieldError,
  SubmitButton,
  type Errors,
} from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { shortDay } from '../domain/agenda.ts';
import { OPEN_STATUSES } from '../domain/deadline-status.ts';
import { FULFILMENT_WORDS } from '../domain/fulfilment.ts';
import { MEDIUM_WORDS } from '../domain/medium.ts';
import { parseReport, REPORT_FIELDS, type ReportField } from '../domain/report-form.ts';
import { discardDraft, findDraft, saveDraft } from '../../db/report-drafts.ts';
import { requireActor } from '../server/access.ts';
import { listSiblings, reportVerb, requireReportable } from '../server/deadline-access.ts';
import { readUpload } from '../server/evidence/read-upload.ts';
import { readId } from '../server/request-input.ts';

async function requireReporter({ request, context, params }: LoaderFunctionArgs | ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline-report');
  return {
    actor,
    moment,
    ...(await requireReportable(context.db, moment, actor, readId(params.id))),
  };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { actor, moment, deadline, area } = await requireReporter(asked);
  const { db } = asked.context;
  const [draft, siblings] = await Promise.all([
    findDraft(db, { person_id: actor.id, deadline_id: deadline.id }),
    listSiblings(db, moment, area.id, deadline.id),
  ]);
  return {
    verb: reportVerb(actor, area),
    deadline: viewDeadline(deadline, moment.today),
    evidence: deadline.evidence_expected,
    timed: deadline.due_time !== null,
    open: OPEN_STATUSES.includes(deadline.status),
    area: area.name,
    today: moment.today,
    draft,
    saved: draft.saved_at && instantWords(draft.saved_at),
    just_saved: new URL(asked.request.url).searchParams.has('guardado'),
    siblings: siblings.map(({ id, ref, title, due_on }) => ({
      id,
      ref,
      title,
      due: due_on === null ? '' : shortDay(due_on, moment.today),
    })),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, deadline, area } = await requireReporter(asked);
  const { db, evidence } = asked.context;
  const form = await readUpload(asked.request, evidence, moment.at, {
    fields: [...REPORT_FIELDS, 'intent'],
    lists: ['also', 'remove'],
    files: 'files',
  });
  const { intent, ...fields } = form.fields;
  const whose = { person_id: actor.id, deadline_id: deadline.id };
  const page = `/vencimientos/${deadline.id}/reportar`;
  if (intent === 'discard') {
    await Promise.all(form.files.map((file) => evidence.discard(file)));
    await discardDraft(db, whose, moment);
    return redirect(`/vencimientos/${deadline.id}`, 303);
  }
  const siblings = await listSiblings(db, moment, area.id, deadline.id);
  const also = siblings.flatMap(({ id }) => (form.lists.also.includes(String(id)) ? [id] : []));
  const change = { ...whose, fields, also, removed: form.lists.remove, added: form.files };
  const { draft, refusals } = await saveDraft(db, evidence, change, moment);

  const errors: Errors<ReportField | 'files' | 'also'> = {};
  const wrongFiles = [...form.refusals, ...refusals];
  const cutShort = form.status === 413 || form.status === 507;
  if (intent !== 'save' && !cutShort) {
    const report = parseReport(fields, moment, deadline.due_time !== null);
    if (!report.ok) Object.assign(errors, report.errors);
    else if (report.value.fulfilment !== 'full' && also.length > 0) {
      errors.also = 'Sólo lo que se cumplió totalmente puede valer también para otras obligaciones';
    }
  }
  if (wrongFiles.length > 0) errors.files = wrongFiles.join('\n');
  if (Object.keys(errors).length > 0) {
    return data(
      { errors, typed: fields, also, files: draft.files },
      { status: cutShort ? form.status : 400 },
    );
  }
  return redirect(intent === 'save' ? `${page}?guardado=1` : `${page}/enviar`, 303);
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page ? `${page.verb} de ${page.deadline.ref}` : 'Reportar'} · Seguimiento de Convenios` },
];

export default function DeadlineReport() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { verb, deadline, timed, draft, siblings } = page;
  const typed = answer?.typed ?? draft.fields;
  const also = answer?.also ?? draft.also;
  const files = answer?.files ?? draft.files;
  const errors = answer?.errors;
  return (
    <div className="narrow">
      <PageHeader title={verb} kicker={deadline.ref}>
        <p className="lead">{deadline.title}</p>
        <DeadlineStanding deadline={deadline} />
        <Facts
          rows={[
            ['En nombre de', page.area],
            ['Entregado a', deadline.counterpart],
            ['Evidencia esperada', page.evidence],
          ]}
        />
      </PageHeader>
      {!page.open && (
        <p className="notice">
          Ahora no se puede enviar otro reporte:{' '}
          <Link to={`/vencimientos/${deadline.id}`}>mira su estado</Link>.
        </p>
      )}
      {answer ? (
        <ErrorSummary errors={errors} />
      ) : (
        page.just_saved &&
        page.saved && (
          <p className="notice notice-good" role="status">
            Borrador guardado {page.saved}. Sólo tú lo ves hasta que lo envíes.
          </p>
        )
      )}
      {/* Sent by the browser itself: it shows how much of the files has gone, and «Atrás» keeps what was typed. */}
      <Form method="post" encType="multipart/form-data" className="form" noValidate reloadDocument>
        <fieldset className="choices" aria-describedby={errors?.fulfilment ? 'fulfilment-error' : undefined}>
          <legend id="fulfilment" tabIndex={-1}>
            ¿Se cumplió?
          </legend>
          <FieldError name="fulfilment" error={errors?.fulfilment} />
          {Object.entries(FULFILMENT_WORDS).map(([value, word]) => (
            <label key={value}>
              <input
                type="radio"
                name="fulfilment"
                value={value}
                defaultChecked={typed.fulfilment === value}
              />{' '}
              {word}
            </label>
          ))}
        </fieldset>
        <Field
          name="act_on"
          label="Fecha del acto"
          hint="El día en que se entregó, no el día en que lo registras."
          error={errors?.act_on}
        >
          {(control) => <DateInput control={control} value={typed.act_on} max={page.today} required />}
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
        <Field
          name="note"
          label="Nota"
          hint="Opcional si se cumplió totalmente; si no, qué falta o por qué no procede. Hasta 4,000 caracteres."
          error={errors?.note}
        >
          {(control) => <textarea {...control} rows={3} defaultValue={typed.note} />}
        </Field>
        {siblings.length > 0 && (
          <details className="siblings" open={also.length > 0 || errors?.also !== undefined}>
            <summary>
              Esta evidencia también cumple otras obligaciones
              {also.length > 0 && <span className="count">{also.length}</span>}
            </summary>
            <fieldset className="checklist">
              <legend className="quiet">Marca las que se cumplen con los mismos archivos.</legend>
              <FieldError name="also" error={errors?.also} />
              {siblings.map(({ id, ref, title, due }) => (
                <label key={id}>
                  <input type="checkbox" name="also" value={id} defaultChecked={also.includes(id)} />
                  <span>
                    {title} <span className="quiet">{`${ref} · ${due}`}</span>
                  </span>
                </label>
              ))}
            </fieldset>
          </details>
        )}
        {/* Last, so that whatever was typed has arrived before a file that is too large ends the reading. */}
        <EvidenceFields files={files} error={errors?.files} />
        <p className="actions">
          <SubmitButton name="intent" value="review" pending="Subiendo…">
            Revisar y enviar
          </SubmitButton>
        </p>
        <p className="card-actions">
          <SubmitButton quiet name="intent" value="save" pending="Guardando…">
            Guardar borrador
          </SubmitButton>
          {page.saved ? (
            <SubmitButton quiet name="intent" value="discard" pending="Descartando…">
              Descartar borrador
            </SubmitButton>
          ) : (
            <Link className="more" to={`/vencimientos/${deadline.id}`}>
              Cancelar
            </Link>
          )}
        </p>
      </Form>
    </div>
  );
}
