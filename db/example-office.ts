// The demo's office: people named by their posts, and what they had reported before the demo's first morning.
import { createHash } from 'node:crypto';
import { ofArea } from '../app/domain/area-name.ts';
import { momentOf, type Moment } from '../app/domain/moment.ts';
import { addDays, daysBetween, instantOf, type IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import { listDeadlines, type DeadlineRow } from './deadlines.ts';
import { appoint, ensurePerson, grantRole } from './people.ts';
import type { Medium, PostKind } from './schema.ts';
import { reviewSubmission } from './reviews.ts';
import { submitReport } from './submissions.ts';

const IN_OFFICE_FROM = '2023-01-01';

/** Of what was due, so many of the most recent were left: overdue, in review, and concluded late. */
const OVERDUE = 6;
const IN_REVIEW = 5;
const LATE = 8;

const OVERDUE_SPAN_DAYS = 24;
const REVIEW_SPAN_DAYS = 9;

const POST_WORDS: Record<PostKind, { title: string; mailbox: string }> = {
  head: { title: 'Titular', mailbox: 'titular' },
  liaison: { title: 'Enlace', mailbox: 'enlace' },
  deputy: { title: 'Suplente', mailbox: 'suplente' },
};

/** Loads the example people and their example reports; repeating it completes what is missing. */
export async function seedExampleOffice(db: Db, start: Moment): Promise<void> {
  await seedPeople(db);
  await seedReports(db, start);
}

async function seedPeople(db: Db): Promise<void> {
  const areas = await db
    .selectFrom('area')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('obligation_area')
          .whereRef('obligation_area.area_id', '=', 'area.id')
          .where('obligation_area.role', 'in', ['responsible', 'co_responsible']),
      ),
    )
    .select(['key', 'name', 'email', 'institution', 'kind'])
    .orderBy('id')
    .execute();
  for (const area of areas) {
    for (const kind of postsOf(area)) {
      const { title, mailbox } = POST_WORDS[kind];
      const person_id = await ensurePerson(db, {
        name: `${title} ${ofArea(area.name)}`,
        email: `${mailbox}.${area.email}`,
        example: true,
      });
      await appoint(db, {
        person_id,
        area_key: area.key,
        kind,
        title: `${title} ${ofArea(area.name)}`,
        from_on: IN_OFFICE_FROM,
      });
    }
  }

  // The head of the Coordinación is also the Dirección's liaison: one person with two posts.
  const coordination = await ensurePerson(db, {
    name: 'Titular de la Coordinación de Vinculación',
    email: 'titular.coord.vinculacion@iem.example',
    example: true,
  });
  await appoint(db, {
    person_id: coordination,
    area_key: 'iem_devspe',
    kind: 'liaison',
    title: 'Enlace de la Dirección Ejecutiva de Vinculación y Servicio Profesional Electoral',
    from_on: IN_OFFICE_FROM,
  });
  const direction = await ensurePerson(db, {
    name: 'Titular de la Dirección Ejecutiva de Vinculación y Servicio Profesional Electoral',
    email: 'titular.devspe@iem.example',
    example: true,
  });
  for (const person_id of [direction, coordination]) {
    await grantRole(db, { person_id, role: 'direction', from_on: IN_OFFICE_FROM });
  }
  for (const [name, email] of [
    ['Presidencia de la Comisión de Vinculación y SPE', 'presidencia.com.vinculacion@iem.example'],
    ['Consejería integrante de la Comisión', 'consejeria.com.vinculacion@iem.example'],
  ] as const) {
    const person_id = await ensurePerson(db, { name, email, example: true });
    await grantRole(db, { person_id, role: 'commission', from_on: IN_OFFICE_FROM });
  }
  const administrator = await ensurePerson(db, {
    name: 'Administración del sistema',
    email: 'administracion@iem.example',
    example: true,
  });
  await grantRole(db, { person_id: administrator, role: 'administrator', from_on: IN_OFFICE_FROM });
}

/** Collegiate bodies answer through one person; the Dirección's liaison is appointed apart; few units have a deputy. */
function postsOf(area: { key: string; kind: string; institution: string }): PostKind[] {
  if (area.key === 'iem_devspe') return ['head', 'deputy'];
  if (area.kind === 'órgano') return ['head'];
  if (area.institution === 'INE' || area.kind === 'unidad') return ['head', 'liaison'];
  return ['head', 'liaison', 'deputy'];
}

interface ExampleAct {
  deadline: DeadlineRow;
  act_on: IsoDate;
  reported_at: string;
  review?: { at: string; decision: 'accepted' | 'returned'; words: string };
}

