// What the mails of a batch must say, read at the last moment: the notices they carry and everything about them.
import { sql } from 'kysely';
import { nextAttendedDay, type Attention } from '../app/domain/attention.ts';
import type { Above } from '../app/domain/contacts.ts';
import { groupBy } from '../app/domain/group-by.ts';
import { ladderClass, nextRung, type Ladder } from '../app/domain/ladder.ts';
import { GROUND_WORDS } from '../app/domain/manual-ground.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { Step } from '../app/domain/derivation.ts';
import { addDays, type IsoDate } from '../app/domain/plain-date.ts';
import { remembered } from '../app/domain/remembered.ts';
import { storedRuleWords } from '../app/domain/rule-words.ts';
import { loadAttention } from './attention.ts';
import { readAuditHead } from './audit.ts';
import type { Db } from './client.ts';
import { publishedDeadlines, unsettledSql } from './deadline-state.ts';
import { listHolders, selectDeadlines, type DeadlineRow } from './deadlines.ts';
import { ladderFinder, loadLadders } from './ladders.ts';
import type { PostKind } from './schema.ts';
import { goneSql, keepTrueNotices, type Gone, type NoticeFacts } from './true-notices.ts';

/** Who is told next if nobody reports, and when; undefined past the end of the ladder. */
export type NextRung = ReturnType<typeof nextRung>;

export interface MailFacts {
  people: Map<
    number,
    {
      name: string;
      email: string;
      areas: string[];
      institution: string | null;
      weekly_token: string;
      gone: Gone | null;
    }
  >;
  /** The planned notices of each message that are still true. */
  notices: Map<number, NoticeFacts[]>;
  /** `why` is the rule in words with the dates it is counted from; it throws when what is stored cannot be read. */
  deadlines: Map<number, DeadlineRow & { why: () => string; ladder: Ladder; next: NextRung; above: Above }>;
  /** Who answers for an area today: head, liaison and deputy, in this order. */
  seats: Map<number, { post: string; name: string; kind: PostKind }[]>;
  /** Other people told on the same rung of the same deadline. */
  alsoTold: Map<string, { person_id: number; name: string }[]>;
  /** Whether mornings went by without a pass since the one before this. */
  missedMornings: boolean;
  /** Days on which mails about a deadline were accepted by the server, oldest first. */
  earlierDays: Map<number, string[]>;
  /** On which days mail is read, and the next one after today. */
  attention: Attention;
  nextMorning: IsoDate;
  /** Where the audit record stands. */
  audit: { seq: number; hash: string };
}

/** Key of `alsoTold`. */
export const toldKey = (deadlineId: number, rung: string) => `${deadlineId}/${rung}`;

/**
 * Reads, in one query per kind of fact whatever the size of the batch, what the messages must say, and closes the
 * notices among them that stopped being true.
 */
export async function loadMailFacts(
  db: Db,
  moment: Moment,
  messages: { id: number; person_id: number }[],
): Promise<MailFacts> {
  const ids = messages.map(({ id }) => id);
  const personIds = [...new Set(messages.map(({ person_id }) => person_id))];
  const { notices: noticeRows, reach } = await keepTrueNotices(db, moment, ids, personIds);
  const deadlineIds = [...new Set(noticeRows.map(({ deadline_id }) => deadline_id))];
  const [people, deadlines, told, earlier, earlierPass, ladders, attention, audit] = await Promise.all([
    db
      .selectFrom('person')
      .where('id', 'in', personIds)
      .select([
        'id',
        'name',
        'email',
        'weekly_token',
        goneSql(moment).as('gone'),
        sql<string[]>`array(
          select distinct area.name from appointment
          join post on post.id = appointment.post_id join area on area.id = post.area_id
          where appointment.person_id = person.id and appointment.from_on <= ${moment.today}
            and (appointment.until_on is null or appointment.until_on >= ${moment.today})
          order by 1)`.as('areas'),
        sql<string | null>`(
          select min(area.institution) from appointment
          join post on post.id = appointment.post_id join area on area.id = post.area_id
          where appointment.person_id = person.id)`.as('institution'),
      ])
      .execute(),
    deadlineIds.length === 0 ? [] : listToldDeadlines(db, moment, deadlineIds),
    deadlineIds.length === 0
      ? []
      : db
          .selectFrom('notice')
          .innerJoin('person', 'person.id', 'notice.person_id')
          .where(isOneOf(deadlineIds))
          .where('notice.state', 'in', ['planned', 'accepted'])
          .where('planned_on', '=', moment.today)
          .select(['deadline_id', 'rung', 'person_id', 'person.name'])
          .orderBy('person.name')
          .execute(),
    deadlineIds.length === 0
      ? []
      : db
          .selectFrom('notice')
          .where(isOneOf(deadlineIds))
          .where('state', '=', 'accepted')
          .where('closed_at', '<', moment.at)
          .select([
            'deadline_id',
            sql<string>`((closed_at at time zone 'America/Mexico_City')::date)::text`.as('day'),
          ])
          .distinct()
          .orderBy('day')
          .execute(),
    db
      .selectFrom('pass')
      .where('run_on', '<', moment.today)
      .where('first_at', 'is not', null)
      .select('run_on')
      .orderBy('run_on', 'desc')
      .limit(1)
      .executeTakeFirst(),
    deadlineIds.length === 0 ? [] : loadLadders(db),
    loadAttention(db),
    readAuditHead(db),
  ]);
  const areaIds = [...new Set(deadlines.map(({ area_id }) => area_id))];
  const holders = await listHolders(db, areaIds, moment.today);
  const ladderOf = ladderFinder(ladders);
  const nextOf = new Map<Ladder, Map<string, NextRung>>();
  // Most deadlines of a batch climb the same ladder on the same days: each next rung is worked out once.
  const nextFrom = (ladder: Ladder, due_on: string, lapses_at: string | null) => {
    const known = nextOf.get(ladder) ?? new Map<string, NextRung>();
    nextOf.set(ladder, known);
    const key = `${due_on} ${lapses_at}`;
    if (!known.has(key)) {
      known.set(key, nextRung(ladder, { due_on, lapses_at }, moment, attention, 'escalation'));
    }
    return known.get(key);
  };
  const climb = (row: ToldDeadline) => {
    if (row.due_on === null) return { ladder: [], next: undefined };
    const ladder = ladderOf(row.process_id, ladderClass(row));
    return { ladder, next: nextFrom(ladder, row.due_on, row.due_time === null ? null : row.lapses_at) };
  };
  const above = (direction: number): Above => reach?.directions.get(direction)?.above ?? { kind: 'nobody' };
  return {
    people: new Map(people.map((person) => [person.id, person])),
    notices: groupBy(noticeRows, (notice) => notice.message_id),
    deadlines: new Map(
      deadlines.map((row) => [
        row.id,
        { ...row, why: () => whyOf(row), above: above(row.direction_area_id), ...climb(row) },
      ]),
    ),
    seats: groupBy(
      holders.map(({ title, ...holder }) => ({ ...holder, post: title })),
      ({ area_id }) => area_id,
    ),
    alsoTold: groupBy(told, (row) => toldKey(row.deadline_id, row.rung)),
    missedMornings: earlierPass !== undefined && earlierPass.run_on < addDays(moment.today, -1),
    attention,
    nextMorning: nextAttendedDay(attention, moment.today),
    audit,
    earlierDays: new Map(
      [...groupBy(earlier, (row) => row.deadline_id)].map(([id, rows]) => [id, rows.map(({ day }) => day)]),
    ),
  };
}

