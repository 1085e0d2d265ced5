// The ladders of notices: what each class sends, when and to whom, and writing their next version.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { Choices } from '../components/choices.tsx';
import { DateInput, ErrorSummary, Field, SubmitButton, type Errors } from '../components/form.tsx';
import { LadderRows, SampleTable } from '../components/ladder-parts.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { CLASS_WORDS, MOST_RUNGS, readLadderForm, rowOf, type LadderRow } from '../domain/ladder-form.ts';
import { LADDER_CLASSES, periods, rungWords, rungAddressee, type LadderClass } from '../domain/ladder.ts';
import { addDays, formatLongDate } from '../domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { listLadderProcesses, listLadderVersions, saveLadder } from '../../db/ladders.ts';
import { requireActor } from '../server/access.ts';
import { sampleOf } from '../server/ladder-sample.ts';
import { fieldsOf, notFound, readForm } from '../server/request-input.ts';

const EMPTY: LadderRow = { cuanto: '', unidad: 'dias', momento: 'antes', nivel: 'area' };

/** Which ladder an address asks for. Throws 404 for a process or a class that does not exist. */
async function asked(db: Db, url: string) {
  const { searchParams } = new URL(url);
  const processes = await listLadderProcesses(db);
  const key = searchParams.get('proceso');
  const process = key === null ? processes[0] : processes.find((one) => one.key === key);
  const name = searchParams.get('clase') ?? 'high';
  const ladder = LADDER_CLASSES.find((known) => known === name);
  if (!process || !ladder) throw notFound();
  return { processes, process, ladder };
}

const addressOf = (process: string, ladder: LadderClass) =>
  `/ajustes/escaleras?${new URLSearchParams({ proceso: process, clase: ladder }).toString()}`;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'ladders');
  const { processes, process, ladder } = await asked(context.db, request.url);
  const versions = await listLadderVersions(context.db, process.id, ladder);
  const newest = versions[0]!;
  const inForce = periods([...versions].reverse()).find(
    ({ from, until }) => from <= moment.today && (until === null || moment.today < until),
  );
  return {
    writes: actor.roles.includes('direction'),
    process,
    ladder,
    processes: processes.map(({ key, name }) => ({
      name,
      to: addressOf(key, ladder),
      here: key === process.key,
    })),
    classes: LADDER_CLASSES.map((name) => ({
      name: CLASS_WORDS[name],
      to: addressOf(process.key, name),
      here: name === ladder,
    })),
    after: newest.version,
    rows: [...newest.rungs.map(rowOf), EMPTY, EMPTY, EMPTY].slice(0, MOST_RUNGS),
    tomorrow: addDays(moment.today, 1),
    versions: versions.map(({ version, from_on, recorded_at, recorded_by, rungs }) => ({
      version,
      from: version === 1 ? 'Desde el inicio' : `Desde el ${formatLongDate(from_on)}`,
      by: recorded_at === null ? null : `${recorded_by ?? ''}, ${instantWords(recorded_at)}`,
      in_force: inForce?.version.from_on === from_on && inForce.version.rungs === rungs,
      rungs: rungs.map((rung) => ({ key: rung.key, words: rungWords(rung), to: rungAddressee(rung) })),
    })),
    sample: await sampleOf(context.db, moment, process, ladder, newest.rungs, addDays(moment.today, 1)),
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'ladders');
  if (!actor.roles.includes('direction')) {
    throw new Response('Sólo la Dirección cambia las escaleras.', { status: 403 });
  }
  const { process, ladder } = await asked(context.db, request.url);
  const form = await readForm(request);
  const { accion, despues, desde } = fieldsOf(form, ['accion', 'despues', 'desde']);
  const rows = Array.from({ length: MOST_RUNGS }, (_, index): LadderRow => {
    const fields = fieldsOf(form, [
      `cuanto-${index}`,
      `unidad-${index}`,
      `momento-${index}`,
      `nivel-${index}`,
    ]);
    return {
      cuanto: fields[`cuanto-${index}`] ?? '',
      unidad: fields[`unidad-${index}`] ?? '',
      momento: fields[`momento-${index}`] ?? '',
      nivel: fields[`nivel-${index}`] ?? '',
    };
  }).map((row) => (row.unidad === '' ? EMPTY : row));
  const read = readLadderForm(rows, desde, moment.today);
  const refuse = (errors: Errors<string>, status = 400) =>
    data({ errors, rows, desde, sample: null }, { status });
  if (!read.ok) return refuse(read.errors);
  const { rungs, from_on } = read.value;
  if (accion === 'ver') {
    const sample = await sampleOf(context.db, moment, process, ladder, rungs, from_on);
    return data({ errors: undefined, rows, desde, sample });
  }
  if (accion !== 'guardar' || !/^\d{1,6}$/.test(despues)) return refuse({ desde: 'Elige Ver o Guardar' });
  const outcome = await saveLadder(
    context.db,
    { process_id: process.id, class: ladder, after: Number(despues), from_on, rungs },
    { person_id: actor.id, moment },
  );
  if (outcome.kind === 'saved') return redirect(addressOf(process.key, ladder), 303);
  return refuse(
    { desde: 'Alguien guardó otra versión mientras escribías; recarga la página para verla.' },
    409,
  );
}

export const meta: MetaFunction = () => [{ title: 'Escaleras de avisos · Seguimiento de Convenios' }];

export default function Ladders() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const sample = answer ? answer.sample : page.sample;
  return (
    <>
      <PageHeader title="Escaleras de avisos" kicker={<Link to="/ajustes">Ajustes</Link>}>
        <p className="lead">
          Cada clase de plazo tiene su escalera. Una versión nueva rige desde un día posterior a hoy y no obra
          hacia atrás: lo ya avisado no se repite.
        </p>
      </PageHeader>
      {page.processes.length > 1 && <Choices label="Proceso" choices={page.processes} />}
      <Choices label="Clase" choices={page.classes} />
      <ErrorSummary errors={answer?.errors} />
      {sample && <SampleTable sample={sample} />}
      <section aria-labelledby="versiones">
        <h2 id="versiones">Versiones</h2>
        {page.versions.map(({ version, from, by, in_force, rungs }) => (
          <details key={version} open={in_force}>
            <summary>
              Versión {version}. {from}
              {in_force && ' · vigente'}
            </summary>
            {by && <p className="quiet">{by}</p>}
            <ul className="plain-list">
              {rungs.map(({ key, words, to }) => (
                <li key={key}>
                  {words}: a {to}
                </li>
              ))}
            </ul>
          </details>
        ))}
      </section>
      {page.writes && (
        <section aria-labelledby="nueva">
          <h2 id="nueva">Escribir la versión siguiente</h2>
          <Form method="post" action={addressOf(page.process.key, page.ladder)} noValidate key={page.ladder}>
            <input type="hidden" name="despues" value={page.after} />
            <LadderRows rows={answer?.rows ?? page.rows} errors={answer?.errors ?? {}} most={MOST_RUNGS} />
            <div className="form">
              <Field
                name="desde"
                label="Rige desde"
                hint="Una fila sin número se quita."
                error={answer?.errors?.['desde']}
              >
                {(control) => <DateInput control={control} value={answer?.desde ?? page.tomorrow} />}
              </Field>
              <p className="actions">
                <SubmitButton quiet name="accion" value="ver" pending="Calculando…">
                  Ver qué enviaría
                </SubmitButton>
                <SubmitButton name="accion" value="guardar" pending="Guardando…">
                  Guardar la versión
                </SubmitButton>
              </p>
            </div>
          </Form>
        </section>
      )}
    </>
  );
}
