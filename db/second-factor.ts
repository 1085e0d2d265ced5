// The second proof at the log-in: enrolling it, answering with it, recovering and taking it away.
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { base32, recoveryCode, stepOfCode, typedCode } from '../app/domain/one-time-code.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { slowHash } from './login-challenges.ts';
import { oweMails } from './messages.ts';
import { isSealed, type SecretSeal } from './secret-seal.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

const RECOVERY_CODES = 10;
/** Minutes between the code of the mail and the second one, and wrong ones taken from one person in an hour. */
export const HALF_LOGIN_MINUTES = 10;
export const MISSES_AN_HOUR = 10;

const realNow = sql<string>`clock_timestamp()`;
const ownerOf = (personId: number) => `segundo factor de ${personId}`;
const hash = (token: string) => createHash('sha256').update(token).digest('hex');

export interface SecondFactor {
  id: number;
  /** As it is stored; `secretToEnrol` opens it. */
  secret: string;
  confirmed_at: string | null;
  /** Recovery codes that are left. */
  left: number;
}

/** A person's factor, confirmed or being enrolled; undefined when there is none. */
export async function findSecondFactor(db: Db, personId: number): Promise<SecondFactor | undefined> {
  return db
    .selectFrom('second_factor as f')
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .select([
      'f.id',
      'f.secret',
      'f.confirmed_at',
      sql<number>`(select count(*)::int from recovery_code r where r.second_factor_id = f.id and r.used_at is null)`.as(
        'left',
      ),
    ])
    .executeTakeFirst();
}

/** The secret an application is to be given, in base32; undefined when the key it was sealed with is lost. */
export async function secretToEnrol(
  { secret }: SecondFactor,
  personId: number,
  seal: SecretSeal,
): Promise<string | undefined> {
  return isSealed(secret) ? seal.unseal(secret, ownerOf(personId)) : secret;
}

/** Begins an enrolment with a new secret, in place of one that was never confirmed; a confirmed one stays. */
export async function beginEnrolment(
  db: Db,
  personId: number,
  seal: SecretSeal,
  { at }: Moment,
): Promise<void> {
  const secret = await seal.seal(base32(randomBytes(20)), ownerOf(personId));
  await db
    .insertInto('second_factor')
    .values({ person_id: personId, secret, salt: randomBytes(16).toString('hex'), created_at: at })
    .onConflict((conflict) =>
      conflict
        .column('person_id')
        .where('revoked_at', 'is', null)
        .doUpdateSet({ secret, created_at: at })
        .where('second_factor.confirmed_at', 'is', null),
    )
    .execute();
}

export type Answer = { kind: 'right'; recovered: boolean } | { kind: 'wrong' } | { kind: 'too_many' };

/**
 * Checks a typed code against a person's factor on the database's real clock, and uses it up. Wrong ones are counted
 * for the person; after `MISSES_AN_HOUR` nothing is compared any more. Only the digits confirm an enrolment. A secret
 * that lay in clear is sealed with its use; of one whose key is lost no digits are right, but its recovery codes are.
 */
export async function answerSecondFactor(
  db: Db,
  personId: number,
  typed: string,
  seal: SecretSeal,
): Promise<Answer> {
  return inTransaction(db, async (trx) => {
    // Locked: of two who type the same code at once, one is late.
    const factor = await trx
      .selectFrom('second_factor')
      .where('person_id', '=', personId)
      .where('revoked_at', 'is', null)
      .select([
        'id',
        'secret',
        'salt',
        'last_step',
        'confirmed_at',
        sql<number>`extract(epoch from clock_timestamp())::float8`.as('seconds'),
      ])
      .forUpdate()
      .executeTakeFirst();
    const { misses } = await trx
      .selectFrom('second_factor_miss')
      .where('person_id', '=', personId)
      .where(sql<boolean>`missed_at > clock_timestamp() - interval '1 hour'`)
      .select(sql<number>`count(*)::int`.as('misses'))
      .executeTakeFirstOrThrow();
    if (misses >= MISSES_AN_HOUR) return { kind: 'too_many' };
    const answer = typedCode(typed);
    if (factor && answer?.kind === 'digits') {
      const sealed = isSealed(factor.secret);
      const secret = sealed ? await seal.unseal(factor.secret, ownerOf(personId)) : factor.secret;
      const step =
        secret === undefined ? undefined : stepOfCode(secret, answer.code, factor.seconds, factor.last_step);
      if (secret !== undefined && step !== undefined) {
        await trx
          .updateTable('second_factor')
          .set({ last_step: step, ...(!sealed && { secret: await seal.seal(secret, ownerOf(personId)) }) })
          .where('id', '=', factor.id)
          .execute();
        return { kind: 'right', recovered: false };
      }
    } else if (factor && factor.confirmed_at !== null && answer) {
      const used = await trx
        .updateTable('recovery_code')
        .set({ used_at: realNow })
        .where('second_factor_id', '=', factor.id)
        .where('code_hash', '=', await slowHash(answer.code, factor.salt))
        .where('used_at', 'is', null)
        .executeTakeFirst();
      if (used.numUpdatedRows === 1n) return { kind: 'right', recovered: true };
    }
    await trx.insertInto('second_factor_miss').values({ person_id: personId, missed_at: realNow }).execute();
    return { kind: 'wrong' };
  });
}

