// Turns a deadline somebody is invited to into the mail and the invitation that travels with it.
import { calendarInvitation, type Party } from '../app/domain/calendar-invitation.ts';
import { mailFolio } from '../app/domain/mail-folio.ts';
import type { MailFacts } from '../db/mail-facts.ts';
import type { Invitation } from '../db/invitations.ts';
import type { ClaimedMessage } from '../db/messages.ts';
import { invitationMail } from '../emails/invitation.tsx';
import type { MailContent } from '../emails/layout.tsx';
import type { Compose } from './mail-content.ts';

/** Where invitations are stopped, by a person on a page or by a mail program at once (RFC 8058). */
export const stopInvitationsUrl = (appUrl: string, token: string) => `${appUrl}/invitaciones/${token}`;

/** The mail of an invitation that still holds; `organizer` is who the mail comes from. */
export function invitationContent(
  message: ClaimedMessage,
  { item, ref, told_before }: Invitation,
  facts: MailFacts,
  organizer: Party,
  { moment, appUrl }: Compose,
): MailContent {
  const person = facts.people.get(message.person_id)!;
  return {
    ...invitationMail({
      ref,
      item,
      today: moment.today,
      told_before,
      folio: mailFolio(message),
      url: `${appUrl}/vencimientos/${item.id}`,
      stop_url: stopInvitationsUrl(appUrl, person.weekly_token),
    }),
    calendar: calendarInvitation({
      item,
      app_url: appUrl,
      organizer,
      attendee: { name: person.name, address: person.email },
      stamped_at: moment.at,
    }),
  };
}
