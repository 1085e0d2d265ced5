// Who looks after an event that has no date yet, and when it is expected.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { DateInput, ErrorSummary, Field, FormEnd, Select, SubmitButton } from '../components/form.tsx';
import { milestonePath } from '../components/milestone-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import { parseWatch, WATCH_FIELDS } from '../domain/milestone-form.ts';
import { listAreas } from '../../db/milestones.ts';
import { saveWatch } from '../../db/milestone-watch.ts';
import { requireActor } from '../server/access.ts';
import { areaOptions } from '../server/area-options.ts';
import { requireMilestone } from '../server/milestone-page.ts';
import { notFound, readFields } from '../server/request-input.ts';

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  await requireActor({ request, context }, 'milestone-watch');
  const { milestone, process, named } = await requireMilestone(context.db, request, params.key);
  return {
    name: milestone.name,
    process: process.name,
    back: milestonePath(milestone.key, named),
    dated: milestone.on_date !== null,
    areas: areaOptions((await listAreas(context.db)).map((area) => ({ ...area, key: String(area.id) }))),
    typed: {
      area: milestone.owner_area_id === null ? '' : String(milestone.owner_area_id),
      previsto: milestone.expected_on ?? '',
      version: String(milestone.version),
    },
  };
}

const REFUSALS = {
  changed:
    'Alguien cambió este evento mientras lo veías. Vuelve a abrirlo para ver cómo quedó; no se guardó nada.',
  dated: 'Este evento ya tiene fecha; no hace falta vigilarlo.',
};

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'milestone-watch');
  const { db } = context;
  const { milestone, process, named } = await requireMilestone(db, request, params.key);
  const typed = await readFields(request, WATCH_FIELDS);
  const areas = await listAreas(db);
  const read = parseWatch(
    typed,
    areas.map(({ id }) => id),
  );
  if (!read.ok) return data({ errors: read.errors, typed }, { status: 400 });
  const watch = { process_id: process.id, key: milestone.key, person_id: actor.id, ...read.value };
  const outcome = await saveWatch(db, watch, moment);
  if (outcome === 'not_found') throw notFound();
  if (outcome === 'saved') return redirect(milestonePath(milestone.key, named), 303);
  return data({ errors: { version: REFUSALS[outcome] }, typed }, { status: 409 });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Quién vigila ${page?.name ?? 'el evento'} · Seguimiento de Convenios` },
];

export default function MilestoneWatch() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed = answer?.typed ?? page.typed;
  const errors: Partial<Record<string, string>> | undefined = answer?.errors;
  return (
    <div className="narrow">
      <PageHeader title={page.name} kicker={page.process}>
        <p className="lead">
          Mientras no tenga fecha, lo que depende de él espera. Si pasa el día previsto sin registrarse, se le
          pregunta por correo a quien lo vigila, una vez y después cada semana.
        </p>
      </PageHeader>
      <ErrorSummary errors={errors} />
      {page.dated ? (
        <p className="notice">Este evento ya tiene fecha.</p>
      ) : (
        <Form method="post" className="form" noValidate>
          <input type="hidden" id="version" name="version" value={typed.version} />
          <Field name="area" label="Área que lo vigila" error={errors?.['area']}>
            {(control) => (
              <Select
                control={control}
                value={typed.area}
                none="Dirección de Vinculación"
                options={page.areas}
              />
            )}
          </Field>
          <Field
            name="previsto"
            label="Se espera el (opcional)"
            hint="No es una fecha: ningún plazo se cuenta desde ella."
            error={errors?.['previsto']}
          >
            {(control) => <DateInput control={control} value={typed.previsto} />}
          </Field>
          <FormEnd cancel={page.back}>
            <SubmitButton pending="Guardando…">Guardar</SubmitButton>
          </FormEnd>
        </Form>
      )}
    </div>
  );
}
