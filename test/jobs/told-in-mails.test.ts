// What mails say of work that is not simply undone: reports sent back, extensions asked for, what waits for an event.
import { expect, test } from 'vitest';
import { addDays, instantOf } from '../../app/domain/plain-date.ts';
import { momentOf } from '../../app/domain/moment.ts';
import { askDirection } from '../../db/area-requests.ts';
import type { Db } from '../../db/client.ts';
import { reviewSubmission } from '../../db/reviews.ts';
import { endAppointment } from '../../db/staff.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { runPass } from '../../jobs/pass.ts';
import { freshDatabase } from '../support/database.ts';
import { personId } from '../support/facts-of-deadlines.ts';
import { deliveryAt, morning } from '../support/delivery.ts';
import { handIn, responsibleArea } from '../support/handed-in.ts';
import { onlyDeadline } from '../support/one-deadline.ts';

const DUE = '2024-05-16';
const REPORTED = momentOf(instantOf('2024-05-15T12:00'));
const RETURNED = momentOf(instantOf('2024-05-15T13:00'), true);

/** The area that answers for a deadline, with the people of its posts. */
async function areaOf(db: Db, deadlineId: number) {
  const area_id = await responsibleArea(db, deadlineId);
  const seats = await db
    .selectFrom('appointment')
    .innerJoin('post', 'post.id', 'appointment.post_id')
    .where('post.area_id', '=', area_id)
    .select(['post.kind', 'appointment.person_id', 'appointment.id'])
    .execute();
  return { area_id, seat: (kind: string) => seats.find((seat) => seat.kind === kind)! };
}

/** Reported by the deputy and sent back by the Dirección, all on the day before it is due. */
async function sentBack() {
  const { db } = await freshDatabase('demo');
  const id = await onlyDeadline(db, 'high', DUE);
  const { area_id, seat } = await areaOf(db, id);
  const reporter = seat('deputy').person_id;
  const { submission_id } = await handIn(db, id, REPORTED, { person_id: reporter, act_on: '2024-05-14' });
  const reviewer = await personId(db, 'titular.devspe@iem.example');
  const review = { submission_id, decision: 'returned' as const, words: 'Falta el sello.' };
  expect(await reviewSubmission(db, { ...review, person_id: reviewer }, RETURNED)).toMatchObject({
    kind: 'reviewed',
  });
  return { db, id, area_id, seat, reporter };
}

const returnedMails = (db: Db) =>
  db
    .selectFrom('message')
    .where('kind', '=', 'returned')
    .where('created_at', '>=', RETURNED.at)
    .select(['person_id', 'state', 'text'])
    .orderBy('person_id')
    .execute();

test('a report that is sent back is told to whoever answers for it and to whoever reported it', async () => {
  const { db, seat, reporter } = await sentBack();
  await deliverDue(deliveryAt(db, RETURNED));
  const mails = await returnedMails(db);
  expect(mails.map(({ person_id, state }) => ({ person_id, state }))).toEqual(
    [seat('liaison').person_id, reporter]
      .sort((a, b) => a - b)
      .map((person_id) => ({ person_id, state: 'accepted' })),
  );
  for (const { text } of mails) expect(text).toContain('Falta el sello.');
});

test('a report that is sent back is told to who answers now, when its reporter and the liaison left', async () => {
  const { db, seat, reporter } = await sentBack();
  const direction = await personId(db, 'titular.devspe@iem.example');
  const leave = { actor_id: direction, moment: REPORTED };
  for (const kind of ['liaison', 'deputy']) {
    const { person_id, id: appointment_id } = seat(kind);
    await endAppointment(db, { ...leave, person_id }, { appointment_id, last_day: '2024-05-14' });
  }
  await deliverDue(deliveryAt(db, RETURNED));
  const told = (await returnedMails(db)).filter(({ state }) => state === 'accepted');
  expect(told.map(({ person_id }) => person_id)).toEqual([seat('head').person_id]);
  expect(told.map(({ person_id }) => person_id)).not.toContain(reporter);
});

test('an escalation says that the report was sent back and what was asked for, and links to the commitment', async () => {
  const { db, id, area_id, seat } = await sentBack();
  await askDirection(
    db,
    {
      kind: 'extension',
      deadline_id: id,
      area_id,
      person_id: seat('liaison').person_id,
      reason: 'El proveedor entrega el lunes.',
      document: '',
      due_on: '2024-05-22',
    },
    momentOf(instantOf('2024-05-16T10:00')),
  );
  for (const day of [DUE, addDays(DUE, 1)]) await runPass(deliveryAt(db, morning(day)));
  const mails = await db
    .selectFrom('message')
    .where('kind', '=', 'escalation')
    .where('run_on', '=', addDays(DUE, 1))
    .where('person_id', '=', seat('head').person_id)
    .select(['subject', 'text'])
    .execute();
  expect(mails).toHaveLength(1);
  const said = mails[0]!.text!.replace(/\s+/g, ' ');
  expect(mails[0]!.subject).toMatch(/^Vencida hace 1 día: .* — se informa a su titular$/);
  expect(said).toContain('El último reporte se devolvió para corregir y no se ha vuelto a enviar.');
  expect(said).toContain('Prórroga solicitada el jueves 16 de mayo de 2024, sin resolver.');
  expect(said).not.toContain('no hay reporte');
  expect(said).toContain(`/vencimientos/${id}/causa`);
});

test('the morning’s mail says how much of the area waits for an event', async () => {
  const { db } = await freshDatabase('demo');
  await runPass(deliveryAt(db, morning('2024-05-15')));
  const waiting = await db
    .selectFrom('deadline_version as v')
    .innerJoin('deadline as d', 'd.id', 'v.deadline_id')
    .innerJoin('obligation_area as oa', (join) =>
      join.onRef('oa.obligation_id', '=', 'd.obligation_id').on('oa.role', '=', 'responsible'),
    )
    .innerJoin('post', 'post.area_id', 'oa.area_id')
    .innerJoin('appointment', 'appointment.post_id', 'post.id')
    .innerJoin('message', 'message.person_id', 'appointment.person_id')
    .where('v.superseded_at', 'is', null)
    .where('v.settled_at', 'is', null)
    .where('v.due_on', 'is', null)
    .where('message.run_on', '=', '2024-05-15')
    .where('message.kind', '=', 'digest')
    .groupBy(['message.id', 'message.text'])
    .select(({ fn }) => ['message.text', fn.count<number>('d.id').distinct().as('count')])
    .execute();
  expect(waiting.length).toBeGreaterThan(3);
  for (const { text, count } of waiting) {
    expect(text!.replace(/\s+/g, ' ')).toContain(
      `En espera de un evento, todavía sin plazo: ${count} ${count === 1 ? 'obligación' : 'obligaciones'}.`,
    );
  }
});
