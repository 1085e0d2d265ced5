// Why something is overdue, as its area says, for when it is promised, and when the Dirección asked.
import { sql } from 'kysely';
import type { ExplanationFacts } from '../app/domain/explanation-form.ts';
import type { Moment } from '../app/domain/moment.ts';
import { localDate, type IsoDate } from '../app/domain/plain-date.ts';
import { recordAudit } from './audit.ts';
import { responsiblePeople } from './change-mails.ts';
import type { Db } from './client.ts';
import { oweMails } from './messages.ts';
import { inTransaction } from './transaction.ts';
import { wakeWorker } from './wake.ts';

interface Act {
  deadline_id: number;
  area_id: number;
  person_id: number;
}

/** Records why a deadline is overdue and until when it is promised. The caller has checked that it is, and whose. */
export async function recordExplanation(
  db: Db,
  { deadline_id, area_id, person_id }: Act,
  facts: ExplanationFacts,
  moment: Moment,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto('explanation')
      .values({ ...facts, deadline_id, area_id, recorded_by: person_id, recorded_at: moment.at })
      .execute();
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: 'declaró causa y compromiso',
      subject: `vencimiento ${deadline_id}`,
      detail: { ...facts, area_id },
    });
  });
}

/**
 * Asks an area why a deadline is overdue: an entry and one mail to whoever answers for the area today, climbing as a
 * notice does. Returns false, and asks nothing, when it was asked the same day already.
 */
export async function askForExplanation(
  db: Db,
  { deadline_id, area_id, person_id }: Act,
  words: string,
  moment: Moment,
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    // Two who ask at once send one mail.
    const { direction_area_id } = await trx
      .selectFrom('deadline as d')
      .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
      .innerJoin('process as p', 'p.id', 'o.process_id')
      .where('d.id', '=', deadline_id)
      .select('p.direction_area_id')
      .forUpdate('d')
      .executeTakeFirstOrThrow();
    const [last] = await listRequests(trx, [deadline_id], moment);
    if (last && localDate(last.asked_at) === moment.today) return false;
    const { id } = await trx
      .insertInto('explanation_request')
      .values({ deadline_id, area_id, words, asked_by: person_id, asked_at: moment.at })
      .returning('id')
      .executeTakeFirstOrThrow();
    const responsible = (await responsiblePeople(trx, moment))(direction_area_id, area_id);
    const mail = { person_id: responsible ?? person_id, explanation_request_id: id };
    await oweMails(trx, [{ kind: 'explanation_request', ...mail }], moment);
    await recordAudit(trx, {
      at: moment.at,
      actor: `persona ${person_id}`,
      verb: 'solicitó informe al área',
      subject: `vencimiento ${deadline_id}`,
      detail: { area_id, words },
    });
    await wakeWorker(trx);
    return true;
  });
}

/** Explanations of those deadlines known at a moment, the newest first. */
export async function listExplanations(db: Db, deadlineIds: number[], { at }: Moment) {
  return db
    .selectFrom('explanation as e')
    .innerJoin('person', 'person.id', 'e.recorded_by')
    .innerJoin('area', 'area.id', 'e.area_id')
    .where(sql<boolean>`e.deadline_id = any (${deadlineIds})`)
    .where('e.recorded_at', '<=', at)
    .select([
      'e.id',
      'e.deadline_id',
      'e.cause',
      'e.committed_on',
      'e.recorded_at',
      'person.name as recorded_by_name',
      'area.name as area_name',
    ])
    .orderBy('e.recorded_at', 'desc')
    .orderBy('e.id', 'desc')
    .execute();
}

/** The Dirección's questions about those deadlines known at a moment, the newest first. */
export async function listRequests(db: Db, deadlineIds: number[], { at }: Moment) {
  return db
    .selectFrom('explanation_request as r')
    .innerJoin('person', 'person.id', 'r.asked_by')
    .innerJoin('area', 'area.id', 'r.area_id')
    .where(sql<boolean>`r.deadline_id = any (${deadlineIds})`)
    .where('r.asked_at', '<=', at)
    .select([
      'r.id',
      'r.deadline_id',
      'r.words',
      'r.asked_at',
      'person.name as asked_by_name',
      'area.name as area_name',
    ])
    .orderBy('r.asked_at', 'desc')
    .orderBy('r.id', 'desc')
    .execute();
}

/** What a report says of one deadline: its newest explanation, and the day of the newest question. */
export interface Explained {
  explained: { cause: string; committed_on: IsoDate; on: IsoDate } | null;
  asked_on: IsoDate | null;
}

/** By deadline, what was known of it at a moment; deadlines of which nothing is known are not in it. */
export async function explainedAt(
  db: Db,
  deadlineIds: number[],
  moment: Moment,
): Promise<Map<number, Explained>> {
  const [explanations, requests] = await Promise.all([
    listExplanations(db, deadlineIds, moment),
    listRequests(db, deadlineIds, moment),
  ]);
  const found = new Map<number, Explained>();
  // The newest come first, so the last to be written is not the one to keep.
  for (const { deadline_id, cause, committed_on, recorded_at } of explanations) {
    if (found.has(deadline_id)) continue;
    const explained = { cause, committed_on, on: localDate(recorded_at) };
    found.set(deadline_id, { explained, asked_on: null });
  }
  for (const { deadline_id, asked_at } of requests) {
    const known = found.get(deadline_id) ?? { explained: null, asked_on: null };
    if (known.asked_on === null) found.set(deadline_id, { ...known, asked_on: localDate(asked_at) });
  }
  return found;
}

/** What a mail that asks says; undefined when there is no such question. */
export async function findExplanationRequest(db: Db, id: number) {
  return db
    .selectFrom('explanation_request as r')
    .innerJoin('area', 'area.id', 'r.area_id')
    .where('r.id', '=', id)
    .select(['r.deadline_id', 'r.words', 'r.asked_at', 'area.name as area_name'])
    .executeTakeFirst();
}
