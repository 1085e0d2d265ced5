// The outbox: every mail the program owes or has sent, claimed under a lease and closed with the server's reply.
import { sql, type Insertable } from 'kysely';
import type { Stretch } from '../app/domain/list-page.ts';
import type { Moment } from '../app/domain/moment.ts';
import { instantOf } from '../app/domain/plain-date.ts';
import type { Db } from './client.ts';
import type { MailFault, MessageKind, MessageState, Schema } from './schema.ts';
import type { Turn } from './sender.ts';
import { yielding } from './transaction.ts';

/**
 * Seconds a sender may hold a message without renewing its lease before another may take it over; counted on the
 * database's real clock.
 */
export const LEASE_SECONDS = 60;

/** So often a mail may be in doubt before a human has to know; it goes out again either way. */
export const MOST_DOUBTS = 3;

export interface ClaimedMessage {
  id: number;
  kind: MessageKind;
  person_id: number;
  run_on: string | null;
  rung: string | null;
  submission_id: number | null;
  login_challenge_id: string | null;
  schedule_change_id: number | null;
  area_id: number | null;
  milestone_id: number | null;
  process_id: number | null;
  explanation_request_id: number | null;
  waiver_id: number | null;
  second_factor_id: number | null;
  invited_deadline_id: number | null;
  invited_sequence: number | null;
  state: MessageState;
  attempts: number;
  created_at: string;
  lease_token: string;
  subject: string | null;
  html: string | null;
  text: string | null;
  calendar: string | null;
  message_id: string | null;
  to_address: string | null;
  headers: Record<string, string> | null;
  /** How many notices it carries. */
  notices: number;
  /** How often mails had been taken from the outbox, this time included. */
  sequence: number;
  /** The attempt before this one may have reached the server: the same bytes go out again. */
  may_have_been_sent: boolean;
}

/** A mail somebody is owed, with what it is about. */
export type OwedMail = Omit<Insertable<Schema['message']>, 'created_at' | 'next_attempt_at'>;

/** Puts mails into the outbox, due at the moment; returns how many. */
export async function oweMails(db: Db, mails: OwedMail[], { at }: Pick<Moment, 'at'>): Promise<number> {
  if (mails.length === 0) return 0;
  await db
    .insertInto('message')
    .values(mails.map((mail) => ({ ...mail, created_at: at, next_attempt_at: at })))
    .execute();
  return mails.length;
}

/** Days between today and the deadline of a message that is nearest to it; null for what tells of no deadline. */
const daysAway = ({ today }: Moment) => sql`(
  select min(abs(v.due_on - ${today}::date)) from notice n
  join deadline_version v on v.deadline_id = n.deadline_id and v.version = n.deadline_version
  where n.message_id = message.id and n.state = 'planned')`;

/**
 * Claims up to `limit` messages that are due, oldest first or, at a pace, what people wait for and then the nearest
 * deadline first, and gives each a fencing token. A message found `sending` under a lease that ran out belonged to a
 * sender that died: it may have been sent, which is a doubt. Two senders never claim the same message
 * (test/jobs/delivery.test.ts).
 */
export async function claimMessages(
  db: Db,
  moment: Moment,
  { limit, only_codes = false, pace = null }: Pick<Turn, 'limit'> & Partial<Turn>,
): Promise<ClaimedMessage[]> {
  const nearest = sql`kind not in ('login_code', 'stuck_mails'), ${daysAway(moment)} nulls last,`;
  const { rows } = await sql<ClaimedMessage>`
    with due as (
      select id, state from message
      where state in ('queued', 'sending', 'retry', 'uncertain')
        and next_attempt_at <= ${moment.at}
        and (state <> 'sending' or lease_until < clock_timestamp())
        ${only_codes ? sql`and kind = 'login_code'` : sql``}
      order by ${pace === null ? sql`` : nearest} next_attempt_at, id
      limit ${limit}
      for update skip locked
    ),
    counted as (
      update installation set sender_claims = sender_claims + 1 where exists (select from due)
      returning sender_claims
    )
    update message m set
      state = 'sending',
      attempts = m.attempts + 1,
      doubts = m.doubts + (due.state = 'sending' and m.html is not null)::integer,
      lease_token = gen_random_uuid(),
      lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second',
      possible_duplicate = m.possible_duplicate or (due.state in ('sending', 'uncertain') and m.html is not null)
    from due where m.id = due.id
    returning m.id, m.kind, m.person_id, m.run_on, m.rung, m.submission_id, m.login_challenge_id,
      m.schedule_change_id, m.area_id, m.milestone_id, m.process_id, m.explanation_request_id,
      m.waiver_id, m.second_factor_id, m.invited_deadline_id, m.invited_sequence, m.state, m.attempts,
      m.created_at, m.lease_token, m.subject, m.html, m.text, m.calendar, m.message_id, m.to_address, m.headers,
      (select count(*) from notice n where n.message_id = m.id and n.state = 'planned') as notices,
      (select sender_claims from counted) as sequence,
      (due.state in ('sending', 'uncertain') and m.html is not null) as may_have_been_sent`.execute(db);
  return rows;
}

