// Turns what is known of the mails that do not leave into the mail about them.
import { mailFolio } from '../app/domain/mail-folio.ts';
import { MAIL_WORDS } from '../app/domain/mail-words.ts';
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
  const mails = await listStuckMails(db, day);
  if (mails.length === 0) return undefined;
  const administers = role === 'administrator';
  const failed = mails.some(({ fault }) => fault !== 'doubt');
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
      url: `${appUrl}/avisos/${mailFolio(mail)}`,
    })),
    reason: administers
      ? 'Recibes este correo porque administras el sistema.'
      : 'Recibes este correo como parte de la Dirección de Vinculación: hoy nadie administra el sistema.',
    ledger_url: `${appUrl}/avisos?estado=${failed ? 'fallido' : 'incierto'}`,
    ...(administers ? { queues_url: `${appUrl}/ajustes/colas` } : {}),
    folio: mailFolio(message),
  });
}
