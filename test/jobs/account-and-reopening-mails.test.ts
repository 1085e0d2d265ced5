import { randomBytes } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import { beginEnrolment, confirmEnrolment, revokeSecondFactor } from '../../db/second-factor.ts';
import { secretSeal } from '../../db/secret-seal.ts';
import { closeDeadline, reopenDeadline } from '../../db/waivers.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt } from '../support/delivery.ts';
import { smtpSink } from '../support/smtp-sink.ts';

const at = (time: string) => momentOf(instantOf(`2024-05-15T${time}`), true);

test('who answers for the area is told that a closed deadline was reopened, by whom and why', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink();
  const { rows } = await sql<{ id: number; ref: string }>`
    select v.deadline_id as id, o.ref from deadline_version v
    join deadline d on d.id = v.deadline_id join obligation o on o.id = d.obligation_id
    join obligation_area oa on oa.obligation_id = o.id and oa.role = 'responsible'
    join area on area.id = oa.area_id and area.key = 'iem_deoe'
    where v.superseded_at is null and v.settled_at is null and v.due_on > '2024-05-20'
      and not exists (select from submission s where s.deadline_id = v.deadline_id)
    order by v.due_on limit 2`.execute(db);
  const [deadline, other] = rows;
  const facts = (id: number) => ({ deadline_id: id, reason: 'El INE lo aclaró', person_id: 1 });
  for (const { id } of rows) {
    await closeDeadline(db, { ...facts(id), kind: 'waived', document: 'Oficio 1' }, at('09:00'));
    expect(await reopenDeadline(db, facts(id), at('10:00'))).toEqual({ kind: 'reopened' });
  }
  // Closed again before its mail left: it has nothing left to say.
  await closeDeadline(db, { ...facts(other!.id), kind: 'waived', document: 'Oficio 2' }, at('10:01'));
  await deliverDue(deliveryAt(db, at('10:02'), sink.url));
  expect(sink.received.map(({ to }) => to)).toEqual(['enlace.deoe@iem.example']);
  const mail = await simpleParser(sink.received[0]!.raw);
  expect(mail.subject).toMatch(/^Se reabrió: /);
  const { name } = await db.selectFrom('person').where('id', '=', 1).select('name').executeTakeFirstOrThrow();
  for (const words of [deadline!.ref, name, 'El INE lo aclaró', `/vencimientos/${deadline!.id}/reportar`]) {
    expect(mail.text).toContain(words);
  }
  expect(mail.headers.get('x-convenio-ocurrencia')).toBe(String(deadline!.id));
});

test('whose account it is is told that its second proof was added or taken away, and by whom', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await smtpSink();
  const [owner, administrator] = await db
    .selectFrom('person')
    .select(['id', 'name', 'email'])
    .orderBy('id')
    .limit(2)
    .execute();
  const person_id = owner!.id;
  const seal = secretSeal({ key: randomBytes(32), file: '' });
  await beginEnrolment(db, person_id, seal, at('09:00'));
  // Never confirmed, so nothing changed for anybody.
  await revokeSecondFactor(db, { actor_id: person_id, person_id, moment: at('09:01') });
  await beginEnrolment(db, person_id, seal, at('09:02'));
  await confirmEnrolment(db, person_id, at('09:03'));
  await revokeSecondFactor(db, { actor_id: administrator!.id, person_id, moment: at('09:04') });
  await deliverDue(deliveryAt(db, at('09:05'), sink.url));
  expect(sink.received.map(({ to }) => to)).toEqual([owner!.email, owner!.email]);
  const mails = await Promise.all(sink.received.map(({ raw }) => simpleParser(raw)));
  const [added, taken] = mails.sort((one, two) => one.subject!.localeCompare(two.subject!));
  expect(added!.subject).toBe('Se activó la verificación en dos pasos de tu cuenta');
  expect(added!.text).toContain('a las 9:03 h');
  expect(added!.text).not.toContain('lo hizo');
  expect(taken!.subject).toBe('Se quitó la verificación en dos pasos de tu cuenta');
  expect(taken!.text?.replace(/\s+/g, ' ')).toContain(`lo hizo ${administrator!.name}`);
});
