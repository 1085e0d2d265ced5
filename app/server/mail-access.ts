// Finding what an address names: a mail by its folio, a person by the token that only their mails carry.
import type { LoaderFunctionArgs } from '@remix-run/node';
import { parseMailFolio } from '../domain/mail-folio.ts';
import type { Db } from '../../db/client.ts';
import { findByMailToken, type OptionalMails } from '../../db/mail-token.ts';
import { findStoredMail, type StoredMail } from '../../db/stored-mail.ts';
import { notFound } from './request-input.ts';

/** The mail of a folio. Throws 404 when there is none. */
export async function requireMail(db: Db, folio: string | undefined): Promise<StoredMail> {
  const read = parseMailFolio(folio);
  const mail = read && (await findStoredMail(db, read));
  if (!mail) throw notFound();
  return mail;
}

/** Who holds the token of an address, and what they take of what can be stopped. Throws 404 when nobody does. */
export async function requireMailToken({
  context,
  params,
}: Pick<LoaderFunctionArgs, 'context' | 'params'>): Promise<OptionalMails> {
  const holder = await findByMailToken(context.db, params['token'] ?? '');
  if (!holder) throw notFound();
  return holder;
}
