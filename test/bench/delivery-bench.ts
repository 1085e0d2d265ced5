// Mails a second from the outbox to a mail server, with their record, against a bare pool sending prepared bytes.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import nodemailer from 'nodemailer';
import { instantPlusMinutes, type Moment } from '../../app/domain/moment.ts';
import { connect, type Db } from '../../db/client.ts';
import { now, setDemoClock } from '../../db/clock.ts';
import { planNotices } from '../../db/notice-plan.ts';
import { smtpMailer } from '../../emails/mailer.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import { median, time } from './measure.ts';
import type { Row } from './report.ts';
import type { Taken } from './sink.ts';

/** The first part warms up. */
const PARTS = 4;
const CONNECTIONS = 5;

export async function benchDelivery(url: string): Promise<Row[]> {
  const db = connect(url);
  const sink = fork(fileURLToPath(new URL('sink.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  const [{ port }] = (await once(sink, 'message')) as [{ port: number }];
  const smtpUrl = `smtp://127.0.0.1:${port}`;
  const mailer = smtpMailer(smtpUrl, { maxConnections: CONNECTIONS });
  const pool = nodemailer.createTransport({ pool: true, url: smtpUrl, maxConnections: CONNECTIONS });
  try {
    const start = await now(db);
    const mails = await fillOutbox(db, start);
    const rates: { ours: number; bare: number }[] = [];
    for (let part = 0; part < PARTS; part += 1) {
      await setDemoClock(db, instantPlusMinutes(start.at, (part + 1) * 60));
      const before = await ask(sink);
      let sent = 0;
      const ours = await time(async () => {
        const accepted = await deliverDue({
          db,
          mailer,
          clock: () => now(db),
          appUrl: 'http://127.0.0.1',
          mailFrom: 'avisos@convenio.example',
          scrubSecrets: true,
          log: () => undefined,
        });
        sent = accepted.length;
      });
      const after = await ask(sink);
      if (sent === 0 || after.mails - before.mails !== sent)
        throw new Error(`${sent} mails accepted, not all taken`);
      const raw = mailOfSize((after.bytes - before.bytes) / sent);
      const envelope = { from: 'avisos@convenio.example', to: ['enlace@iem.example'] };
      const bare = await time(() =>
        Promise.all(Array.from({ length: sent }, () => pool.sendMail({ envelope, raw }))),
      );
      if (part > 0) rates.push({ ours: (sent / ours) * 1000, bare: (sent / bare) * 1000 });
    }
    return [
      {
        measure: 'mails sent, with their record',
        size: `${mails.toLocaleString('en')} mails, ${CONNECTIONS} connections`,
        ours: median(rates.map(({ ours }) => ours)),
        bare: median(rates.map(({ bare }) => bare)),
        rate: true,
      },
    ];
  } finally {
    mailer.close();
    pool.close();
    sink.disconnect();
    await db.destroy();
  }
}

/** Plans the morning's mails and spreads them over the hours, one hour for each part; returns how many there are. */
async function fillOutbox(db: Db, start: Moment): Promise<number> {
  const { messages } = await planNotices(db, start);
  await sql`
    update message set next_attempt_at = ${start.at}::timestamptz + part * interval '1 hour'
    from (select id, ntile(${PARTS}) over (order by random()) as part from message) as parts
    where parts.id = message.id`.execute(db);
  await sql`vacuum analyze`.execute(db);
  return messages;
}

async function ask(sink: ChildProcess): Promise<Taken> {
  sink.send('how many?');
  const [taken] = (await once(sink, 'message')) as [Taken];
  return taken;
}

/** A message of that many bytes in lines of 76 characters. */
function mailOfSize(bytes: number): Buffer {
  const head = 'From: avisos@convenio.example\r\nTo: enlace@iem.example\r\nSubject: Aviso\r\n\r\n';
  const line = `${'x'.repeat(76)}\r\n`;
  return Buffer.from(head + line.repeat(Math.ceil((bytes - head.length) / line.length)));
}
