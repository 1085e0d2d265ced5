// Delivery as the worker does it, at a moment the test chooses.
import { onTestFinished } from 'vitest';
import { momentOf } from '../../app/domain/moment.ts';
import { instantOf } from '../../app/domain/plain-date.ts';
import type { Db } from '../../db/client.ts';
import { mailboxMailer, smtpMailer } from '../../emails/mailer.ts';
import type { Delivery } from '../../jobs/delivery.ts';

/** A morning's pass: 8:00 h of that day in Mexico City. */
export const morning = (day: string) => momentOf(instantOf(`${day}T08:00`));

/** Delivery with its clock stopped at an instant; over SMTP when there is an address, else into the built-in mailbox. */
export function deliveryAt(db: Db, moment: { at: string }, smtpUrl?: string): Delivery {
  const mailer = smtpUrl ? smtpMailer(smtpUrl) : mailboxMailer();
  onTestFinished(() => mailer.close());
  return {
    db,
    mailer,
    clock: () => Promise.resolve(momentOf(moment.at)),
    appUrl: 'https://convenio.example',
    mailFrom: 'avisos@convenio.example',
    scrubSecrets: false,
    log: () => undefined,
  };
}
