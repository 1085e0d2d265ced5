// The calendar of attention: on which days and from which hour mail is read, and the days apart from the rule.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import {
  DateInput,
  ErrorSummary,
  Field,
  FieldError,
  SubmitButton,
  type Errors,
} from '../components/form.tsx';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { nextAttendedDay } from '../domain/attention.ts';
import { readAttentionForm, readExceptionForm } from '../domain/attention-form.ts';
import { formatHour, formatLongDate, parseIsoDate } from '../domain/plain-date.ts';
import {
  loadAttention,
  readAttention,
  removeAttentionException,
  saveAttention,
  saveAttentionException,
} from '../../db/attention.ts';
import { requireActor } from '../server/access.ts';
import { fieldsOf, readForm, valuesOf } from '../server/request-input.ts';

const WEEKDAYS = ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado', 'domingo'];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { moment } = await requireActor({ request, context }, 'attention');
  const [settings, attention] = await Promise.all([readAttention(context.db), loadAttention(context.db)]);
  return {
    dias: settings.weekdays.map(String),
    inhabiles: settings.on_rest_days ? 'si' : 'no',
    hora: settings.hour,
    next: `${formatLongDate(nextAttendedDay(attention, moment.today))}, ${formatHour(attention.hour)}`,
    exceptions: settings.exceptions.map((exception) => ({
      ...exception,
      words: formatLongDate(exception.day),
    })),
  };
}

type Name = 'dias' | 'hora' | 'dia' | 'atendido' | 'motivo';

export async function action({ request, context }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'attention');
  const form = await readForm(request);
  const typed = {
    ...fieldsOf(form, ['accion', 'inhabiles', 'hora', 'dia', 'atendido', 'motivo']),
    dias: valuesOf(form, 'dias'),
  };
  const by = { person_id: actor.id, moment };
  const refuse = (errors: Errors<Name>, status = 400) => data({ errors, typed }, { status });
  if (typed.accion === 'guardar') {
    const read = readAttentionForm(typed);
    if (!read.ok) return refuse(read.errors);
    await saveAttention(context.db, read.value, by);
  } else if (typed.accion === 'exceptuar') {
    const read = readExceptionForm(typed);
    if (!read.ok) return refuse(read.errors);
    await saveAttentionException(context.db, read.value, by);
  } else if (typed.accion === 'quitar') {
    const day = parseIsoDate(typed.dia);
    if (!day.ok || !(await removeAttentionException(context.db, day.value, by))) {
      return refuse({ dia: 'Ese día ya no estaba entre las excepciones' }, 409);
    }
  } else return refuse({ dias: 'Elige qué guardar' });
  return redirect('/ajustes/atencion', 303);
}

export const meta: MetaFunction = () => [{ title: 'Atención · Seguimiento de Convenios' }];

export default function AttentionPage() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const week = answer?.typed.accion === 'guardar' ? answer.typed : page;
  const apart = answer?.typed.accion === 'exceptuar' ? answer.typed : { dia: '', atendido: 'no', motivo: '' };
  return (
    <>
      <PageHeader title="Atención" kicker={<Link to="/ajustes">Ajustes</Link>}>
        <p className="lead">
          Decide cuándo salen los avisos; ninguna fecha límite cambia. Lo que cae en un día sin atención se
          avisa el día de atención anterior; los escalamientos, el siguiente. Los plazos por horas se avisan a
          su hora, cualquier día.
        </p>
        <p>Próximo envío: {page.next}.</p>
      </PageHeader>
      <ErrorSummary errors={answer?.errors} />
      <div className="columns columns-even">
        <section aria-labelledby="semana">
          <h2 id="semana">La semana</h2>
          <Form method="post" className="form" noValidate>
            <fieldset className="checklist">
              <legend>Días en que se atiende el correo</legend>
              <FieldError name="dias" error={answer?.errors.dias} />
              {WEEKDAYS.map((name, index) => (
                <label key={name}>
                  <input
                    type="checkbox"
                    name="dias"
                    id={index === 0 ? 'dias' : undefined}
                    value={index + 1}
                    defaultChecked={week.dias.includes(String(index + 1))}
                  />{' '}
                  {name}
                </label>
              ))}
            </fieldset>
            <fieldset className="checklist">
              <legend>Días inhábiles del IEM</legend>
              <label>
                <input type="checkbox" name="inhabiles" value="si" defaultChecked={week.inhabiles === 'si'} />{' '}
                También se atienden, como en proceso electoral
              </label>
            </fieldset>
            <Field
              name="hora"
              label="Hora de los avisos de la mañana"
              hint="Hora del centro de México, entre las 5:00 y las 12:00."
              error={answer?.errors.hora}
            >
              {(control) => <input {...control} type="time" defaultValue={week.hora} />}
            </Field>
            <p className="actions">
              <SubmitButton name="accion" value="guardar" pending="Guardando…">
                Guardar
              </SubmitButton>
            </p>
          </Form>
        </section>
        <section aria-labelledby="excepciones">
          <h2 id="excepciones">Días aparte</h2>
          {page.exceptions.length === 0 && <EmptyState>Ningún día se aparta de la regla.</EmptyState>}
          {page.exceptions.length > 0 && (
            <ul className="plain-rows">
              {page.exceptions.map(({ day, words, attended, reason }) => (
                <li key={day}>
                  <p>
                    <strong>{words}</strong>: {attended ? 'se atiende' : 'no se atiende'}
                    <span className="quiet"> {reason}</span>
                  </p>
                  <Form method="post">
                    <input type="hidden" name="dia" value={day} />
                    <button className="link-button" name="accion" value="quitar">
                      Quitar<span className="unseen"> {words}</span>
                    </button>
                  </Form>
                </li>
              ))}
            </ul>
          )}
          <Form method="post" className="form" noValidate>
            <Field name="dia" label="Día" error={answer?.errors.dia}>
              {(control) => <DateInput control={control} value={apart.dia} />}
            </Field>
            <Field name="atendido" label="Ese día" error={answer?.errors.atendido}>
              {(control) => (
                <select {...control} defaultValue={apart.atendido}>
                  <option value="no">no se atiende</option>
                  <option value="si">se atiende</option>
                </select>
              )}
            </Field>
            <Field name="motivo" label="Motivo" error={answer?.errors.motivo}>
              {(control) => <input {...control} defaultValue={apart.motivo} />}
            </Field>
            <p className="actions">
              <SubmitButton quiet name="accion" value="exceptuar" pending="Guardando…">
                Apartar el día
              </SubmitButton>
            </p>
          </Form>
        </section>
      </div>
    </>
  );
}
