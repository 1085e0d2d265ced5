// One person: the posts they hold and held, their roles, their open sessions, and what can be done about each.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import {
  DateInput,
  ErrorSummary,
  Field,
  FieldError,
  SubmitButton,
  type Errors,
} from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { EmptyState, PageHeader } from '../components/page-header.tsx';
import { POST_WORDS, ROLE_WORDS } from '../components/staff-words.ts';
import { ofArea } from '../domain/area-name.ts';
import { parseEmailAddress } from '../domain/email-address.ts';
import { formatShortDate, parseIsoDate } from '../domain/plain-date.ts';
import { PostOccupied } from '../../db/people.ts';
import type { PostKind, Role } from '../../db/schema.ts';
import { needsSecondFactor, revokeSecondFactor } from '../../db/second-factor.ts';
import { endSessions, listSessions } from '../../db/sessions.ts';
import {
  appointPerson,
  correctEmail,
  disablePerson,
  enablePerson,
  endAppointment,
  findPerson,
  giveRole,
  listStaff,
  takeRole,
} from '../../db/staff.ts';
import { requireActor } from '../server/access.ts';
import { notFound, readFields, readId } from '../server/request-input.ts';

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: `${page?.name ?? 'Persona'} · Seguimiento de Convenios` },
];

const POSTS = Object.keys(POST_WORDS) as PostKind[];
const ROLES = Object.keys(ROLE_WORDS) as Role[];
const LAST_ADMINISTRATOR = 'Es la única persona con el papel de Administración: dáselo antes a alguien más.';
const FIELDS = ['hacer', 'cargo', 'ultimo_dia', 'area', 'puesto', 'desde', 'papel', 'correo'] as const;
type FieldName = (typeof FIELDS)[number];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'person');
  const { db } = context;
  const person = await findPerson(db, readId(params['id']), moment.today);
  if (!person) throw notFound();
  const [sessions, areas, second_step] = await Promise.all([
    listSessions(db, person.id),
    listStaff(db, moment.today),
    needsSecondFactor(db, person.id),
  ]);
  return {
    id: person.id,
    name: person.name,
    email: person.email,
    example: person.example,
    bounced: person.bounced_at === null ? null : instantWords(person.bounced_at),
    disabled: person.disabled_at === null ? null : instantWords(person.disabled_at),
    appointments: person.appointments.map(({ id, kind, title, area_name, from_on, until_on, in_force }) => ({
      id,
      post: POST_WORDS[kind],
      title,
      area: area_name,
      from: formatShortDate(from_on),
      until: until_on === null ? null : formatShortDate(until_on),
      open: in_force || from_on > moment.today,
      ended: until_on !== null && until_on < moment.today,
    })),
    roles: ROLES.map((role) => ({
      role,
      name: ROLE_WORDS[role],
      held: person.roles.some((grant) => grant.role === role && grant.in_force),
    })),
    mayGiveRoles: actor.roles.includes('administrator'),
    second_step,
    sessions: sessions.map(({ last_seen_at }) => instantWords(last_seen_at)),
    areas: areas.map(({ key, name, institution }) => ({ key, name: `${name} (${institution})` })),
    today: moment.today,
  };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const { actor, moment } = await requireActor({ request, context }, 'person');
  const { db } = context;
  const id = readId(params['id']);
  const typed = await readFields(request, FIELDS);
  if (!(await findPerson(db, id, moment.today))) throw notFound();
  const act = { actor_id: actor.id, person_id: id, moment };
  const refuse = (errors: Errors<FieldName>, status = 400) => data({ errors, typed }, { status });

  switch (typed.hacer) {
    case 'nombrar': {
      const area = (await listStaff(db, moment.today)).find(({ key }) => key === typed.area);
      const kind = POSTS.find((post) => post === typed.puesto);
      const from_on = parseIsoDate(typed.desde);
      if (!area || !kind || !from_on.ok) {
        return refuse({
          ...(area ? {} : { area: 'Elige el área' }),
          ...(kind ? {} : { puesto: 'Elige el cargo' }),
          ...(from_on.ok ? {} : { desde: from_on.message }),
        });
      }
      try {
        const title = `${POST_WORDS[kind]} ${ofArea(area.name)}`;
        await appointPerson(db, act, { area_key: area.key, kind, title, from_on: from_on.value });
      } catch (error) {
        if (!(error instanceof PostOccupied)) throw error;
        return refuse({ puesto: error.message }, 409);
      }
      break;
    }
    case 'terminar': {
      const last_day = parseIsoDate(typed.ultimo_dia);
      if (!last_day.ok) return refuse({ ultimo_dia: last_day.message });
      const ended = await endAppointment(db, act, {
        appointment_id: readId(typed.cargo),
        last_day: last_day.value,
      });
      if (!ended) return refuse({ ultimo_dia: 'Ese nombramiento ya había terminado' }, 409);
      break;
    }
    case 'dar-papel':
    case 'quitar-papel': {
      if (!actor.roles.includes('administrator')) {
        throw new Response('Tu cuenta no puede dar ni quitar papeles.', { status: 403 });
      }
      const role = ROLES.find((candidate) => candidate === typed.papel);
      if (!role) return refuse({ papel: 'Elige el papel' });
      if (typed.hacer === 'dar-papel') await giveRole(db, act, role);
      else if ((await takeRole(db, act, role)) === 'last_administrator') {
        return refuse({ papel: LAST_ADMINISTRATOR }, 409);
      }
      break;
    }
    case 'dar-de-baja':
      if ((await disablePerson(db, act)) === 'last_administrator') {
        return refuse({ hacer: LAST_ADMINISTRATOR }, 409);
      }
      break;
    case 'corregir-correo': {
      const email = parseEmailAddress(typed.correo);
      if (!email.ok) return refuse({ correo: email.message });
      if (!(await correctEmail(db, act, email.value))) {
        return refuse({ correo: 'Ya existe una persona con ese correo' }, 409);
      }
      break;
    }
    case 'reactivar':
      await enablePerson(db, act);
      break;
    case 'quitar-segundo-paso':
      if (!actor.roles.includes('administrator')) {
        throw new Response('Tu cuenta no puede quitar la verificación de otra persona.', { status: 403 });
      }
      await revokeSecondFactor(db, act);
      break;
    case 'cerrar-sesiones':
      await endSessions(db, id);
      break;
    default:
      throw new Response('El formulario llegó incompleto.', { status: 400 });
  }
  return redirect(`/personas/${id}`, 303);
}

