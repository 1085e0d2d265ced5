// People, the posts they hold and the roles they were granted, each with validity dates.
import { sql } from 'kysely';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { AreaNode, Seat } from '../app/domain/contacts.ts';
import type { Db } from './client.ts';
import type { PostKind, Role } from './schema.ts';

export interface Actor {
  id: number;
  name: string;
  email: string;
  roles: Role[];
  /** Areas in which the person holds a post today. */
  areas: { id: number; key: string; name: string; acronym: string; post: string }[];
}

const inForce = (alias: string, today: IsoDate) =>
  sql<boolean>`${sql.ref(`${alias}.from_on`)} <= ${today} and (${sql.ref(`${alias}.until_on`)} is null or ${sql.ref(`${alias}.until_on`)} >= ${today})`;

/**
 * Everybody in office on `today` who can be written to, by area and post: a suspended address leaves a post vacant. Of
 * these areas only, when some are given.
 */
export async function listSeats(db: Db, today: IsoDate, areaIds?: readonly number[]): Promise<Seat[]> {
  return db
    .selectFrom('appointment')
    .innerJoin('post', 'post.id', 'appointment.post_id')
    .innerJoin('person', 'person.id', 'appointment.person_id')
    .where(inForce('appointment', today))
    .where('person.disabled_at', 'is', null)
    .where('person.bounced_at', 'is', null)
    .$if(areaIds !== undefined, (query) =>
      query.where(sql<boolean>`post.area_id = any (${[...(areaIds ?? [])]}::bigint[])`),
    )
    .select(['post.area_id', 'post.kind', 'post.title', 'appointment.person_id'])
    .execute();
}

/** Every area with the one above it. */
export async function listAreaTree(db: Db): Promise<AreaNode[]> {
  return db.selectFrom('area').select(['id', 'name', 'parent_id']).orderBy('id').execute();
}

/** These areas, those above them, and those that lead a published process. */
export async function listAreaBranches(db: Db, areaIds: readonly number[]): Promise<AreaNode[]> {
  const { rows } = await sql<AreaNode>`
    with recursive branch as (
      select id, name, parent_id from area
      where id = any (${[...areaIds]}::bigint[])
        or id in (select direction_area_id from process where published_at is not null)
      union
      select area.id, area.name, area.parent_id from area join branch on area.id = branch.parent_id
    )
    select * from branch order by id`.execute(db);
  return rows;
}

/** The person as an actor: roles and areas in force on `today`; undefined when absent or disabled. */
export async function findActor(db: Db, personId: number, today: IsoDate): Promise<Actor | undefined> {
  const person = await db
    .selectFrom('person')
    .where('id', '=', personId)
    .where('disabled_at', 'is', null)
    .select(['id', 'name', 'email'])
    .executeTakeFirst();
  if (!person) return undefined;
  const [roles, areas] = await Promise.all([
    db
      .selectFrom('role_grant')
      .where('person_id', '=', personId)
      .where(inForce('role_grant', today))
      .select('role')
      .orderBy('role')
      .execute(),
    db
      .selectFrom('appointment')
      .innerJoin('post', 'post.id', 'appointment.post_id')
      .innerJoin('area', 'area.id', 'post.area_id')
      .where('appointment.person_id', '=', personId)
      .where(inForce('appointment', today))
      .select(['area.id', 'area.key', 'area.name', 'area.acronym', 'post.title as post'])
      .orderBy('area.name')
      .execute(),
  ]);
  return { ...person, roles: roles.map(({ role }) => role), areas };
}

/** The enabled person with that address (any case); undefined when there is none. */
export async function findPersonByEmail(
  db: Db,
  email: string,
): Promise<{ id: number; name: string; email: string } | undefined> {
  return db
    .selectFrom('person')
    .where('email', '=', email.toLowerCase())
    .where('disabled_at', 'is', null)
    .select(['id', 'name', 'email'])
    .executeTakeFirst();
}

