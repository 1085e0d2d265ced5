// The receipt of a report: proof for whoever handed it in, made to be kept and printed.
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { longInstantWords } from '../components/moment-words.ts';
import { viewReport } from '../components/report-words.ts';
import { UserText } from '../components/user-text.tsx';
import { viewDeadline } from '../components/deadline-view.ts';
import { findSubmission } from '../../db/submissions.ts';
import { requireActor } from '../server/access.ts';
import { requireDeadline } from '../server/deadline-access.ts';
import { notFound } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'receipt');
  const { folio = '' } = params;
  const submission = /^R-\d{4,12}$/.test(folio) ? await findSubmission(context.db, { folio }) : undefined;
  if (!submission) throw notFound();
  const { deadline } = await requireDeadline(context.db, moment, actor, submission.deadline_id);
  return {
    isNew: new URL(request.url).searchParams.has('nuevo'),
    deadline: viewDeadline(deadline, moment.today),
    report: viewReport(submission, deadline),
    received: longInstantWords(submission.recorded_at),
    example: submission.example,
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Acuse ${data?.report.folio ?? ''} · Seguimiento de Convenios` },
];

export default function Receipt() {
  const { isNew, deadline, report, received, example } = useLoaderData<typeof loader>();
  return (
    <div className="narrow">
      {isNew && (
        <p className="notice notice-good" role="status">
          <strong>
            Recibido. Folio {report.folio}, {received}.
          </strong>
        </p>
      )}
      <article className="receipt">
        <p className="kicker">Acuse de reporte de cumplimiento</p>
        <h1>{report.folio}</h1>
        <Facts
          rows={[
            [
              'Obligación',
              <Link to={`/vencimientos/${deadline.id}`}>{`${deadline.ref} · ${deadline.title}`}</Link>,
            ],
            ['Fundamento', `${deadline.citation} · ${deadline.legal_basis}`],
            ['Fecha límite', deadline.due ?? 'Sin fecha'],
            ['Fecha del acto', `${report.act} (${report.timeliness.toLowerCase()})`],
            ['Entregado con', report.document],
            ['Entregado a', deadline.counterpart],
            ['Reportó', report.by],
            ['Recibido', `${received}, tiempo del centro`],
            ['Huella SHA-256', <code className="hash">{report.sha256}</code>],
          ]}
        />
        {report.note && <UserText>{report.note}</UserText>}
        <p>
          Se detienen los avisos de esta obligación; la Dirección tiene 3 días hábiles para revisar. La
          oportunidad se mide con la fecha del acto.
          {example && ' Este reporte es un ejemplo de la demostración.'}
        </p>
        {report.review && (
          <p className="verdict" data-decision={report.review.decision}>
            {report.review.decision === 'accepted' ? '✓ Aceptado por ' : '↩ Devuelto por '}
            {report.review.by}.
          </p>
        )}
      </article>
      <p className="no-print quiet">Para conservarlo, imprime esta página o guárdala como PDF.</p>
    </div>
  );
}
