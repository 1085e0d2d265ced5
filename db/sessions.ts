// Who is logged in: opaque tokens of which only the hash is kept, so that a session can be revoked.
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { databaseIsAway } from './away.ts';
import type { Db } from './client.ts';

/** Hours a session lasts, and hours it may lie idle. */
const SESSION_HOURS = 12;
const IDLE_HOURS = 3;

const hash = (token: string) => createHash('sha256').update(token).digest('hex');

// Sessions run on the real clock, not the demo's: moving a demo forward a day must not log everybody out.
const realNow = sql<string>`clock_timestamp()`;

/** Opens a session and returns its token, 256 random bits in base64url. */
export async function openSession(db: Db, personId: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db
    .insertInto('session')
    .values({
      token_hash: hash(token),
      person_id: personId,
      created_at: realNow,
      last_seen_at: realNow,
      expires_at: sql<string>`clock_timestamp() + ${SESSION_HOURS} * interval '1 hour'`,
      revoked_at: null,
    })
    .execute();
  return token;
}

/** The person behind a token whose session is alive; also notes that it was seen. */
export async function findSessionPerson(db: Db, token: string): Promise<number | undefined> {
  const session = await db
    .selectFrom('session')
    .where('token_hash', '=', hash(token))
    .where('revoked_at', 'is', null)
    .where(sql<boolean>`expires_at > clock_timestamp()`)
    .where(sql<boolean>`last_seen_at > clock_timestamp() - ${IDLE_HOURS} * interval '1 hour'`)
    .select(['person_id', sql<boolean>`last_seen_at < clock_timestamp() - interval '5 minutes'`.as('stale')])
    .executeTakeFirst();
  if (session?.stale) {
    await db
      .updateTable('session')
      .set({ last_seen_at: realNow })
      .where('token_hash', '=', hash(token))
      .execute()
      // Without room for this note there is still what to read.
      .catch((error: unknown) => {
        if (!databaseIsAway(error)) throw error;
      });
  }
  return session?.person_id;
}

/** Ends the session of a token; unknown tokens change nothing. */
export async function revokeSession(db: Db, token: string): Promise<void> {
  await db
    .updateTable('session')
    .set({ revoked_at: realNow })
    .where('token_hash', '=', hash(token))
    .where('revoked_at', 'is', null)
    .execute();
}

/** A person's sessions that are alive, the newest first; `id` names one without opening it. */
export async function listSessions(db: Db, personId: number) {
  return db
    .selectFrom('session')
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .where(sql<boolean>`expires_at > clock_timestamp()`)
    .where(sql<boolean>`last_seen_at > clock_timestamp() - ${IDLE_HOURS} * interval '1 hour'`)
    .select(['token_hash as id', 'created_at', 'last_seen_at'])
    .orderBy('created_at', 'desc')
    .execute();
}

/** The `id` by which `listSessions` names the session of a token. */
export const sessionId = hash;

/** Ends one session of a person, or all of them; returns how many were alive. */
export async function endSessions(db: Db, personId: number, id?: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('session')
    .set({ revoked_at: realNow })
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .$if(id !== undefined, (query) => query.where('token_hash', '=', id!))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
