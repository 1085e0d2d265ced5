// The last look at a report before it is sent: everything it will say, and the one button that sends it.
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
import { SubmitButton } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { Refusal, type RefusalWords } from '../components/refusal.tsx';
import { timelinessWords } from '../components/report-words.ts';
import { UserText } from '../components/user-text.tsx';
import { sizeWords } from '../domain/evidence.ts';
import { FULFILMENT_WORDS } from '../domain/fulfilment.ts';
import { MEDIUM_WORDS } from '../domain/medium.ts';
import { formatHour, formatLongDate } from '../domain/plain-date.ts';
import { parseReport } from '../domain/report-form.ts';
import { findDraft } from '../../db/report-drafts.ts';
import { findSentBefore, submitReport, type ReportOutcome } from '../../db/submissions.ts';
import { requireActor } from '../server/access.ts';
import { listSiblings, requireReportable } from '../server/deadline-access.ts';
import { readFields, readId } from '../server/request-input.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The draft of whoever asks, with what it says; `report` is undefined while there is something to correct. */
async function requireDraft({ request, context, params }: LoaderFunctionArgs | ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'deadline-report-send');
  const { db } = context;
  const { deadline, area } = await requireReportable(db, moment, actor, readId(params.id));
  const draft = await findDraft(db, { person_id: actor.id, deadline_id: deadline.id });
  const read = parseReport(draft.fields, moment, deadline.due_time !== null);
  const open = await listSiblings(db, moment, area.id, deadline.id);
  const also = open.filter(({ id }) => draft.also.includes(id));
  const sayable = read.ok && (read.value.fulfilment === 'full' || also.length === 0);
  const report = draft.form_key !== null && sayable ? read.value : undefined;
  return {
    actor,
    moment,
    deadline,
    area,
    draft,
    also,
    report,
    form: `/vencimientos/${deadline.id}/reportar`,
  };
}

/** Why a report was not taken, in words. */
function refusal(outcome: Exclude<ReportOutcome, { kind: 'received' }>): RefusalWords {
  if (outcome.kind === 'already_in_review') {
    return {
      text: `${outcome.by} ya reportó esto: ${instantWords(outcome.at)}.`,
      link: { to: `/acuses/${outcome.folio}`, label: `Ver ese reporte (${outcome.folio})` },
    };
  }
  return {
    text:
      outcome.status === 'waived'
        ? 'Esta obligación se exceptuó; ya no hay nada que reportar.'
        : 'Esta obligación ya está concluida: su reporte fue aceptado.',
  };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { moment, deadline, area, draft, also, report, form } = await requireDraft(asked);
  if (!report) throw redirect(form);
  const { act_on, act_time, medium, document_number, note } = report;
  return {
    form,
    form_key: draft.form_key,
    deadline: viewDeadline(deadline, moment.today),
    area: area.name,
    fulfilment: FULFILMENT_WORDS[report.fulfilment],
    act: [formatLongDate(act_on), ...(act_time ? [formatHour(act_time)] : [])].join(', '),
    timeliness: timelinessWords(report, deadline).toLowerCase(),
    document: `${MEDIUM_WORDS[medium]} ${document_number}`,
    note,
    files: draft.files,
    also: also.map(({ id, ref, title }) => ({ id, ref, title })),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, deadline, area, draft, also, report, form } = await requireDraft(asked);
  const { db } = asked.context;
  const { form_key } = await readFields(asked.request, ['form_key']);
  if (!UUID.test(form_key)) throw new Response('El formulario llegó incompleto.', { status: 400 });
  const sent = { form_key, person_id: actor.id, deadline_id: deadline.id };
  const before = await findSentBefore(db, sent);
  if (before) return redirect(`/acuses/${before.folio}?nuevo=1`, 303);
  if (!report) return redirect(form, 303);
  if (draft.form_key !== form_key) {
    const text =
      'Tu borrador cambió después de abrir esta página. Esto es lo que dice ahora; revísalo otra vez.';
    return data({ refused: { text } }, { status: 409 });
  }
  const outcome = await submitReport(
    db,
    {
      ...report,
      ...sent,
      area_id: area.id,
      files: draft.files,
      also: also.map(({ id }) => id),
      example: false,
    },
    moment,
  );
  if (outcome.kind === 'received') return redirect(`/acuses/${outcome.folio}?nuevo=1`, 303);
  return data({ refused: refusal(outcome) }, { status: 409 });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Enviar reporte de ${page?.deadline.ref ?? ''} · Seguimiento de Convenios` },
];

export default function DeadlineReportSend() {
  const { form, form_key, deadline, note, files, also, ...said } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <div className="narrow">
      <PageHeader title="Revisa y envía" kicker={deadline.ref}>
        <p className="lead">{deadline.title}</p>
      </PageHeader>
      <Refusal title="No se registró otro reporte" refusal={answer?.refused} />
      <Facts
        rows={[
          ['¿Se cumplió?', said.fulfilment],
          ['Fecha del acto', `${said.act} (${said.timeliness})`],
          ['Con', said.document],
          ['En nombre de', said.area],
          ['Entregado a', deadline.counterpart],
          ['Fecha límite', deadline.due ?? 'Sin fecha'],
        ]}
      />
      {note && <UserText>{note}</UserText>}
      <h2>
        {files.length === 0 ? 'Sin archivos' : files.length === 1 ? '1 archivo' : `${files.length} archivos`}
      </h2>
      {files.length === 0 ? (
        <p className="notice">Quien revise sólo verá el número del documento.</p>
      ) : (
        <ul className="evidence">
          {files.map(({ name, bytes, sha256 }) => (
            <li key={sha256}>
              <span className="evidence-name">
                <bdi>{name}</bdi> <span className="quiet">{sizeWords(bytes)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {also.length > 0 && (
        <>
          <h2>También cumple</h2>
          <ul className="also">
            {also.map(({ id, ref, title }) => (
              <li key={id}>
                {title} <span className="quiet">{ref}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <Form method="post" className="form">
        <input type="hidden" name="form_key" value={form_key ?? ''} />
        <p className="quiet">
          Al enviarlo recibes un acuse y se detienen los avisos de{' '}
          {also.length > 0 ? 'estas obligaciones' : 'esta obligación'}. La oportunidad se mide con la fecha
          del acto.
        </p>
        <p className="actions">
          <SubmitButton pending="Enviando…">Enviar reporte</SubmitButton>
          <Link className="more" to={form}>
            Corregir
          </Link>
        </p>
      </Form>
    </div>
  );
}