export default function Person() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <>
      <PageHeader title={page.name} kicker={<Link to="/personas">Áreas y personas</Link>}>
        <Facts
          rows={[
            ['Correo', page.email],
            ['Rebota desde', page.bounced],
            ['De baja desde', page.disabled],
            ['Persona de ejemplo', page.example && 'sí, de la demostración'],
          ]}
        />
      </PageHeader>
      <ErrorSummary errors={answer?.errors} />
      <Appointments />
      <Appoint />
      <Roles />
      <Address />
      <Sessions />
      <SecondStep />
      <Farewell />
    </>
  );
}

function Appointments() {
  const { id, appointments, today } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <section aria-labelledby="cargos">
      <h2 id="cargos">Cargos</h2>
      {appointments.length === 0 ? (
        <EmptyState>No ha ocupado ningún cargo.</EmptyState>
      ) : (
        <ul className="rows">
          {appointments.map((appointment) => (
            <li key={appointment.id}>
              <div>
                <p>{`${appointment.post} · ${appointment.area}`}</p>
                <p className="quiet">
                  Desde {appointment.from}
                  {appointment.until && ` hasta ${appointment.until}`}
                </p>
                <p>
                  <Link className="more" to={`/personas/${id}/entrega/${appointment.id}`}>
                    Entrega–recepción
                  </Link>
                </p>
              </div>
              {appointment.open && (
                <Form method="post" className="inline-form">
                  <input type="hidden" name="cargo" value={appointment.id} />
                  <label>
                    Último día{' '}
                    <input
                      type="date"
                      name="ultimo_dia"
                      defaultValue={
                        answer?.typed.cargo === String(appointment.id) ? answer.typed.ultimo_dia : today
                      }
                    />
                  </label>
                  <SubmitButton pending="Terminando…" quiet name="hacer" value="terminar">
                    Terminar
                  </SubmitButton>
                </Form>
              )}
            </li>
          ))}
        </ul>
      )}
      <FieldError name="ultimo_dia" error={answer?.errors.ultimo_dia} />
    </section>
  );
}

