// What came back or was refused at the door: the mail, its notices and the person's address learn that it did not arrive.
import { sql } from 'kysely';
import type { Bounce } from '../app/domain/bounce.ts';
import { parseMailFolio } from '../app/domain/mail-folio.ts';
import type { Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import type { Schema } from './schema.ts';
import { inTransaction } from './transaction.ts';

export type BounceOutcome = Schema['bounce']['outcome'];

/**
 * Records a bounce. Only a failure about a mail of ours, at the very address it was sent to, is believed; a delay
 * is noted and changes nothing, and the rest is kept to be counted. The same failure twice is recorded once.
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
    await trx
      .updateTable('person')
      .set({ bounced_at: moment.at })
      .where('id', '=', message.person_id)
      .where('email', '=', message.to_address ?? '')
      .execute();
    await recordAudit(trx, {
      at: moment.at,
      actor: 'sistema',
      verb: 'registró el rebote de',
      subject: `correo ${message.id}`,
      detail: { to: message.to_address, reason },
    });
    return outcome;
  });
}

function judge(
  { recipient, action, status }: Bounce,
  message: { state: string; to_address: string | null } | undefined,
): BounceOutcome {
  if (action === null && status === null) return 'unreadable';
  if (!message || recipient === null || recipient !== message.to_address?.toLowerCase())
    return 'unbelievable';
  if (action !== 'failed' || status?.startsWith('5') === false) return 'delayed';
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

/** Marks the people whose address the mail server refused as wrong with one of these messages; who is marked stays so. */
export async function markRefusedAddresses(db: Db, messageIds: number[]): Promise<void> {
  const { rows } = await sql<{ message_id: number; to_address: string; reply: string; at: string }>`
    update person set bounced_at = m.closed_at
    from message m
    where m.id = any (${messageIds}::bigint[]) and m.fault = 'address'
      and person.id = m.person_id and person.email = m.to_address and person.bounced_at is null
    returning m.id as message_id, m.to_address, m.reply, m.closed_at as at`.execute(db);
  for (const { message_id, to_address, reply, at } of rows) {
    await recordAudit(db, {
      at,
      actor: 'sistema',
      verb: 'registró el rechazo de',
      subject: `correo ${message_id}`,
      detail: { to: to_address, reason: reply },
    });
  }
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
