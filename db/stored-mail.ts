// Mails as they are kept after they were sent: the text whose fingerprint proves what was said, and to whom.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './client.ts';

const COLUMNS = [
  'message.id',
  'message.kind',
  'message.state',
  'message.reason',
  'message.to_address',
  'message.subject',
  'message.html',
  'message.text',
  'message.calendar',
  'message.message_id',
  'message.created_at',
  'message.next_attempt_at',
  'message.attempts',
  'message.possible_duplicate',
  'message.reply',
  'message.closed_at',
  'person.name as person_name',
] as const;

/** Everything but the mails with log-in codes: those are nobody else's to read. */
const selectMails = (db: Db) =>
  db
    .selectFrom('message')
    .innerJoin('person', 'person.id', 'message.person_id')
    .where('message.kind', '<>', 'login_code')
    .select(COLUMNS);

export type StoredMail = Awaited<ReturnType<ReturnType<typeof selectMails>['executeTakeFirstOrThrow']>>;

/** The mail of a folio (app/domain/mail-folio.ts), whatever became of it; undefined when there is none. */
export function findStoredMail(db: Db, { id, year }: { id: number; year: number }) {
  return selectMails(db)
    .where('message.id', '=', id)
    .where(sql<boolean>`extract(year from message.created_at at time zone 'UTC') = ${year}`)
    .executeTakeFirst();
}

/**
 * The mails about a deadline, oldest first: those that carry or carried its notices, those about its reports, those
 * of the changes of its date, and the invitations to it.
 */
export function listMailsOfDeadline(db: Db, deadlineId: number) {
  return selectMails(db)
    .where(
      sql<boolean>`message.id in (
        select message_id from notice where deadline_id = ${deadlineId}
        union select m.id from message m join submission s on s.id = m.submission_id where s.deadline_id = ${deadlineId}
        union select m.id from message m
          join deadline_version v on m.schedule_change_id in (v.change_id, v.ended_by_change_id)
          join obligation_area oa on oa.area_id = m.area_id and oa.role <> 'informed'
          join deadline d on d.id = v.deadline_id and d.obligation_id = oa.obligation_id
          where d.id = ${deadlineId}
        union select id from message where invited_deadline_id = ${deadlineId}
      )`,
    )
    .orderBy('message.created_at')
    .orderBy('message.id')
    .execute();
}

/**
 * A mail as one text: its headers, its text part, its HTML part and, of an invitation, its calendar, each after an empty
 * line. The same mail gives the same text for ever. Undefined before it was composed, and once its content was wiped.
 */
export function storedMailText(mail: StoredMail): string | undefined {
  const { message_id, to_address, subject, created_at, text, html, calendar } = mail;
  if (message_id === null || text === null || html === null) return undefined;
  return [
    `Message-ID: ${message_id}`,
    `To: ${to_address ?? ''}`,
    `Subject: ${subject ?? ''}`,
    `Date: ${created_at}`,
    '',
    text,
    '',
    html,
    '',
    ...(calendar === null ? [] : [calendar, '']),
  ].join('\n');
}

/** SHA-256 of the mail's text in UTF-8, 64 hexadecimal digits; undefined where there is no text. */
export function mailFingerprint(mail: StoredMail): string | undefined {
  const stored = storedMailText(mail);
  return stored === undefined ? undefined : createHash('sha256').update(stored).digest('hex');
}
