// Reading the ledger of notices: each notice in exactly one state, with the mail that carries it and what was answered.
import { sql, type SqlBool } from 'kysely';
import type { Stretch } from '../app/domain/list-page.ts';
import type { NoticeStanding } from '../app/domain/notice-standing.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';

/** While a notice waits in a mail, its state is the mail's. The words are in app/domain/notice-standing.ts. */
const STANDING = sql<NoticeStanding>`
  case when notice.state = 'planned' and message.state in ('queued', 'sending', 'retry', 'uncertain')
    then message.state else notice.state end`;

export interface LedgerFilter {
  standing?: NoticeStanding | undefined;
  /** Id of a deadline, and of a mail. */
  deadline?: number | undefined;
  mail?: number | undefined;
  kind?: 'reminder' | 'escalation' | undefined;
  /** Key of the responsible area. */
  area?: string | undefined;
  /** Id of a person. */
  person?: number | undefined;
  /** Ref of an obligation, whatever its process, or of the one of `process`. */
  obligation?: string | undefined;
  process?: string | undefined;
  /** First and last day on which a notice was to go out. */
  from?: IsoDate | undefined;
  to?: IsoDate | undefined;
}

const JOINED = sql`
  notice
  join person on person.id = notice.person_id
  join deadline on deadline.id = notice.deadline_id
  join obligation on obligation.id = deadline.obligation_id
  join process on process.id = obligation.process_id
  join deadline_version v on v.deadline_id = notice.deadline_id and v.version = notice.deadline_version
  left join obligation_area oa on oa.obligation_id = obligation.id and oa.role = 'responsible'
  left join area on area.id = oa.area_id
  left join message on message.id = notice.message_id`;

function conditions(filter: LedgerFilter) {
  const { standing, deadline, mail, kind, area, person, obligation, process, from, to } = filter;
  const asked = [
    deadline && sql<SqlBool>`notice.deadline_id = ${deadline}`,
    mail && sql<SqlBool>`notice.message_id = ${mail}`,
    standing && sql<SqlBool>`${STANDING} = ${standing}`,
    kind && sql<SqlBool>`notice.kind = ${kind}`,
    area && sql<SqlBool>`area.key = ${area}`,
    person && sql<SqlBool>`notice.person_id = ${person}`,
    obligation && sql<SqlBool>`upper(obligation.ref) = upper(${obligation})`,
    process && sql<SqlBool>`process.key = ${process}`,
    from && sql<SqlBool>`notice.planned_on >= ${from}`,
    to && sql<SqlBool>`notice.planned_on <= ${to}`,
  ].filter((condition) => typeof condition === 'object');
  return sql.join([sql`true`, ...asked], sql` and `);
}

export interface LedgerRow {
  id: number;
  deadline_id: number;
  deadline_version: number;
  ref: string;
  title: string;
  due_on: IsoDate | null;
  due_time: string | null;
  area_name: string | null;
  rung: string;
  kind: 'reminder' | 'escalation';
  person_id: number;
  person_name: string;
  /** What the person was told as, e.g. the title of their post. */
  capacity: string;
  planned_on: IsoDate;
  standing: NoticeStanding;
  /** Why it did not go out, or did not arrive. */
  reason: string | null;
  /** Instant (ISO, UTC) at which nothing more was to be done. */
  closed_at: string | null;
  /** The mail that carries it; null while there is none. */
  mail_id: number | null;
  mail_created_at: string | null;
  message_id: string | null;
  reply: string | null;
  next_attempt_at: string | null;
  possible_duplicate: boolean | null;
}

/** The notices that match, newest first: all of them, or one page. */
export async function listLedger(db: Db, filter: LedgerFilter, page?: Stretch): Promise<LedgerRow[]> {
  const { rows } = await sql<LedgerRow>`
    select notice.id, notice.deadline_id, notice.deadline_version, obligation.ref, obligation.title, v.due_on,
      v.due_time, area.name as area_name, notice.rung, notice.kind, notice.person_id, person.name as person_name,
      notice.capacity, notice.planned_on, ${STANDING} as standing, notice.reason, notice.closed_at,
      message.id as mail_id, message.created_at as mail_created_at, message.message_id, message.reply,
      message.next_attempt_at, message.possible_duplicate
    from ${JOINED}
    where ${conditions(filter)}
    order by notice.planned_on desc, notice.id desc
    ${page ? sql`limit ${page.size} offset ${page.offset}` : sql``}`.execute(db);
  return rows;
}

/** How many of the notices that match are in each state there is; their sum is how many match. */
export async function countLedger(db: Db, filter: LedgerFilter): Promise<Map<NoticeStanding, number>> {
  const { rows } = await sql<{ standing: NoticeStanding; count: number }>`
    select ${STANDING} as standing, count(*) as count from ${JOINED}
    where ${conditions(filter)} group by 1`.execute(db);
  return new Map(rows.map(({ standing, count }) => [standing, count]));
}

/** The people who appear in the ledger, for a list to choose from. */
export function listToldPeople(db: Db) {
  return db
    .selectFrom('person')
    .where((eb) =>
      eb.exists(eb.selectFrom('notice').whereRef('notice.person_id', '=', 'person.id').select('notice.id')),
    )
    .select(['person.id', 'person.name'])
    .orderBy('person.name')
    .execute();
}
