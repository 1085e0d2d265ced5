// Logging in by a code sent by e-mail: the request, the code made when its mail goes out, and the answer.
import { randomBytes, randomInt, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import { oweMails } from './messages.ts';
import { findPersonByEmail } from './people.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

/** Minutes a code is good for (OWASP ASVS 5.0, 6.5.5 asks for ten at most) and tries it allows. */
export const CODE_MINUTES = 10;
const MAX_TRIES = 5;

/** Requests accepted in an hour for one address and from one network address. */
export interface LoginLimits {
  per_address: number;
  per_ip: number;
}
export const PRODUCTION_LOGIN_LIMITS: LoginLimits = { per_address: 5, per_ip: 40 };
/** A demo is explored by one person playing everybody. */
export const DEMO_LOGIN_LIMITS: LoginLimits = { per_address: 200, per_ip: 2000 };

/**
 * Opens a challenge for an address and queues its mail when somebody has it. The answer is the same for known
 * and unknown addresses; `too_many` when the hour's limit is reached (counted in the database, on the real clock).
 */
export async function requestLogin(
  db: Db,
  request: { email: string; ip: string },
  limits: LoginLimits,
  moment: Moment,
): Promise<{ kind: 'sent'; challenge_id: string } | { kind: 'too_many' }> {
  const email = request.email.toLowerCase();
  return inTransaction(db, async (trx) => {
    // Two requests at once for one address, or from one place, must not both pass below the limit.
    await sql`select pg_advisory_xact_lock(hashtext('login'), hashtext(${email}))`.execute(trx);
    await sql`select pg_advisory_xact_lock(hashtext('login from'), hashtext(${request.ip}))`.execute(trx);
    const recent = await trx
      .selectFrom('login_challenge')
      .where(sql<boolean>`created_at > clock_timestamp() - interval '1 hour'`)
      .where((eb) => eb.or([eb('email', '=', email), eb('ip', '=', request.ip)]))
      .select([
        sql<number>`count(*) filter (where email = ${email})`.as('for_address'),
        sql<number>`count(*) filter (where ip = ${request.ip})`.as('from_ip'),
      ])
      .executeTakeFirstOrThrow();
    if (recent.for_address >= limits.per_address || recent.from_ip >= limits.per_ip)
      return { kind: 'too_many' };

    const person = await findPersonByEmail(trx, email);
    const id = randomUUID();
    await trx
      .insertInto('login_challenge')
      .values({
        id,
        email,
        person_id: person?.id ?? null,
        code_hash: null,
        code_salt: null,
        ip: request.ip,
        created_at: sql<string>`clock_timestamp()`,
        expires_at: sql<string>`clock_timestamp() + ${CODE_MINUTES} * interval '1 minute'`,
        used_at: null,
      })
      .execute();
    if (person) {
      await oweMails(trx, [{ kind: 'login_code', person_id: person.id, login_challenge_id: id }], moment);
      await wakeWorker(trx);
    }
    return { kind: 'sent', challenge_id: id };
  });
}

/** Makes the six-digit code of a challenge, keeps its salted slow hash and returns it for the mail. */
export async function issueLoginCode(db: Db, challengeId: string): Promise<string> {
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const salt = randomBytes(16).toString('hex');
  await db
    .updateTable('login_challenge')
    .set({ code_salt: salt, code_hash: await slowHash(code, salt) })
    .where('id', '=', challengeId)
    .executeTakeFirstOrThrow();
  return code;
}

/** Checks a typed code. A challenge dies with its use, its time, its fifth wrong try, or the person's account. */
export async function answerLogin(
  db: Db,
  challengeId: string,
  code: string,
): Promise<{ kind: 'person'; person_id: number } | { kind: 'wrong'; tries_left: number } | { kind: 'dead' }> {
  const challenge = await db
    .updateTable('login_challenge')
    .set({ tries: sql<number>`tries + 1` })
    .where('id', '=', challengeId)
    .where('used_at', 'is', null)
    .where('tries', '<', MAX_TRIES)
    .where(sql<boolean>`expires_at > clock_timestamp()`)
    .returning(['person_id', 'code_hash', 'code_salt', 'tries'])
    .executeTakeFirst();
  if (!challenge) return { kind: 'dead' };
  // Hashed even when there is nothing to compare with: the time of the answer must not tell who has an account.
  const typed = Buffer.from(await slowHash(code, challenge.code_salt ?? ''));
  const right = challenge.code_hash !== null && timingSafeEqual(typed, Buffer.from(challenge.code_hash));
  if (!right || challenge.person_id === null)
    return { kind: 'wrong', tries_left: MAX_TRIES - challenge.tries };
  const used = await db
    .updateTable('login_challenge')
    .set({ used_at: sql<string>`clock_timestamp()` })
    .where('id', '=', challengeId)
    .where('used_at', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('person')
          .whereRef('person.id', '=', 'login_challenge.person_id')
          .where('person.disabled_at', 'is', null),
      ),
    )
    .executeTakeFirst();
  return used.numUpdatedRows === 1n ? { kind: 'person', person_id: challenge.person_id } : { kind: 'dead' };
}

/** The scrypt hash of a short secret, in hexadecimal. */
export function slowHash(code: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) =>
    scrypt(code, salt, 32, { N: 16384, r: 8, p: 1 }, (error, key) =>
      error ? reject(error) : resolve(key.toString('hex')),
    ),
  );
}
