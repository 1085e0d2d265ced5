// Finding the mail that an address names.
import { parseMailFolio } from '../domain/mail-folio.ts';
import type { Db } from '../../db/client.ts';
import { findStoredMail, type StoredMail } from '../../db/stored-mail.ts';
import { notFound } from './request-input.ts';

/** The mail of a folio. Throws 404 when there is none. */
export async function requireMail(db: Db, folio: string | undefined): Promise<StoredMail> {
  const read = parseMailFolio(folio);
  const mail = read && (await findStoredMail(db, read));
  if (!mail) throw notFound();
  return mail;
}
