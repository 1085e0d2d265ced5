// Publishing a process: what areas would receive in the next days, what is still missing, and the confirmation.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { SubmitButton } from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { Refusal } from '../components/refusal.tsx';
import { formatLongDate } from '../domain/plain-date.ts';
import { listFirstNotices } from '../../db/first-notices.ts';
import { compareWithSource, listAreaGaps } from '../../db/process-review.ts';
import { publishProcess } from '../../db/processes.ts';
import { requireActor } from '../server/access.ts';
import { authorOf, published, requireProcess, requireUnpublished } from '../server/process-access.ts';
import { readFields } from '../server/request-input.ts';

const DAYS = 7;
const MOST_PEOPLE = 6;

export async function loader(asked: LoaderFunctionArgs) {
  const { moment } = await requireActor(asked, 'process-publish');
  const process = await requireProcess(asked.context.db, asked.params.key);
  if (process.published_at !== null) throw redirect(`/procesos/${process.key}`);
  const { db } = asked.context;
  const [rows, gaps, notices] = await Promise.all([
    compareWithSource(db, process),
    listAreaGaps(db, process, moment.today),
    listFirstNotices(db, process, moment, DAYS),
  ]);
  const dated = rows.filter(({ here }) => here?.first_on);
  return {
    key: process.key,
    name: process.name,
    obligations: rows.length,
    dated: dated.length,
    past: dated.filter(({ here }) => here!.first_on! < moment.today).length,
    waiting: rows.filter(({ here }) => here?.waiting_for).length,
    fixed: rows.filter(({ fixed }) => fixed).length,
    gaps: gaps.length,
    uncovered: gaps.filter(({ covered_by }) => covered_by === null).map(({ name }) => name),
    notices: notices.map(({ day, notices: count, people, refs }) => ({
      day: formatLongDate(day),
      count,
      people: [
        ...people.slice(0, MOST_PEOPLE),
        ...(people.length > MOST_PEOPLE ? [`y ${people.length - MOST_PEOPLE} más`] : []),
      ].join('; '),
      refs: refs.join(', '),
    })),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment } = await requireActor(asked, 'process-publish');
  const process = await requireUnpublished(asked.context.db, asked.params.key);
  const refuse = (refused: string) => data({ refused }, { status: 400 });
  const { confirm } = await readFields(asked.request, ['confirm']);
  if (confirm !== 'sí') return refuse('Marca que revisaste lo que se enviaría.');
  const outcome = await publishProcess(asked.context.db, process, authorOf(actor), moment);
  switch (outcome.kind) {
    case 'published':
      return redirect(`/procesos/${process.key}`, 303);
    case 'already_published':
      throw published();
    case 'empty':
      return refuse('Este proceso todavía no tiene obligaciones.');
    case 'uncovered':
      return refuse(`Nadie recibiría los avisos de: ${outcome.areas.join('; ')}.`);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Publicar ${page?.name ?? 'un proceso'} · Seguimiento de Convenios` },
];

export default function ProcessPublish() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const at = `/procesos/${page.key}`;
  return (
    <>
      <PageHeader title="Publicar el proceso" kicker={<Link to={at}>{page.name}</Link>}>
        <p className="lead">
          Al publicarlo, las áreas ven sus {page.obligations} obligaciones, la Comisión las ve en su informe y
          empiezan los avisos. No se puede deshacer.
        </p>
      </PageHeader>
      <Refusal title="No se publicó" refusal={answer?.refused} />
      <section aria-labelledby="estado">
        <h2 id="estado">Cómo está</h2>
        <ul className="bullets">
          <li>
            <Link to={`${at}/fechas#calculadas`}>{page.dated} obligaciones con fecha</Link> y {page.waiting}{' '}
            en espera de un hito.
          </li>
          {page.past > 0 && (
            <li>
              ⚠ <Link to={`${at}/fechas#anteriores`}>{page.past} con fecha anterior a hoy</Link>: aparecerían
              vencidas desde el primer día.
            </li>
          )}
          {page.fixed > 0 && (
            <li>
              ⚠ <Link to={`${at}/fechas-fijas`}>{page.fixed} fechas fijas por revisar</Link>: no darán
              vencimientos mientras no se decidan.
            </li>
          )}
          {page.gaps > 0 && (
            <li>
              ⚠ <Link to={`${at}#personas`}>{page.gaps} áreas sin persona vigente</Link>: sus avisos suben al
              área superior.
            </li>
          )}
          {page.uncovered.length > 0 && (
            <li>✖ Nadie recibiría los avisos de: {page.uncovered.join('; ')}. Así no se puede publicar.</li>
          )}
        </ul>
      </section>
      <section aria-labelledby="avisos">
        <h2 id="avisos">Avisos de los próximos {DAYS} días, si se publica hoy</h2>
        {page.notices.length === 0 ? (
          <EmptyState>No saldría ningún aviso en estos días.</EmptyState>
        ) : (
          <table className="table stack">
            <thead>
              <tr>
                <th scope="col">Día</th>
                <th scope="col">Avisos</th>
                <th scope="col">A quién</th>
                <th scope="col">Sobre</th>
              </tr>
            </thead>
            <tbody>
              {page.notices.map(({ day, count, people, refs }) => (
                <tr key={day}>
                  <th scope="row">{day}</th>
                  <td data-label="Avisos">
                    <span>{count}</span>
                  </td>
                  <td data-label="A quién">
                    <span>{people}</span>
                  </td>
                  <td data-label="Sobre">
                    <span>{refs}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <Form method="post" className="form">
        <label className="fill-check">
          <input type="checkbox" name="confirm" value="sí" required />
          Revisé lo que se enviaría y a quién.
        </label>
        <p className="actions">
          <SubmitButton pending="Publicando…">Publicar {page.name}</SubmitButton>
          <Link className="more" to={at}>
            Todavía no
          </Link>
        </p>
      </Form>
    </>
  );
}
