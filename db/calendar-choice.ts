// How somebody takes deadlines into a calendar: by subscribing, or by invitations that come by mail, never both.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { inTransaction } from './transaction.ts';

/** Since when a person takes invitations; null for one who does not. */
export async function invitedSince(db: Db, personId: number): Promise<string | null> {
  const { invited_since } = await db
    .selectFrom('person')
    .where('id', '=', personId)
    .select('invited_since')
    .executeTakeFirstOrThrow();
  return invited_since;
}

/**
 * Begins the invitations of somebody and takes all their subscriptions back; chosen twice, the second changes nothing.
 * The caller has checked that the person answers for some area.
 */
export async function chooseInvitations(db: Db, personId: number, { at }: Moment): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { invited_since } = await lockChoice(trx, personId);
    if (invited_since !== null) return;
    await trx.updateTable('person').set({ invited_since: at }).where('id', '=', personId).execute();
    await recordAudit(trx, {
      at,
      actor: `persona ${personId}`,
      verb: 'eligió recibir invitaciones de calendario',
      subject: `persona ${personId}`,
      detail: {},
    });
    const revoked = await trx
      .updateTable('feed')
      .set({ revoked_at: endNotBeforeMade(at) })
      .where('owner_id', '=', personId)
      .where('revoked_at', 'is', null)
      .returning('id')
      .execute();
    for (const { id } of revoked) {
      await recordAudit(trx, {
        at,
        actor: `persona ${personId}`,
        verb: 'revocó una suscripción de calendario',
        subject: `suscripción ${id}`,
        detail: { because: 'invitations' },
      });
    }
  });
}

/** Ends the invitations of somebody; what is already in their calendar stays there. Asked twice, it changes nothing more. */
export async function stopInvitations(db: Db, personId: number, moment: Moment): Promise<void> {
  await inTransaction(db, (trx) => endInvitations(trx, personId, moment));
}

/** The same within a transaction, which from then on holds the person's choice: nobody else changes it meanwhile. */
export async function endInvitations(trx: Db, personId: number, { at }: Moment): Promise<void> {
  const { invited_since } = await lockChoice(trx, personId);
  if (invited_since === null) return;
  await trx.updateTable('person').set({ invited_since: null }).where('id', '=', personId).execute();
  await recordAudit(trx, {
    at,
    actor: `persona ${personId}`,
    verb: 'dejó de recibir invitaciones de calendario',
    subject: `persona ${personId}`,
    detail: {},
  });
}

/** When a subscription ends: one made by who chose at once, and was first, may be of a later instant. */
export const endNotBeforeMade = (at: string) => sql<string>`greatest(created_at, ${at}::timestamptz)`;

/** Of two who choose at once, for one person, the second sees what the first chose. */
function lockChoice(trx: Db, personId: number) {
  return trx
    .selectFrom('person')
    .where('id', '=', personId)
    .select('invited_since')
    .forUpdate()
    .executeTakeFirstOrThrow();
}
