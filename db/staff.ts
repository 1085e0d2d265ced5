// Who works where and since when: the posts of the areas, appointments that begin and end, roles, comings and goings.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, type IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import { SUSPENDED_WORDS } from './bounces.ts';
import type { Db } from './client.ts';
import { resumeNotices } from './notices.ts';
import { appoint, ensurePerson, grantRole } from './people.ts';
import type { PostKind, Role } from './schema.ts';
import { inTransaction } from './transaction.ts';
import { ABSENCE_WORDS } from './true-notices.ts';
import { wakeWorker } from './wake.ts';

/** Whether a row with from_on and until_on is in force on a day, as SQL over that alias. */
const inForce = (alias: string, day: IsoDate) =>
  sql<boolean>`(${sql.ref(`${alias}.from_on`)} <= ${day} and coalesce(${sql.ref(`${alias}.until_on`)} >= ${day}, true))`;

export interface AreaStaff {
  id: number;
  key: string;
  name: string;
  acronym: string;
  institution: string;
  /** Whether it answers for something that is published. */
  answers: boolean;
  /** In office on the day asked about. */
  holders: { kind: PostKind; person_id: number; name: string; until_on: string | null }[];
}

/** Every area with who holds its posts on `today`, by institution and name. */
export async function listStaff(db: Db, today: IsoDate): Promise<AreaStaff[]> {
  const [areas, holders] = await Promise.all([
    db
      .selectFrom('area')
      .select([
        'id',
        'key',
        'name',
        'acronym',
        'institution',
        sql<boolean>`exists (select from obligation_area oa join obligation o on o.id = oa.obligation_id
          join process p on p.id = o.process_id
          where oa.area_id = area.id and oa.role in ('responsible', 'co_responsible') and p.published_at is not null)`.as(
          'answers',
        ),
      ])
      .orderBy(sql`institution = 'INE'`)
      .orderBy('name')
      .execute(),
    db
      .selectFrom('appointment')
      .innerJoin('post', 'post.id', 'appointment.post_id')
      .innerJoin('person', 'person.id', 'appointment.person_id')
      .where(inForce('appointment', today))
      .where('person.disabled_at', 'is', null)
      .select(['post.area_id', 'post.kind', 'person_id', 'person.name', 'until_on'])
      .orderBy(sql`array_position(array['head', 'liaison', 'deputy'], post.kind)`)
      .execute(),
  ]);
  return areas.map((area) => ({
    ...area,
    holders: holders.filter(({ area_id }) => area_id === area.id),
  }));
}

/** People with a role today or with nothing at all, whom the list of areas would not show. */
export async function listOthers(db: Db, today: IsoDate) {
  return db
    .selectFrom('person')
    .select((eb) => [
      'person.id',
      'person.name',
      'person.email',
      'person.disabled_at',
      sql<Role[]>`array(${eb
        .selectFrom('role_grant')
        .whereRef('role_grant.person_id', '=', 'person.id')
        .where(inForce('role_grant', today))
        .select('role')
        .orderBy('role')})`.as('roles'),
      sql<boolean>`exists (select from appointment a where a.person_id = person.id
        and a.from_on <= ${today} and coalesce(a.until_on >= ${today}, true))`.as('seated'),
    ])
    .orderBy('person.name')
    .execute();
}

/** A person with every post and role they ever had; undefined when there is none with that id. */
export async function findPerson(db: Db, id: number, today: IsoDate) {
  const person = await db
    .selectFrom('person')
    .where('id', '=', id)
    .select(['id', 'name', 'email', 'example', 'disabled_at', 'bounced_at'])
    .executeTakeFirst();
  if (!person) return undefined;
  const [appointments, roles] = await Promise.all([
    db
      .selectFrom('appointment')
      .innerJoin('post', 'post.id', 'appointment.post_id')
      .innerJoin('area', 'area.id', 'post.area_id')
      .where('person_id', '=', id)
      .select([
        'appointment.id',
        'post.kind',
        'post.title',
        'area.id as area_id',
        'area.name as area_name',
        'from_on',
        'until_on',
        inForce('appointment', today).as('in_force'),
      ])
      .orderBy('from_on', 'desc')
      .orderBy('appointment.id', 'desc')
      .execute(),
    db
      .selectFrom('role_grant')
      .where('person_id', '=', id)
      .select(['id', 'role', 'from_on', 'until_on', inForce('role_grant', today).as('in_force')])
      .orderBy('from_on', 'desc')
      .orderBy('id', 'desc')
      .execute(),
  ]);
  return { ...person, appointments, roles };
}

