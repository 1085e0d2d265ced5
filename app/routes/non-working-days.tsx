// Non-working days by institution and year: anybody of the office reads them, the Dirección changes them.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { CalendarForms, type DayForm } from '../components/calendar-forms.tsx';
import { CalendarPreviewPanel } from '../components/calendar-preview.tsx';
import { Choices } from '../components/choices.tsx';
import { ErrorSummary, type Errors } from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import {
  parseCalendarEdit,
  readCalendarForm,
  type CalendarField,
  type CalendarTyped,
} from '../domain/calendar-form.ts';
import { parseFreeText } from '../domain/free-text.ts';
import { applyCalendarEdit } from '../../db/non-working-days.ts';
import { requireActor } from '../server/access.ts';
import {
  askedYear,
  NOTHING_TYPED,
  previewEdit,
  viewPreview,
  yearPage,
  yearPath,
} from '../server/calendar-edit-page.ts';
import { fieldsOf, readForm } from '../server/request-input.ts';

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'non-working-days');
  const asked = askedYear(request.url, moment.today);
  const page = await yearPage(context.db, asked);
  const { searchParams } = new URL(request.url);
  const chosen = page.days.find(({ day }) => day === searchParams.get('dia'));
  const form: DayForm | null = chosen
    ? { dia: chosen.day, desde: chosen.day, nombre: chosen.name, acto: chosen.source, words: chosen.words }
    : null;
  return {
    ...page,
    form,
    path: yearPath(asked),
    writes: actor.roles.includes('direction'),
    done: searchParams.has('hecho'),
  };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'non-working-days');
  if (!actor.roles.includes('direction')) {
    throw new Response('Sólo la Dirección cambia los días inhábiles.', { status: 403 });
  }
  const asked = askedYear(request.url, moment.today);
  const form = await readForm(request);
  const typed = fieldsOf(form, Object.keys(NOTHING_TYPED) as CalendarField[]);
  const answer = (
    status: number,
    rest: { errors?: Errors<CalendarField>; changed?: boolean; preview?: ReturnType<typeof viewPreview> },
  ) =>
    data(
      { typed, errors: rest.errors, changed: rest.changed ?? false, preview: rest.preview ?? null },
      { status },
    );
  if (typed.que !== 'aplicar') {
    const read = readCalendarForm(typed, asked.institution, asked.year);
    if (!read.ok) return answer(400, { errors: read.errors });
    return answer(200, { preview: await previewEdit(context.db, read.value.edit, read.value.act, moment) });
  }
  const { cambio, visto } = fieldsOf(form, ['cambio', 'visto']);
  const edit = parseCalendarEdit(cambio);
  const act = parseFreeText(typed.acto, { max: 200, required: 'Escribe el acuerdo u oficio', line: true });
  if (!edit || !act.ok)
    return answer(400, { errors: { acto: act.ok ? 'Vuelve a escribir el cambio' : act.message } });
  const order = { edit, act: act.value, seen: visto, person_id: actor.id };
  const outcome = await applyCalendarEdit(context.db, order, moment);
  if (outcome.kind === 'applied') return redirect(yearPath(asked, { hecho: '1' }), 303);
  return answer(409, { changed: true, preview: viewPreview(edit, act.value, outcome.preview) });
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `Días inhábiles ${page ? `${page.institution} ${page.year}` : ''} · Seguimiento de Convenios` },
];

export default function NonWorkingDays() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  if (answer?.preview) {
    return (
      <>
        <PageHeader title="Antes de guardar" kicker={<Link to={page.path}>Días inhábiles</Link>}>
          <p className="lead">{answer.preview.words}.</p>
        </PageHeader>
        <CalendarPreviewPanel preview={answer.preview} changed={answer.changed} path={page.path} />
      </>
    );
  }
  const typed: CalendarTyped | undefined = answer?.typed;
  return (
    <>
      <PageHeader title="Días inhábiles">
        <p className="lead">
          Los días que no cuentan en los plazos por días hábiles. Sábados y domingos nunca cuentan y no se
          anotan.
        </p>
        <p>
          {page.institution} {page.year}:{' '}
          {page.confirmed ? (
            <>
              <strong>confirmado</strong> por {page.source}.
            </>
          ) : (
            <>
              <strong>sin confirmar</strong>; las fechas que dependen de este año son provisionales.
            </>
          )}
        </p>
      </PageHeader>
      <div className="choices">
        <Choices label="Institución" choices={page.institutions} />
        <Choices label="Año" choices={page.years} />
      </div>
      {page.done && <p className="notice notice-good">El cambio se guardó.</p>}
      <ErrorSummary errors={answer?.errors} />
      <section aria-labelledby="dias">
        <h2 id="dias">
          {page.institution} {page.year}
        </h2>
        {page.days.length === 0 && <EmptyState>No hay días anotados en este año.</EmptyState>}
        {page.days.length > 0 && (
          <table className="table stack" aria-label="Días inhábiles">
            <thead>
              <tr>
                <th scope="col">Día</th>
                <th scope="col">Nombre</th>
                <th scope="col">Fuente</th>
                {page.writes && <th scope="col">Cambiar</th>}
              </tr>
            </thead>
            <tbody>
              {page.days.map(({ day, words, name, source, official, edit }) => (
                <tr key={day}>
                  <th scope="row">{words}</th>
                  <td data-label="Nombre">
                    {name} {official && <span className="mark">Descanso de ley</span>}
                  </td>
                  <td data-label="Fuente">{source}</td>
                  {page.writes && (
                    <td data-label="Cambiar">
                      <Link to={`${edit}#dia`}>
                        Cambiar<span className="unseen"> {words}</span>
                      </Link>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {page.writes && (
        <CalendarForms
          key={`${page.path} ${page.form?.dia ?? ''}`}
          path={page.path}
          year={`${page.institution} ${page.year}`}
          chosen={page.form}
          typed={typed}
          errors={answer?.errors ?? {}}
        />
      )}
    </>
  );
}
