// The rules of a copied process that name days of the other one: each with its old days, to give it this one's.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { DateInput, ErrorSummary, Field, SubmitButton, type Errors } from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { RuleError } from '../domain/deadline-rule.ts';
import { fixedDatesWords, shiftedDates, type FixedDate } from '../domain/fixed-dates.ts';
import { parseFixedDates, type TypedFixedDate } from '../domain/process-form.ts';
import { daysBetweenJornadas, decideFixedDates, listFixedDates } from '../../db/process-preparation.ts';
import { requireActor } from '../server/access.ts';
import { authorOf, requireProcess } from '../server/process-access.ts';
import { readFields } from '../server/request-input.ts';

const FIELDS: FixedDate['field'][] = ['date', 'from', 'to', 'until', 'month'];

export async function loader(asked: LoaderFunctionArgs) {
  await requireActor(asked, 'process-fixed-dates');
  const process = await requireProcess(asked.context.db, asked.params.key);
  const { db } = asked.context;
  const [drafts, shift] = await Promise.all([
    listFixedDates(db, process.id),
    daysBetweenJornadas(db, process),
  ]);
  const pending = drafts.filter(({ left_out }) => left_out === null);
  const shifted = shift !== null && new URL(asked.request.url).searchParams.get('recorrer') !== null;
  return {
    key: process.key,
    name: process.name,
    source: process.source_name,
    shift,
    shifted,
    decided: new URL(asked.request.url).searchParams.get('decididas'),
    drafts: pending.map(({ ref, title, area_name, sentence, rule, dates }) => {
      const proposed = shifted ? shiftedDates(rule, shift) : [];
      return {
        ref,
        title,
        area: area_name,
        sentence,
        old: fixedDatesWords(dates),
        fields: dates.map(({ field, label }) => ({
          field,
          label,
          date: proposed.find((date) => date.field === field)?.date ?? '',
        })),
        decision: shifted ? 'dates' : '',
        reason: '',
      };
    }),
  };
}

export async function action(asked: ActionFunctionArgs) {
  const { actor, moment } = await requireActor(asked, 'process-fixed-dates');
  const process = await requireProcess(asked.context.db, asked.params.key);
  const { db } = asked.context;
  const drafts = (await listFixedDates(db, process.id)).filter(({ left_out }) => left_out === null);
  const names = drafts.flatMap(({ ref, dates }) => [
    `decision.${ref}`,
    `reason.${ref}`,
    ...dates.map(({ field }) => `${field}.${ref}`),
  ]);
  const sent = await readFields(asked.request, names);
  const typed = drafts.map(({ ref, rule }): TypedFixedDate => ({
    ref,
    rule,
    decision: sent[`decision.${ref}`] ?? '',
    reason: sent[`reason.${ref}`] ?? '',
    dates: Object.fromEntries(FIELDS.map((field) => [field, sent[`${field}.${ref}`] ?? ''])),
  }));
  const refuse = (errors: Errors<string>) =>
    data(
      { errors, typed: typed.map(({ ref, decision, reason, dates }) => ({ ref, decision, reason, dates })) },
      { status: 400 },
    );
  const read = parseFixedDates(typed);
  if (!read.ok) return refuse(read.errors);
  if (read.value.length === 0) {
    return refuse({ form: 'No elegiste nada: marca qué se hace con al menos una' });
  }
  try {
    const decided = await decideFixedDates(db, process, read.value, authorOf(actor), moment);
    return redirect(`/procesos/${process.key}/fechas-fijas?decididas=${decided}`, 303);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return refuse({ form: `Con estas fechas una regla no se puede calcular. ${error.message}` });
  }
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Fechas fijas de ${page?.name ?? 'un proceso'} · Seguimiento de Convenios` },
];

export default function ProcessFixedDates() {
  const { key, name, source, shift, shifted, decided, drafts } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const errors: Errors<string> = answer?.errors ?? {};
  return (
    <>
      <PageHeader title="Fechas fijas por revisar" kicker={<Link to={`/procesos/${key}`}>{name}</Link>}>
        <p className="lead">
          Estos plazos nombran días del calendario de {source ? `«${source}»` : 'otro proceso'}. Aquí no dan
          ningún vencimiento hasta que escribas los días de este proceso o los dejes fuera.
        </p>
      </PageHeader>
      {decided && <p className="notice notice-good">Se decidieron {decided}.</p>}
      {drafts.length === 0 ? (
        <EmptyState>No queda ninguna fecha fija por revisar.</EmptyState>
      ) : (
        <>
          {shift === null ? (
            <p className="quiet">
              Cuando la Jornada tenga fecha podrás proponerlas todas recorridas con ella.
            </p>
          ) : shifted ? (
            <p className="notice">
              Se proponen recorridas {shift} días naturales, lo que va de una Jornada a otra. Compáralas con
              el calendario de este proceso: nada se guarda hasta que lo confirmes.
            </p>
          ) : (
            <p>
              <Link to={`/procesos/${key}/fechas-fijas?recorrer=1`} reloadDocument>
                Proponerlas todas recorridas con la Jornada ({shift} días)
              </Link>
            </p>
          )}
          <ErrorSummary errors={answer?.errors} />
          <Form method="post" noValidate>
            {drafts.map((draft) => {
              const typed = answer?.typed.find(({ ref }) => ref === draft.ref);
              return (
                <fieldset key={draft.ref} className="fill-row">
                  <legend>
                    {draft.title}{' '}
                    <span className="quiet">
                      {draft.ref} · {draft.area}
                    </span>
                  </legend>
                  <p>
                    Antes: {draft.old} <span className="quiet">«{draft.sentence}»</span>
                  </p>
                  <div className="fill-fields">
                    <Field
                      name={`decision.${draft.ref}`}
                      label="Qué se hace"
                      error={errors[`decision.${draft.ref}`]}
                    >
                      {(control) => (
                        <select {...control} defaultValue={typed?.decision ?? draft.decision}>
                          <option value="">Decidir después</option>
                          <option value="dates">Usar las fechas de al lado</option>
                          <option value="leave_out">Dejar fuera de este proceso</option>
                        </select>
                      )}
                    </Field>
                    {draft.fields.map(({ field, label, date }) => (
                      <Field
                        key={field}
                        name={`${field}.${draft.ref}`}
                        label={label}
                        error={errors[`${field}.${draft.ref}`]}
                      >
                        {(control) => <DateInput control={control} value={typed?.dates[field] ?? date} />}
                      </Field>
                    ))}
                    <Field
                      name={`reason.${draft.ref}`}
                      label="Motivo, si queda fuera"
                      error={errors[`reason.${draft.ref}`]}
                    >
                      {(control) => <input {...control} type="text" defaultValue={typed?.reason ?? ''} />}
                    </Field>
                  </div>
                </fieldset>
              );
            })}
            <p className="actions form-end">
              <SubmitButton pending="Guardando…">Guardar lo decidido</SubmitButton>
              <Link className="more" to={`/procesos/${key}`}>
                Volver al proceso
              </Link>
            </p>
          </Form>
        </>
      )}
    </>
  );
}
