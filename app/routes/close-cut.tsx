// Closing a cut of the Commission's report: what will be frozen is shown first, and only that is frozen.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { ErrorSummary, SubmitButton } from '../components/form.tsx';
import { Verdict } from '../components/outline-view.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { cutText } from '../domain/cut.ts';
import { COMMISSION, overdueOutline } from '../domain/overdue-outline.ts';
import { closeCut } from '../../db/report-cuts.ts';
import { requireActor } from '../server/access.ts';
import { readReport } from '../server/report-request.ts';
import { readFields } from '../server/request-input.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'close-cut');
  const params = new URL(request.url).searchParams;
  const answer = await readReport(context.db, params, moment);
  if (!answer.ok) return data({ error: Object.values(answer.errors)[0] ?? '', draft: null }, { status: 400 });
  const { report, stamp } = answer.stamped;
  if (stamp.folio !== null) throw redirect(`/informe/vencidas?folio=${stamp.folio}`);
  const { facts, verdict } = overdueOutline(report, stamp);
  return data({
    error: null,
    draft: {
      facts: facts.filter(([name]) => name !== 'Folio'),
      verdict,
      query: answer.query,
      fields: { ...answer.fields, corte: cutText(report.cut.at), huella: stamp.sha256 },
    },
  });
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'close-cut');
  const fields = await readFields(request, ['corte', 'comparar', 'sesion', 'proceso', 'huella']);
  const { huella, ...wishes } = fields;
  if (wishes.corte === '') return refuse('Falta el corte que se cierra', 400);
  const answer = await readReport(context.db, new URLSearchParams(wishes), moment);
  if (!answer.ok) return refuse(Object.values(answer.errors)[0] ?? '', 400);
  if (answer.stamped.stamp.sha256 !== huella) {
    return refuse('El informe de ese corte ya no es el que se mostró; revísalo de nuevo', 409);
  }
  const closing = await closeCut(context.db, answer.stamped.report, actor.id, moment);
  if (closing.kind === 'not_after') {
    return refuse(`Ya se cerró un corte igual o posterior, ${closing.folio}; elige uno más reciente`, 409);
  }
  throw redirect(`/informe/cortes?nuevo=${closing.folio}`, 303);
}

const refuse = (message: string, status: number) => data({ errors: { cerrar: message } }, { status });

export const meta: MetaFunction = () => [{ title: 'Cerrar corte · Seguimiento de Convenios' }];

export default function CloseCut() {
  const { error, draft } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  return (
    <div className="narrow">
      <PageHeader title="Cerrar corte" kicker={COMMISSION} />
      <ErrorSummary errors={refused?.errors} />
      {draft ? (
        <>
          <Verdict sentences={draft.verdict} />
          <Facts rows={draft.facts.map(([name, value]) => [name, <span className="hash">{value}</span>])} />
          <p>
            Al cerrarlo, este informe recibe el folio que sigue y se conserva tal como está: lo que se reporte
            después aparecerá como nota, sin cambiar sus cifras. No se puede deshacer.
          </p>
          <Form method="post" className="form" id="cerrar">
            {Object.entries(draft.fields)
              .filter(([name]) => name !== 'folio')
              .map(([name, value]) => (
                <input key={name} type="hidden" name={name} value={value} />
              ))}
            <p className="actions">
              <SubmitButton pending="Cerrando…">Cerrar corte</SubmitButton>
              <Link to={`/informe/vencidas?${draft.query}`}>Volver sin cerrarlo</Link>
            </p>
          </Form>
        </>
      ) : (
        <EmptyState>{error}.</EmptyState>
      )}
    </div>
  );
}
