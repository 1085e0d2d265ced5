// Loading an addendum: what it is and its table, pasted or in a file; it is compared before anything is applied.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { DateInput, ErrorSummary, Field, FormEnd, SubmitButton, type Errors } from '../components/form.tsx';
import { instrumentPath } from '../components/instrument-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import {
  ADDENDUM_FIELDS,
  parseAddendumFacts,
  tableText,
  type AddendumField,
} from '../domain/addendum-form.ts';
import { readTable } from '../domain/addendum-table.ts';
import { planOf, saveAddendum } from '../../db/addenda.ts';
import { requireActor } from '../server/access.ts';
import { requireInstrument } from '../server/instrument-access.ts';
import { readFieldsAndFile } from '../server/request-input.ts';

/** A table with everything wrong in it says the first of it. */
const MOST_ERRORS = 50;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'addendum');
  const { instrument, process } = await requireInstrument(context.db, request, params.key);
  return { back: instrumentPath(instrument.key, process), title: instrument.title, today: moment.today };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'addendum');
  const { db } = context;
  const { instrument, process } = await requireInstrument(db, request, params.key);
  const { typed, file } = await readFieldsAndFile(request, ADDENDUM_FIELDS, 'file');
  const facts = parseAddendumFacts(typed, moment.today, instrument.in_force_from);
  const source = tableText(typed.table, file);
  // What a file held stays in the box, to be mended there.
  const kept = source.ok ? { ...typed, table: source.value.text } : typed;
  const refuse = (errors: Errors<AddendumField>, rows: string[] = []) =>
    data({ errors, rows, typed: kept }, { status: 400 });
  const errors: Errors<AddendumField> = facts.ok ? {} : { ...facts.errors };
  if (!source.ok) return refuse({ ...errors, table: source.message });
  const table = readTable(source.value.text);
  const plan = table.ok ? await planOf(db, instrument, table.rows) : table;
  if (!plan.ok) {
    const count = plan.errors.length;
    const rows = plan.errors.slice(0, MOST_ERRORS);
    const message = count === 1 ? plan.errors[0]! : `La tabla tiene ${count} errores; no se guardó nada`;
    return refuse({ ...errors, table: message }, count === 1 ? [] : rows);
  }
  if (!facts.ok || !table.ok) return refuse(errors);
  const id = await saveAddendum(db, instrument, facts.value, table.rows, actor.id, moment);
  return redirect(instrumentPath(instrument.key, process, `/adenda/${id}`), 303);
}

export const meta: MetaFunction = () => [{ title: 'Cargar una adenda · Seguimiento de Convenios' }];

const EMPTY: Record<AddendumField, string> = {
  title: '',
  signed_on: '',
  in_force_from: '',
  source: '',
  table: '',
};

const EXAMPLE = `numeral;efecto;encabezado;texto;ref;título;regla;plazo;áreas
C.4;;;La lista se entregará 20 días antes de la Jornada.;AT-C-4;;{"type":"offset","milestone":"jornada","amount":20,"unit":"days","direction":"before"};20 días antes de la Jornada;
F.9;derogada;;;;;;;`;

export default function Addendum() {
  const { back, title, today } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed = answer?.typed ?? EMPTY;
  const errors = answer?.errors;
  return (
    <div className="narrow">
      <PageHeader title="Cargar una adenda" kicker={<Link to={back}>{title}</Link>}>
        <p className="lead">
          Primero se compara numeral por numeral con el texto vigente y se ve qué fechas, avisos y personas
          cambian. Se aplica después, si estás de acuerdo.
        </p>
      </PageHeader>
      <ErrorSummary errors={errors} />
      {answer && answer.rows.length > 0 && (
        <div className="error-summary">
          <h2>En la tabla</h2>
          <ul>
            {answer.rows.map((message, index) => (
              <li key={index}>{message}</li>
            ))}
          </ul>
        </div>
      )}
      <Form method="post" encType="multipart/form-data" className="form" noValidate>
        <Field name="title" label="Nombre" error={errors?.title}>
          {(control) => (
            <input
              {...control}
              type="text"
              defaultValue={typed.title}
              placeholder="Primera adenda al Anexo Técnico"
            />
          )}
        </Field>
        <Field name="signed_on" label="Firmada el" error={errors?.signed_on}>
          {(control) => <DateInput control={control} value={typed.signed_on} max={today} />}
        </Field>
        <Field
          name="in_force_from"
          label="Rige desde"
          hint="El texto anterior queda vigente hasta la víspera."
          error={errors?.in_force_from}
        >
          {(control) => <DateInput control={control} value={typed.in_force_from} />}
        </Field>
        <Field
          name="source"
          label="Fuente"
          hint="Número de oficio, acuerdo o publicación."
          error={errors?.source}
        >
          {(control) => <input {...control} type="text" defaultValue={typed.source} />}
        </Field>
        <Field
          name="table"
          label="Tabla de la adenda"
          hint="Sólo lo que la adenda toca. Pega las celdas copiadas de una hoja de cálculo, un CSV o un JSON; hasta 1 MB."
          error={errors?.table}
        >
          {(control) => (
            <textarea
              {...control}
              rows={10}
              className="cells"
              defaultValue={typed.table}
              spellCheck={false}
            />
          )}
        </Field>
        <Field name="file" label="…o elige un archivo (CSV o JSON)">
          {(control) => (
            <input {...control} type="file" accept=".csv,.txt,.tsv,.json,text/csv,application/json" />
          )}
        </Field>
        <details>
          <summary>Cómo se llena la tabla</summary>
          <ul className="bullets">
            <li>
              <strong>numeral</strong> es la única columna obligatoria. Una fila por obligación; si un numeral
              tiene varias, repite el numeral.
            </li>
            <li>
              <strong>encabezado</strong> y <strong>texto</strong>: la redacción firmada. Vacíos, no cambian.
            </li>
            <li>
              <strong>ref</strong>, <strong>título</strong>, <strong>regla</strong> (JSON, o «sin cambio»),{' '}
              <strong>plazo</strong> (la regla en palabras) y <strong>áreas</strong> (la responsable primero,
              separadas por punto y coma). Una ref nueva crea una obligación y necesita todas.
            </li>
            <li>
              <strong>obligado</strong> (INE, IEM o ambos), <strong>entrega_a</strong>,{' '}
              <strong>evidencia</strong> y <strong>condición</strong> son opcionales.
            </li>
            <li>
              <strong>efecto</strong>: escribe <em>derogada</em> para quitar una obligación o, sin ref, el
              numeral entero.
            </li>
          </ul>
          <pre className="cells">{EXAMPLE}</pre>
        </details>
        <FormEnd cancel={back}>
          <SubmitButton pending="Comparando…">Comparar con el texto vigente</SubmitButton>
        </FormEnd>
      </Form>
    </div>
  );
}