/** Confirms an enrolment whose code was answered and returns its recovery codes, which are kept only as hashes. */
export async function confirmEnrolment(db: Db, personId: number, moment: Moment): Promise<string[]> {
  return inTransaction(db, async (trx) => {
    const confirmed = await trx
      .updateTable('second_factor')
      .set({ confirmed_at: moment.at })
      .where('person_id', '=', personId)
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirstOrThrow();
    await audit(trx, personId, personId, 'activó la verificación en dos pasos de', moment);
    await tellOwner(trx, 'second_factor_on', personId, confirmed.id, moment);
    return writeRecoveryCodes(trx, personId);
  });
}

/** Replaces the recovery codes and returns the new ones. */
export async function renewRecoveryCodes(db: Db, personId: number, moment: Moment): Promise<string[]> {
  return inTransaction(db, async (trx) => {
    await audit(trx, personId, personId, 'renovó los códigos de recuperación de', moment);
    return writeRecoveryCodes(trx, personId);
  });
}

async function writeRecoveryCodes(trx: Db, personId: number): Promise<string[]> {
  const { id, salt } = await trx
    .selectFrom('second_factor')
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .select(['id', 'salt'])
    .executeTakeFirstOrThrow();
  await trx.deleteFrom('recovery_code').where('second_factor_id', '=', id).execute();
  const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCode(randomBytes(10)));
  const hashes = await Promise.all(codes.map((code) => slowHash(code.replace('-', ''), salt)));
  await trx
    .insertInto('recovery_code')
    .values(hashes.map((code_hash) => ({ second_factor_id: id, code_hash, used_at: null })))
    .execute();
  return codes;
}

/** Takes a person's factor away; false when there was none. Their next log-in asks for the mail's code alone. */
export async function revokeSecondFactor(
  db: Db,
  { actor_id, person_id, moment }: { actor_id: number; person_id: number; moment: Moment },
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const revoked = await trx
      .updateTable('second_factor')
      .set({ revoked_at: moment.at, revoked_by: actor_id })
      .where('person_id', '=', person_id)
      .where('revoked_at', 'is', null)
      .returning(['id', 'confirmed_at'])
      .executeTakeFirst();
    if (!revoked) return false;
    await audit(trx, actor_id, person_id, 'quitó la verificación en dos pasos de', moment);
    if (revoked.confirmed_at !== null)
      await tellOwner(trx, 'second_factor_off', person_id, revoked.id, moment);
    return true;
  });
}

/** Whoever could get into an account must not change its protection unseen. */
async function tellOwner(
  trx: Db,
  kind: 'second_factor_on' | 'second_factor_off',
  person_id: number,
  second_factor_id: number,
  moment: Moment,
): Promise<void> {
  await oweMails(trx, [{ kind, person_id, second_factor_id }], moment);
  await wakeWorker(trx);
}

/** Who added or took away a factor, and when; undefined when it does not exist. */
export async function findFactorChange(db: Db, factorId: number) {
  return db
    .selectFrom('second_factor as f')
    .leftJoin('person as revoker', 'revoker.id', 'f.revoked_by')
    .where('f.id', '=', factorId)
    .select(['f.person_id', 'f.confirmed_at', 'f.revoked_at', 'f.revoked_by', 'revoker.name as revoker_name'])
    .executeTakeFirst();
}

const audit = (db: Db, actor: number, person: number, verb: string, { at }: Moment) =>
  recordAudit(db, { at, actor: `persona ${actor}`, verb, subject: `persona ${person}`, detail: {} });

/** Whether the log-in of a person asks for a second code. */
export async function needsSecondFactor(db: Db, personId: number): Promise<boolean> {
  return (await findSecondFactor(db, personId))?.confirmed_at != null;
}

/** Notes that somebody answered the code of the mail; returns the token (256 bits) with which they go on. */
export async function openHalfLogin(db: Db, personId: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db
    .insertInto('half_login')
    .values({
      token_hash: hash(token),
      person_id: personId,
      created_at: realNow,
      expires_at: sql<string>`clock_timestamp() + ${HALF_LOGIN_MINUTES} * interval '1 minute'`,
      used_at: null,
    })
    .execute();
  return token;
}

export type HalfLoginAnswer =
  { kind: 'person'; person_id: number } | { kind: 'dead' } | Exclude<Answer, { kind: 'right' }>;

/** Completes a log-in with the second code. It dies with its use, its time and the person's account. */
export async function answerHalfLogin(
  db: Db,
  token: string,
  typed: string,
  seal: SecretSeal,
): Promise<HalfLoginAnswer> {
  const half = await db
    .selectFrom('half_login as h')
    .innerJoin('person', 'person.id', 'h.person_id')
    .where('h.token_hash', '=', hash(token))
    .where('h.used_at', 'is', null)
    .where(sql<boolean>`h.expires_at > clock_timestamp()`)
    .where('person.disabled_at', 'is', null)
    .select('h.person_id')
    .executeTakeFirst();
  if (!half) return { kind: 'dead' };
  const answer = await answerSecondFactor(db, half.person_id, typed, seal);
  if (answer.kind !== 'right') return answer;
  const used = await db
    .updateTable('half_login')
    .set({ used_at: realNow })
    .where('token_hash', '=', hash(token))
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return used.numUpdatedRows === 1n ? { kind: 'person', person_id: half.person_id } : { kind: 'dead' };
}
