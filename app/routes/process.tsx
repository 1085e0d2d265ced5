// One process being prepared: what is still missing, and the dates of its milestones, filled in right here.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { Counters } from '../components/counters.tsx';
import { ErrorSummary, SubmitButton, type Errors } from '../components/form.tsx';
import { MilestoneRows } from '../components/milestone-rows.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { RuleError } from '../domain/deadline-rule.ts';
import { formatDateAndTime } from '../domain/derivation.ts';
import { parseMilestones, type TypedMilestone } from '../domain/process-form.ts';
import { fillMilestones, listMilestonesToFill } from '../../db/process-preparation.ts';
import { compareWithSource, listAreaGaps } from '../../db/process-review.ts';
import { requireActor } from '../server/access.ts';
import { authorOf, requireProcess, requireUnpublished } from '../server/process-access.ts';
import { readFields } from '../server/request-input.ts';

export async function loader(asked: LoaderFunctionArgs) {
  const { moment } = await requireActor(asked, 'process');
  const process = await requireProcess(asked.context.db, asked.params.key);
  const { db } = asked.context;
  const [milestones, compared, gaps] = await Promise.all([
    listMilestonesToFill(db, process.id),
    compareWithSource(db, process),
    listAreaGaps(db, process, moment.today),
  ]);
  const dated = compared.filter(({ here }) => here?.first_on);
  return {
    key: process.key,
    name: process.name,
    source: process.source_name,
    published: process.published_at && instantWords(process.published_at),
    saved: new URL(asked.request.url).searchParams.get('guardado') !== null,
    milestones: milestones.map(({ key, name, on_date, at_time, firm, source, obligations }) => ({
      key,
      name,
      obligations,
      when: on_date && formatDateAndTime({ date: on_date, ...(at_time ? { time: at_time } : {}) }),
      typed: {
        key,
        date: on_date ?? '',
        time: at_time ?? '',
        firm: on_date !== null && firm ? 'sí' : '',
        source: on_date === null ? '' : source,
      },
    })),
    obligations: compared.length,
    dated: dated.length,
    past: dated.filter(({ here }) => here!.first_on! < moment.today).length,
    waiting: compared.filter(({ here }) => here?.waiting_for).length,
    fixed: compared.filter(({ fixed }) => fixed).length,
    left_out: compared.filter(({ left_out }) => left_out !== null).length,
    gaps,
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment } = await requireActor(asked, 'process');
  const process = await requireUnpublished(asked.context.db, asked.params.key);
  const { db } = asked.context;
  const known = await listMilestonesToFill(db, process.id);
  const fields = known.flatMap(({ key }) => [`date.${key}`, `time.${key}`, `firm.${key}`, `source.${key}`]);
  const sent = await readFields(asked.request, [...fields, 'form']);
  const typed = known.map(({ key }): TypedMilestone => ({
    key,
    date: sent[`date.${key}`] ?? '',
    time: sent[`time.${key}`] ?? '',
    firm: sent[`firm.${key}`] ?? '',
    source: sent[`source.${key}`] ?? '',
  }));
  const refuse = (errors: Errors<string>) => data({ errors, typed }, { status: 400 });
  // An empty post would undo every date: only the form itself may say so.
  if (sent['form'] !== 'milestones')
    return refuse({ form: 'El formulario llegó incompleto; envíalo otra vez' });
  const read = parseMilestones(typed);
  if (!read.ok) return refuse(read.errors);
  try {
    await fillMilestones(db, process, read.value, authorOf(actor), moment);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return refuse({ form: `Con estas fechas una regla no se puede calcular. ${error.message}` });
  }
  return redirect(`/procesos/${process.key}?guardado=1`, 303);
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.name ?? 'Proceso'} · Seguimiento de Convenios` },
];

export default function Process() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const at = `/procesos/${page.key}`;
  const missing = page.milestones.filter(({ typed, obligations }) => typed.date === '' && obligations > 0);
  return (
    <>
      <PageHeader
        title={page.name}
        kicker={page.published ? `Publicado el ${page.published}` : 'En preparación'}
        aside={
          !page.published &&
          page.obligations > 0 && (
            <Link className="button" to={`${at}/publicar`}>
              Publicar…
            </Link>
          )
        }
      >
        {page.source && <p className="quiet">A partir de {page.source}</p>}
      </PageHeader>
      {page.saved && (
        <p className="notice notice-good">Se guardaron las fechas y se calcularon los plazos.</p>
      )}
      <Counters
        name="Qué falta"
        counters={[
          { label: 'Hitos por llenar', count: missing.length, to: '#hitos', tone: 'due_soon' },
          {
            label: 'Fechas fijas por revisar',
            count: page.fixed,
            to: `${at}/fechas-fijas`,
            tone: 'due_soon',
          },
          { label: 'Obligaciones en espera', count: page.waiting, to: `${at}/fechas#espera` },
          { label: 'Con fecha calculada', count: page.dated, to: `${at}/fechas#calculadas` },
          {
            label: 'Con fecha anterior a hoy',
            count: page.past,
            to: `${at}/fechas#anteriores`,
            tone: 'overdue',
          },
          { label: 'Dejadas fuera', count: page.left_out, to: `${at}/fechas#fuera` },
        ]}
      />
      <p className="actions">
        <Link className="more" to={`${at}/fechas`}>
          Fechas y diferencias con {page.source ? `«${page.source}»` : 'el proceso de origen'}
        </Link>
        {!page.published && (
          <Link className="more" to={`${at}/descartar`}>
            Descartar este proceso
          </Link>
        )}
      </p>
      <section aria-labelledby="personas">
        <h2 id="personas">Áreas sin persona vigente</h2>
        {page.gaps.length === 0 ? (
          <p>Todas las áreas que responden por algo tienen a alguien en funciones.</p>
        ) : (
          <ul className="areas">
            {page.gaps.map(({ id, name, obligations, covered_by }) => (
              <li key={id}>
                <strong>{name}</strong>, {obligations === 1 ? '1 obligación' : `${obligations} obligaciones`}.{' '}
                {covered_by ? `Sus avisos irían a: ${covered_by}.` : '⚠ Nadie recibiría sus avisos.'}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="hitos">
        <h2 id="hitos">Hitos</h2>
        <ErrorSummary errors={answer?.errors} />
        {page.published ? (
          <p>El proceso está publicado: mover un hito cambia vencimientos y avisa a las áreas.</p>
        ) : (
          <p className="quiet">
            Llena los que conozcas y guarda; los demás pueden esperar. Una fecha provisional hace provisional
            todo lo que se cuente desde ella.
          </p>
        )}
        <Form method="post" noValidate>
          <input type="hidden" name="form" value="milestones" />
          <MilestoneRows
            rows={page.milestones.map((row, index) => ({ ...row, typed: answer?.typed[index] ?? row.typed }))}
            errors={answer?.errors}
            readOnly={page.published !== null}
          />
          {!page.published && (
            <p className="actions form-end">
              <SubmitButton pending="Guardando…">Guardar y calcular</SubmitButton>
            </p>
          )}
        </Form>
      </section>
    </>
  );
}
