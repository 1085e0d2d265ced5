// Mails a second from the ledger to a mail server, with their record, against a bare pool sending prepared bytes.
import nodemailer from 'nodemailer';
import { sql } from 'kysely';
import { connect, type Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { smtpMailer } from '../../emails/mailer.ts';
import { deliverDue } from '../../jobs/delivery.ts';
import type { Databases } from './databases.ts';
import { median, time } from './measure.ts';
import { startSink } from './mail-sink.ts';
import type { Row } from './report.ts';

/** The first round warms up. */
const ROUNDS = 4;
const CONNECTIONS = 5;

export async function benchDelivery(databases: Databases): Promise<Row[]> {
  const sink = await startSink();
  const mailer = smtpMailer(sink.url, { maxConnections: CONNECTIONS });
  const pool = nodemailer.createTransport({ pool: true, url: sink.url, maxConnections: CONNECTIONS });
  const rates: { ours: number; bare: number }[] = [];
  let size = '';
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const db = connect(await databases.copy('planned'));
      size = `${await sizeOf(db)}, ${CONNECTIONS} connections`;
      const before = await sink.taken();
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
      await db.destroy();
      const after = await sink.taken();
      if (sent === 0 || after.mails - before.mails !== sent)
        throw new Error(`${sent} mails accepted, not all taken`);
      const raw = mailOfSize((after.bytes - before.bytes) / sent);
      const envelope = { from: 'avisos@convenio.example', to: ['enlace@iem.example'] };
      const bare = await time(() =>
        Promise.all(Array.from({ length: sent }, () => pool.sendMail({ envelope, raw }))),
      );
      if (round > 0) rates.push({ ours: (sent / ours) * 1000, bare: (sent / bare) * 1000 });
    }
    return [
      {
        measure: 'mails from planned to accepted, a second',
        size,
        ours: median(rates.map(({ ours }) => ours)),
        bare: median(rates.map(({ bare }) => bare)),
        unit: 'rate',
      },
    ];
  } finally {
    mailer.close();
    pool.close();
    sink.close();
  }
}

/** What is due, counted. */
async function sizeOf(db: Db): Promise<string> {
  const { rows } = await sql<{ notices: number; people: number; mails: number }>`
    select count(*) as notices, count(distinct person_id) as people, count(distinct message_id) as mails
    from notice where state = 'planned'`.execute(db);
  const { notices, people, mails } = rows[0]!;
  return `${notices.toLocaleString('en')} notices for ${people} people in ${mails} mails`;
}

/** A message of that many bytes in lines of 76 characters. */
function mailOfSize(bytes: number): Buffer {
  const head = 'From: avisos@convenio.example\r\nTo: enlace@iem.example\r\nSubject: Aviso\r\n\r\n';
  const line = `${'x'.repeat(76)}\r\n`;
  return Buffer.from(head + line.repeat(Math.ceil((bytes - head.length) / line.length)));
}
