// The views of the calendar somebody keeps: giving one a name, another name, or letting it go.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { savedQuery } from '../components/calendar-query.ts';
import { ErrorSummary, Field, FieldError, SubmitButton } from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { savedPath } from '../components/saved-views.tsx';
import { parseFreeText } from '../domain/free-text.ts';
import {
  deleteView,
  listSavedViews,
  MOST_VIEWS,
  renameView,
  saveView,
  type ViewOutcome,
} from '../../db/saved-views.ts';
import { requireActor } from '../server/access.ts';
import { notFound, readFields, readId } from '../server/request-input.ts';

const REFUSALS: Record<Exclude<ViewOutcome, 'saved' | 'not_found'>, string> = {
  name_taken: 'Ya tienes una vista con ese nombre',
  too_many: `Ya tienes ${MOST_VIEWS} vistas; borra alguna antes de guardar otra`,
};

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor } = await requireActor({ request, context }, 'saved-views');
  const asked = new URL(request.url).searchParams.get('guardar');
  return { views: await listSavedViews(context.db, actor.id), saving: asked && savedQuery(asked) };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'saved-views');
  const { db } = context;
  const typed = await readFields(request, ['hacer', 'id', 'nombre', 'consulta']);
  const whose = { person_id: actor.id, moment };
  // The field of a view that exists is named after it, because the page has one for each.
  const field = typed.hacer === 'renombrar' ? `nombre-${typed.id}` : 'nombre';
  const refuse = (status: number, message: string) =>
    data({ typed, errors: { [field]: message } }, { status });
  if (typed.hacer === 'borrar') {
    if ((await deleteView(db, readId(typed.id), whose)) === 'not_found') throw notFound();
    return redirect('/vistas', 303);
  }
  const name = parseFreeText(typed.nombre, {
    max: 60,
    line: true,
    required: 'Escribe un nombre para la vista',
  });
  if (!name.ok) return refuse(400, name.message);
  const query = savedQuery(typed.consulta);
  if (query.length > 1000) return refuse(400, 'Esta vista tiene demasiados filtros para guardarla');
  const outcome =
    typed.hacer === 'renombrar'
      ? await renameView(db, { id: readId(typed.id), name: name.value }, whose)
      : await saveView(db, { name: name.value, query }, whose);
  if (outcome === 'not_found') throw notFound();
  if (outcome !== 'saved') return refuse(409, REFUSALS[outcome]);
  return redirect(typed.hacer === 'renombrar' ? '/vistas' : savedPath(query), 303);
}

export const meta: MetaFunction = () => [{ title: 'Mis vistas del calendario · Seguimiento de Convenios' }];

export default function SavedViewsPage() {
  const { views, saving } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const typed = answer?.typed;
  const consulta = typed?.hacer === 'guardar' ? typed.consulta : saving;
  return (
    <div className="narrow">
      <PageHeader title="Mis vistas del calendario">
        <p className="lead">Una vista guarda los filtros con un nombre. Sólo tú ves las tuyas.</p>
      </PageHeader>
      <ErrorSummary errors={answer?.errors} />
      {consulta !== null && consulta !== undefined && (
        <Form method="post" className="form" noValidate>
          <input type="hidden" name="hacer" value="guardar" />
          <input type="hidden" name="consulta" value={consulta} />
          <Field
            name="nombre"
            label="Nombre de la vista nueva"
            hint={<Link to={savedPath(consulta)}>Ver lo que guarda</Link>}
            error={answer?.errors['nombre']}
          >
            {(control) => (
              <input
                {...control}
                maxLength={60}
                defaultValue={typed?.hacer === 'guardar' ? typed.nombre : ''}
                placeholder="Organización, vencidas"
              />
            )}
          </Field>
          <SubmitButton pending="Guardando…">Guardar</SubmitButton>
        </Form>
      )}
      {views.length === 0 && consulta === null && (
        <EmptyState>
          Todavía no guardas ninguna. Filtra el <Link to="/calendario">calendario</Link> y elige «Guardar esta
          vista».
        </EmptyState>
      )}
      {views.length > 0 && (
        <ul className="rows">
          {views.map(({ id, name, query }) => {
            const field = `nombre-${id}`;
            const error = answer?.errors[field];
            return (
              <li key={id}>
                <p>
                  <Link to={savedPath(query)}>{name}</Link>
                </p>
                <Form method="post" className="inline-form" noValidate>
                  <input type="hidden" name="id" value={id} />
                  <div className="field">
                    <label htmlFor={field}>Nuevo nombre de «{name}»</label>
                    <FieldError name={field} error={error} />
                    <input
                      id={field}
                      name="nombre"
                      maxLength={60}
                      key={name}
                      defaultValue={error ? typed?.nombre : name}
                      aria-invalid={error ? true : undefined}
                      aria-describedby={error ? `${field}-error` : undefined}
                    />
                  </div>
                  <SubmitButton quiet pending="Guardando…" name="hacer" value="renombrar">
                    Cambiar nombre
                  </SubmitButton>
                  <SubmitButton quiet pending="Borrando…" name="hacer" value="borrar">
                    Borrar
                  </SubmitButton>
                </Form>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
