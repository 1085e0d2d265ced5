// Mails that are for an area and not for one person: they go to whoever answers for it when they leave.
import { sql } from 'kysely';
import type { Moment } from '../app/domain/moment.ts';
import { recordAudit } from './audit.ts';
import { responsiblePeople } from './change-mails.ts';
import type { Db } from './client.ts';
import type { ClaimedMessage } from './messages.ts';
import { inTransaction } from './transaction.ts';

/**
 * The claims as they are to be sent: a mail to an area, put into the outbox for somebody who no longer answers for
 * it, passes to whoever does at the moment, as an escalation is resolved when it leaves. What may already have reached
 * its reader stays theirs, and so does what nobody else answers for. Each mail that passes is in the record.
 */
export async function passToHolders(
  db: Db,
  claims: ClaimedMessage[],
  moment: Moment,
): Promise<ClaimedMessage[]> {
  const forAreas = claims.filter((claim) => claim.area_id !== null && !claim.may_have_been_sent);
  if (forAreas.length === 0) return claims;
  const { rows } = await sql<{ id: number; area_id: number; direction_area_id: number }>`
    select m.id, m.area_id, p.direction_area_id
    from message m
    left join schedule_change c on c.id = m.schedule_change_id
    join process p on p.id = coalesce(m.process_id, c.process_id, (
      select o.process_id from submission s
      join deadline d on d.id = s.deadline_id
      join obligation o on o.id = d.obligation_id
      where s.id = m.submission_id), (
      -- A change of non-working days is of no process; its mail is about deadlines that are.
      select o.process_id from deadline_version v
      join deadline d on d.id = v.deadline_id
      join obligation o on o.id = d.obligation_id
      join obligation_area oa on oa.obligation_id = o.id and oa.area_id = m.area_id
      where v.change_id = c.id
      limit 1))
    where m.id = any (${forAreas.map(({ id }) => id)}::bigint[])`.execute(db);
  const people = await responsiblePeople(db, moment);
  const holders = new Map(
    rows.map(({ id, direction_area_id, area_id }) => [id, people(direction_area_id, area_id)]),
  );
  const sent: ClaimedMessage[] = [];
  for (const claim of claims) {
    const person_id = holders.get(claim.id) ?? claim.person_id;
    if (person_id !== claim.person_id) await pass(db, claim, person_id, moment);
    sent.push({ ...claim, person_id });
  }
  return sent;
}

async function pass(db: Db, claim: ClaimedMessage, person_id: number, moment: Moment): Promise<void> {
  await inTransaction(db, async (trx) => {
    // Where the lease was lost, whoever took over decides.
    const held = await trx
      .updateTable('message')
      .set({ person_id })
      .where('id', '=', claim.id)
      .where('lease_token', '=', claim.lease_token)
      .returning('id')
      .executeTakeFirst();
    if (!held) return;
    await recordAudit(trx, {
      at: moment.at,
      actor: 'sistema',
      verb: 'pasó un correo a quien responde por el área',
      subject: `correo ${claim.id}`,
      detail: { kind: claim.kind, area: claim.area_id, from: claim.person_id, to: person_id },
    });
  });
}
