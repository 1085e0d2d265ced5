// The mails of a morning that tell of no deadline of their reader's: what waits for the Dirección, and the week's opening.
import { sql } from 'kysely';
import { isAttended, opensWeek, type Attention } from '../app/domain/attention.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays, localDate, weekday, type IsoDate } from '../app/domain/plain-date.ts';
import { REVIEW_DAYS, workingDaysSince } from '../app/domain/review-clock.ts';
import { loadAttention } from './attention.ts';
import type { Db } from './client.ts';
import { listCoverageGaps, type CoverageGap } from './coverage.ts';
import { unsettledSql } from './deadline-state.ts';
import { selectDeadlines } from './deadlines.ts';
import { oweMails } from './messages.ts';
import { morningBegan } from './pass.ts';
import type { MessageKind, Role } from './schema.ts';
import { listPendingReviews } from './reviews.ts';

/** Whose heads of area are told as the week opens that nothing is pending. */
const OURS = 'IEM';

export interface DeskFacts {
  /** Reports nobody has decided about, the one waiting longest first, with the working days each has waited. */
  reviews: {
    id: number;
    folio: string;
    ref: string;
    title: string;
    area_name: string;
    working_days: number;
  }[];
  /** Deadlines without a person, of the next 30 days or overdue. */
  gaps: CoverageGap[];
  /** Whether there are more gaps than are looked at for a mail. */
  gaps_cut: boolean;
}

/** Gaps looked at for a mail: an office without people would fill the worker's memory with them. */
const MOST_GAPS = 500;

/**
 * What the Dirección is reminded of that morning: its queue of reports once the oldest has used up the term of review,
 * and deadlines whose area has nobody. Undefined when there is nothing of the kind.
 */
export async function loadDesk(db: Db, moment: Moment): Promise<DeskFacts | undefined> {
  const attention = await loadAttention(db);
  const pending = await listPendingReviews(db, moment);
  const reviews = pending.map(({ id, folio, ref, title, area_name, recorded_at }) => ({
    id,
    folio,
    ref,
    title,
    area_name,
    working_days: workingDaysSince(localDate(recorded_at), moment.today, attention.rest_days),
  }));
  const late = reviews.some(({ working_days }) => working_days >= REVIEW_DAYS);
  const gaps = await listCoverageGaps(db, moment, MOST_GAPS);
  const gaps_cut = gaps.length === MOST_GAPS;
  return late || gaps.length > 0 ? { reviews: late ? reviews : [], gaps, gaps_cut } : undefined;
}

/** Who holds a role on a day and can be written to; those who stopped the weekly mail are left out when asked. */
export async function listHoldersOfRole(
  db: Db,
  role: Role,
  today: IsoDate,
  { weekly = false }: { weekly?: boolean } = {},
): Promise<number[]> {
  const rows = await db
    .selectFrom('role_grant')
    .innerJoin('person', 'person.id', 'role_grant.person_id')
    .where('role', '=', role)
    .where('from_on', '<=', today)
    .where((eb) => eb.or([eb('until_on', 'is', null), eb('until_on', '>=', today)]))
    .where('disabled_at', 'is', null)
    .where('bounced_at', 'is', null)
    .$if(weekly, (query) => query.where('weekly_off_at', 'is', null))
    .select('person_id')
    .distinct()
    .orderBy('person_id')
    .execute();
  return rows.map(({ person_id }) => person_id);
}

/** The header of a mail that names the deadlines without a person it lists; what was told is read from it again. */
export const GAPS_HEADER = 'X-Convenio-Sin-Persona';

/**
 * Puts those mails into the outbox, at the first pass of a morning on which mail is read; a later one of the same day
 * adds none. The mails of the week go as it opens, and those that did not leave then on the next morning that can:
 * each person has one of a kind a week at most. Returns how many there are. What they say is read when they are sent.
 */
