// Calendars people subscribe to: making their secret addresses, taking them back, and what each one carries.
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { FeedItem } from '../app/domain/calendar-feed.ts';
import type { Moment } from '../app/domain/moment.ts';
import { addDays } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import { ANSWERING, calendarItem, selectCalendarItems } from './calendar-items.ts';
import { endInvitations, endNotBeforeMade } from './calendar-choice.ts';
import type { Db } from './client.ts';
import type { Schema } from './schema.ts';
import { inTransaction } from './transaction.ts';

export type FeedScope = Schema['feed']['scope'];

/** Days for which what is past, and what was called off, is still carried. */
const KEPT_DAYS = 60;
/** Days ahead that a feed reaches. */
const AHEAD_DAYS = 730;
/** Readings of one feed in an hour; calendar programs ask some times a day. */
const HOURLY_READS = 240;

const hash = (token: string) => createHash('sha256').update(token).digest('hex');

export interface NewFeed {
  owner_id: number;
  scope: FeedScope;
  /** Only with the scope `area`; the caller has checked that it is one of the owner's. */
  area_id: number | null;
}

/**
 * Makes a feed and returns the secret part of its address, 256 random bits in base64url, which is told only now.
 * The owner's earlier feed of the same scope stops working, and their invitations by mail end.
 */
export async function createFeed(db: Db, feed: NewFeed, moment: Moment): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await inTransaction(db, async (trx) => {
    await endInvitations(trx, feed.owner_id, moment);
    await trx
      .updateTable('feed')
      .set({ revoked_at: endNotBeforeMade(moment.at) })
      .where('owner_id', '=', feed.owner_id)
      .where('scope', '=', feed.scope)
      .where('area_id', feed.area_id === null ? 'is' : '=', feed.area_id)
      .where('revoked_at', 'is', null)
      .execute();
    const { id } = await trx
      .insertInto('feed')
      .values({
        ...feed,
        token_hash: hash(token),
        created_at: moment.at,
        revoked_at: null,
        last_read_at: null,
        hour_from: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${feed.owner_id}`,
      verb: 'creó una suscripción de calendario',
      subject: `suscripción ${id}`,
      detail: { scope: feed.scope, area_id: feed.area_id },
    });
  });
  return token;
}

/** Takes a feed of that owner back; false when the owner has no such feed in use. */
export async function revokeFeed(
  db: Db,
  { id, owner_id }: { id: number; owner_id: number },
  moment: Moment,
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const revoked = await trx
      .updateTable('feed')
      .set({ revoked_at: moment.at })
      .where('id', '=', id)
      .where('owner_id', '=', owner_id)
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!revoked) return false;
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${owner_id}`,
      verb: 'revocó una suscripción de calendario',
      subject: `suscripción ${id}`,
      detail: {},
    });
    return true;
  });
}

/** The owner's feeds in use, newest first. */
export async function listFeeds(db: Db, ownerId: number) {
  return db
    .selectFrom('feed')
    .leftJoin('area', 'area.id', 'feed.area_id')
    .where('owner_id', '=', ownerId)
    .where('revoked_at', 'is', null)
    .select(['feed.id', 'scope', 'area.name as area_name', 'created_at', 'last_read_at'])
    .orderBy('feed.id', 'desc')
    .execute();
}

export type FeedReading =
  | { kind: 'found'; owner_id: number; scope: FeedScope; area_id: number | null }
  | { kind: 'revoked' }
  | { kind: 'too_many' }
  | { kind: 'unknown' };

/** The feed behind a token, counting the reading; `too_many` within the hour is turned away. */
export async function readFeed(db: Db, token: string): Promise<FeedReading> {
  const { rows } = await sql<{
    owner_id: number;
    scope: FeedScope;
    area_id: number | null;
    revoked_at: string | null;
    hour_reads: number;
  }>`
    update feed set
      last_read_at = clock_timestamp(),
      hour_from = case when hour_from > clock_timestamp() - interval '1 hour' then hour_from else clock_timestamp() end,
      hour_reads = case when hour_from > clock_timestamp() - interval '1 hour' then hour_reads + 1 else 1 end
    where token_hash = ${hash(token)}
    returning owner_id, scope, area_id, revoked_at, hour_reads`.execute(db);
  const feed = rows[0];
  if (!feed) return { kind: 'unknown' };
  if (feed.revoked_at !== null) return { kind: 'revoked' };
  if (feed.hour_reads > HOURLY_READS) return { kind: 'too_many' };
  const { owner_id, scope, area_id } = feed;
  return { kind: 'found', owner_id, scope, area_id };
}

/**
 * The dated deadlines of the areas (null: of all) at the moment, by date: from two months back, with what was
 * called off since then, to two years ahead.
 */
export async function listFeedItems(
  db: Db,
  moment: Moment,
  areaIds: readonly number[] | null,
): Promise<FeedItem[]> {
  const rows = await selectCalendarItems(db, moment)
    .$if(areaIds !== null, (query) =>
      query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('obligation_area as answering')
            .whereRef('answering.obligation_id', '=', 'o.id')
            .where('answering.role', 'in', ANSWERING)
            .where('answering.area_id', 'in', [...(areaIds ?? [])])
            .select('answering.area_id'),
        ),
      ),
    )
    .where('dated.due_on', '>=', addDays(moment.today, -KEPT_DAYS))
    .where('dated.due_on', '<=', addDays(moment.today, AHEAD_DAYS))
    .orderBy('dated.due_on')
    .orderBy('v.deadline_id')
    .execute();
  return rows.map(calendarItem);
}
