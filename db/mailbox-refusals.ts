// What mailboxes answer that may pass, and since when without a break: of a person, not of a mail.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import type { Db } from './client.ts';
import type { EndedAttempt } from './messages.ts';
import type { MailboxRefusal } from './schema.ts';

/** A mailbox that is refused for so long is in need of a human. */
export const LASTING_HOURS = 24;
/** After so many days without a word the next refusal is the first one again. */
const FORGOTTEN_DAYS = 2;

/**
 * Notes that the mailbox a claimed mail went to was refused at the moment; true when all it answered in the last 24
 * hours or more was this. Mails are folded into those of the next morning, so it counts for the person and the address
 * whatever the mail. It begins anew with another answer, another address and a mail that was accepted
 * (db/messages.ts, `closeAttempts`). Nothing is noted of an address that is suspended or was corrected meanwhile, nor
 * where the lease was lost.
 */
export async function noteMailboxRefusal(
  trx: Db,
  { id, lease_token }: EndedAttempt['claim'],
  kind: MailboxRefusal,
  { at }: Moment,
): Promise<boolean> {
  const { rows } = await sql<{ lasts: boolean }>`
    insert into mailbox_refusal as known (person_id, address, kind, since, last_at, message_id)
    select person.id, person.email, ${kind}, ${at}::timestamptz, ${at}::timestamptz, message.id
    from message join person on person.id = message.person_id and person.email = message.to_address
    where message.id = ${id} and message.lease_token = ${lease_token} and person.bounced_at is null
    on conflict (person_id) do update set
      since = case
        when known.address = excluded.address and known.kind = excluded.kind
          and known.last_at > excluded.last_at - ${FORGOTTEN_DAYS} * interval '1 day'
        then known.since else excluded.since end,
      address = excluded.address, kind = excluded.kind, last_at = excluded.last_at, message_id = excluded.message_id
    returning since <= last_at - ${LASTING_HOURS} * interval '1 hour' as lasts`.execute(trx);
  return rows[0]?.lasts ?? false;
}
