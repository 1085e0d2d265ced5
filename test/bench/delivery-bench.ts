// Mails a second from the ledger to a mail server, with their record, against a bare pool that is handed the same mails:
// as they were worded, for nodemailer to make messages of; as bytes that only have to travel; and as many of these as
// there were notices, for a program that gathers nothing.
import nodemailer, { type SendMailOptions } from 'nodemailer';
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
const FROM = 'avisos@convenio.example';

export async function benchDelivery(databases: Databases): Promise<Row[]> {
  const sink = await startSink();
  const mailer = smtpMailer(sink.url, { maxConnections: CONNECTIONS });
  const pool = nodemailer.createTransport({ pool: true, url: sink.url, maxConnections: CONNECTIONS });
  const rates: Record<Way, number>[] = [];
  let size = '';
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const db = connect(await databases.copy('planned'));
      const { notices, people, mails: due } = await countDue(db);
      size = `${notices.toLocaleString('en')} notices for ${people} people in ${due} mails, ${CONNECTIONS} connections`;
      const before = await sink.taken();
      let sent = 0;
      const ours = await time(async () => {
        const accepted = await deliverDue({
          db,
          mailer,
          clock: () => now(db),
          appUrl: 'http://127.0.0.1',
          mailFrom: FROM,
          scrubSecrets: true,
          log: () => undefined,
        });
        sent = accepted.length;
      });
      const after = await sink.taken();
      if (sent === 0 || after.mails - before.mails !== sent)
        throw new Error(`${sent} mails accepted, not all taken`);
      const mails = await sentMails(db);
      await db.destroy();
      const handOver = (messages: SendMailOptions[]) =>
        time(() => Promise.all(messages.map((message) => pool.sendMail(message))));
      const worded = await handOver(mails);
      const bytes = after.bytes - before.bytes;
      const envelope = { from: FROM, to: ['enlace@iem.example'] };
      const handOverBytes = (count: number) => {
        const raw = mailOfSize(bytes / count);
        return handOver(Array.from({ length: count }, () => ({ envelope, raw })));
      };
      const ready = await handOverBytes(sent);
      const each = await handOverBytes(notices);
      const rate = (count: number, milliseconds: number) => (count / milliseconds) * 1000;
      if (round === 0) continue;
      rates.push({
        mails: rate(sent, ours),
        worded: rate(sent, worded),
        ready: rate(sent, ready),
        notices: rate(notices, ours),
        each: rate(notices, each),
      });
    }
    const middle = (way: Way) => median(rates.map((rate) => rate[way]));
    const row = (measure: string, ours: Way, bare: Way): Row => ({
      measure,
      size,
      ours: middle(ours),
      bare: middle(bare),
      unit: 'rate',
    });
    return [
      row(
        'notices a second from planned to accepted, against a bare pool with a ready message for each',
        'notices',
        'each',
      ),
      row('mails a second, against a bare pool with the same mails', 'mails', 'worded'),
      row('the same, against a bare pool with messages that are bytes already', 'mails', 'ready'),
    ];
  } finally {
    mailer.close();
    pool.close();
    sink.close();
  }
}

/** What a second saw: our notices and mails, and the three bare ways. */
type Way = 'notices' | 'each' | 'mails' | 'worded' | 'ready';

/** What is due. */
async function countDue(db: Db) {
  const { rows } = await sql<{ notices: number; people: number; mails: number }>`
    select count(*) as notices, count(distinct person_id) as people, count(distinct message_id) as mails
    from notice where state = 'planned'`.execute(db);
  return rows[0]!;
}

/** What was sent, as anybody hands it to nodemailer. */
async function sentMails(db: Db): Promise<SendMailOptions[]> {
  const { rows } = await sql<{ to: string; subject: string; html: string; text: string }>`
    select to_address as "to", subject, html, text from message where state = 'accepted' order by id`.execute(
    db,
  );
  return rows.map((mail) => ({ from: FROM, ...mail }));
}

/** A message of that many bytes in lines of 76 characters. */
function mailOfSize(bytes: number): Buffer {
  const head = `From: ${FROM}\r\nTo: enlace@iem.example\r\nSubject: Aviso\r\n\r\n`;
  const line = `${'x'.repeat(76)}\r\n`;
  return Buffer.from(head + line.repeat(Math.ceil((bytes - head.length) / line.length)));
}
