// What the INE owes: nobody of the institute is told as if they answered for it, and the reminder says what it must.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { keyOfObligation } from '../../app/domain/deadline-rule.ts';
import { addDays } from '../../app/domain/plain-date.ts';
import { outlineDocx } from '../../app/documents/outline-docx.ts';
import { canRemindIne, ineReminder, waitingOfOurs } from '../../app/server/ine-reminder.ts';
import { listDependants } from '../../db/anchors.ts';
import type { Db } from '../../db/client.ts';
import { findDeadline } from '../../db/deadlines.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { freshDatabase } from '../support/database.ts';
import { morning } from '../support/delivery.ts';
import { bytesOf, textOf } from '../support/reports.ts';

/** Who was told of what the INE owes; `follows` is whoever belongs to the Dirección that follows the convenio. */
async function toldOfIne(db: Db) {
  const { rows } = await sql<{
    ref: string;
    email: string;
    institution: string;
    kind: string;
    follows: boolean;
  }>`
    select distinct o.ref, person.email, area.institution, notice.kind,
      person.id in (
        select person_id from appointment join post on post.id = appointment.post_id
        join area a on a.id = post.area_id and a.key = 'iem_devspe'
        union select person_id from role_grant where role = 'direction'
      ) as follows
    from notice
    join deadline d on d.id = notice.deadline_id
    join obligation o on o.id = d.obligation_id and o.obligor = 'INE'
    join person on person.id = notice.person_id
    join appointment on appointment.person_id = person.id
    join post on post.id = appointment.post_id
    join area on area.id = post.area_id
    order by 1, 2`.execute(db);
  return rows;
}

async function passes(db: Db, from: string, to: string) {
  for (let day = from; day <= to; day = addDays(day, 1)) {
    await planNotices(db, morning(day));
    await sql`update message set state = 'accepted', closed_at = created_at where state = 'queued'`.execute(
      db,
    );
    await sql`update notice set state = 'accepted', closed_at = recorded_at where state = 'planned'`.execute(
      db,
    );
  }
}

describe('what the INE owes', () => {
  test('is told to no area of the institute: not even to one that shares the clause, on no rung', async () => {
    const { db } = await freshDatabase('demo');
    const { rows: sharing } = await sql<{ key: string }>`
      select area.key from obligation o join obligation_area oa on oa.obligation_id = o.id and oa.role = 'co_responsible'
      join area on area.id = oa.area_id where o.ref = 'AT-F-11'`.execute(db);
    expect(sharing).toEqual([{ key: 'iem_dea' }]);
    await passes(db, '2024-05-15', '2024-06-12');
    const told = await toldOfIne(db);
    expect(told.some(({ ref, kind }) => ref === 'AT-F-11' && kind === 'escalation')).toBe(true);
    expect(told.some(({ institution }) => institution === 'INE')).toBe(true);
    const ours = told.filter(({ institution }) => institution === 'IEM');
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter(({ follows }) => !follows)).toEqual([]);
  });

  test('climbs to the Dirección although an area of the institute stands as responsible by mistake', async () => {
    const { db } = await freshDatabase('demo');
    await sql`update obligation set obligor = 'INE' where ref in (
      select o.ref from obligation o join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
      join area on area.id = oa.area_id and area.key = 'iem_deoe')`.execute(db);
    await passes(db, '2024-05-15', '2024-06-12');
    const ours = (await toldOfIne(db)).filter(({ institution }) => institution === 'IEM');
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter(({ follows, kind }) => !follows || kind !== 'escalation')).toEqual([]);
  });
});

describe('the official reminder', () => {
  /** A deadline of the INE that is near on 30 May, with one of ours that is counted from it. */
  async function withWaiting(db: Db) {
    const { id } = await db
      .selectFrom('deadline as d')
      .innerJoin('obligation as o', 'o.id', 'd.obligation_id')
      .where('o.ref', '=', 'AT-F-11')
      .select('d.id')
      .executeTakeFirstOrThrow();
    const rule = {
      type: 'offset',
      milestone: keyOfObligation('AT-F-11'),
      amount: 1,
      unit: 'days',
      direction: 'after',
    };
    await sql`insert into deadline_rule (obligation_id, version, rule, sentence, recorded_at)
      select r.obligation_id, r.version + 1, ${JSON.stringify(rule)}::jsonb, 'Al día siguiente', '2024-05-15T15:00:00Z'
      from deadline_rule r join obligation o on o.id = r.obligation_id
      where o.ref = 'AT-PRE-9'`.execute(db);
    return id;
  }

  test('names the clause, the date, how it was counted and what of ours waits for it, and nobody by name', async () => {
    const { db } = await freshDatabase('demo');
    const id = await withWaiting(db);
    const moment = morning('2024-06-03');
    const deadline = (await findDeadline(db, moment, id))!;
    expect(canRemindIne(deadline)).toBe(true);
    const waiting = waitingOfOurs(await listDependants(db, moment, deadline));
    expect(new Set(waiting.map(({ ref }) => ref))).toEqual(new Set(['AT-PRE-9']));
    const text = await textOf('docx', await bytesOf(outlineDocx(ineReminder(deadline, waiting, moment))));
    for (const words of [
      'Anexo Técnico, numeral F.g',
      'viernes 31 de mayo de 2024',
      'Pendiente de recibir desde hace 3 días naturales',
      'Jornada',
      'La cláusula no se ha cotejado',
      'AT-PRE-9',
      'Secretaría Ejecutiva',
    ]) {
      expect(text).toContain(words);
    }
    const people = await db.selectFrom('person').select('name').execute();
    expect(people.filter(({ name }) => /^Persona|Ejemplo/.test(name) && text.includes(name))).toEqual([]);
  });

  test('is not there for what we owe, nor long before, nor once it was received', async () => {
    const { db } = await freshDatabase('demo');
    const id = await withWaiting(db);
    expect(canRemindIne((await findDeadline(db, morning('2024-05-15'), id))!)).toBe(false);
    expect(canRemindIne({ obligor: 'IEM', status: 'overdue' })).toBe(false);
    expect(canRemindIne({ obligor: 'both', status: 'overdue' })).toBe(false);
    for (const status of ['in_review', 'concluded_late', 'waived', 'waiting'] as const)
      expect(canRemindIne({ obligor: 'INE', status })).toBe(false);
  });
});