export async function planMorningMails(db: Db, moment: Moment, attention: Attention): Promise<number> {
  const { today: run_on } = moment;
  if (!isAttended(attention, run_on)) return 0;
  if (await morningBegan(db, run_on)) return 0;
  const told = await listToldThatMorning(db, run_on);
  const isTold = (id: number, ...kinds: MessageKind[]) =>
    told.some(({ person_id, kind }) => person_id === id && (kinds.length === 0 || kinds.includes(kind)));
  const opening = await weekOpens(db, attention, run_on);
  const mails: { kind: MessageKind; person_id: number }[] = [];
  const desk = await loadDesk(db, moment);
  if (desk && (opening || desk.reviews.length > 0 || (await hasNewGap(db, run_on, desk)))) {
    // Whoever gets a digest reads it there.
    const directors = await listHoldersOfRole(db, 'direction', run_on);
    mails.push(
      ...directors
        .filter((id) => !isTold(id, 'digest'))
        .map((person_id) => ({ kind: 'desk' as const, person_id })),
    );
  }
  const week = await listMailsOfWeek(db, run_on);
  // Who becomes idle in the middle of a week is not told so; who was to be told and was not still is.
  const owes = (kind: MessageKind) => {
    const { over, withdrawn } = week(kind);
    return (id: number) => !over.has(id) && (opening || withdrawn.has(id));
  };
  const owed = { all_clear: owes('all_clear'), weekly: owes('weekly') };
  if (opening || week('all_clear').withdrawn.size > 0) {
    const heads = (await listIdleHeads(db, moment)).filter(owed.all_clear);
    mails.push(
      ...heads
        .filter((id) => !isTold(id) && !mails.some(({ person_id }) => person_id === id))
        .map((person_id) => ({ kind: 'all_clear' as const, person_id })),
    );
  }
  const commission = await listHoldersOfRole(db, 'commission', run_on, { weekly: true });
  mails.push(...commission.filter(owed.weekly).map((person_id) => ({ kind: 'weekly' as const, person_id })));
  return oweMails(
    db,
    mails.map((mail) => ({ ...mail, run_on })),
    moment,
  );
}

const mondayOf = (day: IsoDate) => addDays(day, 1 - weekday(day));

/**
 * Whether that is the first morning of attention of its week on which there is a pass. One later than the week's first
 * is, when the passes before it were missed; not on the days on which an installation begins.
 */
async function weekOpens(db: Db, attention: Attention, day: IsoDate): Promise<boolean> {
  if (opensWeek(attention, day)) return true;
  const earlier = await db
    .selectFrom('pass')
    .where('first_at', 'is not', null)
    .where('run_on', '<', day)
    .select('run_on')
    .orderBy('run_on', 'desc')
    .limit(7)
    .execute();
  return (
    earlier.length > 0 &&
    !earlier.some(({ run_on }) => run_on >= mondayOf(day) && isAttended(attention, run_on))
  );
}

/** Of each kind, who had that week's mail or is having it, and from whom one was withdrawn that had not left. */
async function listMailsOfWeek(db: Db, day: IsoDate) {
  const mails = await db
    .selectFrom('message')
    .where('kind', 'in', ['all_clear', 'weekly'])
    .where('run_on', '>=', mondayOf(day))
    .where('run_on', '<=', day)
    .select(['kind', 'person_id', 'state', 'reason'])
    .execute();
  const of = (kind: MessageKind, withdrawn: boolean) =>
    new Set(
      mails
        .filter((mail) => mail.kind === kind && (mail.reason === WITHDRAWN_WORDS) === withdrawn)
        .map(({ person_id }) => person_id),
    );
  return (kind: MessageKind) => ({ over: of(kind, false), withdrawn: of(kind, true) });
}

/** Why a mail of an earlier morning that tells of no notice is not sent any more: it is written anew when it is owed. */
export const WITHDRAWN_WORDS = 'no salió a tiempo; lo que siga siendo cierto va en otro correo';

/** Whether some deadline without a person is in no mail of that week that left or may have. */
async function hasNewGap(db: Db, day: IsoDate, { gaps }: DeskFacts): Promise<boolean> {
  if (gaps.length === 0) return false;
  const { rows } = await sql<{ ids: string }>`
    select distinct headers ->> ${GAPS_HEADER} as ids from message
    where run_on >= ${mondayOf(day)} and kind in ('digest', 'desk')
      and state in ('sending', 'uncertain', 'accepted') and headers ->> ${GAPS_HEADER} is not null`.execute(
    db,
  );
  const told = new Set(rows.flatMap(({ ids }) => ids.split(', ')));
  return gaps.some(({ deadline_id }) => !told.has(String(deadline_id)));
}

