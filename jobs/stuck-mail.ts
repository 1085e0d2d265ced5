// Turns what is known of the mails that do not leave into the mail about them.
import { mailFolio } from '../app/domain/mail-folio.ts';
import { MAIL_WORDS } from '../app/domain/mail-words.ts';
import { localDateTime } from '../app/domain/plain-date.ts';
import type { Db } from '../db/client.ts';
import type { ClaimedMessage } from '../db/messages.ts';
import { listStuckMails, stuckMailReaders } from '../db/stuck-mails.ts';
import type { MailContent } from '../emails/layout.tsx';
import { stuckMailsMail } from '../emails/stuck-mails.ts';
import type { Compose } from './mail-content.ts';

/** The mail of such a message; undefined when nothing is left to tell, or not to this person. */
export async function stuckMail(
  db: Db,
  message: ClaimedMessage,
  { moment, appUrl }: Compose,
): Promise<MailContent | undefined> {
  const day = message.run_on ?? moment.today;
  const { role, ids } = await stuckMailReaders(db, moment.today);
  if (!ids.includes(message.person_id)) return undefined;
  const mails = await listStuckMails(db, day, moment);
  if (mails.length === 0) return undefined;
  const administers = role === 'administrator';
  const faults = new Set(mails.map(({ fault }) => fault));
  // A full mailbox may have refused what is no notice, and then no list of the ledger has it.
  const state =
    faults.has('composition') || faults.has('refusal')
      ? '?estado=fallido'
      : faults.has('doubt')
        ? '?estado=incierto'
        : '';
  return stuckMailsMail({
    day,
    today: moment.today,
    mails: mails.map((mail) => ({
      folio: mailFolio(mail),
      kind: MAIL_WORDS[mail.kind],
      to: `${mail.person_name}, ${mail.address}`,
      fault: mail.fault,
      reply: mail.reply ?? '',
      doubts: mail.doubts,
      full_since: mail.full_since && localDateTime(mail.full_since).slice(0, 10),
      url: `${appUrl}/avisos/${mailFolio(mail)}`,
    })),
    reason: administers
      ? 'Recibes este correo porque administras el sistema.'
      : 'Recibes este correo como parte de la Dirección de Vinculación: hoy nadie administra el sistema.',
    ledger_url: `${appUrl}/avisos${state}`,
    ...(administers ? { queues_url: `${appUrl}/ajustes/colas` } : {}),
    folio: mailFolio(message),
  });
}
