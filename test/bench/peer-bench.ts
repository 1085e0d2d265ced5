// A whole morning, from nothing planned to everything accepted, beside the reminders of the system an office has instead.
import { sql } from 'kysely';
import { connect, type Db } from '../../db/client.ts';
import { now } from '../../db/clock.ts';
import { smtpMailer } from '../../emails/mailer.ts';
import { runPass } from '../../jobs/pass.ts';
import type { Databases } from './databases.ts';
import { median, time } from './measure.ts';
import { startSink } from './mail-sink.ts';
import type { Row } from './report.ts';

/**
 * Seconds that Redmine 5.0.4 takes to remind 25 people of some 300, 10,000 and 100,000 items, one in ten overdue, and
 * 861 people: measured in November 2026 on two cores of this kind with other work beside it, not in this run.
 */
const PEER = [
  { database: 'catalogue', seconds: 8 },
  { database: 'past_47', seconds: 16 },
  { database: 'past_473', seconds: 80 },
  { database: 'morning_26', seconds: 100 },
];
const ROUNDS = 3;

export async function benchPeer(databases: Databases): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { database, seconds } of PEER) {
    const times: number[] = [];
    let size = '';
    for (let round = 0; round < ROUNDS; round += 1) {
      const db = connect(await databases.copy(database));
      times.push(await sendMorning(db));
      size = await sizeOf(db);
      await db.destroy();
    }
    rows.push({
      measure: 'a morning planned and sent, against the time stated for Redmine',
      size,
      ours: median(times),
      bare: seconds * 1000,
    });
  }
  return rows;
}

/** Milliseconds from nothing planned to everything accepted by a mail server. */
async function sendMorning(db: Db): Promise<number> {
  const sink = await startSink();
  const mailer = smtpMailer(sink.url, { maxConnections: 5 });
  try {
    return await time(() =>
      runPass({
        db,
        mailer,
        clock: () => now(db),
        appUrl: 'http://127.0.0.1',
        mailFrom: 'avisos@convenio.example',
        scrubSecrets: true,
        log: () => undefined,
      }),
    );
  } finally {
    mailer.close();
    sink.close();
  }
}

async function sizeOf(db: Db): Promise<string> {
  const { rows } = await sql<{ deadlines: number; mails: number; people: number }>`
    select (select count(*) from deadline) as deadlines, count(*) as mails, count(distinct person_id) as people
    from message where state = 'accepted'`.execute(db);
  const { deadlines, mails, people } = rows[0]!;
  return `${deadlines.toLocaleString('en')} deadlines, ${mails} mails to ${people} people`;
}