async function seedReports(db: Db, start: Moment): Promise<void> {
  const due = (await listDeadlines(db, start)).filter(
    (row) => row.due_on !== null && row.due_on < start.today,
  );
  const upcoming = (await listDeadlines(db, start)).find(
    (row) => row.obligor === 'IEM' && row.due_on !== null && row.due_on > start.today,
  );
  const acts = exampleActs(due, start);
  if (upcoming) acts.push(returnedAct(upcoming, start));
  acts.sort((a, b) => a.reported_at.localeCompare(b.reported_at) || a.deadline.id - b.deadline.id);

  const people = await db.selectFrom('person').select(['id', 'email']).execute();
  const idOf = (email: string) => people.find((person) => person.email === email)!.id;
  const reviewers = [idOf('titular.devspe@iem.example'), idOf('titular.coord.vinculacion@iem.example')];
  for (const act of acts) {
    const submitter = await submitterOf(db, act.deadline, reviewers[1]!);
    const outcome = await submitReport(
      db,
      {
        deadline_id: act.deadline.id,
        area_id: act.deadline.area_id,
        person_id: submitter,
        act_on: act.act_on,
        act_time: null,
        medium: mediumOf(act.deadline),
        document_number: documentNumber(act),
        note: 'Reporte de ejemplo.',
        form_key: exampleKey(act.deadline),
        example: true,
      },
      momentOf(act.reported_at),
    );
    if (outcome.kind !== 'received' || !act.review) continue;
    await reviewSubmission(
      db,
      {
        submission_id: outcome.submission_id,
        decision: act.review.decision,
        words: act.review.words,
        person_id: reviewers.find((id) => id !== submitter)!,
      },
      momentOf(act.review.at),
    );
  }
}

/** What the IEM owes is reported by its area; what the INE hands over is recorded as received by the Dirección. */
async function submitterOf(db: Db, deadline: DeadlineRow, direction: number): Promise<number> {
  if (deadline.area_institution === 'INE') return direction;
  const seat = await db
    .selectFrom('appointment')
    .innerJoin('post', 'post.id', 'appointment.post_id')
    .where('post.area_id', '=', deadline.area_id)
    .select('appointment.person_id')
    .orderBy((eb) => eb.case('post.kind').when('liaison').then(1).when('head').then(2).else(3).end())
    .executeTakeFirst();
  return seat?.person_id ?? direction;
}

function exampleActs(due: DeadlineRow[], start: Moment): ExampleAct[] {
  const byLot = [...due].sort((a, b) => lot(a) - lot(b));
  const within = (row: DeadlineRow, days: number) => daysBetween(row.due_on!, start.today) <= days;
  const overdue = new Set(byLot.filter((row) => within(row, OVERDUE_SPAN_DAYS)).slice(0, OVERDUE));
  const inReview = new Set(
    byLot.filter((row) => within(row, REVIEW_SPAN_DAYS) && !overdue.has(row)).slice(0, IN_REVIEW),
  );
  const late = new Set(
    byLot.filter((row) => !within(row, REVIEW_SPAN_DAYS) && !overdue.has(row)).slice(0, LATE),
  );
  const lastDay = addDays(start.today, -1);
  return due
    .filter((row) => !overdue.has(row))
    .map((row): ExampleAct => {
      const due_on = row.due_on!;
      const early = addDays(due_on, -(lot(row) % 4));
      const onTime = row.opens_on !== null && early < row.opens_on ? due_on : early;
      const act_on = late.has(row) ? addDays(due_on, 1 + (lot(row) % 6)) : onTime;
      const hour = `${10 + (lot(row) % 7)}:${String((lot(row) >> 4) % 60).padStart(2, '0')}`;
      const reported_at = instantOf(`${act_on}T${hour}`);
      if (inReview.has(row)) return { deadline: row, act_on, reported_at };
      const reviewedOn = [addDays(act_on, 1 + (lot(row) % 3)), lastDay].sort()[0]!;
      const at = instantOf(`${reviewedOn < act_on ? act_on : reviewedOn}T17:30`);
      return { deadline: row, act_on, reported_at, review: { at, decision: 'accepted', words: '' } };
    });
}

function returnedAct(deadline: DeadlineRow, start: Moment): ExampleAct {
  return {
    deadline,
    act_on: addDays(start.today, -2),
    reported_at: instantOf(`${addDays(start.today, -2)}T12:40`),
    review: {
      at: instantOf(`${addDays(start.today, -1)}T11:15`),
      decision: 'returned',
      words: 'El oficio no trae el sello de recibido. Adjunta el acuse de la Junta Local.',
    },
  };
}

/** A fixed number per deadline, so that every demo has the same office. */
function lot(deadline: Pick<DeadlineRow, 'ref' | 'key'>): number {
  return createHash('sha256').update(`${deadline.ref}/${deadline.key}`).digest().readUInt32BE(0) >>> 1;
}

function exampleKey(deadline: Pick<DeadlineRow, 'ref' | 'key'>): string {
  const hex = createHash('sha256').update(`example ${deadline.ref}/${deadline.key}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function mediumOf(deadline: DeadlineRow): Medium {
  return deadline.area_institution === 'INE' ? 'sivople' : lot(deadline) % 4 === 0 ? 'email' : 'letter';
}

function documentNumber({ deadline, act_on }: ExampleAct): string {
  const serial = String(1 + (lot(deadline) % 900)).padStart(3, '0');
  const year = act_on.slice(0, 4);
  return deadline.area_institution === 'INE'
    ? `SIVOPLE-${year}-${serial}`
    : `IEM-${deadline.area_acronym}-${serial}/${year}`;
}
