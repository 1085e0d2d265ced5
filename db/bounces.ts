// Addresses that do not take mail: what came back, what the server refused, and the people not written to any more.
import { sql } from 'kysely';
import type { Bounce } from '../app/domain/bounce.ts';
import { parseMailFolio } from '../app/domain/mail-folio.ts';
import type { Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { withdrawNotices } from './notices.ts';
import type { Schema } from './schema.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

export type BounceOutcome = Schema['bounce']['outcome'];

/** Why what was planned for somebody whose address takes no mail is cancelled. */
export const SUSPENDED_WORDS = 'la dirección de correo rebota';

/** What says that there is no such mailbox (RFC 3463 §3.2); a full one (5.2.z) or a policy (5.7.z) says nothing of it. */
const NO_SUCH_ADDRESS = /^5\.1\./;

/**
 * Records a bounce. Only a failure about a mail of ours, at the very address it was sent to, is believed: the mail and
 * its notices have bounced, and an address that does not exist is suspended. Whatever its status, `failed` is final
 * (RFC 3464 §2.3.3: a server that gave up waiting says 4.4.7); any other action is noted and changes nothing, and the
 * rest is kept to be counted. The same failure twice is recorded once.
 */
export async function recordBounce(db: Db, bounce: Bounce, moment: Moment): Promise<BounceOutcome> {
  return inTransaction(db, async (trx) => {
    const message = await findMessage(trx, bounce.folio);
    const outcome = judge(bounce, message);
    await trx
      .insertInto('bounce')
      .values({
        received_at: moment.at,
        message_id: message?.id ?? null,
        outcome,
        recipient: bounce.recipient,
        status: bounce.status,
        diagnostic: bounce.diagnostic,
      })
      .execute();
    if (outcome !== 'recorded' || !message) return outcome;
    const reason = [bounce.status, bounce.diagnostic].filter(Boolean).join(' ') || 'devuelto sin explicación';
    await trx.updateTable('message').set({ state: 'bounced', reason }).where('id', '=', message.id).execute();
    await trx
      .updateTable('notice')
      .set({ state: 'bounced', reason })
      .where('message_id', '=', message.id)
      .where('state', '=', 'accepted')
      .execute();
    await recordAudit(trx, {
      at: moment.at,
      actor: 'sistema',
      verb: 'registró el rebote de',
      subject: `correo ${message.id}`,
      detail: { to: message.to_address, reason },
    });
    if (NO_SUCH_ADDRESS.test(bounce.status ?? '')) await suspendAddress(trx, message.id, reason, moment);
    return outcome;
  });
}

/**
 * Suspends the address to which that mail was sent, in the transaction in which its failure is written: from now on
 * notices go past the person as if the post were vacant, and those that have not left are cancelled for whoever follows.
 * An address that was corrected meanwhile is left in peace, and one that is suspended stays so since when it was.
 */
export async function suspendAddress(
  trx: Db,
  messageId: number,
  reason: string,
  moment: Moment,
): Promise<void> {
  const person = await trx
    .updateTable('person')
    .from('message')
    .set({ bounced_at: moment.at })
    .where('message.id', '=', messageId)
    .whereRef('person.id', '=', 'message.person_id')
    .whereRef('person.email', '=', sql.ref('message.to_address'))
    .where('person.bounced_at', 'is', null)
    .returning(['person.id', 'person.email'])
    .executeTakeFirst();
  if (!person) return;
  // Trusted again one day, the address is given its day again.
  await trx.deleteFrom('mailbox_refusal').where('person_id', '=', person.id).execute();
  await withdrawNotices(trx, person.id, SUSPENDED_WORDS, moment);
  await recordAudit(trx, {
    at: moment.at,
    actor: 'sistema',
    verb: 'suspendió la dirección de correo de',
    subject: `persona ${person.id}`,
    detail: { email: person.email, reason },
  });
  await wakeWorker(trx, 'pass');
}

function judge(
  { recipient, action, status }: Bounce,
  message: { state: string; to_address: string | null } | undefined,
): BounceOutcome {
  if (action === null && status === null) return 'unreadable';
  if (!message || recipient === null || recipient !== message.to_address?.toLowerCase())
    return 'unbelievable';
  if (action !== 'failed') return 'delayed';
  if (message.state === 'bounced') return 'repeated';
  // Of what was never taken by a server nothing can come back.
  return message.state === 'accepted' ? 'recorded' : 'unbelievable';
}

async function findMessage(db: Db, folio: string | null) {
  const read = parseMailFolio(folio);
  if (!read) return undefined;
  return db
    .selectFrom('message')
    .where('id', '=', read.id)
    .where(sql<boolean>`extract(year from created_at at time zone 'UTC') = ${read.year}`)
    .select(['id', 'person_id', 'state', 'to_address'])
    .forUpdate()
    .executeTakeFirst();
}

/** People whose address turns mail away, with the newest reason. */
export async function listBouncing(db: Db) {
  return db
    .selectFrom('person')
    .where('bounced_at', 'is not', null)
    .where('disabled_at', 'is', null)
    .select((eb) => [
      'person.id',
      'person.name',
      'person.email',
      'person.bounced_at',
      eb
        .selectFrom('message')
        .whereRef('message.person_id', '=', 'person.id')
        .where((m) => m.or([m('message.state', '=', 'bounced'), m('message.fault', '=', 'address')]))
        .select(sql<string | null>`coalesce(message.reason, message.reply)`.as('reason'))
        .orderBy('message.id', 'desc')
        .limit(1)
        .as('reason'),
    ])
    .orderBy('bounced_at', 'desc')
    .execute();
}
