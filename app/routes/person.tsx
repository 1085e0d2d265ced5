// One person: the posts they hold and held, their roles, their open sessions, and what can be done about each.
import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { Facts } from '../components/facts.tsx';
import { ErrorSummary, type Errors } from '../components/form.tsx';
import { instantWords } from '../components/moment-words.ts';
import { PageHeader } from '../components/page-header.tsx';
import {
  PersonAddress,
  PersonFarewell,
  PersonRoles,
  PersonSecondStep,
  PersonSessions,
} from '../components/person-account.tsx';
import { Appoint, PersonPosts } from '../components/person-posts.tsx';
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
import { areaOptions } from '../server/area-options.ts';
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
    posts: person.appointments.map(({ id, kind, title, area_name, from_on, until_on, in_force }) => ({
      id,
      post: POST_WORDS[kind],
      title,
      area: area_name,
      from: formatShortDate(from_on),
      until: until_on === null ? null : formatShortDate(until_on),
      open: in_force || from_on > moment.today,
    })),
    roles: ROLES.map((role) => ({
      role,
      name: ROLE_WORDS[role],
      held: person.roles.some((grant) => grant.role === role && grant.in_force),
    })),
    may_give_roles: actor.roles.includes('administrator'),
    second_step,
    last_seen: sessions.map(({ last_seen_at }) => instantWords(last_seen_at)),
    areas: areaOptions(areas),
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
      <PersonPosts person_id={page.id} posts={page.posts} today={page.today} refused={answer} />
      {page.disabled === null && <Appoint areas={page.areas} today={page.today} refused={answer} />}
      <PersonRoles roles={page.roles} may_give={page.may_give_roles} error={answer?.errors.papel} />
      <PersonAddress
        email={answer?.errors.correo ? answer.typed.correo : page.email}
        bounced={page.bounced !== null}
        error={answer?.errors.correo}
      />
      <PersonSessions last_seen={page.last_seen} />
      {page.second_step && <PersonSecondStep may_take={page.may_give_roles} />}
      <PersonFarewell disabled={page.disabled !== null} />
    </>
  );
}