/** Somebody did something about somebody: who acted, on whom, when. */
export interface StaffAct {
  actor_id: number;
  person_id: number;
  moment: Moment;
}

const audit = (
  db: Db,
  { actor_id, person_id, moment }: StaffAct,
  verb: string,
  detail: Record<string, unknown>,
) =>
  recordAudit(db, {
    at: moment.at,
    actor: `persona ${actor_id}`,
    verb,
    subject: `persona ${person_id}`,
    detail,
  });

/** Adds a person and returns the id, or undefined when somebody already has that address. */
export async function addPerson(
  db: Db,
  person: { name: string; email: string },
  { actor_id, moment }: Omit<StaffAct, 'person_id'>,
): Promise<number | undefined> {
  return inTransaction(db, async (trx) => {
    const known = await trx
      .selectFrom('person')
      .where('email', '=', person.email)
      .select('id')
      .executeTakeFirst();
    if (known) return undefined;
    const person_id = await ensurePerson(trx, { ...person, example: false });
    await audit(trx, { actor_id, person_id, moment }, 'dio de alta a', { email: person.email });
    return person_id;
  });
}

/**
 * Appoints the person to a post of an area from a day on; what fell due while nobody held it is noticed on the
 * next pass. Throws PostOccupied when somebody else holds the post.
 */
export async function appointPerson(
  db: Db,
  act: StaffAct,
  appointment: { area_key: string; kind: PostKind; title: string; from_on: IsoDate },
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await appoint(trx, { person_id: act.person_id, handover_since: act.moment.at, ...appointment });
    await resumeNotices(trx, act.person_id, ABSENCE_WORDS);
    await audit(trx, act, 'nombró a', appointment);
    await wakeWorker(trx, 'pass');
  });
}

/**
 * Ends an appointment on its last day. An appointment that had not begun by then never was. Returns false when
 * the person has no such appointment in force or to come.
 */
export async function endAppointment(
  db: Db,
  act: StaffAct,
  { appointment_id, last_day }: { appointment_id: number; last_day: IsoDate },
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const appointment = await trx
      .selectFrom('appointment')
      .where('id', '=', appointment_id)
      .where('person_id', '=', act.person_id)
      .where(sql<boolean>`coalesce(until_on >= ${act.moment.today}, true)`)
      .select(['id', 'from_on'])
      .forUpdate()
      .executeTakeFirst();
    if (!appointment) return false;
    if (appointment.from_on > last_day) {
      await trx.deleteFrom('appointment').where('id', '=', appointment.id).execute();
    } else {
      await trx
        .updateTable('appointment')
        .set({ until_on: last_day })
        .where('id', '=', appointment.id)
        .execute();
    }
    await audit(trx, act, 'terminó el nombramiento de', { appointment_id, last_day });
    await wakeWorker(trx, 'pass');
    return true;
  });
}

/** Grants the person a role from today on; granting it twice changes nothing. */
export async function giveRole(db: Db, act: StaffAct, role: Role): Promise<void> {
  await inTransaction(db, async (trx) => {
    await grantRole(trx, { person_id: act.person_id, role, from_on: act.moment.today });
    await audit(trx, act, 'dio un papel a', { role });
  });
}

export type Farewell = 'done' | 'last_administrator' | 'nothing';

