// Stopping the weekly mail, and having it again, by whoever holds the address that came in it.
import type { Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { inTransaction } from './transaction.ts';

/** Stops the mail or starts it again; asked twice, the second changes nothing. */
export async function setWeeklyMail(
  db: Db,
  { person_id, stopped }: { person_id: number; stopped: boolean },
  moment: Moment,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('person')
      .set({ weekly_off_at: stopped ? moment.at : null })
      .where('id', '=', person_id)
      .where('weekly_off_at', stopped ? 'is' : 'is not', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: stopped ? 'dejó de recibir el resumen semanal' : 'volvió a recibir el resumen semanal',
      subject: `persona ${person_id}`,
      detail: {},
    });
  });
}