/** Adds a person, or returns the one already at that address. */
export async function ensurePerson(
  db: Db,
  person: { name: string; email: string; example: boolean },
): Promise<number> {
  const email = person.email.toLowerCase();
  await db
    .insertInto('person')
    .values({ ...person, email, disabled_at: null })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .execute();
  return (await db.selectFrom('person').where('email', '=', email).select('id').executeTakeFirstOrThrow()).id;
}

/** Somebody else holds the post on those days; the message says in Spanish who. */
export class PostOccupied extends Error {}

/**
 * Puts a person into a post of an area from a day on, making the post if the area did not have it; with
 * `handover_since`, the instant from which they are owed word of what they receive. Throws PostOccupied when somebody
 * else holds it then.
 */
export async function appoint(
  db: Db,
  appointment: {
    person_id: number;
    area_key: string;
    kind: PostKind;
    title: string;
    from_on: IsoDate;
    handover_since?: string;
  },
): Promise<void> {
  const area = await db
    .selectFrom('area')
    .where('key', '=', appointment.area_key)
    .select('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('post')
    .values({ area_id: area.id, kind: appointment.kind, title: appointment.title })
    .onConflict((conflict) => conflict.columns(['area_id', 'kind']).doNothing())
    .execute();
  const post = await db
    .selectFrom('post')
    .where('area_id', '=', area.id)
    .where('kind', '=', appointment.kind)
    .select('id')
    .executeTakeFirstOrThrow();
  const seated = await db
    .selectFrom('appointment')
    .where('post_id', '=', post.id)
    .where('person_id', '=', appointment.person_id)
    .where(inForce('appointment', appointment.from_on))
    .select('id')
    .executeTakeFirst();
  if (seated) return;
  const occupant = await db
    .selectFrom('appointment')
    .innerJoin('person', 'person.id', 'appointment.person_id')
    .where('post_id', '=', post.id)
    .where(sql<boolean>`until_on is null or until_on >= ${appointment.from_on}`)
    .select('person.name')
    .executeTakeFirst();
  if (occupant)
    throw new PostOccupied(`El cargo «${appointment.title}» lo ocupa ${occupant.name} en esas fechas.`);
  await db
    .insertInto('appointment')
    .values({
      post_id: post.id,
      person_id: appointment.person_id,
      from_on: appointment.from_on,
      until_on: null,
      handover_since: appointment.handover_since,
    })
    .execute();
}

/** Grants a role from a day on; granting it twice changes nothing. */
export async function grantRole(
  db: Db,
  grant: { person_id: number; role: Role; from_on: IsoDate },
): Promise<void> {
  const granted = await db
    .selectFrom('role_grant')
    .where('person_id', '=', grant.person_id)
    .where('role', '=', grant.role)
    .where(inForce('role_grant', grant.from_on))
    .select('id')
    .executeTakeFirst();
  if (!granted)
    await db
      .insertInto('role_grant')
      .values({ ...grant, until_on: null })
      .execute();
}

/** The example people of a demo, for its log-in page: who they are and what they see. */
export async function listExamplePeople(db: Db, today: IsoDate) {
  return db
    .selectFrom('person')
    .leftJoin('appointment', (join) =>
      join.onRef('appointment.person_id', '=', 'person.id').on(inForce('appointment', today)),
    )
    .leftJoin('post', 'post.id', 'appointment.post_id')
    .leftJoin('area', 'area.id', 'post.area_id')
    .where('person.example', '=', true)
    .groupBy('person.id')
    .select((eb) => [
      'person.id',
      'person.name',
      'person.email',
      sql<string[]>`coalesce(array_agg(distinct area.name) filter (where area.id is not null), '{}')`.as(
        'areas',
      ),
      sql<string | null>`min(area.institution)`.as('institution'),
      sql<Role[]>`array(${eb
        .selectFrom('role_grant')
        .whereRef('role_grant.person_id', '=', 'person.id')
        .where(inForce('role_grant', today))
        .select('role_grant.role')
        .orderBy('role_grant.role')})`.as('roles'),
    ])
    .orderBy('person.id')
    .execute();
}