/** Holds on for another term to the messages with these tokens that are still being sent. */
export async function renewLeases(db: Db, tokens: readonly string[]): Promise<void> {
  await sql`
    update message set lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    where state = 'sending' and lease_token = any (${tokens}::uuid[])`.execute(db);
}

export interface RenderedMail {
  id: number;
  lease_token: string;
  subject: string;
  /** In UTF-8: what is kept and what is sent are the same bytes. */
  html: Buffer;
  text: string;
  /** iCalendar, with CRLF. */
  calendar?: string | undefined;
  to_address: string;
  message_id: string;
  headers: Record<string, string>;
}

/** Keeps the rendered mails before they are sent; returns the ids still held under their lease. */
export async function storeContents(db: Db, mails: RenderedMail[]): Promise<Set<number>> {
  if (mails.length === 0) return new Set();
  // A value of its own for each body: an array of all of them would be one text to write, escape and read.
  const contents = mails.map(
    ({ id, lease_token, subject, html, text, calendar, to_address, message_id, headers }) =>
      sql`(${id}::bigint, ${lease_token}::uuid, ${subject}::text, ${html}::text, ${text}::text,
        ${calendar ?? null}::text, ${to_address}::text, ${message_id}::text, ${JSON.stringify(headers)}::json)`,
  );
  const store = sql<{ id: number }>`
    update message m set subject = r.subject, html = r.html, text = r.text, calendar = r.calendar, to_address = r.to_address,
      message_id = r.message_id, headers = r.headers
    from (values ${sql.join(contents)})
      as r (id, lease_token, subject, html, text, calendar, to_address, message_id, headers)
    where m.id = r.id and m.lease_token = r.lease_token
    returning m.id`;
  const { rows } = await yielding(() => store.execute(db));
  return new Set(rows.map(({ id }) => id));
}

export type Closing =
  | { state: 'accepted'; reply: string; at: string }
  | { state: 'failed'; fault?: MailFault; reply: string; at: string }
  | { state: 'cancelled'; reason: string; at: string }
  /** `queued` is an attempt that never happened, because the sender was paused: it is not counted. */
  | {
      state: 'retry' | 'uncertain' | 'queued';
      /** This very attempt may have reached the server. */
      doubted?: boolean;
      reply: string;
      next_attempt_at: string;
      at?: undefined;
    };

export interface EndedAttempt {
  claim: Pick<ClaimedMessage, 'id' | 'kind' | 'lease_token'>;
  closing: Closing;
}

/**
 * Writes how attempts ended and closes their notices with them, in one statement: those they carried, since a mail
 * that is being sent gets no others (db/notice-mails.ts, `holdMails`). A mailbox that took one is refused no more.
 * Returns the ids that were still held. Where the lease was lost nothing is written: the sender that took over decides.
 * A closed log-in mail loses its content when `scrubSecrets`.
 */
