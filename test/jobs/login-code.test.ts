// A log-in code whose arrival is in doubt: another one is a click away, so it is not sent again.
import { expect, onTestFinished, test } from 'vitest';
import { instantPlusMinutes, momentOf } from '../../app/domain/moment.ts';
import { DEMO_LOGIN_LIMITS, requestLogin } from '../../db/login-challenges.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { startSmtpSink } from '../emails/smtp-sink.ts';
import { freshDatabase } from '../support/database.ts';
import { deliveryAt, morning } from '../support/delivery.ts';

test('a code that may have arrived is not sent a second time', async () => {
  const { db } = await freshDatabase('demo');
  const sink = await startSmtpSink({ dot: 'drop' });
  onTestFinished(() => sink.close());
  const asked = morning('2024-05-15');
  const email = 'enlace.deoe@iem.example';
  await requestLogin(db, { email, ip: '127.0.0.1' }, DEMO_LOGIN_LIMITS, asked);
  for (const minutes of [0, 16, 60]) {
    const later = momentOf(instantPlusMinutes(asked.at, minutes));
    await deliverDue(deliveryAt(db, later, sink.url));
  }
  const codes = await db
    .selectFrom('message')
    .where('kind', '=', 'login_code')
    .select(['state', 'attempts'])
    .execute();
  expect(codes).toEqual([{ state: 'failed', attempts: 1 }]);
  expect(sink.messages).toHaveLength(1);
});
