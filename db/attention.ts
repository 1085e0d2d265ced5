// On which days mail is read: the installation's settings, and changing them.
import { OFFICE_WEEK, type Attention } from '../app/domain/attention.ts';
import type { Moment } from '../app/domain/moment.ts';
import type { IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import type { Db } from './client.ts';
import { inTransaction } from './transaction.ts';

/** Whose non-working days are also days without attention. */
const OFFICE = 'IEM';

export interface AttentionSettings {
  weekdays: number[];
  on_rest_days: boolean;
  /** `HH:MM`. */
  hour: string;
}

export interface AttentionException {
  day: IsoDate;
  attended: boolean;
  reason: string;
}

/** The settings as they are shown and changed, with the exceptions by day. */
export async function readAttention(
  db: Db,
): Promise<AttentionSettings & { exceptions: AttentionException[] }> {
  const [settings, exceptions] = await Promise.all([
    db.selectFrom('attention').select(['weekdays', 'on_rest_days', 'hour']).executeTakeFirst(),
    db.selectFrom('attention_exception').select(['day', 'attended', 'reason']).orderBy('day').execute(),
  ]);
  const { weekdays = [...OFFICE_WEEK], on_rest_days = false, hour = '08:00' } = settings ?? {};
  return { weekdays, on_rest_days, hour, exceptions };
}

/** The calendar of attention that decides on which morning a notice goes out. */
export async function loadAttention(db: Db): Promise<Attention> {
  const [{ exceptions, ...settings }, days] = await Promise.all([
    readAttention(db),
    db.selectFrom('non_working_day').where('institution', '=', OFFICE).select('day').execute(),
  ]);
  return {
    ...settings,
    rest_days: new Set(days.map(({ day }) => day)),
    exceptions: new Map(exceptions.map(({ day, attended }) => [day, attended])),
  };
}

/** Changes the days and the hour from now on; what was already planned stays. */
export async function saveAttention(
  db: Db,
  settings: AttentionSettings,
  by: { person_id: number; moment: Moment },
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { exceptions, ...before } = await readAttention(trx);
    await trx.updateTable('attention').set(settings).execute();
    await recordAudit(trx, {
      at: by.moment.at,
      actor: `persona ${by.person_id}`,
      verb: 'cambió la atención',
      subject: 'calendario de atención',
      detail: { before, after: settings },
    });
  });
}

/** Adds an exception, or changes the one of that day. */
export async function saveAttentionException(
  db: Db,
  exception: AttentionException,
  by: { person_id: number; moment: Moment },
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto('attention_exception')
      .values(exception)
      .onConflict((conflict) =>
        conflict.column('day').doUpdateSet({ attended: exception.attended, reason: exception.reason }),
      )
      .execute();
    await recordAudit(trx, {
      at: by.moment.at,
      actor: `persona ${by.person_id}`,
      verb: 'exceptuó un día de atención',
      subject: `atención ${exception.day}`,
      detail: { ...exception },
    });
  });
}

/** Takes an exception back; false when there was none for that day. */
export async function removeAttentionException(
  db: Db,
  day: IsoDate,
  by: { person_id: number; moment: Moment },
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const removed = await trx
      .deleteFrom('attention_exception')
      .where('day', '=', day)
      .returning(['attended', 'reason'])
      .executeTakeFirst();
    if (!removed) return false;
    await recordAudit(trx, {
      at: by.moment.at,
      actor: `persona ${by.person_id}`,
      verb: 'quitó una excepción de atención',
      subject: `atención ${day}`,
      detail: removed,
    });
    return true;
  });
}