export async function closeAttempts(
  db: Db,
  attempts: EndedAttempt[],
  scrubSecrets: boolean,
): Promise<Set<number>> {
  const ended = attempts.map(
    ({ claim: { id, kind, lease_token }, closing: { at: closed_at, ...closing } }) => ({
      id,
      lease_token,
      closed_at,
      ...closing,
      scrub: closed_at !== undefined && scrubSecrets && kind === 'login_code',
    }),
  );
  const { rows } = await sql<{ id: number }>`
    with closed as (
      update message m set
        state = ended.state,
        lease_token = null,
        lease_until = null,
        attempts = m.attempts - (ended.state = 'queued')::int,
        doubts = m.doubts + coalesce(ended.doubted, false)::integer,
        fault = ended.fault,
        reply = coalesce(ended.reply, m.reply),
        reason = ended.reason,
        next_attempt_at = coalesce(ended.next_attempt_at, m.next_attempt_at),
        closed_at = ended.closed_at,
        html = case when ended.scrub then null else m.html end,
        text = case when ended.scrub then null else m.text end
      from jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) as ended
        (id bigint, lease_token uuid, state text, reply text, reason text, next_attempt_at timestamptz,
         closed_at timestamptz, scrub boolean, fault text, doubted boolean)
      where m.id = ended.id and m.lease_token = ended.lease_token
      returning m.id, m.person_id, ended.state, ended.reply, ended.closed_at
    ),
    heard as (
      delete from mailbox_refusal using closed
      where closed.state = 'accepted' and mailbox_refusal.person_id = closed.person_id
    ),
    notices as (
      update notice set state = closed.state, closed_at = closed.closed_at,
        reason = case when closed.state = 'failed' then closed.reply end
      from closed
      where closed.state in ('accepted', 'failed') and notice.message_id = closed.id and notice.state = 'planned'
    )
    select id from closed`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Writes how one attempt ended; false when its lease was lost. */
export async function closeAttempt(
  db: Db,
  claim: EndedAttempt['claim'],
  closing: Closing,
  scrubSecrets: boolean,
): Promise<boolean> {
  return (await closeAttempts(db, [{ claim, closing }], scrubSecrets)).has(claim.id);
}

/** How many notice mails of that day the server has not accepted yet. */
export async function countUnsent(db: Db, day: string): Promise<number> {
  const { mails } = await db
    .selectFrom('message')
    .where('run_on', '=', day)
    .where('state', 'not in', ['accepted', 'cancelled'])
    .select(sql<number>`count(*)`.as('mails'))
    .executeTakeFirstOrThrow();
  return mails;
}

/** Mails the server has not answered for good, by state, and since when the oldest of them is owed. */
export async function outboxHealth(db: Db) {
  return db
    .selectFrom('message')
    .where('state', 'in', ['queued', 'sending', 'retry', 'uncertain'])
    .select([
      sql<number>`count(*)`.as('open'),
      sql<number>`count(*) filter (where state = 'queued')`.as('queued'),
      sql<number>`count(*) filter (where state = 'sending')`.as('sending'),
      sql<number>`count(*) filter (where state = 'retry')`.as('retry'),
      sql<number>`count(*) filter (where state = 'uncertain')`.as('uncertain'),
      sql<number>`count(*) filter (where doubts >= ${MOST_DOUBTS} and kind <> 'login_code')`.as('doubtful'),
      // Not the next attempt, which a server that refuses moves on and on.
      sql<string | null>`min(created_at)`.as('owed_since'),
    ])
    .executeTakeFirstOrThrow();
}

/**
 * Mails, codes apart, that no server took on the local day or that came back on it, whenever they had left; and the
 * first of them.
 */
export async function failedToday(db: Db, { today }: Moment) {
  const midnight = instantOf(`${today}T00:00`);
  const refused = db
    .selectFrom('message')
    .where('state', '=', 'failed')
    .where('closed_at', '>=', midnight)
    .where('kind', '<>', 'login_code')
    .select('closed_at as at');
  const returned = db
    .selectFrom('bounce')
    .innerJoin('message', 'message.id', 'bounce.message_id')
    .where('bounce.outcome', '=', 'recorded')
    .where('received_at', '>=', midnight)
    .where('kind', '<>', 'login_code')
    .select('received_at as at');
  return db
    .selectFrom(refused.unionAll(returned).as('undelivered'))
    .select([sql<number>`count(*)`.as('mails'), sql<string | null>`min(at)`.as('since')])
    .executeTakeFirstOrThrow();
}

const MAIL_COLUMNS = [
  'message.id',
  'message.kind',
  'message.state',
  'message.subject',
  'message.to_address',
  'message.message_id',
  'message.reply',
  'message.closed_at',
  'message.created_at',
  'message.possible_duplicate',
  'person.name as person_name',
] as const;

/** Mails of the built-in mailbox, newest first, optionally of one local day or one address. */
export async function listSentMail(db: Db, filter: { day?: string; address?: string }, page: Stretch) {
  let query = db
    .selectFrom('message')
    .innerJoin('person', 'person.id', 'message.person_id')
    .where('message.state', '=', 'accepted')
    .select(MAIL_COLUMNS);
  if (filter.day !== undefined) {
    query = query.where(
      sql<boolean>`(message.closed_at at time zone 'America/Mexico_City')::date = ${filter.day}`,
    );
  }
  if (filter.address !== undefined) query = query.where('message.to_address', '=', filter.address);
  return query
    .orderBy('message.closed_at', 'desc')
    .orderBy('message.id', 'desc')
    .limit(page.size)
    .offset(page.offset)
    .execute();
}

/** One mail with both its parts; undefined when there is none with that id. */
export async function findSentMail(db: Db, id: number) {
  return db
    .selectFrom('message')
    .innerJoin('person', 'person.id', 'message.person_id')
    .where('message.id', '=', id)
    .where('message.state', '=', 'accepted')
    .select([...MAIL_COLUMNS, 'message.html', 'message.text', 'message.calendar'])
    .executeTakeFirst();
}

/** The local days on which mails were sent, newest first, each with how many. */
export async function listMailDays(db: Db, address?: string) {
  let query = db.selectFrom('message').where('state', '=', 'accepted');
  if (address !== undefined) query = query.where('to_address', '=', address);
  return query
    .select([
      sql<string>`((closed_at at time zone 'America/Mexico_City')::date)::text`.as('day'),
      sql<number>`count(*)`.as('mails'),
    ])
    .groupBy('day')
    .orderBy('day', 'desc')
    .execute();
}
