// The headers of a mail beyond its own text: the stream it is of, what it is about, and whether one click stops it.
import type { MailFacts } from '../db/mail-facts.ts';
import type { MailSubject } from '../db/mail-subjects.ts';
import type { ClaimedMessage } from '../db/messages.ts';
import { GAPS_HEADER } from '../db/morning-mails.ts';
import type { Delivery } from './delivery.ts';
import { stopInvitationsUrl } from './invitation-mail.ts';
import { stopUrl, type desksOf } from './morning-mail.ts';

export const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/**
 * The headers of a mail's stream and of what it is about. All mails of one obligation hang in a mail program from one
 * message that does not exist (RFC 5322 §3.6.4 allows it), so that a thread does not depend on who got which mail before.
 * Only what somebody may do without can be stopped with one click (RFC 8058), the weekly mail and the calendar
 * invitations: on a notice one stray click in a shared mailbox would silence a duty.
 */
export function headersOf(
  { mailFrom, appUrl }: Delivery,
  claim: ClaimedMessage,
  facts: MailFacts,
  subjects: Map<number, MailSubject>,
  desks: Awaited<ReturnType<typeof desksOf>>,
): Record<string, string> {
  const domain = domainOf(mailFrom);
  const { deadlines = [], obligations = [] } = subjects.get(claim.id) ?? {};
  const token = facts.people.get(claim.person_id)?.weekly_token ?? '';
  const root = `<obligacion-${obligations[0]}@${domain}>`;
  const about = {
    ...(deadlines.length === 0 ? {} : { 'X-Convenio-Ocurrencia': deadlines.join(', ') }),
    ...(obligations.length === 1 ? { 'In-Reply-To': root, References: root } : {}),
  };
  if (claim.kind === 'weekly') {
    return {
      'List-Id': `Resumen semanal del convenio <semanal.${domain}>`,
      ...oneClick(stopUrl(appUrl, token)),
    };
  }
  if (claim.kind === 'invitation') {
    return {
      ...about,
      'List-Id': `Invitaciones de calendario <calendario.${domain}>`,
      ...oneClick(stopInvitationsUrl(appUrl, token)),
    };
  }
  if (claim.run_on === null) return about;
  const gaps =
    claim.kind === 'digest' || claim.kind === 'desk' ? desks.get(claim.person_id)?.gaps : undefined;
  return {
    ...about,
    ...(gaps?.length ? { [GAPS_HEADER]: gaps.map(({ deadline_id }) => deadline_id).join(', ') } : {}),
    'List-Id': `Avisos del convenio <avisos.${domain}>`,
    'List-Help': `<${appUrl}/por-que-recibo-esto>`,
    ...(claim.kind === 'escalation' && !/^\+1h?$/.test(claim.rung ?? '') ? { Importance: 'high' } : {}),
  };
}

const oneClick = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});