/** Who has a mail with notices that morning, of which kind. */
async function listToldThatMorning(db: Db, today: IsoDate) {
  return db
    .selectFrom('message')
    .where('run_on', '=', today)
    .where('state', '<>', 'cancelled')
    .where('kind', '<>', 'stuck_mails')
    .select(['person_id', 'kind'])
    .execute();
}

/** Heads of area, or deputies acting, with nothing to do in any of their areas this week. */
async function listIdleHeads(db: Db, moment: Moment): Promise<number[]> {
  const { rows } = await sql<{ person_id: number }>`
    with head as (
      select distinct on (post.area_id) post.area_id, appointment.person_id
      from appointment
      join post on post.id = appointment.post_id and post.kind in ('head', 'deputy')
      join area on area.id = post.area_id and area.institution = ${OURS}
      join person on person.id = appointment.person_id and person.disabled_at is null and person.bounced_at is null
      where appointment.from_on <= ${moment.today} and coalesce(appointment.until_on >= ${moment.today}, true)
      order by post.area_id, post.kind = 'head' desc
    )
    select distinct head.person_id from head
    where exists (
      select from obligation_area oa
      join obligation o on o.id = oa.obligation_id
      join process p on p.id = o.process_id and p.published_at is not null
      where oa.area_id = head.area_id and oa.role = 'responsible'
    )
    order by head.person_id`.execute(db);
  const idle: number[] = [];
  for (const { person_id } of rows) {
    if ((await loadAllClear(db, moment, person_id)) !== undefined) idle.push(person_id);
  }
  return idle;
}

export interface AllClearFacts {
  areas: string[];
  /** The Sunday up to which nothing falls due. */
  until: IsoDate;
  next: { ref: string; title: string; due_on: IsoDate; provisional: boolean } | null;
  waiting: number;
}

/** What Monday's mail says to a head of area; undefined when something is overdue, returned or due this week. */
export async function loadAllClear(
  db: Db,
  moment: Moment,
  personId: number,
): Promise<AllClearFacts | undefined> {
  const until = addDays(moment.today, 7 - weekday(moment.today));
  const [areas, open] = await Promise.all([
    db
      .selectFrom('appointment')
      .innerJoin('post', 'post.id', 'appointment.post_id')
      .innerJoin('area', 'area.id', 'post.area_id')
      .where('appointment.person_id', '=', personId)
      .where('appointment.from_on', '<=', moment.today)
      .where((eb) =>
        eb.or([eb('appointment.until_on', 'is', null), eb('appointment.until_on', '>=', moment.today)]),
      )
      .select(['area.id', 'area.name'])
      .distinct()
      .orderBy('area.name')
      .execute(),
    selectDeadlines(db, moment)
      .where(unsettledSql(moment))
      .where(
        sql<boolean>`exists (
          select from obligation_area mine
          join post on post.area_id = mine.area_id
          join appointment held on held.post_id = post.id and held.person_id = ${personId}
            and held.from_on <= ${moment.today} and coalesce(held.until_on >= ${moment.today}, true)
          where mine.obligation_id = o.id and mine.role in ('responsible', 'co_responsible')
            and o.obligor <> 'INE')`,
      )
      .orderBy('v.due_on', (order) => order.asc().nullsLast())
      .orderBy('o.ref')
      .execute(),
  ]);
  const toDo = open.filter(({ status, due_on }) => status !== 'in_review' && due_on !== null);
  if (toDo.some(({ due_on, decision }) => due_on! <= until || decision === 'returned')) return undefined;
  const [next] = toDo;
  return {
    areas: areas.map(({ name }) => name),
    until,
    next: next
      ? {
          ref: next.ref,
          title: next.title,
          due_on: next.due_on!,
          provisional: next.provisional.length > 0,
        }
      : null,
    waiting: open.filter(({ due_on }) => due_on === null).length,
  };
}