function Appoint() {
  const { areas, today, disabled } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const errors = answer?.errors;
  const typed = answer?.typed;
  if (disabled) return null;
  return (
    <section aria-labelledby="nombrar">
      <h2 id="nombrar">Nombrar en un cargo</h2>
      <Form method="post" className="form" noValidate>
        <Field name="area" label="Área" error={errors?.area}>
          {(control) => (
            <select {...control} defaultValue={typed?.area ?? ''} required>
              <option value="">Elige una</option>
              {areas.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field name="puesto" label="Cargo" error={errors?.puesto}>
          {(control) => (
            <select {...control} defaultValue={typed?.puesto ?? ''} required>
              <option value="">Elige uno</option>
              {POSTS.map((kind) => (
                <option key={kind} value={kind}>
                  {POST_WORDS[kind]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field name="desde" label="Desde" error={errors?.desde}>
          {(control) => <DateInput control={control} value={typed?.desde ?? today} required />}
        </Field>
        <SubmitButton pending="Guardando…" name="hacer" value="nombrar">
          Nombrar
        </SubmitButton>
      </Form>
    </section>
  );
}

function Roles() {
  const { roles, mayGiveRoles } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <section aria-labelledby="papeles">
      <h2 id="papeles">Papeles</h2>
      <FieldError name="papel" error={answer?.errors.papel} />
      <ul className="rows">
        {roles.map(({ role, name, held }) => (
          <li key={role}>
            <p>
              {name} <span className="quiet">{held ? 'lo tiene' : 'no lo tiene'}</span>
            </p>
            {mayGiveRoles && (
              <Form method="post">
                <input type="hidden" name="papel" value={role} />
                <SubmitButton
                  pending="Guardando…"
                  quiet
                  name="hacer"
                  value={held ? 'quitar-papel' : 'dar-papel'}
                >
                  {held ? 'Quitar' : 'Dar'}
                  <span className="unseen"> el papel {name}</span>
                </SubmitButton>
              </Form>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Address() {
  const { email, bounced } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <section aria-labelledby="direccion">
      <h2 id="direccion">Correo</h2>
      {bounced && (
        <p className="notice">
          Sus correos están rebotando. Corrige la dirección, o guárdala igual si ya se arregló.
        </p>
      )}
      <Form method="post" className="form" noValidate>
        <Field name="correo" label="Correo institucional" error={answer?.errors.correo}>
          {(control) => (
            <input
              {...control}
              type="email"
              autoComplete="off"
              defaultValue={answer?.errors.correo ? answer.typed.correo : email}
              required
            />
          )}
        </Field>
        <SubmitButton pending="Guardando…" quiet name="hacer" value="corregir-correo">
          Guardar correo
        </SubmitButton>
      </Form>
    </section>
  );
}

function Sessions() {
  const { sessions } = useLoaderData<typeof loader>();
  return (
    <section aria-labelledby="sesiones">
      <h2 id="sesiones">Sesiones abiertas</h2>
      {sessions.length === 0 ? (
        <EmptyState>No tiene sesiones abiertas.</EmptyState>
      ) : (
        <>
          <p>
            {sessions.length === 1 ? '1 sesión' : `${sessions.length} sesiones`}; la última actividad fue{' '}
            {sessions[0]}.
          </p>
          <Form method="post">
            <SubmitButton pending="Cerrando…" quiet name="hacer" value="cerrar-sesiones">
              Cerrar todas sus sesiones
            </SubmitButton>
          </Form>
        </>
      )}
    </section>
  );
}

function SecondStep() {
  const { second_step, mayGiveRoles } = useLoaderData<typeof loader>();
  if (!second_step) return null;
  return (
    <section aria-labelledby="segundo-paso">
      <h2 id="segundo-paso">Verificación en dos pasos</h2>
      <p>
        Activa. Si perdió el teléfono y sus códigos de recuperación, una persona de administración puede
        quitarla, después de comprobar quién lo pide; podrá activarla otra vez.
      </p>
      {mayGiveRoles && (
        <Form method="post">
          <SubmitButton pending="Quitando…" quiet name="hacer" value="quitar-segundo-paso">
            Quitar la verificación
          </SubmitButton>
        </Form>
      )}
    </section>
  );
}

function Farewell() {
  const { disabled } = useLoaderData<typeof loader>();
  return (
    <section aria-labelledby="baja">
      <h2 id="baja">{disabled ? 'Reactivar' : 'Dar de baja'}</h2>
      <p>
        {disabled
          ? 'Podrá volver a entrar y recibir avisos de los cargos que aún tenga vigentes.'
          : 'Desde ese instante no puede entrar ni recibe ningún correo, y sus suscripciones e invitaciones de calendario terminan. Lo que hizo se conserva.'}
      </p>
      <Form method="post">
        <SubmitButton pending="Guardando…" quiet name="hacer" value={disabled ? 'reactivar' : 'dar-de-baja'}>
          {disabled ? 'Reactivar' : 'Dar de baja ahora'}
        </SubmitButton>
      </Form>
    </section>
  );
}