/** Takes a role back at once. The last administrator keeps theirs: nobody could give it again. */
export async function takeRole(db: Db, act: StaffAct, role: Role): Promise<Farewell> {
  return inTransaction(db, async (trx) => {
    if (role === 'administrator' && (await isLastAdministrator(trx, act))) return 'last_administrator';
    const { today } = act.moment;
    const given = trx
      .selectFrom('role_grant')
      .where('person_id', '=', act.person_id)
      .where('role', '=', role)
      .where(inForce('role_grant', today));
    const begun = await given.where('from_on', '<', today).select('id').execute();
    const fresh = await given.where('from_on', '=', today).select('id').execute();
    if (begun.length + fresh.length === 0) return 'nothing';
    for (const { id } of begun) {
      await trx
        .updateTable('role_grant')
        .set({ until_on: addDays(today, -1) })
        .where('id', '=', id)
        .execute();
    }
    for (const { id } of fresh) await trx.deleteFrom('role_grant').where('id', '=', id).execute();
    await audit(trx, act, 'quitó un papel a', { role });
    return 'done';
  });
}

/**
 * Lets a person go at once: from this instant they can neither log in nor receive anything; their sessions and
 * calendars end. Their posts stay theirs on paper until each is ended, but nobody is taken to hold them.
 */
export async function disablePerson(db: Db, act: StaffAct): Promise<Farewell> {
  return inTransaction(db, async (trx) => {
    if (await isLastAdministrator(trx, act)) return 'last_administrator';
    const { id } = (await trx
      .updateTable('person')
      .set({ disabled_at: act.moment.at })
      .where('id', '=', act.person_id)
      .where('disabled_at', 'is', null)
      .returning('id')
      .executeTakeFirst()) ?? { id: undefined };
    if (id === undefined) return 'nothing';
    await trx
      .updateTable('session')
      .set({ revoked_at: sql<string>`clock_timestamp()` })
      .where('person_id', '=', act.person_id)
      .where('revoked_at', 'is', null)
      .execute();
    await trx
      .updateTable('feed')
      .set({ revoked_at: act.moment.at })
      .where('owner_id', '=', act.person_id)
      .where('revoked_at', 'is', null)
      .execute();
    await audit(trx, act, 'dio de baja a', {});
    await wakeWorker(trx, 'pass');
    return 'done';
  });
}

/**
 * Corrects a person's address, or trusts the same one again, which ends its suspension: what was held back meanwhile
 * goes out, of each deadline the last. False when somebody else has the address.
 */
export async function correctEmail(db: Db, act: StaffAct, email: string): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const taken = await trx
      .selectFrom('person')
      .where('email', '=', email)
      .where('id', '<>', act.person_id)
      .select('id')
      .executeTakeFirst();
    if (taken) return false;
    await trx
      .updateTable('person')
      .set({ email, bounced_at: null })
      .where('id', '=', act.person_id)
      .execute();
    await resumeNotices(trx, act.person_id, [SUSPENDED_WORDS]);
    await audit(trx, act, 'corrigió el correo de', { email });
    await wakeWorker(trx, 'pass');
    return true;
  });
}

/** Takes a person back who had been let go. */
export async function enablePerson(db: Db, act: StaffAct): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx
      .updateTable('person')
      .set({ disabled_at: null })
      .where('id', '=', act.person_id)
      .where('disabled_at', 'is not', null)
      .execute();
    await resumeNotices(trx, act.person_id, ABSENCE_WORDS);
    await audit(trx, act, 'reactivó a', {});
    await wakeWorker(trx, 'pass');
  });
}

async function isLastAdministrator(db: Db, { person_id, moment }: StaffAct): Promise<boolean> {
  // Two who take each other's role at once must not both find the other still there.
  await sql`select pg_advisory_xact_lock(hashtext('administrators'))`.execute(db);
  const administrators = await db
    .selectFrom('role_grant')
    .innerJoin('person', 'person.id', 'role_grant.person_id')
    .where('role', '=', 'administrator')
    .where(inForce('role_grant', moment.today))
    .where('person.disabled_at', 'is', null)
    .select('person_id')
    .distinct()
    .execute();
  return administrators.length === 1 && administrators[0]!.person_id === person_id;
}
