// An addendum beside the text in force: what changes clause by clause, and what it does to dates, notices and people.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { ClauseComparison } from '../components/clause-comparison.tsx';
import { Counters } from '../components/counters.tsx';
import { SubmitButton } from '../components/form.tsx';
import { instrumentPath } from '../components/instrument-words.ts';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { RuleError } from '../domain/deadline-rule.ts';
import { formatLongDate } from '../domain/plain-date.ts';
import { discardAddendum, findAddendum, planOf, previewAddendum } from '../../db/addenda.ts';
import { applyAddendum } from '../../db/addendum-apply.ts';
import { requireActor } from '../server/access.ts';
import { comparedClauses, effectRows } from '../server/addendum-view.ts';
import { requireInstrument } from '../server/instrument-access.ts';
import { notFound, readFields, readId } from '../server/request-input.ts';

async function requireDraft({
  request,
  context,
  params,
}: Pick<LoaderFunctionArgs, 'request' | 'context' | 'params'>) {
  const { actor, moment } = await requireActor({ request, context }, 'addendum-preview');
  const { instrument, process } = await requireInstrument(context.db, request, params.key);
  const draft = await findAddendum(context.db, instrument.id, readId(params.id));
  if (!draft) throw notFound();
  return { actor, moment, instrument, process, draft };
}

export async function loader(asked: LoaderFunctionArgs) {
  const { moment, instrument, process, draft } = await requireDraft(asked);
  const { db } = asked.context;
  const plan = await planOf(db, instrument, draft.rows);
  const page = {
    back: instrumentPath(instrument.key, process),
    instrument: instrument.title,
    title: draft.title,
    facts: [
      `Firmada el ${formatLongDate(draft.signed_on)}`,
      `rige desde el ${formatLongDate(draft.in_force_from)}`,
      draft.source,
      `cargada por ${draft.recorded_by_name}, ${instantWords(draft.recorded_at)}`,
    ].join(' · '),
  };
  if (!plan.ok) return { ...page, errors: plan.errors, preview: null };
  try {
    const preview = await previewAddendum(db, instrument, draft, plan.clauses, moment);
    const count = (kind: string) => plan.clauses.filter(({ change }) => change === kind).length;
    return {
      ...page,
      errors: [],
      preview: {
        counts: {
          new: count('new'),
          modified: count('modified'),
          repealed: count('repealed'),
          same: count('same'),
        },
        clauses: comparedClauses(plan.clauses),
        effects: effectRows(preview),
        notices: preview.notices,
        people: preview.people.map(({ area, names }) => ({
          area,
          names: names.length > 0 ? names.join('; ') : 'sin persona vigente',
        })),
      },
    };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return { ...page, errors: [`Una regla no se puede calcular. ${error.message}`], preview: null };
  }
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment, instrument, process, draft } = await requireDraft(asked);
  const { db } = asked.context;
  const { what } = await readFields(asked.request, ['what']);
  const refuse = (refused: string, status = 400) => data({ refused }, { status });
  if (what === 'discard') {
    await discardAddendum(db, draft.id, actor.id, moment);
    return redirect(instrumentPath(instrument.key, process), 303);
  }
  if (what !== 'apply') return refuse('No se entendió qué hacer con la adenda.');
  try {
    const outcome = await applyAddendum(db, instrument, draft, actor.id, moment);
    switch (outcome.kind) {
      case 'applied':
        return redirect(instrumentPath(instrument.key, process), 303);
      case 'closed':
        return refuse('Alguien ya la aplicó o la descartó.', 409);
      case 'nothing_new':
        return refuse('No hay nada que aplicar: todo es igual al texto vigente.', 409);
      case 'errors':
        return refuse(outcome.errors.join(' · '), 409);
    }
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return refuse(`Una regla no se puede calcular. ${error.message}`, 409);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.title ?? 'Adenda'} · Seguimiento de Convenios` },
];

export default function AddendumPreview() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { preview } = page;
  const changes = preview ? preview.counts.new + preview.counts.modified + preview.counts.repealed : 0;
  return (
    <>
      <PageHeader title={page.title} kicker={<Link to={page.back}>{page.instrument}</Link>}>
        <p className="quiet">{page.facts}</p>
      </PageHeader>
      {(answer?.refused ?? page.errors.length > 0) && (
        <div className="error-summary" role="alert">
          <h2>Así no se puede aplicar</h2>
          <ul>
            {answer?.refused && <li>{answer.refused}</li>}
            {page.errors.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </div>
      )}
      {preview && (
        <>
          <Counters
            name="Numerales"
            counters={[
              { label: 'Nuevos', count: preview.counts.new, to: '#numerales' },
              { label: 'Modificados', count: preview.counts.modified, to: '#numerales' },
              { label: 'Derogados', count: preview.counts.repealed, to: '#numerales', tone: 'overdue' },
              { label: 'Sin cambio', count: preview.counts.same, to: '#numerales' },
            ]}
          />
          {changes === 0 && (
            <EmptyState>
              0 nuevas, 0 modificadas, {preview.counts.same} iguales: no hay nada que aplicar.
            </EmptyState>
          )}
          {changes > 0 && <Effects preview={preview} />}
          <section aria-labelledby="numerales">
            <h2 id="numerales">Numeral por numeral</h2>
            {preview.clauses.map((clause) => (
              <ClauseComparison key={clause.number} clause={clause} />
            ))}
          </section>
        </>
      )}
      <Form method="post" className="form">
        <p className="actions">
          {changes > 0 && (
            <SubmitButton name="what" value="apply" pending="Aplicando…">
              Aplicar la adenda
            </SubmitButton>
          )}
          <SubmitButton quiet name="what" value="discard" pending="Descartando…">
            Descartarla
          </SubmitButton>
        </p>
      </Form>
    </>
  );
}

type Preview = NonNullable<Awaited<ReturnType<typeof loader>>['preview']>;

function Effects({ preview: { effects, notices, people } }: { preview: Preview }) {
  return (
    <section aria-labelledby="efectos">
      <h2 id="efectos">Qué pasa con las fechas</h2>
      {effects.length === 0 ? (
        <EmptyState>Ninguna fecha cambia.</EmptyState>
      ) : (
        <table className="table stack">
          <thead>
            <tr>
              <th scope="col">Obligación</th>
              <th scope="col">Fecha actual</th>
              <th scope="col">Con la adenda</th>
              <th scope="col">Qué pasa</th>
            </tr>
          </thead>
          <tbody>
            {effects.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {row.title}
                  <span className="quiet person-line">{row.ref}</span>
                </th>
                <td data-label="Actual">
                  <span>{row.current}</span>
                </td>
                <td data-label="Con la adenda">
                  <span>{row.proposed}</span>
                </td>
                <td data-label="Qué pasa">
                  <span>{row.outcome}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {effects.length > 0 && (
        <p>
          {notices === 0
            ? 'No hay avisos pendientes sobre ellas.'
            : notices === 1
              ? 'Se retira 1 aviso pendiente.'
              : `Se retiran ${notices} avisos pendientes.`}{' '}
          A cada área con fechas que cambian se le escribe un correo.
        </p>
      )}
      {people.length > 0 && (
        <>
          <h3>A quién le toca</h3>
          <ul className="areas">
            {people.map(({ area, names }) => (
              <li key={area}>
                <strong>{area}</strong>
                <span className="person-line">{names}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