/** How many deadlines wait for an event, by whoever holds a post in an area that answers for them. */
export async function countWaiting(db: Db, moment: Moment): Promise<Map<number, number>> {
  const rows = await publishedDeadlines(db, moment)
    .innerJoin('obligation_area as oa', (join) =>
      join.onRef('oa.obligation_id', '=', 'o.id').on('oa.role', '=', 'responsible'),
    )
    .innerJoin('post', 'post.area_id', 'oa.area_id')
    .innerJoin('appointment', 'appointment.post_id', 'post.id')
    .where(unsettledSql(moment))
    .where('v.waiting_for_id', 'is not', null)
    .where('v.due_on', 'is', null)
    .where('appointment.from_on', '<=', moment.today)
    .where((eb) =>
      eb.or([eb('appointment.until_on', 'is', null), eb('appointment.until_on', '>=', moment.today)]),
    )
    .groupBy('appointment.person_id')
    .select(['appointment.person_id', sql<number>`count(distinct d.id)`.as('deadlines')])
    .execute();
  return new Map(rows.map(({ person_id, deadlines }) => [person_id, deadlines]));
}

/** As one array: a statement takes 65,535 values at most. */
const isOneOf = (deadlineIds: number[]) => sql<boolean>`deadline_id = any (${deadlineIds}::bigint[])`;

type ToldDeadline = Awaited<ReturnType<typeof listToldDeadlines>>[number];

/** The deadlines with what their dates come from. */
function listToldDeadlines(db: Db, moment: Moment, ids: number[]) {
  return (
    selectDeadlines(db, moment)
      // An array is found first and each of it looked up; of hundreds of given ids PostgreSQL makes a join of whole tables.
      .where(sql<boolean>`d.id = any (array(select unnest(${ids}::bigint[])))`)
      .innerJoin('deadline_rule as rule', 'rule.id', 'v.rule_id')
      .leftJoin('extension as granted', (join) =>
        join
          .onRef('granted.deadline_id', '=', 'v.deadline_id')
          .onRef('granted.deadline_version', '=', 'v.version'),
      )
      .select([
        'o.process_id',
        'p.direction_area_id',
        'said.document as said_in',
        'granted.document as granted_in',
        'rule.rule',
        'rule.sentence',
        'rule.in_hours',
        // A whole derivation lists every day it left out; a mail names only what it is counted from.
        sql<Step[]>`jsonb_path_query_array(v.steps, '$[*] ? (@.op == "anchor")')`.as('anchors'),
        sql<string | null>`(
          select max((asked_at at time zone 'America/Mexico_City')::date)::text from area_request
          where area_request.deadline_id = d.id and kind = 'extension' and decision is null
        )`.as('extension_asked_on'),
      ])
      .execute()
  );
}

/** Why a deadline has its date: who fixed or extended it against its rule, otherwise the rule in words. */
function whyOf({ manual_ground, said_in, granted_in, rule, sentence, anchors }: ToldDeadline): string {
  if (manual_ground !== null) return `${GROUND_WORDS[manual_ground].sentence}: ${said_in}`;
  if (granted_in !== null) return `Prórroga concedida: ${granted_in}`;
  return ruleInWords({ rule, anchors }) ?? sentence;
}

/** The copies of a convenio have the same rules, counted from the same dates. */
const ruleInWords = remembered(({ rule, anchors }: { rule: unknown; anchors: Step[] }) =>
  storedRuleWords(rule, anchors),
);
